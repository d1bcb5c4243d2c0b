"""Every outcome by hand: pass, fail, inconclusive, insufficient; absolute, against a baseline, in numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

import activeloop as al
from activeloop.cases import Judge, Predicted, TestCase, judge
from activeloop.errors import ConfigurationError, DataError, SliceError, UnknownNameError
from activeloop.scoring import Predictions
from activeloop.slices import Category, Slice

from .made_holdout import held, said, verdict


@pytest.mark.parametrize(
    ("wrong", "outcome"),
    [(2, "pass"), (10, "inconclusive"), (30, "fail")],
)
def test_an_interval_on_one_side_of_the_bound_decides_and_one_across_it_does_not(
    wrong: int, outcome: str
) -> None:
    found = verdict(held(100), wrong, at_least=0.88)
    exact = binomtest(100 - wrong, 100).proportion_ci(method="exact")
    assert (found.outcome, found.value, found.n) == (outcome, 1 - wrong / 100, 100)
    assert found.low == pytest.approx(exact.low)
    assert found.high == pytest.approx(exact.high)
    assert (found.reason == "") == (outcome == "pass")


def test_the_reason_names_score_interval_and_bound() -> None:
    assert verdict(held(100), 30, at_least=0.88).reason == "accuracy lies in [0.6002, 0.7876], below 0.88"
    assert "on either side of 0.88" in verdict(held(100), 10, at_least=0.88).reason


def test_at_most_is_the_mirror() -> None:
    outcomes = [verdict(held(100), wrong, at_most=0.88).outcome for wrong in (2, 10, 30)]
    assert outcomes == ["fail", "inconclusive", "pass"]


def test_the_point_alone_decides_where_that_is_asked_for() -> None:
    found = [verdict(held(100), wrong, at_least=0.9, decide_on="point") for wrong in (9, 10, 11)]
    assert [one.outcome for one in found] == ["pass", "pass", "fail"]
    assert found[2].reason == "accuracy is 0.89, below 0.9"
    assert found[2].low is not None


def test_a_green_value_on_few_items_is_no_evidence() -> None:
    """open-multi-agent 602: a gate passed on a single sample."""
    one = verdict(held(1), 0, at_least=0.5, decide_on="point")
    assert (one.outcome, one.value, one.n, one.low) == ("insufficient", 1.0, 1, None)
    assert one.reason == "n = 1; at least 10 needed"
    assert verdict(held(9), 0, at_least=0.5).outcome == "insufficient"
    assert verdict(held(10), 0, at_least=0.5).outcome == "pass"
    assert verdict(held(10), 0, at_least=0.5, min_support=11).outcome == "insufficient"
    assert verdict(held(3), 3, at_least=0.5).outcome == "insufficient", "nor is a red one"


def test_the_support_of_recall_is_the_items_of_the_class() -> None:
    holdout = held(18)
    assert verdict(holdout, 0, score="recall[cat]", at_least=0.5).reason == "n = 9; at least 10 needed"
    assert verdict(holdout, 0, score="accuracy", at_least=0.5).n == 18


def test_a_score_that_is_undefined_is_insufficient_and_says_why() -> None:
    holdout = held(40)
    found = verdict(
        holdout, [], slice=Slice("cats", Category("label", "cat")), score="recall[dog]", at_least=0.5
    )
    assert (found.outcome, found.value, found.reason) == ("insufficient", None, "no item of class dog")
    assert verdict(holdout, 0, score="roc_auc", at_least=0.5).reason == "needs predict_proba"


def test_a_slice_without_an_item_is_insufficient_not_green() -> None:
    found = verdict(held(40), 0, slice="lux > 7", at_least=0.5)
    assert (found.outcome, found.n, found.reason) == ("insufficient", 0, "the slice holds no item")


def test_a_slice_is_all_a_name_an_expression_or_a_slice() -> None:
    holdout, right = held(20, 60), 20
    cases = [
        TestCase("all", at_least=0.5),
        TestCase("name", "night", at_least=0.5),
        TestCase("expression", "lux < 0.5 and class == 'cat'", at_least=0.5),
        TestCase("slice", Slice("cats", Category("label", "cat")), at_least=0.5),
    ]
    found = judge(cases, holdout, said(holdout, right))
    assert [(one.n, one.value) for one in found] == [(80, 0.75), (20, 0.0), (10, 0.0), (40, 0.75)]
    assert [one.slice for one in found] == ["all", "night", "lux < 0.5 and class == 'cat'", "cats"]


def test_the_definition_of_the_slice_is_kept_with_the_case() -> None:
    _, holdout = al.load("digits").split(0.3, seed=0)
    sliced = holdout.slice_by("ink", bins=4)
    name = sliced.slices[0].name
    (kept,) = Judge([TestCase("faint", name, at_least=0.5)], sliced).describe()["cases"]
    rule = sliced.slices[0].rule
    assert kept["slice"] == {"name": name, "rule": "range", **vars(rule)}


# against a baseline ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "before", "outcome"),
    [
        (range(40), range(40), "pass"),  # the same items: nothing was lost
        (range(45), range(40), "inconclusive"),
        (range(100), range(40), "fail"),
        (range(20), range(40), "pass"),  # better than before
    ],
)
def test_a_drop_is_measured_on_the_same_items(wrong: range, before: range, outcome: str) -> None:
    found = verdict(held(400), wrong, before, max_drop=0.03)
    assert found.outcome == outcome
    assert found.difference == pytest.approx((len(before) - len(wrong)) / 400)
    assert found.baseline_value == pytest.approx(1 - len(before) / 400)
    assert (found.rule, found.bound) == ("max_drop", 0.03)


def test_pairing_tells_what_two_intervals_could_not() -> None:
    """Two models at 80 %: wrong on the same items they are equal, wrong on others nobody knows."""
    same = verdict(held(200), range(40), range(40), max_drop=0.03)
    other = verdict(held(200), range(40), range(100, 140), max_drop=0.03)
    assert (same.outcome, other.outcome) == ("pass", "inconclusive")
    assert (same.low, same.high) == (other.low, other.high)


def test_a_drop_of_exactly_the_bound_keeps_it_in_spite_of_rounding() -> None:
    found = verdict(held(100), 12, 10, max_drop=0.02, decide_on="point")
    assert found.outcome == "pass"
    assert found.difference is not None
    assert found.difference < -0.02


@pytest.mark.parametrize("score", ["f1_macro", "precision[cat]"])
def test_other_scores_are_compared_on_the_same_blocks(score: str) -> None:
    clear = verdict(held(400), range(120), range(0, 40), score=score, max_drop=0.05)
    equal = verdict(held(400), range(2, 42), range(40), score=score, max_drop=0.05)
    assert (clear.outcome, equal.outcome) == ("fail", "pass")
    assert clear.diff_low is not None
    assert clear.difference is not None
    assert clear.diff_low < clear.difference < (clear.diff_high or 0) < -0.05


def test_the_same_predictions_lose_nothing_on_enough_items() -> None:
    few, many = (verdict(held(n), 5, 5, score="f1_macro", max_drop=0.05) for n in (40, 400))
    assert (few.outcome, many.outcome) == ("inconclusive", "pass")
    assert many.difference == 0


def test_a_baseline_that_lacks_an_item_is_refused_by_its_id() -> None:
    holdout = held(20)
    short = Predicted(holdout.ids[1:], holdout.labels[1:])
    with pytest.raises(DataError, match=r"no prediction of item '0' \(1 of 20"):
        Judge([TestCase("c", max_drop=0.1)], holdout, short)


# many at once ---------------------------------------------------------------------------------------------


def test_what_passes_alone_may_be_chance_among_many_and_says_so() -> None:
    holdout = held(100)
    alone = verdict(holdout, 4, at_least=0.9)
    cases = [TestCase(f"c{at}", at_least=0.9 if at == 0 else 0.96) for at in range(20)]
    among = Judge(cases, holdout).verdicts(said(holdout, 4).labels)[0]
    assert (alone.outcome, among.outcome) == ("pass", "inconclusive")
    assert "alone it would pass" in among.reason


@settings(max_examples=40, deadline=None)
@given(
    wrong=st.integers(0, 60),
    bounds=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=8),
    most=st.booleans(),
)
def test_the_interval_that_is_shown_is_the_one_that_decides(
    wrong: int, bounds: list[float], most: bool
) -> None:
    holdout = held(60)
    scores = ["accuracy", "f1_macro"]
    cases = [
        TestCase(f"c{at}", "all", scores[at % 2], *((None, one) if most else (one, None)))
        for at, one in enumerate(bounds)
    ]
    for one in Judge(cases, holdout).verdicts(said(holdout, wrong).labels):
        if one.low is None or one.high is None:
            assert one.outcome == "inconclusive"
            assert one.reason.startswith("no interval")
            continue
        assert one.value is not None
        assert one.low <= one.value <= one.high
        kept, broken = (
            (one.high <= one.bound, one.low > one.bound)
            if most
            else (
                one.low >= one.bound,
                one.high < one.bound,
            )
        )
        close = min(abs(one.low - one.bound), abs(one.high - one.bound)) < 1e-9
        assert close or one.outcome == ("pass" if kept else "fail" if broken else "inconclusive")


def test_cases_that_are_not_judged_make_no_other_stricter() -> None:
    holdout = held(100)
    first = TestCase("c", at_least=0.9)
    few = [TestCase(f"few{at}", slice=f"lux > {at}", at_least=0.9) for at in range(1, 20)]
    point = [TestCase("point", at_least=0.99, decide_on="point")]
    found = Judge([first, *few, *point], holdout).verdicts(said(holdout, 4).labels)
    assert found[0].outcome == "pass"


# what cannot be -------------------------------------------------------------------------------------------


def test_a_score_without_an_interval_is_inconclusive_and_a_point_decides_it() -> None:
    found = verdict(held(40), 0, score="f1_macro", at_least=0.9)
    assert (found.outcome, found.value, found.low) == ("inconclusive", 1.0, None)
    assert found.reason == "no interval: the same value without any of the blocks"
    assert verdict(held(40), 0, score="f1_macro", at_least=0.9, decide_on="point").outcome == "pass"


def test_a_score_of_ones_own() -> None:
    def share_of_cats(given: Predictions) -> float:
        return float((given.predicted == "cat").mean())

    found = verdict(held(200), 0, score=share_of_cats, at_most=0.9)
    assert (found.score, found.outcome) == ("share_of_cats", "pass")


@pytest.mark.parametrize(
    ("case", "error", "words"),
    [
        ({"slice": "nigth", "at_least": 0.5}, SliceError, "unknown slice 'nigth'; did you mean 'night'"),
        ({"slice": "lux <", "at_least": 0.5}, SliceError, "cannot read the slice expression 'lux <'"),
        ({"slice": "luks < 1", "at_least": 0.5}, SliceError, "luks"),
        ({"score": "acuracy", "at_least": 0.5}, UnknownNameError, "did you mean 'accuracy'"),
        (
            {"score": "accuracy", "at_least": 90},
            ConfigurationError,
            "at_least is 90, but accuracy lies from 0",
        ),
        ({"score": "neg_log_loss", "at_least": 0.3}, ConfigurationError, "larger is better"),
        ({"max_drop": 0.1}, ConfigurationError, "'c': max_drop needs a baseline"),
    ],
)
def test_what_cannot_be_judged_is_said_at_the_door(
    case: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words.replace("(", r"\(")):
        verdict(held(40), 0, **case)  # type: ignore[arg-type]


def test_two_cases_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="two test-cases are named 'c'"):
        Judge([TestCase("c", at_least=0.5), TestCase("c", at_least=0.6)], held(20))


def test_no_case_no_verdict() -> None:
    holdout = held(20)
    assert Judge([], holdout).verdicts(holdout.labels) == ()


def test_a_regression_is_judged_too() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(size=200)
    data = al.Dataset(truth[:, None], truth)
    _, holdout = data.split(0.5, seed=0)
    near = Predicted(holdout.ids, holdout.labels + random.normal(0, 0.1, len(holdout)))
    found = judge([TestCase("r2", score="r2", at_least=0.9)], holdout, near)[0]
    assert found.outcome == "pass"
    assert (found.high or 2) < 1
