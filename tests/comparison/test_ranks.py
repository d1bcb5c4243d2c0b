"""Ranks over data sets against scikit-posthocs, scipy, and published numbers."""

import numpy as np
import pytest
from scipy import stats

from activeloop.comparison.bayesian import bayesian_signed_rank
from activeloop.comparison.ranks import ranks
from activeloop.errors import ConfigurationError, DataError

# Demšar 2006, table 6: AUC of four variants of C4.5 on 14 data sets.
DEMSAR = np.array(
    [
        [0.763, 0.768, 0.771, 0.798], [0.599, 0.591, 0.590, 0.569], [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657], [0.882, 0.888, 0.886, 0.898], [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685], [0.583, 0.583, 0.563, 0.625], [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000], [0.940, 0.962, 0.965, 0.962], [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975], [0.957, 0.978, 0.946, 0.970],
    ]
)  # fmt: skip
NAMES = ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"]
DATA = [f"data {i}" for i in range(14)]


def test_the_published_example() -> None:
    found = ranks(DEMSAR, NAMES, DATA)
    assert found.strategies == ("C4.5+m+cf", "C4.5+m", "C4.5+cf", "C4.5")
    np.testing.assert_allclose(found.mean, [1.964, 2.000, 2.893, 3.143], atol=5e-4)
    # Demšar gives 9.28 and 3.69 without the correction for ties that scipy makes
    assert found.friedman == pytest.approx(stats.friedmanchisquare(*DEMSAR.T).statistic)
    assert found.iman_davenport == pytest.approx(13 * found.friedman / (42 - found.friedman))
    assert found.critical_difference == pytest.approx(1.25, abs=0.005)
    assert found.groups == (found.strategies,)


@pytest.mark.parametrize(("n", "k"), [(5, 3), (12, 6), (30, 10)])
def test_friedman_and_nemenyi_are_those_of_scikit_posthocs(n: int, k: int) -> None:
    posthocs = pytest.importorskip("scikit_posthocs")
    values = np.random.default_rng(n).normal(0, 1, (n, k)) + np.linspace(0, 1, k)
    names = [f"s{i}" for i in range(k)]
    found = ranks(values, names, [f"d{i}" for i in range(n)])
    expected = posthocs.posthoc_nemenyi_friedman(values).to_numpy()
    order = [names.index(one) for one in found.strategies]
    np.testing.assert_allclose(found.nemenyi, expected[np.ix_(order, order)], atol=1e-6)
    assert found.p == pytest.approx(stats.friedmanchisquare(*values.T).pvalue)


@pytest.mark.parametrize(("k", "q"), [(3, 2.343), (5, 2.728), (10, 3.164)])
def test_the_critical_difference_has_the_published_quantiles(k: int, q: float) -> None:
    found = ranks(np.random.default_rng(0).normal(0, 1, (6, k)), [str(i) for i in range(k)], list("abcdef"))
    assert found.critical_difference == pytest.approx(q * np.sqrt(k * (k + 1) / 36), abs=2e-3)


def test_groups_join_whom_the_critical_difference_cannot_part() -> None:
    rng = np.random.default_rng(0)
    values = np.array([0.9, 0.89, 0.5, 0.49]) + rng.normal(0, 0.02, (40, 4))
    found = ranks(values, ["a", "b", "c", "d"], [str(i) for i in range(40)])
    assert [set(one) for one in found.groups] == [{"a", "b"}, {"c", "d"}]
    assert found.p < 1e-9


def test_equal_strategies_have_equal_ranks_and_no_difference() -> None:
    found = ranks(np.full((6, 4), 0.7), list("abcd"), list("uvwxyz"))
    assert found.mean == (2.5,) * 4
    assert found.p == found.iman_davenport_p == 1.0
    assert found.groups == (("a", "b", "c", "d"),)


def test_full_agreement_of_few_data_sets_is_no_certainty() -> None:
    found = ranks(np.array([[3, 2, 1.0]] * 2), list("abc"), list("xy"))
    assert found.iman_davenport == np.inf
    assert found.iman_davenport_p == pytest.approx(1 / 6)


def test_too_little_is_refused() -> None:
    for shape in ((1, 4), (5, 2)):
        with pytest.raises(DataError, match="at least 2 data sets and 3 strategies"):
            ranks(np.ones(shape), list("abcd")[: shape[1]], list("abcde")[: shape[0]])


def _slow_bayesian(d: np.ndarray, rope: float, draws: int, seed: int) -> np.ndarray:
    """Benavoli et al. 2017, section 4.2, loop by loop, from gamma variates."""
    rng, z = np.random.default_rng(seed), np.array([0.0, *d])
    won = np.zeros(3)
    for _ in range(draws):
        gammas = [rng.gamma(0.5), *(rng.gamma(1.0) for _ in d)]
        w = np.array(gammas) / sum(gammas)
        mass = np.zeros(3)
        for i, one in enumerate(z):
            for j, other in enumerate(z):
                middle = (one + other) / 2
                mass[0 if middle < -rope else 1 if middle <= rope else 2] += w[i] * w[j]
        won[mass.argmax()] += 1
    return won / draws


@pytest.mark.parametrize(
    ("lift", "baycomp"),
    [
        (-0.02, (0.993, 0.003, 0.004)), (0.0, (0.828, 0.088, 0.084)),
        (0.012, (0.346, 0.452, 0.202)), (0.03, (0.100, 0.026, 0.874)),
    ],
)  # fmt: skip
def test_the_bayesian_test_gives_what_baycomp_gives(lift: float, baycomp: tuple[float, ...]) -> None:
    """From baycomp 1.0.3, SignedRankTest.probs(zeros, d, rope=0.01, nsamples=50000)."""
    d = lift + np.random.default_rng(3).normal(0, 0.03, 9)
    np.testing.assert_allclose(bayesian_signed_rank(d, 0.01), baycomp, atol=0.012)


@pytest.mark.parametrize("lift", [0.0, 0.012])
def test_the_bayesian_test_is_its_slow_reference(lift: float) -> None:
    d = lift + np.random.default_rng(3).normal(0, 0.03, 9)
    found = bayesian_signed_rank(d, 0.01, seed=1)
    np.testing.assert_allclose(found, _slow_bayesian(d, 0.01, 3000, 2), atol=0.035)
    assert sum(found) == pytest.approx(1.0)


def test_the_bayesian_test_is_mirrored_and_repeats_itself() -> None:
    d = np.random.default_rng(0).normal(0.02, 0.05, 12)
    found, mirrored = bayesian_signed_rank(d, 0.01), bayesian_signed_rank(-d, 0.01)
    assert found.better == pytest.approx(mirrored.worse)
    assert found == bayesian_signed_rank(d, 0.01)


def test_differences_within_the_rope_are_practically_the_same() -> None:
    assert bayesian_signed_rank(np.full(8, 0.002), 0.01).same == 1.0


def test_a_rope_below_zero_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="rope"):
        bayesian_signed_rank(np.ones(3), -0.1)
