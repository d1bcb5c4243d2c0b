"""A sensible scikit-learn model for a dataset, when the user names none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MaxAbsScaler, OneHotEncoder, StandardScaler

from activeloop.data.dataset import Dataset
from activeloop.data.preparing import by_column, flat
from activeloop.errors import DataError
from activeloop.metrics.words import is_unspaced, words

_SEEN = 1000  # texts that are looked at, to see in which script they are


def default_model(dataset: Dataset) -> Any:
    """Give an untrained pipeline that fits the features: logistic regression, or ridge for a regression.

    | features       | before it                                                                         |
    |----------------|-----------------------------------------------------------------------------------|
    | texts          | TF-IDF of words; of letters where a script has no spaces between words (Han, Thai)|
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
        return make_pipeline(_tfidf(dataset.features), last)
    if dataset.kind == "sparse":
        return make_pipeline(MaxAbsScaler(), last)
    if dataset.kind == "table":
        return make_pipeline(_columns(dataset.features), last)
    if dataset.kind == "numbers" and dataset.features.dtype.kind in "biuf":
        scaled = (StandardScaler(), last)
        is_flat = dataset.features.ndim == 2
        return make_pipeline(*scaled) if is_flat else make_pipeline(FunctionTransformer(flat), *scaled)
    raise DataError(
        f"no model is built for features of kind {dataset.kind!r} ({dataset.features.dtype}); "
        "name a model, or give numbers, texts or a DataFrame"
    )


def _tfidf(texts: Sequence[str]) -> TfidfVectorizer:
    unspaced = any(is_unspaced(word) for text in texts[:_SEEN] for word in words(text))
    return TfidfVectorizer(analyzer=words) if unspaced else TfidfVectorizer()


def _columns(frame: pd.DataFrame) -> ColumnTransformer:
    imputer = SimpleImputer(strategy="median", keep_empty_features=True)
    return by_column(
        frame,
        number=make_pipeline(imputer, StandardScaler()),
        category=OneHotEncoder(handle_unknown="ignore"),
        text=TfidfVectorizer(),
    )
