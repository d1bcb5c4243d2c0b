"""Verdicts on slices: against the complement, corrected for all that was asked, insufficient below ten."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from activeloop.arrays import Array, BoolArray
from activeloop.errors import ConfigurationError, SliceError
from activeloop.performance import Verdict, compare
from activeloop.scoring import Predictions, Scoreboard
from activeloop.seeds import id_keys
from activeloop.statistics import benjamini_hochberg, holm
from activeloop.statistics.disjoint import disjoint, hybrid
from activeloop.statistics.intervals import Estimate, Interval

RANDOM = np.random.default_rng(8)
N = 600
LABELS = RANDOM.integers(3, size=N)
DARK = np.arange(N) < 120
PREDICTED = np.where(RANDOM.random(N) < np.where(DARK, 0.6, 0.9), LABELS, (LABELS + 1) % 3)
GIVEN = Predictions(LABELS, PREDICTED, classes=(0, 1, 2), ids=np.arange(N))
SOME = RANDOM.random(N) < 0.3


def one(name: str, inside: BoolArray, given: Predictions = GIVEN, **options: Any) -> Verdict:
    (verdict,) = compare(given, [(name, inside)], **options)
    return verdict


def test_a_slice_is_compared_with_its_complement_not_with_the_whole() -> None:
    dark = one("dark", DARK)
    right = LABELS == PREDICTED
    assert (dark.value, dark.rest_value) == pytest.approx((right[DARK].mean(), right[~DARK].mean()))
    assert (dark.n, dark.rest_n) == (120, 480)
    assert dark.difference == pytest.approx(right[DARK].mean() - right[~DARK].mean())
    assert dark.verdict == "worse"
    assert (dark.difference_high or 0) < 0
    assert one("light", ~DARK).verdict == "better"
    assert one("light", ~DARK).difference == pytest.approx(-(dark.difference or 0))


def test_the_interval_of_a_difference_of_proportions_is_newcombes() -> None:
    """Table II of Newcombe (1998), case (a): 56/70 and 48/80, method 10."""
    right = np.repeat([1, 0, 1, 0], [56, 14, 48, 32])
    given = Predictions(np.ones(150, dtype=int), right, classes=(0, 1))
    found = one("first", np.arange(150) < 70, given)
    assert (found.difference_low, found.difference_high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    fisher = stats.fisher_exact(np.array([[56, 14], [48, 32]])).pvalue
    assert found.p is not None
    assert fisher / 2 < found.p < fisher


def test_larger_is_better_in_every_score_so_more_loss_is_worse() -> None:
    labels = RANDOM.normal(size=N)
    predicted = labels + RANDOM.normal(size=N) * np.where(DARK, 2.0, 1.0)
    scoring = ["neg_mean_absolute_error", "neg_root_mean_squared_error", "r2"]
    found = compare(Predictions(labels, predicted), [("dark", DARK)], scoring)
    assert [row.verdict for row in found] == ["worse"] * 3


def test_anything_but_a_proportion_has_interval_and_p_too() -> None:
    scoring = ["f1_macro", "balanced_accuracy", "matthews_corrcoef", "f1[1]", "jaccard[1]"]
    for row in compare(GIVEN, [("dark", DARK)], scoring):
        assert row.verdict == "worse", row
        assert row.low is not None
        assert row.difference_low is not None
        assert row.difference is not None
        assert row.difference_low < row.difference < (row.difference_high or 0) < 0
    for row in compare(GIVEN, [("some", SOME)], scoring):
        assert row.verdict == "not different"


def test_where_both_are_as_spread_p_and_interval_say_the_same() -> None:
    for shift in np.linspace(0, 0.12, 13):
        values, rest = np.array([0.7 - shift]), np.array([0.7])
        blocks, n = np.array([20]), np.array([80.0])
        first = Estimate(values, 0.09 * (values * (1 - values)) ** 0.5, blocks, n, (0, 1))
        found = disjoint(first, Estimate(rest, np.array([0.045]) * 0.21**0.5, blocks, 4 * n, (0, 1)))
        outside = bool((found.high < 0) | (found.low > 0))
        assert outside == bool(found.p < 0.05)


def test_without_bounds_and_errors_of_the_rest_the_difference_is_students_t() -> None:
    blocks, nought = np.array([20]), np.array([1e-12])
    found = disjoint(
        Estimate(np.array([1.0]), np.array([0.4]), blocks, np.array([80.0])),
        Estimate(np.array([0.0]), nought, blocks, np.array([80e12])),
    )
    assert found.p == pytest.approx(2 * stats.t.sf(2.5, 19), rel=1e-6)
    assert found.low == pytest.approx(1 - stats.t.ppf(0.975, 19) * 0.4)


def test_a_few_items_that_happen_to_agree_are_no_evidence() -> None:
    """Of a skewed loss, a small sample without its rare large values looks both better and sure of it."""
    blocks = np.array([20])
    agreeing = Estimate(np.array([-0.01]), np.array([0.002]), blocks, np.array([30.0]), (-np.inf, 0.0))
    rest = Estimate(np.array([-0.08]), np.array([0.012]), blocks, np.array([600.0]), (-np.inf, 0.0))
    found = disjoint(agreeing, rest)
    assert found.low > 0
    assert found.p > 0.005 > 10 * disjoint(agreeing, rest._replace(error=np.array([0.001]))).p
    turned = disjoint(rest, agreeing)
    assert turned.p == pytest.approx(found.p)
    assert (turned.low[0], turned.high[0]) == pytest.approx((-found.high[0], -found.low[0]))


def test_a_difference_that_cannot_be_chance_has_a_p_that_is_not_nan() -> None:
    blocks, n, tiny = np.array([20, 20]), np.array([80.0, 80.0]), np.array([1e-6, 1e-6])
    found = disjoint(
        Estimate(np.array([-1.0, 5.0]), tiny, blocks, n), Estimate(np.array([0.0, 5.0]), tiny, blocks, n)
    )
    assert found.p[0] < 1e-16
    assert found.p[1] == pytest.approx(1.0)


def test_the_hybrid_of_symmetric_intervals_adds_the_variances() -> None:
    ends = hybrid(
        np.array([3.0]),
        np.array([1.0]),
        Interval(np.array([0.0]), np.array([6.0])),
        Interval(np.array([-3.0]), np.array([5.0])),
    )
    assert (ends.low[0], ends.high[0]) == (-3.0, 7.0)


@pytest.mark.parametrize(("many", "adjust"), [("holm", holm), ("benjamini_hochberg", benjamini_hochberg)])
def test_p_is_adjusted_for_all_slices_and_scores_of_the_call(many: Any, adjust: Any) -> None:
    slices = [("dark", DARK), ("some", SOME), ("few", np.arange(N) < 3), ("third", np.arange(N) % 3 == 0)]
    rows = compare(GIVEN, slices, ["accuracy", "f1_macro"], many=many)
    p = np.array([np.nan if row.p is None else row.p for row in rows])
    assert np.isnan(p).tolist() == [False] * 4 + [True] * 2 + [False] * 2
    expected = adjust(p)
    for row, adjusted in zip(rows, expected, strict=True):
        assert row.p_adjusted is None or row.p_adjusted == pytest.approx(adjusted)
        assert (row.verdict in ("worse", "better")) == ((row.p_adjusted or 1.0) < 0.05)


def test_what_is_striking_alone_is_not_among_many() -> None:
    right = np.repeat([1, 0, 1, 0], [56, 14, 48, 32])
    given, first = Predictions(np.ones(150, dtype=int), right, classes=(0, 1)), np.arange(150) < 70
    others = [(str(at), np.random.default_rng(at).random(150) < 0.5) for at in range(9)]
    alone, among = compare(given, [("first", first)])[0], compare(given, [("first", first), *others])[0]
    assert (alone.verdict, among.verdict) == ("better", "not different")
    assert among.p == alone.p == alone.p_adjusted


def test_below_ten_items_there_is_no_verdict() -> None:
    few = one("few", np.arange(N) < 9)
    assert (few.verdict, few.p, few.n) == ("insufficient", None, 9)
    assert few.reason == "9 of the 10 items that are needed"
    assert few.low is not None  # the value and its interval are still told
    many = one("many", np.arange(N) >= 9)
    assert (many.verdict, many.reason) == ("insufficient", "9 of the 10 items that are needed in the rest")
    assert one("ten", np.arange(N) < 10).verdict != "insufficient"


def test_the_support_of_a_recall_is_the_items_of_the_class() -> None:
    inside = DARK & ((LABELS != 2) | (np.cumsum(LABELS == 2) <= 5))
    found = one("dark", inside, scoring="recall[2]")
    assert (found.n, found.verdict) == (5, "insufficient")


def test_a_slice_with_nothing_in_it_or_nothing_beside_it() -> None:
    empty, full, dark = compare(
        GIVEN, [("empty", np.zeros(N, dtype=bool)), ("full", np.ones(N, dtype=bool)), ("dark", DARK)]
    )
    assert (empty.verdict, empty.value, empty.n, empty.rest_n) == ("insufficient", None, 0, N)
    assert empty.reason == "it holds no item"
    assert (full.verdict, full.n, full.rest_n) == ("insufficient", N, 0)
    assert full.value == pytest.approx((LABELS == PREDICTED).mean())
    assert dark.verdict == "worse"
    assert compare(GIVEN, []) == ()


def test_an_undefined_value_is_insufficient_and_says_why() -> None:
    only_zero = LABELS == 0
    probabilities = np.full((N, 3), 1 / 3)
    given = Predictions(LABELS, PREDICTED, probabilities, (0, 1, 2))
    found = one("zero", only_zero, given, scoring="roc_auc_ovr")
    assert (found.verdict, found.value, found.reason) == ("insufficient", None, "needs items of every class")
    turned = one("others", ~only_zero, given, scoring="roc_auc_ovr")
    assert turned.verdict == "insufficient"
    without = one("dark", DARK, scoring="neg_log_loss")
    assert without.reason == "needs predict_proba"


def test_values_and_intervals_are_those_of_the_scoreboard() -> None:
    found = compare(GIVEN, [("dark", DARK)], ["accuracy", "f1_macro"])
    board = Scoreboard(["accuracy", "f1_macro"], [("dark", DARK)], LABELS, (0, 1, 2), id_keys(np.arange(N)))
    for row, other in zip(found, board.rows(PREDICTED)[2:], strict=True):
        assert (row.slice, row.score) == other[:2]
        assert (row.value, row.low, row.high, row.n) == pytest.approx(other[2:6])


@pytest.mark.parametrize(
    ("slices", "message"),
    [
        ([("dark", DARK[:5])], "'dark': one boolean for each of 600 items"),
        ([("dark", DARK.astype(int))], "'dark': one boolean"),
        ([("dark", DARK), ("dark", SOME)], "two slices are named 'dark'"),
    ],
)
def test_bad_slices_are_refused(slices: list[tuple[str, Array]], message: str) -> None:
    with pytest.raises(SliceError, match=message):
        compare(GIVEN, slices)


def test_an_unknown_correction_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'holm'"):
        one("dark", DARK, many="holms")


def test_false_alarms_of_many_slices_without_any_difference() -> None:
    """100 runs of 20 slices without a difference: Holm lets about 5 % of the runs raise an alarm."""
    random = np.random.default_rng(3)
    n, runs, alarms = 600, 100, 0
    for _ in range(runs):
        labels = random.integers(2, size=n)
        predicted = np.where(random.random(n) < 0.85, labels, 1 - labels)
        slices = [(str(at), random.random(n) < random.uniform(0.03, 0.5)) for at in range(20)]
        rows = compare(Predictions(labels, predicted, classes=(0, 1)), slices, "balanced_accuracy")
        alarms += any(row.verdict in ("worse", "better") for row in rows)
    assert alarms <= 9
