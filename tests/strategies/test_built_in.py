"""entropy, least_confidence, margin, variance, random: values by hand, and what the package offers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare
from sklearn.linear_model import LinearRegression

import activeloop as al
from activeloop.errors import StrategyError
from activeloop.strategy import as_strategy
from tests.made_candidates import made

SPREAD = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]])
BY_HAND = {
    "entropy": [1.5, 0.0, 1.0],
    "least_confidence": [0.5, 0.0, 0.5],
    "margin": [-0.25, -1.0, 0.0],
    # (1/6)² + 2·(1/12)² = 1/24; (2/3)² + 2·(1/3)² = 2/3; 2·(1/6)² + (1/3)² = 1/6; each over 3, turned round.
    "variance": [-1 / 72, -2 / 9, -1 / 18],
}


OTHERS = ("certainty", "core_set", "query_model", "random", "simple_margin", "slice_aware")


@pytest.mark.parametrize("name", BY_HAND)
def test_utilities_by_hand(name: str) -> None:
    utilities = getattr(al.strategies, name)(made(3, 1, probabilities=SPREAD))
    assert utilities == pytest.approx(BY_HAND[name], abs=1e-12)


@pytest.mark.parametrize("name", BY_HAND)
def test_the_utility_is_the_metric_in_its_direction(name: str) -> None:
    metric = getattr(al.metrics, name)
    sign = {"high": 1, "low": -1}[metric.direction]
    assert getattr(al.strategies, name)(made(3, 1, probabilities=SPREAD)) == pytest.approx(
        sign * metric(SPREAD)
    )
    from_metric, from_function = as_strategy(metric), as_strategy(getattr(al.strategies, name))
    candidates = made(3, 2, probabilities=SPREAD)
    assert (
        from_metric.pick(candidates).positions.tolist() == from_function.pick(candidates).positions.tolist()
    )
    assert from_metric.needs == from_function.needs == ("probabilities",)


def test_for_two_classes_all_four_ask_for_the_same_items() -> None:
    rows = np.random.default_rng(0).dirichlet([1, 1], size=200)
    candidates = made(200, 20, probabilities=rows, classes=(0, 1))
    batches = {
        tuple(as_strategy(getattr(al.strategies, name)).pick(candidates).positions) for name in BY_HAND
    }
    assert len(batches) == 1


def test_random_asks_every_item_alike_and_says_its_chance() -> None:
    first = [al.strategies.random.pick(made(6, 2, seed=seed)) for seed in range(1200)]
    for place in range(2):
        counts = np.bincount([one.positions[place] for one in first], minlength=6)
        assert chisquare(counts).pvalue > 0.01
    assert first[0].probabilities is not None
    assert first[0].probabilities == pytest.approx([1 / 6, 1 / 5])
    assert first[0].utilities.tolist() == [0.0, 0.0]


def test_random_needs_nothing() -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)
    loop = al.Loop(LinearRegression(), pool, strategy="random")
    assert loop.settings.strategy.needs == ()


@pytest.mark.parametrize("name", BY_HAND)
def test_an_untrained_model_is_told_with_the_way_out(name: str) -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)
    from sklearn.naive_bayes import GaussianNB

    with pytest.raises(
        StrategyError, match=f"start is '{name}', which needs .*; strategies that need none: core_set, random"
    ):
        al.Loop(GaussianNB(), pool, strategy=name, start=name)


def test_the_room_lists_its_strategies() -> None:
    assert sorted(al.strategies.__all__) == sorted([*BY_HAND, *OTHERS])
