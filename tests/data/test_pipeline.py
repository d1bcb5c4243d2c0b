"""The model that is built for a dataset: it learns, on every kind of features, from few rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone

from activeloop.data import Dataset, default_model, load
from activeloop.errors import DataError

N = 60
LABELS = np.array(["no", "yes"] * (N // 2))
SIGNAL = np.array([0.0, 1.0] * (N // 2))


def mixed() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "number": SIGNAL + rng.normal(0, 0.1, N),
            "whole": pd.array([None, 1] * (N // 2), dtype="Int64"),
            "never": np.full(N, np.nan),
            "flag": SIGNAL.astype(bool),
            "maybe": pd.array([None, True] * (N // 2), dtype="boolean"),
            "city": pd.Series(["Oslo", None] * (N // 2)),
            "typed": pd.Series(["x", "y"] * (N // 2), dtype="category"),
            "string": pd.Series(["x", None] * (N // 2), dtype="string"),
            "empty": pd.Series([None] * N, dtype=object),
            "when": pd.Series(pd.to_datetime(["2020-01-01", "2024-01-01"] * (N // 2))),
            "zone": pd.date_range("2024-01-01", periods=N, tz="UTC"),
            "review": pd.Series(["this was not good at all", "a very good thing indeed"] * (N // 2)),
        }
    )
    frame.loc[3, ["number", "review", "when"]] = None
    return frame


@pytest.mark.parametrize(
    "features",
    [
        SIGNAL.reshape(-1, 1),
        np.repeat(SIGNAL, 16).reshape(N, 4, 4),
        sparse.csr_matrix(SIGNAL.reshape(-1, 1)),
        sparse.csr_array(SIGNAL.reshape(-1, 1)),
        [f"the answer is {one}" for one in LABELS],
        mixed(),
        mixed()[["city"]],
        mixed()[["review"]],
        mixed()[["when"]],
    ],
    ids=["dense", "images", "matrix", "sparse", "texts", "mixed", "category", "text", "dates"],
)
@pytest.mark.parametrize("n_labeled", [4, 40])
def test_it_learns_from_any_features(features: Any, n_labeled: int) -> None:
    data = Dataset(features, LABELS)
    model = clone(default_model(data))
    model.fit(data.rows(np.arange(n_labeled)), LABELS[:n_labeled])
    probabilities = model.predict_proba(data.features)
    assert probabilities.shape == (N, 2)
    assert np.isfinite(probabilities).all()
    if n_labeled == 40:
        assert model.score(data.rows(np.arange(40, N)), LABELS[40:]) == 1


@pytest.mark.parametrize("features", [SIGNAL.reshape(-1, 1), mixed()], ids=["dense", "mixed"])
def test_it_learns_a_regression(features: Any) -> None:
    amounts = SIGNAL * 2 + 0.5
    data = Dataset(features, amounts)
    assert default_model(data).fit(data.features, amounts).score(data.features, amounts) > 0.9


def test_columns_that_are_all_missing_among_the_labeled_rows() -> None:
    frame = mixed().assign(city=None, number=np.nan)
    data = Dataset(mixed(), LABELS)
    model = default_model(data).fit(frame[:6], LABELS[:6])
    assert len(model.predict(data.features)) == N


def test_a_category_that_was_never_seen_is_no_error() -> None:
    data = Dataset(pd.DataFrame({"city": ["Oslo", "Rome", "Bern"]}), ["a", "b", "a"])
    model = default_model(data).fit(data.rows(np.array([0, 1])), ["a", "b"])
    assert model.predict(data.rows(np.array([2]))).tolist()[0] in ("a", "b")


def test_it_learns_the_digits() -> None:
    data = load("digits")
    pool, holdout = data.split(0.3, seed=0)
    model = default_model(data).fit(data.rows(pool.positions), data.column("label", pool.positions))
    assert model.score(data.rows(holdout.positions), data.column("label", holdout.positions)) > 0.94


def test_features_that_it_does_not_know_are_refused() -> None:
    with pytest.raises(DataError, match="no model is built for features of kind 'objects'"):
        default_model(Dataset([{"a": 1}, {"a": 2}]))
    with pytest.raises(DataError, match=r"no model is built for features of kind 'numbers' \(object\)"):
        default_model(Dataset(np.array([["a", 1], ["b", 2]], dtype=object)))
