"""Two strategies, seed by seed: the difference, its interval, its test, wins and losses, in many rows."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from scipy.special import stdtr, stdtrit

from activeloop.arrays import FloatArray, IntArray
from activeloop.comparison.signed_rank import signed_rank

Test: TypeAlias = Literal["wilcoxon", "t"]
DIGITS = 10
"""Differences are taken to so many digits of the larger number: rounding makes no difference and no rank."""


class Paired(NamedTuple):
    """What a paired comparison gives, a value a row; `excess` is above 0 where the test says "higher"."""

    n: IntArray
    mean: FloatArray
    other_mean: FloatArray
    difference: FloatArray
    spread: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray
    excess: FloatArray
    wins: IntArray
    ties: IntArray
    losses: IntArray


def paired(ours: FloatArray, theirs: FloatArray, test: Test = "wilcoxon") -> Paired:
    """Compare rows of (n_rows, n_seeds), seed by seed; a seed that either lacks (NaN) is left out.

    `difference` is the mean of ours - theirs, `low` and `high` mean ± t(0.975, n - 1) s / √n; `p` is the
    two-sided one of the signed-rank test, or of the paired t test. Wins count where ours is larger.

    >>> found = paired(np.array([[0.9, 0.8, 0.7]]), np.array([[0.5, 0.8, 0.6]]))
    >>> found.wins.tolist(), found.ties.tolist(), found.p.round(4).tolist()
    ([2], [1], [0.5])
    """
    d = differences(ours, theirs)
    both = ~np.isnan(d)
    n = both.sum(axis=1)
    mean, spread = mean_and_deviation(d)
    half = half_width(spread, n)
    if test == "wilcoxon":
        p, excess = signed_rank(d)
    else:
        p, excess = t_test(mean, spread, n), mean
    wins, losses = (d > 0).sum(axis=1), (d < 0).sum(axis=1)
    mine, other = (mean_and_deviation(np.where(both, one, np.nan))[0] for one in (ours, theirs))
    ends = mean - half, mean + half
    return Paired(n, mine, other, mean, spread, *ends, p, excess, wins, n - wins - losses, losses)


def differences(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Give ours - theirs to ten digits of the larger of the row's numbers.

    >>> differences(np.array([[0.1 + 0.2]]), np.array([[0.3]])).tolist()
    [[0.0]]
    """
    size = np.fmax(np.abs(ours), np.abs(theirs))
    largest = np.nan_to_num(size).max(axis=1, keepdims=True, initial=0.0)
    unit = 10.0 ** (np.floor(np.log10(np.where(largest > 0, largest, 1.0))) + 1 - DIGITS)
    return np.asarray(np.rint((ours - theirs) / unit) * unit + 0.0, dtype=np.float64)


def t_test(mean: FloatArray, spread: FloatArray, n: IntArray) -> FloatArray:
    """Give the two-sided p of the t test that a mean is 0; 1 where all are 0, NaN where they do not vary."""
    varying = (n >= 2) & (spread > 0)
    t = np.where(varying, mean, 0.0) / np.where(varying, spread / np.sqrt(np.maximum(n, 1)), 1.0)
    p = np.where(varying, 2 * stdtr(np.maximum(n - 1, 1), -np.abs(t)), np.nan)
    return np.where((n >= 2) & (spread == 0) & (mean == 0), 1.0, p)


def mean_and_deviation(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give mean and standard deviation (n - 1) of the numbers of each row; NaN of none, and of one."""
    n = (~np.isnan(values)).sum(axis=-1)
    total = np.nansum(values, axis=-1)
    mean = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    squares = np.nansum((values - mean[..., None]) ** 2, axis=-1)
    same = np.nanmax(values, axis=-1, initial=-np.inf) == np.nanmin(values, axis=-1, initial=np.inf)
    deviation = np.sqrt(np.where(same, 0.0, squares) / np.maximum(n - 1, 1))
    return mean, np.where(n > 1, deviation, np.nan)


def half_width(spread: FloatArray, n: IntArray) -> FloatArray:
    """Give half the width of the 95 % t interval of a mean of n values; NaN for one value."""
    t = stdtrit(np.maximum(n - 1, 1), 0.975)
    return np.asarray(np.where(n > 1, t * spread / np.sqrt(np.maximum(n, 1)), np.nan), dtype=np.float64)
