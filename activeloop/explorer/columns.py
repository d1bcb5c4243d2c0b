"""Columns as a page carries them: numbers as the smallest exact array, words as codes into a dictionary."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from activeloop.arrays import Array, IntArray

Coded: TypeAlias = dict[str, Any]

_WHOLE = ("u1", "u2", "u4")


def numbers(values: Any) -> Coded:
    """Code numbers as base64 of a little-endian array of the smallest type that holds them exactly.

    >>> numbers([1.0, 2.0])
    {'type': 'u1', 'data': 'AQI='}
    >>> numbers([0.5])["type"], numbers([0.1])["type"], numbers([float("nan"), 70000.0])["type"]
    ('f4', 'f8', 'f4')
    """
    array = np.asarray(values)
    kind = next((one for one in (*_WHOLE, "f4") if _holds(array, one)), "f8")
    return {"type": kind, "data": base64.b64encode(array.astype(f"<{kind}").tobytes()).decode()}


def _holds(array: Array, kind: str) -> bool:
    if array.dtype.kind in "iu" or kind in _WHOLE:
        if kind not in _WHOLE or not np.isfinite(array).all():
            return False
        fits = (array >= 0) & (array <= np.iinfo(kind).max)
        # -0.0 is a number of its own, which no unsigned integer holds.
        return bool(fits.all() and (array == np.trunc(array)).all() and not np.signbit(array).any())
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(((array.astype(kind).astype(np.float64) == array) | np.isnan(array)).all())


def words(values: Iterable[Any], known: Mapping[Any, int] | None = None) -> Coded:
    """Code words as places in a list of the distinct ones, from 1; 0 is missing (None, NaN).

    >>> words(["b", None, "a", "b"])
    {'words': ['a', 'b'], 'codes': {'type': 'u1', 'data': 'AgABAg=='}}
    """
    cells = [plain(one) for one in values]
    places = vocabulary(cells) if known is None else known
    codes = np.array([0 if one is None else places[one] + 1 for one in cells], dtype=np.uint32)
    return {"words": [str(one) for one in places], "codes": numbers(codes)}


def vocabulary(cells: Iterable[Any]) -> dict[Any, int]:
    """Give the distinct values their places: numbers by size, before all else by its text.

    >>> list(vocabulary([10, 9, None, "x"]))
    [9, 10, 'x']
    """
    distinct = {one for one in cells if one is not None}
    return {one: at for at, one in enumerate(sorted(distinct, key=_by_size_then_text))}


def _by_size_then_text(value: Any) -> tuple[bool, float, str]:
    number = isinstance(value, (int, float))
    return not number, float(value) if number else 0.0, str(value)


def bits(positions: IntArray, n: int) -> str:
    """Code a set of positions as base64 of n bits, the first the highest of its byte.

    >>> base64.b64decode(bits(np.array([0, 9]), 10)).hex()
    '8040'
    """
    mask = np.zeros(n, dtype=bool)
    mask[positions] = True
    return base64.b64encode(np.packbits(mask).tobytes()).decode()


def plain(value: Any) -> Any:
    """Give a value as Python has it; None where it is missing, its text where it cannot be looked up.

    >>> plain(np.float64("nan")), plain(np.int64(3)), plain(["list"])
    (None, 3, "['list']")
    """
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or value != value:
        return None
    return value if isinstance(value, (str, int, float)) else str(value)


def number(value: float) -> float | None:
    """Give a number as JSON has it: None for what is not finite.

    >>> number(float("inf")), number(0.5)
    (None, 0.5)
    """
    return float(value) if math.isfinite(value) else None
