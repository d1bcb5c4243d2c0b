"""Items as text that no terminal obeys and that leads no eye astray."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

# Bidirectional marks turn what is read around; the others end lines or hide in them.
_TURNING = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff"
)


def visible(text: str, *, keep: str = "\n\t") -> str:
    r"""Write control characters, escape sequences and turning marks as what they are, except those in `keep`.

    >>> print(visible("\x1b[2Jall gone\x07"))
    \x1b[2Jall gone\x07
    """
    return "".join(one if one in keep or _harmless(one) else _written(one) for one in text)


def columns_of(item: Any) -> dict[str, str]:
    """Give what people are shown of an item, as named texts: a text, the cells of a row, the name of a file.

    >>> columns_of({"size": 3, "color": "red"}), columns_of("so so")
    ({'size': '3', 'color': 'red'}, {'text': 'so so'})
    """
    if isinstance(item, Mapping):
        return {str(name): _cell(value) for name, value in item.items()}
    if isinstance(item, PurePath):
        return {"file": str(item)}
    if isinstance(item, np.ndarray) and item.ndim == 1:
        return {f"x{at}": _cell(value) for at, value in enumerate(item.tolist())}
    if isinstance(item, np.ndarray):
        return {"item": f"an array of {' × '.join(map(str, item.shape))} {item.dtype}"}
    return {"text": _cell(item)}


def _cell(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and value != value) else str(value)


def _harmless(one: str) -> bool:
    return one not in _TURNING and unicodedata.category(one) not in ("Cc", "Cs", "Co")


def _written(one: str) -> str:
    code = ord(one)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
