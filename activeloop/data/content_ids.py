"""Ids made of what items are, for data that bring none: they stay when rows are added, moved or relabeled."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from activeloop.arrays import Array
from activeloop.data.columns import column_values

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def content_ids(contents: Iterable[str]) -> list[str]:
    """Give each item the BLAKE2b hash of its content, 64 bits as 16 hexadecimal digits.

    The second of equal items gets "-2" after it, the third "-3". So an id changes only with the content, and
    new rows change none of the old ones. Two different contents share a hash with a chance of n²/2⁶⁵.

    >>> content_ids(["good", "bad", "good"])
    ['07878fd8745bb530', 'a7e04811f6f31c53', '07878fd8745bb530-2']
    """
    seen: Counter[str] = Counter()
    made = []
    for content in contents:
        digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        seen[digest] += 1
        made.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return made


def row_contents(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Give what each row holds, as text: the same whatever type a reader gave the column, or its place.

    A missing cell is left out, so that an empty column more changes nothing; 1, 1.0 and "1" are one.

    >>> row_contents(pd.DataFrame({"b": ["1", None], "a": [2.5, 1]}), ["b", "a"])
    ['["a","2.5","b","1"]', '["a","1"]']
    """
    written = [_written(json.dumps(name), column_values(frame[name])) for name in sorted(columns)]
    return [f"[{','.join(filter(None, row))}]" for row in zip(*written, strict=True)]


def _written(name: str, cells: Array) -> Iterator[str]:
    """Write the name and the spelling of each cell of a column, "" where it is missing."""
    spell = _SPELL.get(cells.dtype.kind, _cell)
    known: dict[Any, str] = {}
    if cells.dtype.kind in "mM":  # pandas chooses the unit, and its versions choose differently
        cells = cells.astype(f"{cells.dtype.kind}8[us]").astype(str).astype(object)
        cells[cells == "NaT"] = None
    for one in cells.tolist():
        key = one if isinstance(one, str) else (type(one), str(one))
        if key not in known:
            text = spell(one)
            known[key] = f"{name},{json.dumps(text)}" if text else ""
        yield known[key]


def _cell(one: Any) -> str:
    """Spell a cell as any reader of any format would have it; "" where it is missing."""
    if one is None or one is pd.NaT or one != one:
        return ""
    text = str(one)
    if isinstance(one, bool) or text.lower() in ("true", "false"):
        return text.lower()
    return _number(text) if _NUMBER.fullmatch(text) else text


def _number(text: str) -> str:
    return str(int(text)) if text.lstrip("+-").isdigit() else _float(float(text))


def _float(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() else repr(value)


# Of a column of one kind: what `_cell` would say, sooner.
_SPELL: dict[str, Callable[[Any], str]] = {"i": str, "u": str, "f": _float}
