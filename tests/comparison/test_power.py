"""Numbers of seeds against statsmodels, and against what the test does."""

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from activeloop.comparison import detectable, least_seeds, seeds_needed, too_few
from activeloop.comparison.paired import paired
from activeloop.errors import ConfigurationError


@pytest.mark.parametrize("effect", [0.3, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("strategies", [1, 4])
def test_seeds_of_a_t_test_are_those_of_statsmodels(effect: float, strategies: int) -> None:
    theirs = TTestPower().solve_power(effect, power=0.8, alpha=0.05 / strategies)
    ours = seeds_needed(effect, 1.0, strategies=strategies, test="t")
    assert ours == np.ceil(theirs)


@pytest.mark.parametrize("n", [8, 20, 50])
def test_the_detectable_difference_is_that_of_statsmodels(n: int) -> None:
    theirs = TTestPower().solve_power(nobs=n, power=0.8, alpha=0.05)
    assert detectable(n, 0.02, test="t") == pytest.approx(0.02 * theirs, rel=1e-3)


@pytest.mark.parametrize("effect", [0.5, 1.0])
def test_the_signed_rank_test_shows_the_difference_in_about_four_of_five_studies(effect: float) -> None:
    n = seeds_needed(effect, 1.0)
    assert n is not None
    d = np.random.default_rng(0).normal(effect, 1, (3000, n))
    assert 0.77 < (paired(d, np.zeros_like(d)).p < 0.05).mean() < 0.87


@pytest.mark.parametrize("strategies", [1, 2, 5, 20])
def test_the_least_number_of_seeds_is_the_first_that_can_reach_the_level(strategies: int) -> None:
    n = least_seeds(strategies)
    p = [paired(np.ones((1, k)), np.zeros((1, k))).p[0] * strategies for k in (n - 1, n)]
    assert p[1] < 0.05 <= p[0]


def test_more_seeds_are_needed_for_less_and_for_more_strategies() -> None:
    needed = [seeds_needed(d, 0.02) or 0 for d in (0.04, 0.02, 0.01, 0.005)]
    assert needed == sorted(needed)
    assert (seeds_needed(0.01, 0.02, strategies=10) or 0) > needed[2]
    assert seeds_needed(1e-9, 1.0) is None
    assert seeds_needed(-0.01, 0.02) == needed[2]
    assert seeds_needed(0.01, 0.0, strategies=3) == least_seeds(3)


def test_too_few_is_said_before_a_run() -> None:
    assert "it takes 6 seeds" in str(too_few(1, 1))
    assert too_few(6, 1) is None
    assert "more than 100000 seeds" in str(too_few(50, 2, difference=1e-6, spread=1.0))
    guess = str(too_few(8, 1, difference=0.01))
    assert "11 seeds" in guess
    assert "not known before a run" in guess
    known = str(too_few(20, 1, difference=0.01, spread=0.02))
    assert known.startswith("To show a difference of 0.01 with 80 % power, 1 strategy against the baseline,")
    assert "36 seeds with paired differences that spread by 0.02" in known
    assert too_few(36, 1, difference=0.01, spread=0.02) is None


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="difference must be"):
        seeds_needed(0.0, 1.0)
    with pytest.raises(ConfigurationError, match="spread must be"):
        seeds_needed(0.1, -1.0)
