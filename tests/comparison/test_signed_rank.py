"""The signed-rank test against scipy, and by enumeration where scipy is not exact."""

import itertools

import numpy as np
import pytest
import scipy
from scipy import stats

from activeloop.comparison.signed_rank import signed_rank


@pytest.mark.parametrize("n", [1, 2, 5, 6, 10, 25, 50])
def test_without_ties_it_is_scipys_exact_test(n: int) -> None:
    d = np.random.default_rng(n).normal(0.3, 1, (20, n))
    expected = [stats.wilcoxon(row, method="exact").pvalue for row in d]
    np.testing.assert_allclose(signed_rank(d)[0], expected, rtol=1e-10)


@pytest.mark.parametrize("n", [3, 6, 8, 10])
def test_with_ties_and_zeros_it_counts_every_pattern_of_signs(n: int) -> None:
    rng = np.random.default_rng(n)
    for _ in range(10):
        d = rng.integers(-2, 4, n).astype(float)
        ranks = np.where(d == 0, 0, stats.rankdata(np.abs(d)))
        plus = ranks[d > 0].sum()
        sums = np.array([ranks @ signs for signs in itertools.product([0, 1], repeat=n)])
        half = ranks.sum() / 2
        expected = np.mean(np.abs(sums - half) >= abs(plus - half) - 1e-9)
        p, excess = signed_rank(d[None])
        assert p[0] == pytest.approx(expected)
        assert excess[0] == pytest.approx(plus - ranks[d < 0].sum())


@pytest.mark.skipif(
    tuple(map(int, scipy.__version__.split(".")[:2])) < (1, 13), reason="scipy has no such test before 1.13"
)
def test_with_ties_it_is_scipys_permutation_test() -> None:
    d = np.array([1, 1, -1, 2, 2, 3, -2, 4.0])
    exact = stats.wilcoxon(d, zero_method="pratt", method=stats.PermutationMethod(n_resamples=10**6)).pvalue
    assert signed_rank(d[None])[0][0] == pytest.approx(exact)


def test_equal_differences_are_a_sign_test() -> None:
    d = np.array([1, 1, -1, 1, 1, 1, 1, 1.0])
    assert signed_rank(d[None])[0][0] == pytest.approx(stats.binomtest(1, 8).pvalue)


@pytest.mark.parametrize("zeros", [0, 7])
def test_beyond_fifty_it_is_scipys_normal_approximation(zeros: int) -> None:
    d = np.round(np.random.default_rng(0).normal(0.2, 1, (10, 80)), 1)
    d[:, :zeros] = 0
    expected = [stats.wilcoxon(row, zero_method="pratt", correction=False).pvalue for row in d]
    np.testing.assert_allclose(signed_rank(d)[0], expected, rtol=1e-9)


def test_the_smallest_p_of_n_seeds() -> None:
    for n in range(1, 12):
        assert signed_rank(np.ones((1, n)))[0][0] == pytest.approx(min(1.0, 2.0 ** (1 - n)))


def test_missing_pairs_are_left_out_and_all_zero_is_no_difference() -> None:
    d = np.array([[1, 2, np.nan, 3.0], [0, 0, 0, 0], [np.nan] * 4])
    p, _ = signed_rank(d)
    assert p[0] == signed_rank(np.array([[1, 2, 3.0]]))[0][0]
    assert p[1] == 1.0
    assert np.isnan(p[2])


def test_rows_do_not_touch_each_other() -> None:
    d = np.random.default_rng(1).integers(-3, 5, (50, 9)).astype(float)
    alone = np.concatenate([signed_rank(row[None])[0] for row in d])
    np.testing.assert_array_equal(signed_rank(d)[0], alone)
