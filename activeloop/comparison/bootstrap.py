"""Intervals of a mean by drawing seeds again: studentized, so that few seeds make wide intervals."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import stdtrit

from activeloop.arrays import FloatArray
from activeloop.seeds import Component, generator

DRAWS = 4000


def bootstrap_t(values: FloatArray, seed: int = 0, level: float = 0.95) -> tuple[float, float]:
    """Give the bootstrap-t interval of the mean of some paired differences.

    The values are drawn again with replacement 4,000 times; with t* = (mean* - mean) / (s*/√n) of every
    draw, the interval is mean - t*(0.975) s/√n ... mean - t*(0.025) s/√n. A draw in which all are equal has
    no t* and counts as infinitely far on the side of its mean; where that leaves an end infinite (few or
    coarse values) the t interval is given. NaN of fewer than two values, or where all are equal. Source:
    Efron, Tibshirani 1993, chapter 12. Its coverage beside that of other intervals: docs/comparison.md.

    >>> low, high = bootstrap_t(np.array([10.0, 12.0, 9.0, 14.0, 11.0, 10.0, 13.0, 8.0]))
    >>> round(low, 1), round(high, 1)
    (9.3, 12.9)
    """
    n = len(values)
    if n < 2:
        return np.nan, np.nan
    mean, error = float(values.mean()), float(values.std(ddof=1) / np.sqrt(n))
    if np.ptp(values) == 0:
        return np.nan, np.nan
    counts, centered = _drawn(n, seed), values - mean
    means, squares = (counts @ np.column_stack([centered, centered**2]) / n).T
    variances = (squares - means**2) * n / (n - 1)
    flat = variances <= 1e-12 * float(values.var())
    t = np.where(flat, np.copysign(np.inf, means), means / np.sqrt(np.where(flat, 1.0, variances) / n))
    tail = (1 - level) / 2
    below, above = np.sort(t)[[round(DRAWS * tail) - 1, round(DRAWS * (1 - tail)) - 1]]
    low, high = float(mean - above * error), float(mean - below * error)
    if np.isfinite([low, high]).all():
        return low, high
    half = float(stdtrit(n - 1, 1 - tail)) * error
    return mean - half, mean + half


@lru_cache(maxsize=8)
def _drawn(n: int, seed: int) -> FloatArray:
    """Give how often each of n values is drawn, a row a draw."""
    drawn = generator(seed, Component.BOOTSTRAP, n).integers(0, n, (DRAWS, n))
    counts = np.zeros((DRAWS, n))
    np.add.at(counts, (np.arange(DRAWS)[:, None], drawn), 1.0)
    return counts
