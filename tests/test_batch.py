"""Batch rules: how many, how often, with which recorded chance, whatever the order of the pool."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

import activeloop as al
from activeloop.arrays import Array, FloatArray
from activeloop.batch import BATCH_RULES, Batch, mix, power, softmax, softrank, top, uniform
from activeloop.errors import ConfigurationError, StrategyError
from activeloop.metrics import acquisition
from activeloop.strategy import Strategy
from tests.made_candidates import made

RULES = [top, uniform, softmax(), softmax(30.0), power(), power(3.0), softrank(), softrank(2.0), mix(0.3)]
RULES += [mix(0.5, rule=softmax()), mix(1.0), mix(0.0)]
STOCHASTIC = [uniform, softmax(2.0), power(1.5), softrank(1.2), mix(0.3)]

utility = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([0.0, 1.0, np.inf, -np.inf]))


def _named(rule: Any) -> str:
    """Name a rule without an address in memory, so that every test process names it alike."""
    return re.sub(r"<function (\w+) at \w+>", r"\1", str(rule))


def picked(rule: Any, utilities: Any, n: int, **more: Any) -> Batch:
    values = np.asarray(utilities, dtype=np.float64)
    made_batch = rule(values, made(len(values), n, **more))
    assert isinstance(made_batch, Batch)
    return made_batch


@pytest.mark.parametrize("rule", RULES, ids=_named)
@settings(max_examples=12, deadline=None)
@given(st.lists(utility, min_size=1, max_size=30), st.data())
def test_a_batch_has_its_size_and_no_item_twice_whatever_the_utilities(
    rule: Any, utilities: list[float], data: Any
) -> None:
    n = data.draw(st.integers(1, len(utilities)))
    seed = data.draw(st.integers(0, 5))
    strategy = Strategy(lambda candidates: utilities, batch=rule, name="made")
    batch = strategy.pick(made(len(utilities), n, seed=seed))  # holds size, range and repetition
    again = strategy.pick(made(len(utilities), n, seed=seed))
    assert batch.positions.tolist() == again.positions.tolist()
    if batch.probabilities is not None:
        assert ((batch.probabilities > 0) & (batch.probabilities <= 1 + 1e-9)).all()


@pytest.mark.parametrize("rule", RULES, ids=_named)
def test_the_ids_picked_do_not_hang_on_the_order_of_the_pool(rule: Any) -> None:
    ids = np.array([f"item {at}" for at in range(40)])
    utilities = np.repeat([0.1, 0.5, 0.5, 0.9], 10)  # many ties
    shuffled = np.random.default_rng(1).permutation(40)
    one = rule(utilities, made(ids, 12, seed=3))
    other = rule(utilities[shuffled], made(ids[shuffled], 12, seed=3))
    assert ids[one.positions].tolist() == ids[shuffled][other.positions].tolist()
    if one.probabilities is not None:
        assert np.allclose(one.probabilities, other.probabilities, rtol=1e-12)


@pytest.mark.parametrize("rule", [one for one in RULES if one != mix(0.0) and one is not top], ids=_named)
def test_another_seed_or_round_draws_another_batch(rule: Any) -> None:
    batches = {
        tuple(picked(rule, np.linspace(0.4, 0.6, 50), 10, seed=seed, round=round).positions.tolist())
        for seed, round in itertools.product(range(3), range(3))
    }
    assert len(batches) > 3


def test_top_takes_the_largest_and_breaks_ties_at_random_by_id() -> None:
    utilities = [0.0, 3.0, 1.0, 3.0, -np.inf, np.inf]
    assert set(picked(top, utilities, 3).positions.tolist()) == {1, 3, 5}
    assert picked(top, utilities, 6).positions.tolist()[-1] == 4
    firsts = [picked(top, np.zeros(4), 1, seed=seed).positions[0] for seed in range(400)]
    assert chisquare(np.bincount(firsts, minlength=4)).pvalue > 0.01
    assert picked(top, utilities, 2).probabilities is None


def _expected(rule: Any, utilities: FloatArray) -> dict[tuple[int, ...], tuple[float, ...]]:
    """Enumerate all ordered pairs: chance of the first, and of the second given the first, by the formula."""
    n = len(utilities)
    ranks = np.argsort(np.argsort(-utilities)) + 1.0
    weights: dict[str, Any] = {
        "softmax": lambda: np.exp(2.0 * utilities),
        "power": lambda: utilities**1.5,
        "softrank": lambda: ranks**-1.2,
        "uniform": lambda: np.ones(n),
    }
    chances: dict[tuple[int, ...], tuple[float, ...]] = {}
    for one, two in itertools.permutations(range(n), 2):
        if isinstance(rule, mix):
            wanted = np.argsort(-utilities).tolist()
            first = 0.3 / n + 0.7 * (one == wanted[0])
            second = 0.3 / (n - 1) + 0.7 * (two == next(at for at in wanted if at != one))
        else:
            w = weights[getattr(rule, "__name__", type(rule).__name__)]()
            first, second = w[one] / w.sum(), w[two] / (w.sum() - w[one])
        chances[one, two] = (first, second)
    return chances


@pytest.mark.parametrize("rule", STOCHASTIC, ids=_named)
def test_recorded_chances_are_those_of_the_formula_and_of_the_draws(rule: Any) -> None:
    utilities = np.array([0.2, 1.0, 0.6, 0.35])
    expected = _expected(rule, utilities)
    seen = dict.fromkeys(expected, 0)
    for seed in range(1000):
        batch = picked(rule, utilities, 2, seed=seed)
        pair = tuple(batch.positions.tolist())
        assert batch.probabilities is not None
        assert np.allclose(batch.probabilities, expected[pair], rtol=1e-9)
        seen[pair] += 1
    wanted = [1000 * first * second for first, second in expected.values()]
    assert sum(wanted) == pytest.approx(1000)
    assert chisquare(list(seen.values()), wanted).pvalue > 0.01


@pytest.mark.parametrize("rule", [softmax(2.0), softmax(300.0), power(1.5), power(40.0), softrank()])
@pytest.mark.parametrize(
    "metric", [acquisition.entropy, acquisition.least_confidence, acquisition.margin, acquisition.variance]
)
def test_the_order_of_the_chances_is_that_of_the_utilities(metric: al.Metric, rule: Any) -> None:
    """A rule that weighs a low-first metric by its raw value asks for the surest items (a fault of peers)."""
    sure = np.array([[0.98, 0.01, 0.01], [0.8, 0.15, 0.05], [0.6, 0.25, 0.15], [0.4, 0.32, 0.28]])
    utilities = metric.utilities(metric(sure))
    assert (np.diff(utilities) > 0).all()
    strategy = Strategy(lambda candidates: utilities, batch=rule, name="made")
    chance = {}
    for seed in range(40):
        pick = strategy.pick(made(4, 1, seed=seed))
        assert pick.probabilities is not None
        chance[int(pick.positions[0])] = pick.probabilities[0]
    known = [chance[at] for at in sorted(chance)]
    assert known == sorted(known)
    assert max(chance) == 3  # the least sure was asked at least once
    assert known[-1] > known[0] or len(known) == 1


@pytest.mark.parametrize("rule", [softmax(), power(), softrank(), mix(0.0)], ids=_named)
def test_missing_values_come_last_and_certain_wishes_first(rule: Any) -> None:
    utilities = [-np.inf, 0.2, np.inf, 0.4, -np.inf, 0.3]
    for seed in range(50):
        order = picked(rule, utilities, 6, seed=seed).positions.tolist()
        if isinstance(rule, softrank):  # it knows ranks alone, so a missing value has the last rank
            continue
        assert order[0] == 2
        assert set(order[-2:]) == {0, 4}


@pytest.mark.parametrize("rule", [uniform, softmax(), power()], ids=_named)
@pytest.mark.parametrize("value", [0.0, 1.0, -3.0, np.inf, -np.inf])
def test_equal_utilities_have_equal_chances(rule: Any, value: float) -> None:
    batch = picked(rule, np.full(5, value), 5)
    assert batch.probabilities is not None
    assert np.allclose(batch.probabilities, [1 / 5, 1 / 4, 1 / 3, 1 / 2, 1])
    firsts = [picked(rule, np.full(5, value), 1, seed=seed).positions[0] for seed in range(500)]
    assert chisquare(np.bincount(firsts, minlength=5)).pvalue > 0.01


@pytest.mark.parametrize("rule", STOCHASTIC, ids=_named)
def test_a_pool_of_one_is_asked_for_certain(rule: Any) -> None:
    batch = picked(rule, [0.7], 1)
    assert batch.positions.tolist() == [0]
    assert batch.probabilities is not None
    assert batch.probabilities == pytest.approx([1.0])


def test_chances_stay_true_where_exponentials_leave_the_range_of_floats() -> None:
    batch = picked(softmax(1.0), [0.0, -2000.0, -2001.0], 3)
    assert batch.positions[0] == 0
    assert batch.probabilities is not None
    e = float(np.exp(-1.0))
    assert batch.probabilities[1] == pytest.approx(1 / (1 + e) if batch.positions[1] == 1 else e / (1 + e))
    huge = picked(softmax(1.0), [1e308, -1e308, 0.0], 3)
    assert huge.positions[0] == 0
    assert np.isfinite(np.asarray(huge.probabilities)).all()


def test_softmax_and_power_near_a_large_beta_are_top() -> None:
    utilities = np.random.default_rng(0).permutation(30) / 30 + 0.1
    wanted = picked(top, utilities, 5).positions.tolist()
    for rule in (softmax(1e6), power(1e5), softrank(1e3), mix(0.0)):
        assert picked(rule, utilities, 5).positions.tolist() == wanted


def test_mix_takes_its_share_at_random() -> None:
    utilities = np.arange(1000.0)
    strange = [
        sum(at < 900 for at in picked(mix(0.2), utilities, 20, seed=seed).positions) for seed in range(200)
    ]
    # Each of 20 places is drawn at random with chance 0.2, and then nine times of ten from the lower 900.
    assert np.mean(strange) == pytest.approx(20 * 0.2 * 0.9, rel=0.1)
    assert picked(mix(0.5, rule=softmax()), utilities, 5).probabilities is None


def test_mix_says_when_its_own_rule_picks_too_few() -> None:
    with pytest.raises(StrategyError, match=r"mix: its rule picked 1 items; asked for 3"):
        picked(mix(0.0, rule=lambda utilities, candidates: np.array([0])), np.arange(5.0), 3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: softmax(0), "softmax: beta is 0; allowed: a number above 0"),
        (lambda: softmax(float("nan")), "softmax: beta is nan; allowed: a number above 0"),
        (lambda: power(-1.5), "power: beta is -1.5; allowed: a number above 0"),
        (lambda: softrank("2"), "softrank: beta is '2'; allowed: a number above 0"),  # type: ignore[arg-type]
        (lambda: mix(1.5), "mix: share is 1.5; allowed: from 0 to 1"),
        (lambda: mix("a"), "mix: share is 'a'; allowed: from 0 to 1"),  # type: ignore[arg-type]
        (lambda: mix(0.1, rule="top"), "mix: rule is 'top'; allowed: a batch rule"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_parameter_is_one_sentence(make: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make()
    assert str(caught.value) == message


def test_every_rule_has_a_name_for_study_files() -> None:
    assert sorted(BATCH_RULES) == ["mix", "power", "softmax", "softrank", "top", "uniform"]


def _lure(losses: Array, chances: Array, n: int) -> float:
    """Estimate the mean loss of a pool of n from m actively chosen items (Farquhar et al. 2021, R_LURE)."""
    m = len(losses)
    at = np.arange(1, m + 1)
    weights = 1 + (n - m) / (n - at) * (1 / ((n - at + 1) * chances) - 1)
    return float((weights * losses).mean())


@pytest.mark.parametrize("rule", [uniform, softmax(2.0), power(0.7), softrank(0.8), mix(0.4)], ids=_named)
def test_importance_weighting_by_the_recorded_chances_is_unbiased(rule: Any) -> None:
    rng = np.random.default_rng(7)
    utilities = rng.uniform(0.2, 1.0, size=12)
    losses = utilities**2 + rng.normal(0, 0.05, size=12)  # what is asked is harder than the pool
    weighed, plain = [], []
    for seed in range(500):
        batch = picked(rule, utilities, 5, seed=seed)
        weighed.append(_lure(losses[batch.positions], np.asarray(batch.probabilities), 12))
        plain.append(losses[batch.positions].mean())
    error = np.std(weighed) / np.sqrt(len(weighed))
    assert abs(np.mean(weighed) - losses.mean()) < 3.5 * error
    if rule is not uniform:
        assert abs(np.mean(plain) - losses.mean()) > 5 * np.std(plain) / np.sqrt(len(plain))
