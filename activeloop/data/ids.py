"""The ids of items: unique integers or strings that stay with an item wherever it goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from activeloop.arrays import Array
from activeloop.errors import DataError

_ALLOWED = "an id is an integer or a string, and unique"


def as_ids(given: Any, n: int) -> Array:
    """Check the ids of n items and give them as int64 or as strings; 0 to n - 1 when none are given.

    >>> as_ids(None, 3)
    array([0, 1, 2])
    >>> as_ids(["b", "a"], 2)
    array(['b', 'a'], dtype='<U1')

    Raises DataError for a wrong number of ids, a missing one, one of another type, and the first one that
    occurs twice.
    """
    if given is None:
        return np.arange(n, dtype=np.int64)
    values = np.fromiter(given, dtype=object)
    if len(values) != n:
        raise DataError(f"{len(values)} ids for {n} items; give one id per item")
    ids = _typed(values)
    repeated = pd.Index(ids).duplicated()
    if repeated.any():
        again = int(repeated.argmax())
        first = int((ids == ids[again]).argmax())
        raise DataError(f"id {ids[again].item()!r} occurs twice, at rows {first} and {again}; {_ALLOWED}")
    return ids


def index_ids(frame: pd.DataFrame) -> Array | None:
    """Give a table's index where it can serve as ids: unique integers or strings; None otherwise.

    >>> index_ids(pd.DataFrame({"x": [1, 2, 3]})[1:])
    array([1, 2])
    """
    index = frame.index
    if isinstance(index, pd.MultiIndex) or not index.is_unique:
        return None
    if pd.api.types.infer_dtype(index, skipna=False) not in ("integer", "string"):
        return None
    return as_ids(index, len(index))


def _typed(values: Array) -> Array:
    missing = pd.isna(values)
    if missing.any():
        raise DataError(f"the id of row {int(missing.argmax())} is missing; {_ALLOWED}")
    kind = pd.api.types.infer_dtype(values, skipna=False)
    if kind == "integer":
        return values.astype(np.int64)
    if kind == "string" or len(values) == 0:
        return values.astype(str)
    usual = str if isinstance(values[0], str) else (int, np.integer)
    odd = next(
        (row for row, one in enumerate(values) if not isinstance(one, usual) or isinstance(one, bool)), 0
    )
    raise DataError(f"the id {values[odd]!r} of row {odd} is a {type(values[odd]).__name__}; {_ALLOWED}")
