"""The features of a dataset, of whatever kind: taken as they come, and never copied when they are large."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from scipy import sparse

from activeloop.arrays import Array, IntArray
from activeloop.errors import DataError

FeatureKind: TypeAlias = Literal["numbers", "sparse", "table", "texts", "objects"]


def as_features(given: Any) -> Any:
    """Give features in the form that is kept; rows are items.

    | given                                 | kept                                        |
    |---------------------------------------|---------------------------------------------|
    | array of two or more dimensions       | a read-only view; a memory map stays one    |
    | scipy sparse                          | CSR                                         |
    | DataFrame                             | itself; column names become strings         |
    | texts; a sequence of anything else    | a 1-D array of objects                      |
    | rows of numbers as nested lists       | a 2-D array                                 |

    NaN and infinite numbers are kept: some models take them.

    Raises DataError for what has no rows, and for a flat sequence of numbers: it could be one item or many.
    """
    if is_sparse(given):
        return given.tocsr()
    if isinstance(given, pd.DataFrame):
        return _table(given)
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise DataError(
            f"features are a {type(given).__name__}; allowed: a 2-D array, a sparse matrix, a DataFrame, "
            "texts, or a sequence of items"
        )
    array = given if isinstance(given, np.ndarray) else _gathered(given)
    if array.ndim == 0:
        raise DataError("features are a single value; give one row per item")
    if array.ndim == 1 and array.dtype.kind in "biufc":
        raise DataError(
            f"features are a flat sequence of {len(array)} numbers; use .reshape(-1, 1) where each is an "
            "item of one feature, or .reshape(1, -1) where all are one item"
        )
    if array.ndim == 1 and array.dtype.kind in "US":
        array = array.astype(object)
    view = array.view() if not isinstance(array, np.matrix) else np.asarray(array)
    view.flags.writeable = False
    return view


def is_sparse(features: Any) -> bool:
    """Say whether the features are a scipy sparse matrix or array."""
    return bool(sparse.issparse(features))


def feature_kind(features: Any) -> FeatureKind:
    """Say of which kind the features are.

    >>> feature_kind(as_features(["a text", "another"])), feature_kind(as_features([[1, 2], [3, 4]]))
    ('texts', 'numbers')
    """
    if is_sparse(features):
        return "sparse"
    if isinstance(features, pd.DataFrame):
        return "table"
    if features.ndim > 1:
        return "numbers"
    return "texts" if all(isinstance(one, str) for one in features) else "objects"


def take(features: Any, positions: IntArray) -> Any:
    """Give the features of some rows."""
    return features.iloc[positions] if isinstance(features, pd.DataFrame) else features[positions]


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    names = [str(name) for name in frame.columns]
    repeated = pd.Index(names).duplicated()
    if repeated.any():
        raise DataError(
            f"two columns are called {names[int(repeated.argmax())]!r}; a name stands for one column"
        )
    if names != list(frame.columns):
        frame = frame.copy(deep=False)
        frame.columns = pd.Index(names)
    return frame


def _gathered(given: Iterable[Any]) -> Array:
    """Nested rows of numbers become a 2-D array; all else stays a sequence of objects."""
    objects: Array = np.fromiter(given, dtype=object)
    if len(objects) and all(isinstance(one, bool | int | float | np.number | np.bool_) for one in objects):
        return np.array(objects.tolist())
    if len(objects) and all(isinstance(one, list | tuple | np.ndarray) for one in objects):
        try:
            rows = np.array(objects.tolist())
        except ValueError:  # rows of different lengths are items of another kind
            return objects
        if rows.ndim > 1 and rows.dtype.kind in "biuf":
            return rows
    return objects
