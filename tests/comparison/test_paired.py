"""Paired numbers against scipy."""

import numpy as np
import pytest
from scipy import stats

from activeloop.comparison.paired import differences, mean_and_deviation, paired

RNG = np.random.default_rng(0)
OURS, THEIRS = RNG.normal(0.8, 0.05, (12, 9)), RNG.normal(0.78, 0.05, (12, 9))


def test_the_t_test_is_scipys() -> None:
    found = paired(OURS, THEIRS, "t")
    expected = stats.ttest_rel(OURS, THEIRS, axis=1)
    np.testing.assert_allclose(found.p, expected.pvalue, rtol=1e-6)
    interval = expected.confidence_interval(0.95)
    np.testing.assert_allclose(found.low, interval.low, rtol=1e-6)
    np.testing.assert_allclose(found.high, interval.high, rtol=1e-6)


def test_a_seed_that_either_lacks_is_left_out_of_everything() -> None:
    ours, theirs = OURS.copy(), THEIRS.copy()
    ours[0, 2] = theirs[0, 5] = np.nan
    found, kept = paired(ours, theirs), [0, 1, 3, 4, 6, 7, 8]
    same = paired(OURS[:1, kept], THEIRS[:1, kept])
    assert found.n[0] == 7
    for one, other in zip(found, same, strict=True):
        assert one[0] == pytest.approx(other[0])


def test_rounding_makes_neither_a_difference_nor_a_rank() -> None:
    assert differences(np.array([[0.1 + 0.2, 1e5 + 1e-9]]), np.array([[0.3, 1e5]])).tolist() == [[0.0, 0.0]]
    d = differences(np.array([[0.7, 0.4]]), np.array([[0.6, 0.3]]))
    assert d[0, 0] == d[0, 1] == pytest.approx(0.1)


def test_small_differences_of_small_numbers_are_kept() -> None:
    assert differences(np.array([[3e-9]]), np.array([[1e-9]]))[0, 0] == pytest.approx(2e-9)


def test_one_pair_and_none_have_no_interval() -> None:
    found = paired(np.array([[0.9, np.nan], [np.nan, np.nan]]), np.array([[0.5, 0.4], [0.5, 0.4]]))
    assert found.n.tolist() == [1, 0]
    assert np.isnan(found.low).all()
    assert found.difference[0] == pytest.approx(0.4)
    assert np.isnan(found.difference[1])


def test_a_t_test_of_differences_that_do_not_vary_gives_no_p() -> None:
    found = paired(np.array([[0.9] * 5, [0.5] * 5]), np.array([[0.5] * 5, [0.5] * 5]), "t")
    assert np.isnan(found.p[0])
    assert found.p[1] == 1.0


def test_mean_and_deviation_are_numpys() -> None:
    values = OURS.copy()
    values[0, 3] = np.nan
    mean, deviation = mean_and_deviation(values)
    np.testing.assert_allclose(mean, np.nanmean(values, axis=1))
    np.testing.assert_allclose(deviation, np.nanstd(values, axis=1, ddof=1))
