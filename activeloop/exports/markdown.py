"""Texts of strangers inside Markdown and YAML: shown as they are, and never run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

_INVISIBLE = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
# Of a list, a heading or a quotation only what begins a line; of "www." the dot, which makes a link of it.
_MEANS = re.compile(r"([\\`*_\[\]<>()!|~&$:@]|^[-+#=]|(?<=www)[.])")
_NUMBERED = re.compile(r"^(\d+)\.(?= |$)")


def quoted(text: str) -> str:
    """Write a text as a double-quoted scalar of YAML; what cannot be seen is escaped.

    >>> quoted('a "b"\\n\\u202e')
    '"a \\\\"b\\\\"\\\\n\\\\u202e"'
    """
    return _INVISIBLE.sub(_escape, json.dumps(text, ensure_ascii=False))


def inline(text: object) -> str:
    """Write a text so that Markdown shows it on one line, and neither tags, links nor tables begin in it.

    >>> inline("<b>|x|\\n![](u)")
    '\\\\<b\\\\>\\\\|x\\\\| \\\\!\\\\[\\\\]\\\\(u\\\\)'
    """
    line = " ".join(str(text).replace("\0", "\ufffd").split())
    return _INVISIBLE.sub(_escape, _NUMBERED.sub(r"\1\\.", _MEANS.sub(r"\\\1", line)))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table of Markdown; its cells are shown as they are."""
    lines = [header, ["---"] * len(header), *([inline(one) for one in row] for row in rows)]
    return "\n".join(f"| {' | '.join(one)} |" for one in lines)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
