"""A sensible scikit-learn model for a dataset, when the user names none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MaxAbsScaler, OneHotEncoder, StandardScaler

from activeloop.arrays import Array, FloatArray
from activeloop.data.columns import column_values
from activeloop.data.dataset import Dataset
from activeloop.errors import DataError

_TEXT_WORDS = 3.0  # a column of strings with more words than this, on average, is text, not a category


def default_model(dataset: Dataset) -> Any:
    """Give an untrained pipeline that fits the features: logistic regression, or ridge for a regression.

    | features       | before it                                                                         |
    |----------------|-----------------------------------------------------------------------------------|
    | texts          | TF-IDF of words                                                                   |
    | numbers        | each feature to mean 0 and variance 1                                             |
    | sparse         | each feature to a largest absolute value of 1                                     |
    | table: number  | (or date) missing to the median, then mean 0 and variance 1                       |
    | table: category| (or boolean) one column per category; a missing one is a category, a new one all 0|
    | table: text    | TF-IDF of words; a column of strings with more than 3 words on average            |

    >>> [name for name, _ in default_model(Dataset(["a text", "another"], [0, 1])).steps]
    ['tfidfvectorizer', 'logisticregression']

    Raises DataError when the features are none of these.
    """
    last = Ridge() if dataset.task == "regression" else LogisticRegression(max_iter=1000)
    if dataset.kind == "texts":
        return make_pipeline(TfidfVectorizer(), last)
    if dataset.kind == "sparse":
        return make_pipeline(MaxAbsScaler(), last)
    if dataset.kind == "table":
        return make_pipeline(_columns(dataset.features), last)
    if dataset.kind == "numbers" and dataset.features.dtype.kind in "biuf":
        scaled = (StandardScaler(), last)
        flat = dataset.features.ndim == 2
        return make_pipeline(*scaled) if flat else make_pipeline(FunctionTransformer(_flat), *scaled)
    raise DataError(
        f"no model is built for features of kind {dataset.kind!r} ({dataset.features.dtype}); "
        "name a model, or give numbers, texts or a DataFrame"
    )


def _columns(frame: pd.DataFrame) -> ColumnTransformer:
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
    number = make_pipeline(
        FunctionTransformer(_as_numbers),
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
    )
    category = make_pipeline(FunctionTransformer(_as_categories), OneHotEncoder(handle_unknown="ignore"))
    text = make_pipeline(FunctionTransformer(_as_texts), TfidfVectorizer())
    parts = [("numbers", number, numbers), ("categories", category, categories)]
    return ColumnTransformer(
        [part for part in parts if part[2]] + [(f"text {name}", text, name) for name in texts]
    )


def _is_text(column: pd.Series[Any]) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return False
    seen = column.dropna().head(1000)
    if len(seen) == 0 or not all(isinstance(one, str) for one in seen):
        return False
    return float(np.mean([len(one.split()) for one in seen])) > _TEXT_WORDS


def _as_numbers(frame: pd.DataFrame) -> FloatArray:
    """Dates become seconds; what is missing becomes NaN."""
    return np.column_stack([_seconds(column_values(frame[name])) for name in frame.columns])


def _seconds(values: Array) -> FloatArray:
    if values.dtype.kind in "mM":
        unit = "timedelta64[s]" if values.dtype.kind == "m" else "datetime64[s]"
        return np.where(np.isnat(values), np.nan, values.astype(unit).astype(np.int64))
    return values.astype(np.float64)


def _as_categories(frame: pd.DataFrame) -> Array:
    """A missing value is a category of its own."""
    columns = [column_values(frame[name]) for name in frame.columns]
    texts = [np.fromiter(("" if one is None else str(one) for one in column), object) for column in columns]
    return np.column_stack(texts)


def _as_texts(column: pd.Series[Any]) -> list[str]:
    return ["" if one is None else str(one) for one in column_values(column)]


def _flat(features: Array) -> Array:
    return np.reshape(features, (len(features), -1))
