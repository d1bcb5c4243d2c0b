"""Simple margin: by hand, for two classes and more, and told at the door where a model cannot decide."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import activeloop as al
from activeloop.errors import ModelError, StrategyError
from activeloop.testing import check_strategy

simple_margin = al.strategies.simple_margin


def test_it_keeps_the_contract() -> None:
    check_strategy(simple_margin, model=RidgeClassifier())
    check_strategy(simple_margin, model=SVC(), pool=al.load("breast_cancer").pool())


def test_it_asks_the_item_that_is_the_nearest_to_the_hyperplane() -> None:
    pool = al.Dataset(np.arange(10.0)[:, None], [0] * 5 + [1] * 5).pool().starting_with([0, 9])
    loop = al.Loop(SVC(kernel="linear"), pool, strategy=simple_margin, batch_size=8)
    query = loop.ask()
    assert set(query.ids[:2]) == {4, 5}  # the hyperplane is at 4.5
    assert set(query.ids[-2:]) == {1, 8}
    gaps = [-abs(int(one) - 4.5) * 2 / 9 for one in query.ids]
    assert [ask.utility for ask in query.asks] == pytest.approx(gaps, abs=1e-3)


def test_for_more_classes_it_is_the_margin_of_the_decision_values() -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)
    loop = al.Loop(RidgeClassifier(), pool, strategy=simple_margin, start_size=15, batch_size=3)
    loop.tell({one: pool.truth([one])[0] for one in loop.ask().ids})
    query = loop.ask()
    values = np.sort(loop.fitted.decision_function(pool.rows(pool.find(query.ids))), axis=1)
    assert [ask.utility for ask in query.asks] == pytest.approx((values[:, -2] - values[:, -1]).tolist())


def test_for_two_classes_it_agrees_with_the_margin_of_probabilities() -> None:
    asked = []
    for strategy in ("simple_margin", "margin"):
        pool, _ = al.load("breast_cancer").split(0.3, seed=0)
        model = make_pipeline(StandardScaler(), LogisticRegression())
        loop = al.Loop(model, pool, strategy=strategy, start_size=20, batch_size=10)
        loop.tell({one: pool.truth([one])[0] for one in loop.ask().ids})
        asked.append(loop.ask().ids)
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("model", "words"),
    [(GaussianNB(), "GaussianNB has no decision_function"), (LinearRegression(), "a regression")],
)
def test_a_model_that_cannot_decide_is_told_at_the_door(model: object, words: str) -> None:
    labels = [0.5, 1.5, 2.5] if "regression" in words else ["a", "b", "a"]
    pool = al.Dataset(np.eye(3), labels).pool()
    with pytest.raises(StrategyError, match=f"needs decision values, and .*{words}.*random"):
        al.Loop(model, pool, strategy=simple_margin)


def test_decision_values_of_pairs_are_refused() -> None:
    digits, _ = al.load("digits").split(0.9, seed=0)
    loop = al.Loop(SVC(decision_function_shape="ovo"), digits, strategy=simple_margin, start_size=100)
    loop.tell({one: digits.truth([one])[0] for one in loop.ask().ids})
    with pytest.raises(
        ModelError, match=r"shape \(80, 45\) for 80 items and 10 classes; allowed: \(80, 10\)"
    ):
        loop.ask()
