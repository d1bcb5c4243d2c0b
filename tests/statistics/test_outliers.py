"""Fences and outliers: values a person can check, what must not change them, and the faults of peers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activeloop.arrays import FloatArray
from activeloop.errors import ConfigurationError, DataError
from activeloop.statistics import Method, fences, outliers
from activeloop.statistics.medcouple import medcouple

RANDOM = np.random.default_rng(0)
VALUES = st.lists(st.integers(-40, 40), min_size=10, max_size=60)


def flagged(values: FloatArray, method: Method = "auto") -> float:
    return len(outliers(values, method=method)) / len(values)


def test_tukeys_fences_by_hand() -> None:
    """0 to 20 have quartiles 5 and 15: fences at -10 and 30, the extreme ones at -25 and 45."""
    of = fences(range(21))
    assert (of.low, of.median, of.high, of.spread, of.n) == (5, 10, 15, 10, 21)
    assert (*of.mild, *of.extreme) == (-10, 30, -25, 45)
    assert (of.rule, of.quantiles, of.tail) == ("Tukey", "linear interpolation", 0.25)
    found = outliers([30, 31, 45, 46, -11, -26, 10, np.nan], range(21))
    assert found.positions.tolist() == [3, 5, 2, 1, 4]
    assert found.severity.tolist() == ["extreme", "extreme", "mild", "mild", "mild"]
    assert found.side.tolist() == ["high", "low", "high", "high", "low"]
    assert found.statistic.tolist() == [3.1, 3.1, 3.0, 1.6, 1.6]
    assert outliers([30, 31], of).positions.tolist() == [1]


def test_reasons_name_the_value_the_fence_and_the_rule() -> None:
    found = outliers([0.93, -0.1], [0.3, 0.4, 0.5, 0.5, 0.5, 0.6] * 2)
    assert [found.reason(at, "brightness") for at in range(2)] == [
        "brightness 0.93 is above the upper extreme fence 0.8 (3 x IQR)",
        "brightness -0.1 is below the lower fence -0.007742 (4.08 x IQR, adjusted for skew)",
    ]
    skewed = RANDOM.lognormal(size=500)
    assert outliers([99.0], skewed).reason(0).endswith("x IQR, adjusted for skew)")
    assert (
        outliers([7.0], [0.0] * 99).reason(0, "x") == "x 7 differs from 0, the value of nearly all (99 known)"
    )
    tied = outliers([99.0], [0.0] * 60 + [*range(5)])
    assert "x the range of the middle 96.9%)" in tied.reason(0)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.integers(1, 50), st.integers(-100, 100), st.sampled_from(["auto", "tukey", "adjusted"]))
def test_order_scale_and_place_do_not_matter(
    values: list[int], scale: int, place: int, method: Method
) -> None:
    array = np.array(values, dtype=float)
    order = np.random.default_rng(0).permutation(len(array))
    plain = set(outliers(array, method=method).positions.tolist())
    assert set(outliers(scale * array + place, method=method).positions.tolist()) == plain
    assert set(order[outliers(array[order], method=method).positions].tolist()) == plain
    mirrored = outliers(-array, method="tukey")
    straight = outliers(array, method="tukey")
    assert set(mirrored.positions.tolist()) == set(straight.positions.tolist())
    assert np.count_nonzero(mirrored.side == "low") == np.count_nonzero(straight.side == "high")


@settings(deadline=None)
@given(VALUES)
def test_missing_values_change_nothing(values: list[int]) -> None:
    array = np.array(values, dtype=float)
    holes = np.concatenate([[np.nan], array, [np.nan, np.inf]])
    assert (outliers(holes).positions - 1).tolist() == outliers(array).positions.tolist()
    assert fences(holes).n == len(array)


def test_two_values_ninety_to_ten_are_no_outliers() -> None:
    """IQR = 0: Encord Active calls all of the rarer 10 % severe."""
    for n in (10, 20, 100, 1000):
        rare = (np.arange(n) < n // 10).astype(np.float64)
        assert flagged(rare) == 0
        assert flagged(-5 * rare) == 0


def test_a_single_other_value_among_a_thousand_is_one() -> None:
    found = outliers(np.arange(1000) == 500)
    assert found.positions.tolist() == [500]
    assert found.severity.tolist() == ["mild"]
    assert found.statistic.tolist() == [math.inf]
    assert found.fences.rule == "one value"


def test_many_ties_with_a_tail_are_judged_further_out() -> None:
    values = np.where(RANDOM.random(4000) < 0.6, 0.0, RANDOM.exponential(size=4000))
    assert flagged(values, "tukey") > 0.1
    assert flagged(values) < 0.01
    mostly = np.where(RANDOM.random(4000) < 0.9, 0.0, RANDOM.exponential(size=4000))
    assert 0 < flagged(mostly) < 0.04
    assert fences(mostly).rule == "letter values"
    assert fences(mostly).quantiles == "order statistics, outward"
    assert outliers([*[0.0] * 30, *RANDOM.random(9), 1000.0]).severity[0] == "extreme"


def test_a_constant_column_has_none() -> None:
    assert flagged(np.full(50, 3.0)) == 0
    assert fences(np.full(50, 3.0)).mild == (3.0, 3.0)


def test_fewer_than_ten_values_say_nothing() -> None:
    found = outliers([1, 1, 2, 2, 3, 3, 2, 2, 10_000, None])
    assert len(found) == 0
    assert found.fences.reason == "insufficient: 9 values, 10 are needed"
    assert len(outliers([1, 1, 2, 2, 3, 3, 2, 2, 10_000, 2])) == 1
    assert fences([]).reason == "insufficient: 0 values, 10 are needed"
    assert len(outliers([], range(20))) == 0


def test_ranks_and_random_numbers_have_none() -> None:
    found = outliers([*range(100), 10**6], method="none")
    assert len(found) == 0
    assert found.fences.reason == "ranks and random numbers have no outliers"


def test_the_adjusted_fences_are_hubert_and_vandervierens() -> None:
    values = RANDOM.lognormal(size=301)
    m, (q1, q3) = medcouple(values), np.quantile(values, [0.25, 0.75])
    of = fences(values, method="adjusted")
    assert 0.1 < m < 0.6
    assert of.mild.low == pytest.approx(q1 - 1.5 * math.exp(-4 * m) * (q3 - q1))
    assert of.extreme.high == pytest.approx(q3 + 3 * math.exp(3 * m) * (q3 - q1))
    mirrored = fences(-values, method="adjusted")
    assert mirrored.mild == pytest.approx((-of.mild.high, -of.mild.low))


def test_skew_is_not_outlying() -> None:
    """Tukey's fences alone flag 8 % of a lognormal column, 5 % of an exponential one."""
    lognormal, exponential = RANDOM.lognormal(size=5000), RANDOM.exponential(size=5000)
    assert flagged(lognormal, "tukey") > 0.07
    assert flagged(lognormal) < 0.02
    assert flagged(exponential) < 0.01


@pytest.mark.parametrize("method", ["tukey", "auto"])
def test_one_in_140_normal_values_is_mild_and_none_extreme(method: Method) -> None:
    found = outliers(RANDOM.normal(size=20_000), method=method)
    assert 0.005 < len(found) / 20_000 < 0.009
    assert np.count_nonzero(found.severity == "extreme") <= 1


def test_auto_never_cuts_into_the_bulk_as_the_adjusted_fences_do() -> None:
    """Of two groups, 70 to 30, the adjusted boxplot flags 7 %."""
    two = RANDOM.normal(size=5000) + 6 * (RANDOM.random(5000) < 0.3)
    assert flagged(two, "adjusted") > 0.05
    assert flagged(two) == 0
    few = [RANDOM.normal(size=30) for _ in range(200)]
    assert np.mean([flagged(one, "adjusted") for one in few]) > 0.035
    assert np.mean([flagged(one) for one in few]) < 0.02


def test_a_long_column_has_the_fences_of_its_order_statistics() -> None:
    values = RANDOM.lognormal(size=120_000)
    assert fences(values).medcouple == pytest.approx(medcouple(values), abs=1e-3)


def test_categories_and_unknown_methods_are_refused() -> None:
    with pytest.raises(DataError, match="outliers need a column of numbers"):
        outliers(["a"] * 20)
    with pytest.raises(DataError, match="outliers need a column of numbers"):
        fences(["a"] * 20)
    with pytest.raises(ConfigurationError, match="did you mean 'tukey'"):
        fences(range(20), method="tuckey")  # type: ignore[arg-type]
