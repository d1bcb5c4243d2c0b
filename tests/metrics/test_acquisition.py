"""The four acquisition functions: by hand, against modAL, and on items with several or no predictions."""

from typing import Any

import numpy as np
import pytest

from activeloop.arrays import Array
from activeloop.metrics import Metric, Ragged, entropy, least_confidence, margin, variance

P = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.4, 0.4, 0.2]])
ALL = (entropy, least_confidence, margin, variance)


class Table:
    def __init__(self, probabilities: Any) -> None:
        self.probabilities = probabilities

    def __len__(self) -> int:
        return len(self.probabilities)

    def column(self, name: str) -> Any:
        assert name == "probabilities"
        return self.probabilities


class Fixed:
    def predict_proba(self, X: Array) -> Array:
        return X


def test_values_by_hand() -> None:
    assert entropy(P) == pytest.approx([1.5, 0, 0.8 * np.log2(2.5) + 0.2 * np.log2(5)])
    assert least_confidence(P) == pytest.approx([0.5, 0, 0.6])
    assert margin(P) == pytest.approx([0.25, 1, 0])
    assert variance(P) == pytest.approx([1 / 72, 2 / 9, 2 / 225])


def test_normalized_values_end_at_one() -> None:
    even, certain = np.full((1, 4), 0.25), np.eye(4)[:1]
    assert entropy(even, normalize=True).tolist() == [1]
    assert variance(certain, normalize=True) == pytest.approx([1])
    one = np.ones((1, 1))
    assert [entropy(one, normalize=True)[0], variance(one, normalize=True)[0]] == [0, 0]


def test_what_a_reader_must_know() -> None:
    assert [m.name for m in ALL] == ["entropy", "least_confidence", "margin", "variance"]
    assert [m.direction for m in ALL] == ["high", "high", "low", "low"]
    assert all(m.kind == "model" and m.needs == ("probabilities",) and m.vectorized for m in ALL)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_modal_agrees(dtype: type) -> None:
    modal = pytest.importorskip("modAL.uncertainty")
    p: Array = np.random.default_rng(0).dirichlet(np.ones(6), 300).astype(dtype)
    assert np.allclose(entropy(p) * np.log(2), modal.classifier_entropy(Fixed(), p), atol=1e-6)
    assert np.allclose(least_confidence(p), modal.classifier_uncertainty(Fixed(), p), atol=1e-6)
    assert np.allclose(margin(p), modal.classifier_margin(Fixed(), p), atol=1e-6)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_all_rank_certainty_last(one: Metric) -> None:
    p = np.array([[1.0, 0.0, 0.0], [0.8, 0.1, 0.1], [1 / 3, 1 / 3, 1 / 3]])
    assert np.argsort(one.utilities(one(p))).tolist() == [0, 1, 2]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_an_item_without_predictions_is_null_with_its_reason(one: Metric) -> None:
    predictions = Ragged(P, np.array([0, 0, 2, 3, 3]))
    made = one.over(Table(predictions))
    values = one(P)
    assert made.reasons == {0: "no_predictions", 3: "no_predictions"}
    assert made.values == pytest.approx([np.nan, values[:2].mean(), values[2], np.nan], nan_ok=True)
    largest = one.with_parameters(aggregate="max").over(Table(predictions)).values
    assert largest[1] == values[:2].max()


def test_a_row_that_gives_no_number_is_null_with_a_reason_of_its_own() -> None:
    p = np.array([[0.5, 0.5], [np.nan, 0.5]])
    assert dict(entropy.over(Table(p)).reasons) == {1: "not_applicable"}
    made = entropy.over(Table(Ragged(p, np.array([0, 1, 2, 2]))))
    assert dict(made.reasons) == {1: "not_applicable", 2: "no_predictions"}
