"""How many labels until a target: right where the curve is a power law, silent where nothing can be told."""

from typing import Any

import numpy as np
import pytest

from activeloop.arrays import FloatArray
from activeloop.audit import forecast
from activeloop.errors import ConfigurationError, DataError


def made(
    seed: int, limit: float = 0.95, items: int = 200, noise: float = 0.01
) -> tuple[FloatArray, FloatArray]:
    """Make a curve limit − 1.5 n^−0.5 with models of varying luck, as items that are right or wrong."""
    random = np.random.default_rng(seed)
    n = np.arange(20.0, 220.0, 20.0)
    chance = limit - 1.5 * n**-0.5 + noise * random.normal(size=len(n))
    return n, (random.random((items, 1)) < chance).astype(float)


def test_intervals_hold_the_truth_and_the_median_is_near_it() -> None:
    true = (1.5 / 0.06) ** 2  # 0.89 is reached at 625 labels
    found = [forecast(*made(seed), 0.89, seed=seed) for seed in range(40)]
    held = np.mean([(one.low or 0) <= true <= (one.high or np.inf) for one in found])
    assert held >= 0.85
    told = [one.labels for one in found if one.labels is not None]
    assert len(told) > 20
    assert 0.4 < np.median(told) / true < 1.6
    assert np.median([one.low or 0 for one in found]) > 100  # it says something


def test_what_is_reached_already_lies_in_the_past() -> None:
    found = forecast(*made(0, items=2000), 0.8)
    assert found.labels is not None
    assert found.labels == pytest.approx(100, rel=0.4)


def test_a_target_beyond_the_limit_cannot_be_told() -> None:
    found = forecast(*made(1, limit=0.9, items=2000, noise=0.0), 0.97)
    assert found.labels is None
    assert found.reason.startswith("it cannot be told")
    assert found.limit is not None
    assert found.limit < 0.97
    assert found.reached is not None
    assert found.reached < 0.05


def test_a_flat_curve_is_no_reason_to_hope() -> None:
    n, random = np.arange(10.0, 110.0, 10.0), np.random.default_rng(0)
    right = np.repeat((random.random((100, 1)) < 0.6).astype(float), len(n), axis=1)
    found = forecast(n, right, 0.9)
    assert found.labels is None
    assert found.limit == pytest.approx(right.mean())


@pytest.mark.parametrize(("rounds", "items", "reason"), [(4, 200, "4 rounds"), (10, 12, "12 audit labels")])
def test_too_little_is_said_to_be_too_little(rounds: int, items: int, reason: str) -> None:
    n, right = made(0)
    found = forecast(n[:rounds], right[:items, :rounds], 0.9)
    assert found.labels is None
    assert found.reason.startswith(reason)


def test_a_loss_is_forecast_too() -> None:
    n, random = np.arange(20.0, 220.0, 20.0), np.random.default_rng(0)
    losses = -(0.1 + 4 / n) * random.gamma(4, 1 / 4, size=(400, 1))
    found = forecast(n, losses, -0.115, highest=0.0)
    assert found.low is not None
    assert found.low < 4 / 0.015 < (found.high or np.inf)


@pytest.mark.parametrize(
    ("n", "values", "target", "error"),
    [
        ([1, 2], [[1.0]], 0.9, DataError),
        ([1, 2], [[1.0, np.nan]], 0.9, DataError),
        ([1, 2], [[1.0, 0.0]], np.nan, ConfigurationError),
    ],
)
def test_what_cannot_be_used_is_refused(n: Any, values: Any, target: float, error: type[Exception]) -> None:
    with pytest.raises(error):
        forecast(n, np.array(values), target)
