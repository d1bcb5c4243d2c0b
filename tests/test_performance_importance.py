"""Importance: which metric explains where the model fails, and what cannot be said."""

from typing import Any

import numpy as np
import pytest

from activeloop.errors import ConfigurationError, DataError, ModelError
from activeloop.metrics import Table
from activeloop.performance import Importance, Outcome, importance, outcome
from activeloop.scoring import Predictions
from activeloop.statistics import benjamini_hochberg, spearman

RANDOM = np.random.default_rng(6)
N = 500
BLUR, INK, SIDE = RANDOM.random(N), RANDOM.random(N), RANDOM.random(N)
WRONG = (RANDOM.random(N) < 0.1 + 0.5 * BLUR).astype(float)
ERRORS = Outcome("errors", WRONG)


def of(values: Any, worse: Outcome = ERRORS, name: str = "ink") -> Importance:
    (found,) = importance(Table({name: values}), worse, [name])
    return found


def test_the_metric_that_the_errors_hang_on_comes_first_with_a_sentence() -> None:
    table = Table({"ink": INK, "blur": BLUR, "light": 1 - BLUR + 0.2 * SIDE})
    blur, light, ink = importance(table, ERRORS, ["ink", "blur", "light"])
    assert (blur.metric, blur.sentence) == ("blur", "errors rise with blur")
    assert (light.metric, light.sentence) == ("light", "errors fall as light rises")
    assert (ink.metric, ink.sentence) == ("ink", "no sign that errors depend on ink")
    by_hand = spearman(BLUR, WRONG)
    assert (blur.rho, blur.low, blur.high) == by_hand[:3]
    assert blur.n == N
    found = {one.metric: one.p for one in (blur, light, ink)}
    p = np.array([found[name] for name in ("ink", "blur", "light")])
    assert [ink.p_adjusted, blur.p_adjusted, light.p_adjusted] == pytest.approx(benjamini_hochberg(p))


def test_a_dependence_that_neither_rises_nor_falls_is_found() -> None:
    ends = (RANDOM.random(N) < np.where(np.abs(SIDE - 0.5) > 0.3, 0.7, 0.1)).astype(float)
    found = of(SIDE, Outcome("errors", ends), "side")
    assert abs(found.rho or 0) < 0.15
    assert found.sentence == "errors depend on side, not in one direction"
    assert (found.information or 0) > 0.1


def test_missing_values_are_left_out_not_filled() -> None:
    holes = BLUR.copy()
    holes[WRONG == 0] = np.where(RANDOM.random(int((WRONG == 0).sum())) < 0.5, np.nan, holes[WRONG == 0])
    found, known = of(holes), ~np.isnan(holes)
    assert found.n == known.sum()
    assert found.rho == spearman(BLUR[known], WRONG[known]).rho
    assert of([None if np.isnan(one) else one for one in holes]) == found


def test_categories_have_information_and_no_direction() -> None:
    day = np.where((RANDOM.random(N) < 0.2) == WRONG, "day", "night")
    found = of(day, name="time")
    assert (found.rho, found.low, found.high) == (None, None, None)
    assert (found.information or 0) > 0.1
    assert found.sentence == "errors depend on time, not in one direction"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.where(np.arange(N) < 9, BLUR, np.nan), "insufficient: 9 of the 10 items that are needed"),
        (np.full(N, np.nan), "insufficient: 0 of the 10 items that are needed"),
        (np.ones(N), "it has a single value"),
        (WRONG, "it restates the outcome"),
        (-WRONG, "it restates the outcome"),
        (WRONG + BLUR / 2, "it restates the outcome"),  # as a loss does: every error lies above all others
    ],
)
def test_what_cannot_be_judged_has_no_p_and_says_why(values: Any, reason: str) -> None:
    found = of(values)
    assert (found.p, found.p_adjusted, found.reason) == (None, None, reason)
    assert found.sentence == f"ink cannot be judged: {reason}"


def test_an_outcome_of_a_single_value_explains_nothing() -> None:
    assert of(BLUR, Outcome("errors", np.zeros(N))).reason == "the outcome has a single value"


def test_one_metric_among_a_hundred_can_still_be_found() -> None:
    """With 999 permutations alone the smallest p, 0.002, times 100 would never be below 0.05."""
    ends = (RANDOM.random(N) < np.where(np.abs(SIDE - 0.5) > 0.3, 0.7, 0.1)).astype(float)
    table = Table({"side": SIDE} | {str(at): RANDOM.random(N) for at in range(99)})
    first, *rest = importance(table, Outcome("errors", ends), list(table.columns))
    assert first.metric == "side"
    assert (first.p_adjusted or 1) < 0.05
    assert sum((one.p_adjusted or 1) < 0.05 for one in rest) <= 2


def test_without_any_dependence_there_are_few_alarms() -> None:
    alarms = 0
    for run in range(40):
        random = np.random.default_rng(run)
        table = Table({str(at): random.random(60) for at in range(8)})
        worse = Outcome("errors", (random.random(60) < 0.3).astype(float))
        found = importance(table, worse, list(table.columns))
        alarms += (found[0].p_adjusted or 1) < 0.05
    assert alarms <= 5


def test_the_outcome_is_the_loss_or_the_error_of_each_item() -> None:
    labels, predicted = np.array(["a", "b", "a"]), np.array(["a", "a", "a"])
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.5, 0.5]])
    given = Predictions(labels, predicted, probabilities, ("a", "b"))
    assert outcome(given).values == pytest.approx(-np.log([0.9, 0.4, 0.5]))
    turned = Predictions(labels, predicted, probabilities[:, ::-1], ("b", "a"))
    assert outcome(turned).values == pytest.approx(-np.log([0.9, 0.4, 0.5]))
    assert outcome(given, "error").values.tolist() == [0, 1, 0]
    assert outcome(Predictions(labels, predicted, classes=("a", "b"))).name == "errors"
    numbers = Predictions(np.array([1.0, 2.0]), np.array([1.5, 4.0]))
    assert outcome(numbers).name == "squared errors"
    assert outcome(numbers).values == pytest.approx([0.25, 4.0])
    assert outcome(numbers, "error").values == pytest.approx([0.5, 2.0])


def test_bad_input() -> None:
    with pytest.raises(DataError, match="'ink' has 3 values for 500 outcomes"):
        of(np.arange(3.0))
    with pytest.raises(ConfigurationError, match="at least one metric"):
        importance(Table({"ink": INK}), ERRORS, [])
    with pytest.raises(DataError, match="unknown column"):
        importance(Table({"ink": INK}), ERRORS, ["inc"])
    unsure = Predictions(np.array([0, 1]), np.array([0, 1]), np.array([[np.nan, 1], [0, 1]]), (0, 1))
    with pytest.raises(ModelError, match="NaN"):
        outcome(unsure)
    with pytest.raises(DataError, match="not a declared class"):
        outcome(Predictions(np.array([0, 7]), np.array([0, 1]), classes=(0, 1)))
