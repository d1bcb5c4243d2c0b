"""The columns of a table as plain arrays, whatever pandas keeps them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from activeloop.arrays import Array
from activeloop.errors import DataError

RESERVED = ("item", "features", "label", "id", "predicted", "probabilities")


def as_metadata(given: Any, n: int) -> pd.DataFrame:
    """Give metadata as a DataFrame in row order, with string names; empty when there is none.

    Raises DataError for a wrong number of rows, and for a name that means something else already.
    """
    if given is None:
        return pd.DataFrame(index=pd.RangeIndex(n))
    if not isinstance(given, pd.DataFrame | Mapping):
        raise DataError(f"metadata is a {type(given).__name__}; allowed: a DataFrame, or columns by name")
    columns = {str(name): given[name] for name in given}
    if len(columns) != len(list(given)):
        raise DataError("two metadata columns have the same name; a name stands for one column")
    for name, values in columns.items():
        if name in RESERVED:
            raise DataError(
                f"a metadata column is called {name!r}, a word that is taken: rename it, or leave it out"
            )
        if isinstance(values, str) or not hasattr(values, "__len__"):
            raise DataError(f"metadata column {name!r} is a single value; give one per item")
        if len(values) != n:
            raise DataError(
                f"metadata column {name!r} has {len(values)} values for {n} items; give one per item"
            )
    plain = {name: _bare(values) for name, values in columns.items()}
    return pd.DataFrame(plain, index=pd.RangeIndex(n))


def _bare(values: Any) -> Any:
    return (
        values.array
        if isinstance(values, pd.Series)
        else list(values)
        if isinstance(values, tuple)
        else values
    )


def as_items(given: Any, n: int) -> Any:
    """Give raw items as a sequence of n, or None; raises DataError for another number of them."""
    if given is None:
        return None
    if isinstance(given, pd.Series):
        given = column_values(given)
    items = given if hasattr(given, "__getitem__") and hasattr(given, "__len__") else list(given)
    if len(items) != n:
        raise DataError(f"{len(items)} raw items for {n} rows of features; give one per item")
    return items


def refuse_misaligned(features: Any, *others: Any) -> None:
    """Refuse columns whose index is not that of the feature table: they may be in another order."""
    if not isinstance(features, pd.DataFrame):
        return
    for other in others:
        if isinstance(other, pd.Series | pd.DataFrame) and not other.index.equals(features.index):
            raise DataError(
                "labels or metadata have another index than the features, so they may be in another order; "
                "give them the same index, or as arrays in the order of the features"
            )


def column_values(series: pd.Series[Any]) -> Array:
    """Give a column as numbers, booleans, datetimes, or objects; missing is NaN, NaT or None.

    >>> column_values(pd.Series([1, None], dtype="Int64")), column_values(pd.Series(["a", None]))
    (array([ 1., nan]), array(['a', None], dtype=object))
    """
    kind = series.dtype
    if pd.api.types.is_bool_dtype(kind) and not series.hasnans:
        return series.to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
        return series.to_numpy(dtype=np.float64, na_value=np.nan) if series.hasnans else series.to_numpy()
    if isinstance(kind, pd.DatetimeTZDtype):
        return np.asarray(series.dt.tz_convert("UTC").dt.tz_localize(None))
    if kind.kind in "mM":
        return series.to_numpy()
    values = series.to_numpy(dtype=object)
    missing = np.asarray(pd.isna(values), dtype=bool)
    if missing.any():
        values = values.copy()
        values[missing] = None
    return values


def as_arrays(frame: pd.DataFrame) -> dict[str, Array]:
    """Give the columns of a table as plain arrays, by name."""
    return {name: column_values(frame[name]) for name in frame.columns}


def as_cells(table: Any) -> Array:
    """Give a table, or a 2-D array, as one array: of numbers where all its columns are, else of objects.

    >>> as_cells(pd.DataFrame({"size": [1.0, None], "city": ["Oslo", None]})).tolist()
    [[1.0, 'Oslo'], [nan, None]]
    """
    if not isinstance(table, pd.DataFrame):
        return np.asarray(table)
    columns = list(as_arrays(table).values())
    if not columns:
        return np.empty((len(table), 0))
    if all(one.dtype.kind in "biuf" for one in columns):
        return np.column_stack(columns)
    return np.column_stack([one.astype(object) for one in columns])


def plain(value: Any) -> Any:
    """Give a number of numpy as one of Python, anything else as it is."""
    return value.item() if isinstance(value, np.number | np.bool_) else value
