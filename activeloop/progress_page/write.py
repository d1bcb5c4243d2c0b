"""The same page as one file, for afterwards: no server, no network."""

from __future__ import annotations

import json
from pathlib import Path

from jinja2.utils import htmlsafe_json_dumps

from activeloop.explorer.write import policy
from activeloop.page import replacing
from activeloop.progress_page.page import page, script, style
from activeloop.progress_page.progress import Progress
from activeloop.wording import printable


def write(progress: Progress, path: str | Path) -> Path:
    """Write the page with its data into one file, which needs no other; give its path.

    Raises OSError where the folder cannot be written.
    """
    path = Path(path)
    code, look = script(), style()
    text = page(
        title=printable(progress.title),
        data=htmlsafe_json_dumps(json.loads(progress.to_json()), separators=(",", ":")),
        code=code,
        look=look,
        policy=policy(code, look),
    )
    with replacing(path) as file:
        file.write(text.encode(errors="replace"))
    return path
