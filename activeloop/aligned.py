"""Cells in columns, as wide as a terminal shows them: marks take no place, wide letters two."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Give the columns that a text takes in a terminal.

    >>> width("été"), width("e\\u0301"), width("日本")
    (3, 1, 4)
    """
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def padded(text: str, wide: int, *, right: bool = False) -> str:
    """Fill a text up to a width, at its right end or, to stand `right`, at its left."""
    gap = " " * (wide - width(text))
    return gap + text if right else text + gap


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Give the width of each column."""
    return [max(map(width, column)) for column in zip(*rows, strict=True)]


def line(cells: Sequence[str], wide: Sequence[int], right: Sequence[bool] = ()) -> str:
    """Write one row, two spaces between columns; those that are `right` stand at their right ends.

    >>> print(line(["日本", "7"], [6, 3], [False, True]))
    日本      7
    """
    sides = right or [False] * len(cells)
    parts = (padded(one, most, right=side) for one, most, side in zip(cells, wide, sides, strict=True))
    return "  ".join(parts).rstrip()
