"""Out-of-sample predictions: nobody is predicted by a model that learned his label."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

import activeloop as al
from activeloop.errors import ConfigurationError, NotTrainableError
from activeloop.metrics import check_probabilities
from activeloop.out_of_sample import out_of_sample

ONE = KNeighborsClassifier(1)


def random_labels(n: int = 120, **more: Any) -> al.Dataset:
    rng = np.random.default_rng(0)
    return al.Dataset(rng.normal(size=(n, 3)), rng.integers(0, 3, n).tolist(), **more)


def test_a_model_that_knows_what_it_learned_by_heart_is_no_better_than_chance() -> None:
    data = random_labels(600)
    assert data.labels is not None
    said = out_of_sample(data, ONE)
    assert 0.25 < (said.predicted == data.labels).mean() < 0.42
    assert ONE.fit(data.features, data.labels).score(data.features, data.labels) == 1.0


def test_folds_are_equal_and_hold_a_like_share_of_every_class() -> None:
    data = random_labels(123)
    fold = out_of_sample(data, ONE, folds=4).fold
    assert np.ptp(np.bincount(fold)) <= 1
    for one in data.classes or ():
        assert np.ptp(np.bincount(fold[data.labels == one], minlength=4)) <= 1


def test_every_class_is_learned_every_time() -> None:
    data = al.Dataset(np.random.default_rng(0).normal(size=(33, 2)), ["a"] * 30 + ["b"] * 2 + ["c"])
    said = out_of_sample(data, DummyClassifier(strategy="prior"), folds=5)
    assert said.probabilities is not None
    assert (said.probabilities[:32] > 0).all()
    assert said.fold[30] != said.fold[31]
    assert said.fold[32] == -1
    assert said.predicted[32] is None
    assert np.isnan(said.probabilities[32]).all()


@pytest.mark.parametrize("text", [False, True])
def test_the_order_of_the_items_changes_nothing(text: bool) -> None:
    data = random_labels()
    ids = np.array([f"item {at}" for at in range(120)]) if text else np.arange(120) * 7
    order = np.random.default_rng(1).permutation(120)
    assert data.labels is not None
    one = out_of_sample(
        al.Dataset(data.features, data.labels, ids=ids), SGDClassifier(loss="log_loss"), seed=3
    )
    turned = al.Dataset(data.features[order], data.labels[order], ids=ids[order])
    other = out_of_sample(turned, SGDClassifier(loss="log_loss"), seed=3)
    assert one.probabilities is not None
    assert other.probabilities is not None
    assert (one.fold[order] == other.fold).all()
    assert np.allclose(one.probabilities[order], other.probabilities)
    assert (one.predicted[order] == other.predicted).all()


def test_the_seed_deals_the_folds() -> None:
    data = random_labels()
    one, same, other = (out_of_sample(data, ONE, seed=seed).fold for seed in (0, 0, 1))
    assert (one == same).all()
    assert (one != other).any()


def test_items_without_a_label_are_predicted_by_what_all_labels_teach() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(40, 2))
    labels = [int(at % 2) if at < 30 else None for at in range(40)]
    said = out_of_sample(al.Dataset(features, labels), ONE)
    whole = ONE.fit(features[:30], labels[:30])
    assert said.predicted[30:].tolist() == whole.predict(features[30:]).tolist()
    assert (said.fold[30:] == -1).all()
    assert said.probabilities is not None
    check_probabilities(said.probabilities)


def test_columns_are_in_the_order_of_the_declared_classes() -> None:
    data = al.Dataset(np.array([[0.0], [0.1], [1.0], [1.1]]), ["b", "b", "a", "a"], classes=("c", "b", "a"))
    said = out_of_sample(data, ONE, folds=2)
    assert said.probabilities is not None
    assert said.probabilities.tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]


def test_a_regression_and_a_model_without_probabilities() -> None:
    X = np.random.default_rng(0).normal(size=(30, 2))
    amounts = out_of_sample(al.Dataset(X, X[:, 0] + 0.5), LinearRegression())
    assert amounts.probabilities is None
    assert np.allclose(amounts.predicted, X[:, 0] + 0.5)
    assert out_of_sample(random_labels(), LinearSVC(dual=False)).probabilities is None


@pytest.mark.parametrize(
    "features",
    [["good film", "bad film"] * 10, pd.DataFrame({"x": np.arange(20), "y": ["a", None] * 10})],
    ids=["texts", "table"],
)
def test_the_default_model_fits_the_features(features: Any) -> None:
    said = out_of_sample(al.Dataset(features, ["good", "bad"] * 10))
    assert (said.predicted == np.array(["good", "bad"] * 10, dtype=object)).all()


def test_what_cannot_be_is_refused() -> None:
    data = random_labels(10)
    with pytest.raises(ConfigurationError, match="folds is 1; allowed: a whole number from 2"):
        out_of_sample(data, folds=1)
    with pytest.raises(NotTrainableError, match="only class a is labeled"):
        out_of_sample(al.Dataset(np.eye(4), ["a"] * 4, classes=("a", "b")), ONE)
    with pytest.raises(NotTrainableError, match="0 items are labeled"):
        out_of_sample(al.Dataset(np.eye(4), [None] * 4, classes=("a", "b")), ONE)


def test_more_folds_than_items_leave_one_out() -> None:
    data = al.Dataset(np.array([[0.0], [0.1], [1.0], [1.1]]), ["b", "b", "a", "a"])
    assert sorted(out_of_sample(data, ONE, folds=10).fold.tolist()) == [0, 1, 2, 3]
