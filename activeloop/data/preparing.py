"""The columns of a table made ready for scikit-learn, each as what it holds: numbers, categories or texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from activeloop.arrays import Array, FloatArray
from activeloop.data.columns import column_values

_TEXT_WORDS = 3.0  # a column of strings with more words than this, on average, is text, not a category


def by_column(frame: pd.DataFrame, *, number: Any, category: Any, text: Any) -> ColumnTransformer:
    """Give an untrained transformer that hands each column of a table to the one for its kind.

    `number` gets float64 with dates as seconds and NaN where missing, `category` texts with a missing one as
    "", `text` (a copy for each such column) a list of texts. A column of strings with more than 3 words on
    average is text.

    >>> from sklearn.preprocessing import OneHotEncoder, StandardScaler
    >>> frame = pd.DataFrame({"size": [1.0, 3.0], "city": ["Oslo", None]})
    >>> one_hot = OneHotEncoder(sparse_output=False)
    >>> by_column(frame, number=StandardScaler(), category=one_hot, text=None).fit_transform(frame).tolist()
    [[-1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    numbers, categories, texts = [], [], []
    for name in frame.columns:
        kind = frame[name].dtype
        is_number = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
        if is_number or kind.kind in "mM" or isinstance(kind, pd.DatetimeTZDtype):
            numbers.append(name)
        elif _is_text(frame[name]):
            texts.append(name)
        else:
            categories.append(name)
    parts = [
        ("numbers", make_pipeline(FunctionTransformer(as_numbers), number), numbers),
        ("categories", make_pipeline(FunctionTransformer(as_categories), category), categories),
    ]
    return ColumnTransformer(
        [part for part in parts if part[2]]
        + [
            (f"text {name}", make_pipeline(FunctionTransformer(as_texts), clone(text)), name)
            for name in texts
        ]
    )


# A model that was saved names these four functions: they keep their names, and what they give.


def flat(features: Array) -> Array:
    """Give each item as one row of numbers."""
    return np.reshape(features, (len(features), -1))


def _is_text(column: pd.Series[Any]) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return False
    seen = column.dropna().head(1000)
    if len(seen) == 0 or not all(isinstance(one, str) for one in seen):
        return False
    return float(np.mean([len(one.split()) for one in seen])) > _TEXT_WORDS


def as_numbers(frame: pd.DataFrame) -> FloatArray:
    """Dates become seconds; what is missing becomes NaN."""
    return np.column_stack([_seconds(column_values(frame[name])) for name in frame.columns])


def _seconds(values: Array) -> FloatArray:
    if values.dtype.kind in "mM":
        unit = "timedelta64[s]" if values.dtype.kind == "m" else "datetime64[s]"
        return np.where(np.isnat(values), np.nan, values.astype(unit).astype(np.int64))
    return values.astype(np.float64)


def as_categories(frame: pd.DataFrame) -> Array:
    """A missing value is a category of its own."""
    columns = [column_values(frame[name]) for name in frame.columns]
    texts = [np.fromiter(("" if one is None else str(one) for one in column), object) for column in columns]
    return np.column_stack(texts)


def as_texts(column: pd.Series[Any]) -> list[str]:
    """Give texts; a missing one is empty."""
    return ["" if one is None else str(one) for one in column_values(column)]
