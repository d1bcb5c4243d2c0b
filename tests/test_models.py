"""A fresh model each round, seeded, and held to the declared classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier

import activeloop as al
from activeloop import models
from activeloop.errors import ModelError, NotTrainableError
from activeloop.seeds import Component, integer
from activeloop.settings import words

from .conftest import LoopMaker

X = np.arange(12.0)[:, None]
Y = np.array(["a", "b", "c"] * 4)
IDS = np.arange(12)


def fitted(model: Any, labels: Any = Y) -> Any:
    return models.fit(model, X, labels, ids=IDS, seed=7, is_classifier=True)


def test_the_given_model_is_never_fitted(new_loop: LoopMaker) -> None:
    model = GaussianNB()
    loop = new_loop(model)
    list(loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(8)))
    assert not hasattr(model, "theta_")


def test_an_open_random_state_is_seeded_by_round_and_a_given_one_is_kept(new_loop: LoopMaker) -> None:
    loop = new_loop(make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss")), seed=5, start_size=20)
    for at, _ in zip(range(2), loop.run(al.oracles.simulated(loop.pool)), strict=False):
        assert loop.fitted[-1].random_state == integer(5, Component.MODEL, at)
    assert fitted(DecisionTreeClassifier(random_state=3)).random_state == 3


def test_a_model_that_is_not_scikit_learns_is_copied_whole(new_loop: LoopMaker) -> None:
    class Nearest:
        def fit(self, X: Any, y: Any) -> None:
            self.X, self.y = np.asarray(X), np.asarray(y)

        def predict(self, X: Any) -> Any:
            distances = ((np.asarray(X)[:, None] - self.X[None]) ** 2).sum(axis=2)
            return self.y[distances.argmin(axis=1)]

    model = Nearest()
    loop = new_loop(model, strategy="random", start_size=15)
    *_, last = loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(40))
    assert (last.score("accuracy") or 0) > 0.8
    assert not vars(model)


def test_probabilities_are_aligned_with_the_declared_classes() -> None:
    model = fitted(GaussianNB(), np.where(Y == "b", "c", Y))
    given = models.class_probabilities(model, X, ("c", "b", "a"), IDS)
    assert np.array_equal(given, model.predict_proba(X)[:, [1, 0, 0]] * [1, 0, 1])
    with pytest.raises(
        ModelError, match=r"GaussianNB knows class 'c', which is not declared; declared: \['a'"
    ):
        models.class_probabilities(model, X, ("a", "b"), IDS)


def test_too_little_to_learn_from_is_told_apart_from_a_refusal() -> None:
    with pytest.raises(NotTrainableError, match="nothing is labeled yet"):
        models.fit(GaussianNB(), X[:0], Y[:0], ids=IDS[:0], seed=0, is_classifier=True)
    with pytest.raises(
        NotTrainableError, match=r"only class a is labeled so far \(4 items\); two are needed"
    ):
        models.fit(GaussianNB(), X[:4], Y[[0, 0, 0, 0]], ids=IDS[:4], seed=0, is_classifier=True)
    with pytest.raises(ModelError, match="CalibratedClassifierCV cannot be fitted: "):
        fitted(CalibratedClassifierCV(GaussianNB()))
    few = models.fit(KNeighborsClassifier(), X[:3], Y[:3], ids=IDS[:3], seed=0, is_classifier=True)
    with pytest.raises(ModelError, match="KNeighborsClassifier cannot predict: Expected n_neighbors <= "):
        models.predict(few, X, IDS)


def test_one_number_is_enough_for_a_regression() -> None:
    from sklearn.linear_model import Ridge

    one = models.fit(Ridge(), X[:1], np.array([2.0]), ids=IDS[:1], seed=0, is_classifier=False)
    assert models.predict(one, X[:2], IDS[:2]).tolist() == [2.0, 2.0]


def test_a_model_is_written_down_without_its_address() -> None:
    steps = make_pipeline(
        FunctionTransformer(np.log1p), FunctionTransformer(lambda X: X), LogisticRegression()
    )
    assert "0x" in repr(steps)
    assert "0x" not in words(steps)
