"""Every score of scikit-learn, on every slice, equals scikit-learn's own scorer on the rows of the slice."""

import math
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import get_scorer, get_scorer_names

from activeloop.arrays import Array, BoolArray
from activeloop.errors import ConfigurationError
from activeloop.scoring import Scoreboard
from activeloop.seeds import id_keys

N = 160


class Remembered(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A fitted classifier that gives stored predictions for the rows it is asked about."""

    def __init__(self, classes: Any = None, predicted: Any = None, probabilities: Any = None) -> None:
        self.classes_ = classes
        self.predicted = predicted
        self.probabilities = probabilities

    def predict(self, rows: Array) -> Array:
        return np.asarray(self.predicted[rows])

    def predict_proba(self, rows: Array) -> Array:
        return np.asarray(self.probabilities[rows])


class RememberedNumbers(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    def __init__(self, predicted: Any = None) -> None:
        self.predicted = predicted

    def predict(self, rows: Array) -> Array:
        return np.asarray(self.predicted[rows])


def slices_of(random: np.random.Generator) -> list[tuple[str, BoolArray]]:
    shares = {"half": 0.5, "few": 0.03}
    slices = [(name, random.random(N) < share) for name, share in shares.items()]
    one = np.zeros(N, dtype=bool)
    one[7] = True
    return [*slices, ("one", one)]


def expected(name: str, model: Any, rows: Array, labels: Array) -> float | None:
    """scikit-learn's value; None where it raises, warns that the score is undefined, or gives no number."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = float(get_scorer(name)(model, rows, labels[rows]))
        except (ValueError, IndexError):
            return None
    for one in caught:
        by_class = "in labels with no" in str(one.message)
        if (issubclass(one.category, UndefinedMetricWarning) and not by_class) or "No positive class" in str(
            one.message
        ):
            return None
    return value if math.isfinite(value) else None


CLASSES: dict[str, tuple[Any, ...]] = {
    "binary": (0, 1),
    "texts": ("bad", "good"),
    "multiclass": (0, 1, 2, 3),
    "multiclass texts": ("ant", "bee", "cow"),
}
# These are told the declared classes, so they are defined where scikit-learn's scorer has to guess them.
TOLD_CLASSES = {"neg_log_loss", "neg_brier_score", "d2_log_loss_score", "d2_brier_score", "top_k_accuracy"}


def classification(kind: str, seed: int) -> tuple[Array, Array, Array, list[tuple[str, BoolArray]]]:
    random = np.random.default_rng(seed)
    classes = np.array(CLASSES[kind])
    C = len(classes)
    codes = random.integers(C, size=N)
    probabilities = random.dirichlet(np.ones(C), size=N)
    probabilities[np.arange(N), codes] += 0.5 * random.random(N)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    predicted = classes[np.argmax(probabilities, axis=1)]
    slices = [*slices_of(random), ("one class", codes == 0), ("no zero", codes != 0)]
    return classes[codes], predicted, probabilities, slices


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("name", get_scorer_names())
def test_classification(name: str, kind: str) -> None:
    labels, predicted, probabilities, slices = classification(kind, seed=3)
    classes = CLASSES[kind]
    model = Remembered(np.array(classes), predicted, probabilities)
    whole = expected(name, model, np.arange(N), labels)
    if whole is None and name == "average_precision" and len(classes) > 2:
        return  # scikit-learn learned it for several classes after 1.4; ours are the same in every version
    module = get_scorer(name)._score_func.__module__
    if module.endswith("_regression") or (whole is None and name not in TOLD_CLASSES):
        with pytest.raises(ConfigurationError, match=name):
            Scoreboard([name], slices, labels, classes, id_keys(np.arange(N)))
        return
    try:
        board = Scoreboard([name], slices, labels, classes, id_keys(np.arange(N)), interval="none")
    except ConfigurationError:
        assert whole is None
        return
    compare(name, board.rows(predicted, probabilities), model, labels, slices, classes)


@pytest.mark.parametrize("name", get_scorer_names())
def test_regression(name: str) -> None:
    random = np.random.default_rng(5)
    labels = random.gamma(2.0, 3.0, size=N) + 100
    predicted = labels + random.normal(size=N)
    slices = slices_of(random)
    if not get_scorer(name)._score_func.__module__.endswith("_regression"):
        with pytest.raises(ConfigurationError, match=name):
            Scoreboard([name], slices, labels, None, id_keys(np.arange(N)))
        return
    board = Scoreboard([name], slices, labels, None, id_keys(np.arange(N)), interval="none")
    compare(name, board.rows(predicted), RememberedNumbers(predicted), labels, slices, None)


def compare(
    name: str, rows: Any, model: Any, labels: Array, slices: list[tuple[str, BoolArray]], classes: Any
) -> None:
    inside = dict([("all", np.ones(N, dtype=bool)), *slices])
    assert [row.slice for row in rows] == list(inside)
    for row in rows:
        positions = np.flatnonzero(inside[row.slice])
        theirs = expected(name, model, positions, labels)
        if name in TOLD_CLASSES and (theirs is None or len(set(labels[positions])) < len(classes)):
            continue  # test_scoring.py holds these to their formulas
        if name == "explained_variance" and len(positions) == 1:
            theirs = None  # 0/0, which scikit-learn calls 1
        if theirs is None:
            assert row.value is None, row
            assert row.reason, row
        else:
            assert row.value == pytest.approx(theirs, rel=1e-9, abs=1e-12), row
