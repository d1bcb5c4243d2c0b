"""The arithmetic of one block of probabilities in cache: classes as columns, or long rows as they lie.

A number must hang on its row alone, so every step works value by value, or sums a row by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from activeloop.arrays import Array, FloatArray

Name: TypeAlias = Literal["entropy", "max", "margin", "variance"]
Score: TypeAlias = Callable[[Array, Array, FloatArray], None]
"""Writes a block's numbers. It gets columns (C, rows), a copy that may be used up, or rows (rows, C), which
may be the caller's; scratch of the same shape; and the place for the numbers (rows,)."""

_TINY = np.finfo(np.float64).tiny  # added, it changes zeros only, whose log is then finite: 0·log 0 = 0
_FEW = 16  # columns that are combined one after the other


def _column_entropy(columns: Array, scratch: Array, out: FloatArray) -> None:
    np.add(columns, _TINY, out=scratch)
    np.log2(scratch, out=scratch)
    np.multiply(columns, scratch, out=scratch)
    np.subtract(0.0, _fold(np.add, scratch), out=out)


def _column_max(columns: Array, scratch: Array, out: FloatArray) -> None:
    out[:] = _fold(np.maximum, columns)


def _column_margin(columns: Array, scratch: Array, out: FloatArray) -> None:
    """Play the columns off in pairs; who meets nobody in the first round has 0 for a second."""
    first, second, count = columns, scratch, len(columns)
    half, keep = count // 2, count - count // 2
    np.minimum(first[:half], first[keep:count], out=second[:half])
    np.maximum(first[:half], first[keep:count], out=first[:half])
    second[half:keep] = 0.0
    while (count := keep) > 1:
        half, keep = count // 2, count - count // 2
        firsts, rivals = first[:half], first[keep:count]
        seconds, spare = second[:half], second[keep:count]
        np.maximum(seconds, spare, out=seconds)
        np.minimum(firsts, rivals, out=spare)
        np.maximum(seconds, spare, out=seconds)
        np.maximum(firsts, rivals, out=firsts)
    np.subtract(first[0], second[0], out=out, dtype=np.float64)


def _column_variance(columns: Array, scratch: Array, out: FloatArray) -> None:
    np.subtract(columns, 1 / len(columns), out=columns)
    np.multiply(columns, columns, out=columns)
    np.divide(_fold(np.add, columns), len(columns), out=out)


def _fold(operation: np.ufunc, columns: Array) -> Array:
    """Combine all columns into one, by halves while there are many, so that stretches stay long."""
    count = len(columns)
    while count > _FEW:
        half, keep = count // 2, count - count // 2
        operation(columns[:half], columns[keep:count], out=columns[:half])
        count = keep
    combined: Array = columns[0]
    for column in columns[1:count]:  # ufunc.reduce would add a block of one row in another order
        operation(combined, column, out=combined)
    return combined


def _row_entropy(rows: Array, scratch: Array, out: FloatArray) -> None:
    np.add(rows, _TINY, out=scratch, dtype=np.float64)
    np.log2(scratch, out=scratch)
    np.multiply(rows, scratch, out=scratch)
    np.subtract(0.0, np.add.reduce(scratch, axis=1), out=out)


def _row_max(rows: Array, scratch: Array, out: FloatArray) -> None:
    out[:] = np.maximum.reduce(rows, axis=1)


def _row_margin(rows: Array, scratch: Array, out: FloatArray) -> None:
    np.copyto(scratch, rows)
    at = (np.arange(len(rows)), np.argmax(scratch, axis=1))
    first = scratch[at]
    scratch[at] = 0.0
    np.subtract(first, np.maximum.reduce(scratch, axis=1), out=out, dtype=np.float64)


def _row_variance(rows: Array, scratch: Array, out: FloatArray) -> None:
    np.subtract(rows, 1 / rows.shape[1], out=scratch, dtype=np.float64)
    np.multiply(scratch, scratch, out=scratch)
    np.divide(np.add.reduce(scratch, axis=1), rows.shape[1], out=out)


OF_COLUMNS: dict[Name, Score] = {
    "entropy": _column_entropy,
    "max": _column_max,
    "margin": _column_margin,
    "variance": _column_variance,
}
OF_ROWS: dict[Name, Score] = {
    "entropy": _row_entropy,
    "max": _row_max,
    "margin": _row_margin,
    "variance": _row_variance,
}
