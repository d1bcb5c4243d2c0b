"""How many labels until a target: a power law through the rounds so far, or that it cannot be told."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.errors import ConfigurationError, DataError
from activeloop.seeds import Component, generator

REPLICATES = 1000
FEWEST_ROUNDS, FEWEST_ITEMS = 5, 20
FARTHEST = 5.0
"""How many times the labels so far a forecast may look ahead; what lies beyond it cannot be told."""

_EXPONENTS = np.geomspace(0.1, 2.0, 25)
_AT_ONCE = 1 << 22


class Forecast(NamedTuple):
    """Labels (in all, not more) until the score reaches the target, with a 95 % interval.

    labels : None where it cannot be told, or not be reached; `reason` says why. high : None = no end can be
    told. reached : the share of resampled curves that reach the target within `FARTHEST` times the labels so
    far. limit : where the curve levels off, by the fit.
    """

    target: float
    labels: float | None
    low: float | None
    high: float | None
    reached: float | None
    limit: float | None
    reason: str = ""


def forecast(
    n_labeled: Array, values: Array, target: float, *, highest: float = 1.0, seed: int = 0
) -> Forecast:
    """Say how many labels it takes until the mean of `values` reaches the target.

    n_labeled : (R,) labels in each round. values : (n, R), one row an audit item, what each round's model
    scored on it (1 = right, 0 = wrong; a loss below 0). highest : the best mean that there can be.

    A curve a − b n^−c, b ≥ 0, a ≤ highest, 0.1 ≤ c ≤ 2, is fitted to the means of the rounds by least
    squares, each round weighted by the inverse variance of its mean. The interval: the 2.5 and 97.5 %
    quantiles over 1,000 resamples of the items, each with the residuals of the fit added with random signs (a
    wild bootstrap by round: models are trained by chance too). It is for a run that goes on as it has: a
    change of strategy, model or people is no part of it.

    >>> n, chance = np.arange(20, 220, 20), np.random.default_rng(0).random((400, 1))
    >>> right = (chance < 1 - 2 * n**-0.6).astype(float)
    >>> found = forecast(n, right, 0.95)
    >>> bool(found.low < (2 / 0.05) ** (1 / 0.6) < (found.high or np.inf))
    True

    Source of the form: Figueroa, Zeng-Treitler, Kandula, Ngo (2012), "Predicting sample size required for
    classification performance". Raises DataError for shapes that do not fit or values that are missing,
    ConfigurationError for a target that is no number.
    """
    n, table = np.asarray(n_labeled, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if n.ndim != 1 or table.ndim != 2 or table.shape[1] != len(n) or not np.isfinite(table).all():
        raise DataError(
            f"values of shape {table.shape} for {len(n)} rounds; a row an item, a number a round is needed"
        )
    if not np.isfinite(target):
        raise ConfigurationError(f"target is {target!r}; allowed: a number")
    untold = _too_little(n, table, target)
    if untold:
        return Forecast(target, None, None, None, None, None, untold)
    means = table.mean(axis=0)
    weights = 1 / np.maximum(table.var(axis=0, ddof=1), 0.25 / len(table))
    point = _fit(n, means[None], weights, highest)
    residuals = means - point.at(n)[0]
    random = generator(seed, Component.FORECAST)
    signs = random.choice([-1.0, 1.0], size=(REPLICATES, len(n)))
    drawn = _fit(n, _resampled(table, random) + signs * residuals, weights, highest)
    return _told(target, n.max(), float(point.until(target)[0]), drawn.until(target), float(point.limit[0]))


class _Curves(NamedTuple):
    """Curves limit − drop · n^−exponent, each (B,)."""

    limit: FloatArray
    drop: FloatArray
    exponent: FloatArray

    def at(self, n: FloatArray) -> FloatArray:
        """Give the values (B, R)."""
        raised: FloatArray = n ** -self.exponent[:, None]
        return self.limit[:, None] - self.drop[:, None] * raised

    def until(self, target: float) -> FloatArray:
        """Give the labels at which each curve reaches the target; infinite where it never does."""
        left = self.limit - target
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            labels = (self.drop / left) ** (1 / self.exponent)
        return np.where(left > 0, labels, np.where((left == 0) & (self.drop == 0), 0.0, np.inf))


def _fit(n: FloatArray, means: FloatArray, weights: FloatArray, highest: float) -> _Curves:
    """Fit each row of means (B, R): for each exponent the best line in n^−c, then the best exponent."""
    scale = n.max()
    best = np.full(len(means), np.inf)
    found = _Curves(*(np.zeros(len(means)) for _ in range(3)))
    share = weights / weights.sum()
    for exponent in _EXPONENTS.tolist():
        x = (n / scale) ** -exponent
        center = share @ x
        spread = share @ (x - center) ** 2
        middle = means @ share
        drop = np.maximum(-(means @ (share * (x - center))) / spread, 0.0)
        limit = middle + drop * center
        beyond = limit > highest
        # A curve that would level off above what is possible levels off there.
        drop = np.where(beyond, np.maximum(((highest - means) @ (share * x)) / (share @ x**2), 0.0), drop)
        limit = np.where(beyond, highest, limit)
        error = ((means - limit[:, None] + drop[:, None] * x) ** 2) @ share
        better = error < best
        best = np.where(better, error, best)
        given = (limit, drop * scale**exponent, np.full(len(means), exponent))
        found = _Curves(*(np.where(better, new, old) for new, old in zip(given, found, strict=True)))
    return found


def _resampled(table: FloatArray, random: np.random.Generator) -> FloatArray:
    """Give the means of the rounds over resamples of the items, (REPLICATES, R)."""
    n, step = len(table), max(1, _AT_ONCE // len(table))
    even = np.full(n, 1 / n)
    parts = [
        random.multinomial(n, even, size=min(step, REPLICATES - done)) @ table / n
        for done in range(0, REPLICATES, step)
    ]
    return np.concatenate(parts)


def _too_little(n: FloatArray, table: FloatArray, target: float) -> str:
    if len(n) < FEWEST_ROUNDS or len(np.unique(n)) < FEWEST_ROUNDS or n.min() <= 0:
        return f"{len(np.unique(n))} rounds with labels; at least {FEWEST_ROUNDS} are needed"
    if len(table) < FEWEST_ITEMS:
        return f"{len(table)} audit labels; at least {FEWEST_ITEMS} are needed"
    return ""


def _told(target: float, so_far: float, point: float, drawn: FloatArray, limit: float) -> Forecast:
    farthest = FARTHEST * so_far
    reached = float(np.mean(drawn <= farthest))
    low, high = np.quantile(drawn, [0.025, 0.975], method="inverted_cdf").tolist()
    ends = (low if low <= farthest else None, high if high <= farthest else None)
    if point > farthest or ends[0] is None:
        reason = f"it cannot be told: by the curve so far not within {farthest:.0f} labels"
        return Forecast(target, None, *ends, reached, limit, reason)
    reason = "" if ends[1] is not None else f"no end can be told: beyond {farthest:.0f} labels"
    return Forecast(target, point, *ends, reached, limit, reason)
