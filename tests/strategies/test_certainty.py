"""Certainty: the most certain of the wanted class come first, whichever class that is."""

from __future__ import annotations

import numpy as np
import pytest

import activeloop as al
from activeloop.errors import StrategyError
from activeloop.strategy import as_strategy
from activeloop.testing import check_strategy
from tests.made_candidates import made

certainty = al.strategies.certainty


def test_it_keeps_the_contract() -> None:
    check_strategy(certainty.with_parameters(label="virginica"))


def test_the_second_of_two_classes_is_looked_for() -> None:
    rows = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    candidates = made(3, 3, probabilities=rows, classes=("irrelevant", "relevant"))
    picked = as_strategy(certainty).pick(candidates)
    assert (picked.positions.tolist(), picked.utilities.tolist()) == ([1, 2, 0], [0.8, 0.5, 0.1])
    other = certainty.with_parameters(label="irrelevant")
    assert other.pick(candidates).positions.tolist() == [0, 2, 1]


def test_of_more_classes_one_has_to_be_named() -> None:
    rows = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
    with pytest.raises(StrategyError, match=r"3 classes: .*label=.*allowed: 0, 1, 2"):
        certainty.pick(made(2, 1, probabilities=rows))
    assert certainty.with_parameters(label=2).pick(made(2, 1, probabilities=rows)).positions.tolist() == [1]
    with pytest.raises(StrategyError, match="unknown label '3'"):
        certainty.with_parameters(label=3).pick(made(2, 1, probabilities=rows))


def test_it_finds_a_rare_class_long_before_random_does() -> None:
    from sklearn.naive_bayes import GaussianNB

    rare = np.array([1] * 20 + [0] * 480)
    points = np.random.default_rng(0).normal(size=(500, 2)) + 3.0 * rare[:, None]
    found = {}
    for strategy in ("certainty", "random"):
        pool = al.Dataset(points, rare).pool().starting_with([0, 499])
        loop = al.Loop(GaussianNB(), pool, strategy=strategy)
        list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(40)))
        found[strategy] = int(loop.labeled.labels.sum())
    assert found["certainty"] >= 12 > 6 > found["random"]
