"""LURE: unbiased whatever was drawn, by sums over all draws and by simulation; its error covers."""

from itertools import permutations

import numpy as np
import pytest

from activeloop.arrays import FloatArray
from activeloop.audit import Drawn
from activeloop.errors import DataError


def _chances(wanted: FloatArray, order: tuple[int, ...]) -> FloatArray:
    """Give the chance of each draw without replacement, ∝ wanted."""
    left, found = wanted.sum(), []
    for one in order:
        found.append(wanted[one] / left)
        left -= wanted[one]
    return np.array(found)


@pytest.mark.parametrize("m", [1, 2, 3, 4, 5])
def test_it_is_unbiased_over_all_draws_that_could_be(m: int) -> None:
    wanted, losses = np.array([5.0, 1.0, 0.2, 2.0, 0.5]), np.array([1.0, 0.0, 0.7, 0.3, 5.0])
    expected = share = 0.0
    for order in permutations(range(5), m):
        chances = _chances(wanted, order)
        drawn = Drawn(chances, 5)
        mean = drawn.mean(losses[list(order)], np.ones(m, dtype=bool))
        weights = drawn.weights()
        assert mean.value == pytest.approx(np.mean(weights * losses[list(order)]))
        assert (weights > 0).all()
        expected += chances.prod() * mean.value
        share += chances.prod()
    assert share == pytest.approx(1.0)
    assert expected == pytest.approx(losses.mean())


def test_even_draws_weigh_the_same_and_the_whole_pool_is_sure() -> None:
    losses = np.array([1.0, 0.0, 2.0])
    whole = Drawn(np.array([0.7, 0.6, 1.0]), 3)
    assert whole.weights().tolist() == [1.0, 1.0, 1.0]
    mean = whole.mean(losses, np.ones(3, dtype=bool))
    assert (mean.value, mean.error) == (1.0, 0.0)


def test_even_draws_have_the_error_of_a_sample() -> None:
    n, m = 1000, 50
    random = np.random.default_rng(0)
    losses = random.random(m)
    chances = 1 / (n - np.arange(m))
    found = Drawn(chances, n).mean(losses, np.ones(m, dtype=bool))
    assert found.error == pytest.approx(losses.std(ddof=1) / np.sqrt(m) * np.sqrt(1 - m / n), rel=0.03)
    assert found.effective == pytest.approx(m)


def test_bias_and_coverage_by_simulation() -> None:
    random = np.random.default_rng(3)
    n, m = 400, 60
    utility = random.random(n)
    losses = (random.random(n) < 0.1 + 0.5 * utility).astype(float)
    wanted = np.exp(2 * utility)
    values, held, ratios, naive = [], 0, [], []
    some = random.random(n) < 0.5
    for _ in range(400):
        order = np.argsort(-(np.log(wanted) - np.log(-np.log(random.random(n)))))[:m]
        drawn = Drawn(_chances(wanted, tuple(order.tolist())), n)
        mean = drawn.mean(losses[order], np.ones(m, dtype=bool))
        values.append(mean.value)
        held += int(abs(mean.value - losses.mean()) <= 2.0 * mean.error)
        ratios.append(drawn.mean(losses[order], some[order]).value)
        naive.append(losses[order].mean())
    off = np.array(values) - losses.mean()
    assert abs(off.mean()) < 3 * off.std() / np.sqrt(len(off))
    assert 0.91 <= held / 400 <= 0.98
    assert abs(np.mean(ratios) - losses[some].mean()) < 0.01
    assert np.mean(naive) - losses.mean() > 0.05  # what is asked first is harder than the pool


def test_without_a_draw_there_is_no_mean() -> None:
    with pytest.raises(DataError, match="no draw is inside"):
        Drawn(np.array([0.5]), 2).mean(np.zeros(1), np.zeros(1, dtype=bool))
