"""The p-values and ends against scipy and statsmodels' own, and that both sides agree."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from scipy import stats

from activeloop.cases.differences import Difference, PairedShares
from activeloop.cases.gates import ALPHA, gates
from activeloop.cases.shares import Share
from activeloop.cases.student import Student, block_error
from activeloop.statistics.intervals import jackknife, wilson


@pytest.mark.parametrize(("hits", "trials"), [(0, 12), (8, 10), (12, 12), (950, 1000)])
def test_shares_are_exact(hits: int, trials: int) -> None:
    share, bound = Share(hits, trials), 0.7
    assert share.above(bound) == pytest.approx(stats.binomtest(hits, trials, bound, "greater").pvalue)
    assert share.below(bound) == pytest.approx(stats.binomtest(hits, trials, bound, "less").pvalue)
    exact = stats.binomtest(hits, trials).proportion_ci(method="exact")
    assert share.low(0.025) == pytest.approx(exact.low)
    assert share.high(0.025) == pytest.approx(exact.high)


def test_a_share_at_the_end_of_its_range() -> None:
    assert Share(9, 10).below(1.0) == 0.0, "one miss: it is not 1 for sure"
    assert Share(10, 10).below(1.0) == 1.0
    assert Share(0, 10).above(0.0) == 1.0
    assert Share(0, 10).high(0.025) < 1


@pytest.mark.parametrize(("gained", "lost", "d"), [(3, 9, -0.02), (9, 3, 0.1), (1, 0, -0.05), (0, 4, 0.01)])
def test_paired_shares_without_a_correction_are_tangos(gained: int, lost: int, d: float) -> None:
    """The score test: the variance at the most likely shares among those that differ by d, here by search."""
    n = 60
    q = np.linspace(max(0.0, -d), (1 - d) / 2, 400_001)[1:-1]
    likelihood = gained * np.log(q + d) + lost * np.log(q) + (n - gained - lost) * np.log(1 - 2 * q - d)
    best = q[np.argmax(likelihood)]
    z = (gained - lost - n * d) / np.sqrt(n * (2 * best + d - d * d))
    assert PairedShares(gained, lost, n)._z(d, 0.0) == pytest.approx(z, abs=1e-3)


def test_paired_shares_at_no_difference_are_mcnemars_corrected() -> None:
    z = (abs(5 - 15) - 1) / np.sqrt(20)
    assert PairedShares(5, 15, 200).below(0.0) == pytest.approx(stats.norm.sf(z))


@pytest.mark.parametrize(
    "evidence",
    [
        Share(18, 20),
        PairedShares(3, 9, 120),
        PairedShares(0, 0, 15),
        Student(0.9, 0.03, 19, (0.0, 1.0), 100),
        Student(0.9, 0.001, 19, (0.0, 1.0), 100),
        Student(0.2, 0.01, 19, (-1.0, 1.0), 50),
        Student(-0.4, 0.1, 19, (-inf, 0.0)),
        Student(0.01, 0.02, 19, (-inf, inf)),
        Difference(-0.04, 0.01, 19, 200, 1.0),
        Difference(0.1, 0.002, 19, 50, 1.0),
        Difference(-0.3, 0.1, 12, 60, 2.0),
    ],
)
@pytest.mark.parametrize("level", [0.025, 0.00125])
def test_an_end_is_where_the_chance_is_the_level(
    evidence: Share | PairedShares | Difference | Student, level: float
) -> None:
    low, high = evidence.low(level), evidence.high(level)
    assert low < high
    assert evidence.above(low) == pytest.approx(level, rel=1e-4)
    assert evidence.below(high) == pytest.approx(level, rel=1e-4)
    assert evidence.above(low - 0.01) < level < evidence.above(low + 0.001)


def test_no_trial_in_common_is_no_ends() -> None:
    assert (PairedShares(0, 0, 1).low(0.025), PairedShares(0, 0, 1).high(0.025)) == (-1.0, 1.0)


def test_ends_never_pass_what_the_score_can_be() -> None:
    student = Student(0.99, 0.05, 19, (0.0, 1.0), 50)
    assert 0 < student.low(0.001) < 0.99 < student.high(0.001) < 1
    assert Student(-0.01, 0.05, 19, (-inf, 0.0)).high(0.001) < 0


def test_on_the_plain_scale_student_is_the_boards_jackknife() -> None:
    random = np.random.default_rng(0)
    values, sizes = random.normal(size=20), np.full(20, 1.0)
    without = (values.sum() - values) / 19
    low, high = jackknife(np.array([values.mean()]), without[None], sizes[None]).interval()
    error = block_error(float(values.mean()), without, sizes)
    plain = Student(float(values.mean()), error, 19, (-inf, inf))
    assert (plain.low(0.025), plain.high(0.025)) == pytest.approx((low[0], high[0]))


def test_blocks_that_say_nothing_have_no_error() -> None:
    assert block_error(0.5, np.full(20, 0.5), np.ones(20)) == 0.0
    assert np.isnan(block_error(0.5, np.full(20, 0.5), np.eye(20)[0]))
    assert np.isnan(block_error(0.5, np.array([0.4, np.nan]), np.ones(2)))


def test_the_common_level_is_holms_rule() -> None:
    random = np.random.default_rng(1)
    for _ in range(300):
        p = random.beta(0.2, 1, size=random.integers(1, 9))
        p[random.random(len(p)) < 0.2] = np.nan
        decided, level = gates(p.tolist())
        assert decided.tolist() == [one <= level for one in p.tolist()]


def test_without_a_test_there_is_no_decision() -> None:
    assert gates([]).level == ALPHA
    assert gates([np.nan]).decided.tolist() == [False]


@pytest.mark.parametrize("value", [-0.2, -0.01, 0.0, 0.05, 0.4])
def test_a_milder_claim_is_never_the_less_likely_one(value: float) -> None:
    for evidence in (Difference(value, 0.004, 19, 80, 1.0), Difference(value, 0.05, 19, 80, 2.0)):
        claims = np.linspace(-0.9, 0.9, 181)
        # On the far side of the value no claim is doubted at all.
        assert (np.diff([min(evidence.above(one), 0.5) for one in claims]) >= -1e-12).all()
        assert (np.diff([min(evidence.below(one), 0.5) for one in claims]) <= 1e-12).all()


def test_a_lucky_jackknife_does_not_pass_a_drop() -> None:
    """Of 100 items 1 changed: 0.01 ± 0.02 by the blocks; a drop of 0.05 shows no more in 4 % of samples."""
    lucky = Difference(-0.01, 0.01, 19, 100, 1.0)
    assert Student(-0.01, 0.01, 19, (-inf, inf)).above(-0.05) < 0.001
    assert 0.025 < lucky.above(-0.05) < 0.06
    assert stats.binom.cdf(1, 100, 0.05) == pytest.approx(0.037, abs=1e-3)


def test_where_much_has_changed_the_floor_is_idle() -> None:
    wide, plain = Difference(-0.1, 0.06, 19, 100, 1.0), Student(-0.1, 0.06, 19, (-inf, inf))
    assert wide.low(0.025) == pytest.approx(plain.low(0.025))
    assert wide.high(0.025) == pytest.approx(plain.high(0.025))


def test_between_two_bounds_blocks_that_are_too_sure_give_wilsons_interval() -> None:
    sure = Student(0.9, 1e-6, 10**9, (0.0, 1.0), 50)
    low, high = wilson(np.array([45.0]), np.array([50.0]))
    assert (sure.low(0.025), sure.high(0.025)) == pytest.approx((low[0], high[0]), abs=1e-6)
