"""Features of any kind as numbers, so that items lie somewhere and have distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.utils.extmath import randomized_svd

from activeloop.arrays import Array
from activeloop.data.features import FeatureKind
from activeloop.data.preparing import by_column, flat
from activeloop.errors import DataError
from activeloop.metrics.words import words

_DIMENSIONS = 100
_CATEGORIES = 50  # of one column; the rarest of more share one, as one-hot columns for ids would be quadratic


@dataclass(frozen=True, eq=False)
class Encoder:
    """What was fitted on the features of a data set; it encodes those of another in the same way."""

    steps: Any

    def __call__(self, features: Any) -> Array:
        """Give features as numbers, (n, d) float32; raises DataError for features of another kind."""
        try:
            encoded = self.steps.transform(features)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DataError(
                f"the features do not fit those that the encoder was made for: {error}"
            ) from error
        return as_embedding(encoded, len(encoded))


def fit_encoder(features: Any, kind: FeatureKind) -> Encoder:
    """Fit what makes numbers of the features of a data set; the same data give the same numbers.

    | features         | encoded                                                                        |
    |------------------|--------------------------------------------------------------------------------|
    | numbers          | each column to mean 0 and variance 1, a missing one to the mean                |
    | numbers, not 2-D | as they are, in one row: pixels have one scale already                         |
    | sparse           | truncated SVD to 100 dimensions at most                                        |
    | texts            | TF-IDF of words (`metrics.words`), then truncated SVD to 100 dimensions at most|
    | table: number    | (or date) missing to the mean, then mean 0 and variance 1                      |
    | table: category  | (or boolean) one column per category; of more than 50, the rarest share one    |
    | table: text      | as texts                                                                       |

    Numbers that are not finite count as missing. A column without any variance becomes 0.

    >>> fit_encoder(np.array([[1.0, 5.0], [3.0, 5.0]]), "numbers")(np.array([[3.0, np.nan]])).tolist()
    [[1.0, 0.0]]

    Raises DataError for features that are none of these, and for no items.
    """
    try:
        return Encoder(_steps(features, kind).fit(features))
    except (ValueError, TypeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"the features, of kind {kind!r}, cannot be encoded: {error}") from error


def as_embedding(given: Any, n: int) -> Array:
    """Give an embedding of n items as (n, d) float32, read-only; raises DataError where it is not one."""
    try:
        with np.errstate(over="ignore"):
            embedding = np.array(given, dtype=np.float32)
    except (ValueError, TypeError) as error:
        raise DataError(f"an embedding is (n, d) numbers; given: {error}") from error
    if embedding.ndim != 2 or len(embedding) != n:
        raise DataError(f"the embedding has shape {embedding.shape} for {n} items; allowed: ({n}, d)")
    wrong = np.flatnonzero(~np.isfinite(embedding).all(axis=1))
    if wrong.size:
        raise DataError(f"row {wrong[0]} of the embedding holds a value that is not finite in float32")
    embedding.flags.writeable = False
    return embedding


def _steps(features: Any, kind: FeatureKind) -> Any:
    scaled = (FunctionTransformer(_finite), _mean(), StandardScaler())
    if kind == "texts":
        return _texts()
    if kind == "sparse":
        return _Reduced()
    if kind == "table" and features.shape[1]:
        rare = {"max_categories": _CATEGORIES, "handle_unknown": "infrequent_if_exist"}
        one_hot = OneHotEncoder(sparse_output=False, **rare)
        return by_column(features, number=make_pipeline(*scaled), category=one_hot, text=_texts())
    if kind == "numbers" and features.dtype.kind in "biuf":
        flattened = (FunctionTransformer(flat), FunctionTransformer(_finite), _mean())
        return make_pipeline(*(scaled if features.ndim == 2 else flattened))
    raise DataError(
        f"items of kind {kind!r} lie nowhere: there is no embedding; give one with data.with_embedding(...)"
    )


def _mean() -> SimpleImputer:
    return SimpleImputer(keep_empty_features=True)


def _texts() -> Any:
    return make_pipeline(_Weighted(), _Reduced())


def _finite(numbers: Array) -> Array:
    return np.where(np.isfinite(numbers), numbers, np.nan) if numbers.dtype.kind == "f" else numbers


class _Weighted(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """TF-IDF of words; without any word in any text, no columns."""

    def fit(self, texts: Any, y: Any = None) -> _Weighted:
        weighing = TfidfVectorizer(analyzer=words)
        self.weighing_ = weighing.fit(texts) if any(map(words, texts)) else None
        return self

    def transform(self, texts: Any) -> Any:
        return np.zeros((len(texts), 0)) if self.weighing_ is None else self.weighing_.transform(texts)


class _Reduced(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Truncated SVD, of as few dimensions as there are; always the same for the same rows."""

    def fit(self, rows: Any, y: Any = None) -> _Reduced:
        most = min(_DIMENSIONS, *rows.shape)
        self.axes_ = np.zeros((1, rows.shape[1]))
        if most:
            self.axes_ = randomized_svd(rows.astype(np.float64), most, random_state=0)[2]
        return self

    def transform(self, rows: Any) -> Any:
        return rows @ self.axes_.T
