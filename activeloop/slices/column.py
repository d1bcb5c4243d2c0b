"""A column as slices read it: values, which of them are NULL, and what kind of thing they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import Array, BoolArray
from activeloop.errors import DataError, SliceError
from activeloop.metrics.metric import Columns


class Column(NamedTuple):
    """One value per item. Under a NULL the value is a filler and must not be looked at."""

    name: str
    values: Array
    null: BoolArray
    kind: Literal["number", "text", "time", "other"]


Reader: TypeAlias = Callable[[str], Column]


def reader(columns: Columns) -> Reader:
    """Give a function that reads a column by name, each column once.

    The function raises SliceError where the column cannot be had.
    """
    read: dict[str, Column] = {}

    def column(name: str) -> Column:
        if name not in read:
            try:
                given = columns.column(name)
            except DataError as error:
                raise SliceError(str(error)) from error
            except KeyError as error:
                raise SliceError(f"there is no column {name!r}") from error
            read[name] = as_column(name, given)
        return read[name]

    return column


def as_column(name: str, given: Any) -> Column:
    """Read an array, a list or a pandas column; None, NaN, NaT and pandas' NA are NULL.

    >>> as_column("ink", [0.5, None, float("nan")]).null.tolist()
    [False, True, True]
    """
    values = _as_array(given)
    if values.ndim != 1:
        raise SliceError(f"column {name!r} has {values.ndim} dimensions; a slice needs one value per item")
    if values.dtype.kind == "f":
        return Column(name, values, np.isnan(values), "number")
    if values.dtype.kind in "biu":
        return Column(name, values, np.zeros(len(values), dtype=bool), "number")
    if values.dtype.kind == "M":
        return Column(name, values, np.isnat(values), "time")
    return _of_objects(name, values.astype(object))


def _as_array(given: Any) -> Array:
    if isinstance(given, list) and any(isinstance(one, (list, tuple, set, frozenset)) for one in given):
        # numpy would refuse ragged collections (tags), or make a table of even ones
        boxes = np.empty(len(given), dtype=object)
        boxes[:] = given
        return boxes
    values = np.asarray(given)
    mixed = isinstance(given, list) and values.dtype.kind in "US"  # numpy makes text of [None, "a", 1]
    return np.array(given, dtype=object) if mixed else values


def _of_objects(name: str, values: Array) -> Column:
    null = np.fromiter((is_null(one) for one in values), dtype=bool, count=len(values))
    held = set(map(type, values[~null]))
    if not held:
        return Column(name, np.zeros(len(values)), null, "number")
    if all(issubclass(one, (bool, int, float, np.bool_, np.number)) for one in held):
        filled = values.copy()
        filled[null] = values[~null][0]
        return Column(name, np.array(filled.tolist()), null, "number")
    text = all(issubclass(one, str) for one in held)
    return Column(name, np.where(null, "", values) if text else values, null, "text" if text else "other")


def is_null(value: Any) -> bool:
    """Say whether one value is NULL: None, or a thing that is not equal to itself (NaN, NaT, NA)."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # pandas' NA has no truth
        return True
    except ValueError:  # an array, such as the tags of one item
        return False
