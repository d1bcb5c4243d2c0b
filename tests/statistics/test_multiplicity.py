"""Corrections for many tests, against statsmodels and by hand."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.multitest import multipletests

from activeloop.arrays import FloatArray
from activeloop.statistics import benjamini_hochberg, holm

P = arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1))


@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_both_equal_statsmodels(n: int) -> None:
    p = np.random.default_rng(n).random(n).round(1) ** 2  # with ties, with 0 and 1
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1], atol=1e-12)
    np.testing.assert_allclose(benjamini_hochberg(p), multipletests(p, method="fdr_bh")[1], atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(P)
def test_the_order_of_the_tests_does_not_matter(p: FloatArray) -> None:
    order = np.random.default_rng(0).permutation(len(p))
    for adjust in (holm, benjamini_hochberg):
        np.testing.assert_array_equal(adjust(p)[order], adjust(p[order]))


def test_what_was_not_tested_does_not_count() -> None:
    p = np.array([np.nan, 0.02, np.nan, 0.04])
    np.testing.assert_allclose(holm(p), [np.nan, 0.04, np.nan, 0.04])
    np.testing.assert_allclose(benjamini_hochberg(p), [np.nan, 0.04, np.nan, 0.04])


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_no_test_and_one_test(adjust: Callable[[FloatArray], FloatArray]) -> None:
    assert adjust(np.array([])).tolist() == []
    assert adjust(np.array([0.03])).tolist() == [0.03]


def test_twenty_tests_of_nothing_raise_the_alarm_in_one_run_of_twenty() -> None:
    """Uncorrected, 64 % of runs had at least one alarm: no peer corrects."""
    p = np.random.default_rng(0).random((2000, 20))
    alarms = [np.mean([(adjust(row) < 0.05).any() for row in p]) for adjust in (holm, benjamini_hochberg)]
    assert (p < 0.05).any(axis=1).mean() > 0.6
    assert all(0.035 < one < 0.065 for one in alarms)
