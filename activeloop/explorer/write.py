"""The page itself, written once it is whole."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2.utils import htmlsafe_json_dumps

from activeloop.errors import DataError
from activeloop.explorer.encode import encode
from activeloop.explorer.exploration import Exploration
from activeloop.explorer.script import script
from activeloop.explorer.thumbnails import thumbnails
from activeloop.page import replacing, templates, text_of
from activeloop.wording import printable


def write(exploration: Exploration, path: str | Path, *, thumbnail: int = 96) -> Path:
    """Write the page into one file, which needs no other; give its path.

    `thumbnail` is the longer side of a picture in pixels: at 96 a photo takes about 1.2 kB, so that 5,000
    make a page of some 6 MB. It is written beside its place and then moved there. The data are JSON that no
    text can end early, and the page's policy lets it fetch nothing and run no script but its own, known by
    its hash; strings are never read as markup.

    Raises DataError for a size outside 16 to 1024, OSError where the folder cannot be written.
    """
    if not 16 <= thumbnail <= 1024:
        raise DataError(f"thumbnail={thumbnail}; allowed: 16 to 1024 pixels")
    path = Path(path)
    code, style = script(), _style()
    page = (
        templates("activeloop.explorer")
        .get_template("explorer.html")
        .stream(
            name=printable(exploration.name),
            data=htmlsafe_json_dumps(encode(exploration), allow_nan=False, separators=(",", ":")),
            pictures=thumbnails(exploration.pictures or (), thumbnail),
            script=code,
            style=style,
            policy=policy(code, style),
        )
    )
    with replacing(path) as file:
        page.dump(file, encoding="utf-8", errors="replace")
    return path


def _style() -> str:
    return text_of("activeloop", "page.css") + text_of("activeloop.explorer", "explorer.css")


def policy(code: str, style: str) -> str:
    """Allow pictures inside a page, its script and its style, by their hashes, and nothing else."""
    return "; ".join(
        [
            "default-src 'none'",
            "img-src data:",
            f"script-src {_hash(code)}",
            f"style-src {_hash(style)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
