"""Differences of two values: against statsmodels and scipy, by hand, and by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, ttest_rel
from statsmodels.stats.proportion import confint_proportions_2indep

from activeloop.arrays import Array, FloatArray
from activeloop.errors import DataError
from activeloop.statistics import Difference, Jackknifed, jackknifed, proportions


def one(hits: int, n: int, rest_hits: int, rest_n: int) -> Difference:
    return proportions(*(np.array([float(number)]) for number in (hits, n, rest_hits, rest_n)))


def of_mean(values: FloatArray, block: Array) -> Jackknifed:
    sums, sizes = np.bincount(block, values, 20), np.bincount(block, minlength=20)
    deleted = (sums.sum() - sums) / np.maximum(sizes.sum() - sizes, 1)
    return Jackknifed(np.array([values.mean()]), deleted[None], sizes[None].astype(float))


def test_newcombes_own_example() -> None:
    """Newcombe 1998, table II: 56/70 against 48/80, and 9/10 against 3/10."""
    found = proportions(*(np.array(numbers, float) for numbers in ((56, 9), (70, 10), (48, 3), (80, 10))))
    np.testing.assert_allclose(found.value, [0.2, 0.6])
    np.testing.assert_allclose(found.low, [0.0524, 0.1705], atol=5e-5)
    np.testing.assert_allclose(found.high, [0.3339, 0.8090], atol=5e-5)


counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_the_interval_is_that_of_statsmodels(a: tuple[int, int], b: tuple[int, int]) -> None:
    found = one(*a, *b)
    known = confint_proportions_2indep(*a, *b, method="newcomb")
    assert (found.low[0], found.high[0]) == pytest.approx(known, abs=1e-9)
    assert found.low <= found.value <= found.high


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_p_lies_between_fishers_exact_and_its_smaller_half(a: tuple[int, int], b: tuple[int, int]) -> None:
    p = one(*a, *b).p[0]
    tables = np.array([[a[0], a[1] - a[0]], [b[0], b[1] - b[0]]])
    tails = [fisher_exact(tables, alternative=side)[1] for side in ("less", "greater")]
    assert p <= 2 * min(tails) + 1e-9
    assert p >= min(tails) - 1e-9
    assert one(*b, *a).p[0] == pytest.approx(p, abs=1e-9)
    flipped = one(a[1] - a[0], a[1], b[1] - b[0], b[1])
    assert flipped.p[0] == pytest.approx(p, abs=1e-9)
    assert flipped.value[0] == pytest.approx(-one(*a, *b).value[0])


def test_ten_items_of_a_slice_are_no_false_alarm_however_many_tests_are_made() -> None:
    """At 95 % accuracy the test of z finds 18 times as many slices of 10 below p = 0.0025 as it should."""
    grids = np.meshgrid(np.arange(11.0), np.arange(900.0, 1001))
    hits, rest_hits = (grid.ravel() for grid in grids)
    p = proportions(hits, np.full(hits.shape, 10.0), rest_hits, np.full(hits.shape, 1000.0)).p
    chance = _binomial(hits, 10, 0.95) * _binomial(rest_hits, 1000, 0.95)
    pooled = (hits + rest_hits) / 1010
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 1e-9) * (1 / 10 + 1 / 1000))
    by_z = np.array([math.erfc(abs(z) / 2**0.5) for z in (hits / 10 - rest_hits / 1000) / error])
    assert chance.sum() == pytest.approx(1, abs=1e-6)
    assert chance[by_z < 0.0025].sum() > 0.0075
    assert chance[p < 0.0025].sum() < 0.0025


def _binomial(hits: FloatArray, n: int, p: float) -> FloatArray:
    return np.array([math.comb(n, h) * p**h * (1 - p) ** (n - h) for h in hits.astype(int).tolist()])


def test_an_empty_set_has_no_difference_and_impossible_counts_are_refused() -> None:
    assert all(math.isnan(part[0]) for part in one(0, 0, 5, 10))
    with pytest.raises(DataError, match="hits must be from 0 to the number of trials"):
        one(11, 10, 0, 10)


def test_the_same_items_under_two_models_are_paired() -> None:
    """With 20 blocks of one item the difference of means is the paired t test."""
    random = np.random.default_rng(0)
    base = random.normal(size=20)
    better = base + 0.1 + 0.1 * random.normal(size=20)
    found = jackknifed(of_mean(better, np.arange(20)), of_mean(base, np.arange(20)))
    known = ttest_rel(better, base)
    assert found.p[0] == pytest.approx(known.pvalue)
    interval = known.confidence_interval()
    assert (found.low[0], found.high[0]) == pytest.approx((interval.low, interval.high))


def test_blocks_of_any_size_and_blocks_without_an_item() -> None:
    """Blocks that hold no item of the slice neither count nor break: mean ± t s / √n of items, nearly."""
    random = np.random.default_rng(1)
    values, block = random.normal(size=400), np.arange(400) % 20
    inside = np.arange(400) < 10
    found = jackknifed(of_mean(values[inside], block[inside]), of_mean(values[~inside], block[~inside]))
    error = math.hypot(values[inside].std(ddof=1) / 10**0.5, values[~inside].std(ddof=1) / 390**0.5)
    assert (found.high[0] - found.low[0]) / 2 == pytest.approx(2.262 * error, rel=0.1)  # t of 9 degrees


def test_what_does_not_vary_and_what_is_undefined_without_a_block_has_no_interval() -> None:
    same = of_mean(np.ones(40), np.arange(40) % 20)
    assert np.isnan(jackknifed(same, same).low[0])
    assert np.isnan(jackknifed(same, same).p[0])
    holes = same._replace(deleted=np.where(np.arange(20) == 3, np.nan, same.deleted + np.arange(20)))
    assert np.isnan(jackknifed(holes, same).high[0])
    single = of_mean(np.arange(5.0), np.zeros(5, dtype=int))
    assert np.isnan(jackknifed(single, same).p[0])
