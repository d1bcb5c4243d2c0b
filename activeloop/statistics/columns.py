"""A column of metric values: numbers with NaN, or categories; what is missing in it, and its codes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.errors import DataError


class Coded(NamedTuple):
    """Categories as whole numbers from 0, the most frequent first; -1 is missing."""

    codes: IntArray
    names: tuple[str, ...]


def column(values: Any, name: str = "a column") -> Array:
    """Give (n,) floats with NaN for what is missing if all values are numbers or booleans, else objects.

    Infinite numbers are missing, too. In objects None stands for what is missing. Raises DataError for what
    is not one-dimensional.

    >>> column([1, None, True, np.inf]), column(["a", None, 2])
    (array([ 1., nan,  1., nan]), array(['a', None, 2], dtype=object))
    """
    array = np.asarray(values, dtype=None if hasattr(values, "dtype") else object)
    if array.ndim != 1:
        raise DataError(f"{name} has shape {array.shape}; one value per item is needed")
    if array.dtype.kind in "biuf":
        return _finite(array.astype(np.float64))
    kept = array.astype(object)
    missing = np.asarray(pd.isna(kept), dtype=bool)
    kept[missing] = None
    if all(isinstance(one, (int, float, np.number, np.bool_)) for one in kept[~missing]):
        return _finite(np.array([np.nan if one is None else one for one in kept], dtype=np.float64))
    return kept


def _finite(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, np.nan)


def is_number(values: Array) -> bool:
    """Whether a column holds numbers, not categories."""
    return values.dtype.kind == "f"


def is_missing(values: Array) -> BoolArray:
    """Where a column has no value."""
    return np.asarray(pd.isna(values), dtype=bool)


def coded(values: Array) -> Coded:
    """Code the categories of a column: the most frequent first, equally frequent ones by name.

    >>> coded(column(["b", "a", None, "b"]))
    Coded(codes=array([ 0,  1, -1,  0]), names=('b', 'a'))
    """
    codes, categories = pd.factorize(values)
    names = np.array([f"{one:g}" if isinstance(one, float) else str(one) for one in categories], dtype=object)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    order = sorted(range(len(names)), key=lambda at: (-counts[at], names[at]))
    places = np.full(len(names) + 1, -1, dtype=np.int64)
    places[order] = np.arange(len(names))
    return Coded(places[codes], tuple(names[order].tolist()))


class Order(NamedTuple):
    """Positions in rising order; beside each, how many values are less (first) and not more (last)."""

    positions: IntArray
    first: IntArray
    last: IntArray

    @classmethod
    def of(cls, values: FloatArray) -> Order:
        """Sort numbers once."""
        positions = np.argsort(values, kind="stable")
        rising = values[positions]
        first, last = (np.searchsorted(rising, rising, side) for side in ("left", "right"))
        return cls(positions, first, last)

    def back(self, rising: FloatArray) -> FloatArray:
        """Put what is in rising order where it came from."""
        values = np.empty(len(rising))
        values[self.positions] = rising
        return values


def mid_ranks(values: FloatArray) -> FloatArray:
    """Give the rank of each number from 1; equal ones share the mean of their ranks.

    >>> mid_ranks(np.array([5.0, 1.0, 5.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    order = Order.of(values)
    return order.back((order.first + order.last + 1) / 2)
