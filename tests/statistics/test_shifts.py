"""Effects and tests of two columns: against scipy, and Cramér's V by hand."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, ks_2samp, wasserstein_distance
from scipy.stats.contingency import association

from activeloop.statistics.columns import column
from activeloop.statistics.shifts import Shift, of_categories, of_missing, of_numbers
from tests.cost import cost

RANDOM = np.random.default_rng(0)
NUMBERS = st.lists(st.integers(-9, 9), min_size=10, max_size=50)


def categories(before: list[int], after: list[int]) -> Shift:
    """Compare sets in which category i is as frequent as the i-th number."""
    sets = [column(np.repeat([f"c{at}" for at in range(len(one))], one)) for one in (before, after)]
    return of_categories(sets[0], sets[1], 0, 999)


@settings(max_examples=40, deadline=None)
@given(NUMBERS, NUMBERS)
def test_numbers_have_scipys_distance_statistic_and_p(before: list[int], after: list[int]) -> None:
    x, y = np.array(before, dtype=float), np.array(after, dtype=float)
    if len({*before, *after}) == 1:
        return
    found = of_numbers(x, y)
    scale = x.std() or np.concatenate([x, y]).std()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        known = ks_2samp(x, y, method="exact")
    assert found.value == pytest.approx(wasserstein_distance(x, y) / scale)
    assert (found.statistic, found.p) == pytest.approx((known.statistic, known.pvalue))
    assert of_numbers(3 * x - 7, 3 * y - 7)[1:5:2] == pytest.approx(found[1:5:2])


def test_large_sets_have_scipys_asymptotic_p() -> None:
    x, y = RANDOM.normal(size=3000), RANDOM.normal(0.05, size=5000)
    assert of_numbers(x, y).p == pytest.approx(ks_2samp(x, y, method="asymp").pvalue)
    assert of_numbers(x, x).p == 1.0
    assert of_numbers(x, x + 100).p == 0.0


def test_sets_of_unequal_size_raise_no_warning() -> None:
    """Scipy warns when it cannot count exactly, and warnings are errors here."""
    assert of_numbers(RANDOM.normal(size=980), RANDOM.normal(size=999)).p > 0.001


def test_a_constant_reference_is_measured_by_the_spread_of_both() -> None:
    found = of_numbers(np.zeros(100), np.arange(100.0))
    assert found.value == pytest.approx(49.5 / np.concatenate([np.zeros(100), np.arange(100)]).std())
    assert found.p < 1e-9


def test_a_million_values_need_sorting_only() -> None:
    x, y = RANDOM.normal(size=(2, 500_000))
    spent = cost(lambda: of_numbers(x, y))
    assert spent.calls < 1_000, "no loop over values"
    assert spent.bytes < 20 * x.nbytes, "no table of pairs"


@pytest.mark.parametrize(
    ("before", "after"), [([60, 40], [40, 60]), ([50, 30, 20], [20, 30, 50]), ([9, 91], [4, 96])]
)
def test_cramers_v_of_equal_sets_is_bergsmas(before: list[int], after: list[int]) -> None:
    table = np.array([before, after])
    n, k = table.sum(), len(before)
    phi2 = max(0.0, association(table, method="cramer") ** 2 - (k - 1) / (n - 1))
    smallest = min(k - (k - 1) ** 2 / (n - 1), 2 - 1 / (n - 1)) - 1
    found = categories(before, after)
    assert found.value == pytest.approx(np.sqrt(phi2 / smallest))
    known = chi2_contingency(table, correction=False)
    assert found.statistic == pytest.approx(known.statistic)
    if known.expected_freq.min() >= 5:
        assert found.p == pytest.approx(known.pvalue)


def test_the_effect_does_not_shrink_because_one_set_is_much_larger() -> None:
    """The usual V of 70/30 against 50/50 falls from 0.2 to 0.04 when the reference is 100 times as large."""
    equal, unequal = categories([500, 500], [700, 300]), categories([50_000, 50_000], [700, 300])
    usual = association(np.array([[50_000, 50_000], [700, 300]]), method="cramer")
    assert usual < 0.05
    assert unequal.value == pytest.approx(equal.value, abs=0.005)
    assert equal.value == pytest.approx(0.2, abs=0.005)
    # What 30 items scatter by chance is taken off, however large the other set is.
    assert categories([2000] * 5, [6, 5, 7, 4, 8]).value == 0.0


def test_rare_categories_have_a_p_that_holds() -> None:
    """Chi-square's own distribution is wrong where few are expected: by shuffling it is Fisher's."""
    found = categories([10, 0], [7, 3])
    assert found.p == pytest.approx(0.2105, abs=0.04)
    random = np.random.default_rng(1)
    p = []
    for _ in range(150):
        before, after = (column(random.zipf(1.5, 25).clip(max=40).astype(str)) for _ in range(2))
        p.append(of_categories(before, after, 0, 199).p)
    assert np.mean(np.array(p) < 0.05) <= 0.1


def test_as_many_categories_as_items_and_only_one_of_them() -> None:
    ids = [column(np.array([f"{side}{at}" for at in range(30)])) for side in "ab"]
    found = of_categories(ids[0], ids[1], 0, 199)
    assert (found.value, found.p) == (0.0, 1.0)
    same = categories([20], [15])
    assert (same.value, same.p, same.seen) == (0.0, 1.0, "always c0")


def test_thousands_of_categories_count_as_a_hundred_and_the_others() -> None:
    names = np.arange(20_000) % 5000
    sets = [column(one.astype(str)) for one in (names, np.where(names < 2500, names, names + 9000))]
    found = of_categories(sets[0], sets[1], 0, 99)
    assert (found.statistic, found.value) == (0.0, 0.0)  # half of the rare ones were renamed: not seen


def test_order_does_not_matter_to_categories() -> None:
    before, after = RANDOM.choice(list("abcdef"), 40), RANDOM.choice(list("abc"), 30)
    mixed = of_categories(column(before[::-1]), column(np.sort(after)), 0, 99)
    assert mixed == of_categories(column(before), column(after), 0, 99)


def test_missing_values_are_compared_as_shares() -> None:
    found = of_missing(np.arange(100) < 2, np.arange(50) < 10)
    assert found.value == pytest.approx(0.18)
    assert found.seen == "NULL 2.0%, then 20.0%"
    assert found.p < 0.01
