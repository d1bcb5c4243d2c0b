"""How sure is a value: 95 % intervals by Wilson for proportions, by delete-block jackknife for the rest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

from activeloop.arrays import FloatArray, IntArray, KeyArray
from activeloop.seeds import Component, uniforms

BLOCKS = 20
_TAIL = 0.975
_Z = float(ndtri(_TAIL))


class Interval(NamedTuple):
    """Lower and upper end, one a value; NaN where there is none."""

    low: FloatArray
    high: FloatArray


def wilson(hits: FloatArray, trials: FloatArray) -> Interval:
    """Give the Wilson score interval of each proportion; NaN where there is no trial.

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), with z = 1.96 (Wilson 1927; Brown, Cai, DasGupta 2001).

    >>> low, high = wilson(np.array([8.0]), np.array([10.0]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.4902, 0.9433)
    """
    n = np.where(trials > 0, trials, np.nan)
    p = hits / n
    center = p + _Z**2 / (2 * n)
    half = _Z * np.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    low, high = ((center + side * half) / (1 + _Z**2 / n) for side in (-1, 1))
    # Rounding must not move an end that is exactly 0 or 1.
    return Interval(np.where(hits == 0, n * 0, low), np.where(hits == trials, n * 0 + 1, high))


def blocks(keys: KeyArray) -> IntArray:
    """Deal the items into 20 blocks, as equal as can be, by their keys and by nothing else.

    >>> np.bincount(blocks(np.arange(50, dtype=np.uint64))).tolist() == [3] * 10 + [2] * 10
    True
    """
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[np.argsort(uniforms(keys, 0, Component.BLOCKS), kind="stable")] = np.arange(len(keys))
    return ranks % BLOCKS


def jackknife(values: FloatArray, deleted: FloatArray, sizes: FloatArray) -> Interval:
    """Give the delete-block jackknife interval of each value, for blocks of unequal size.

    values : (S,) on all n items; deleted : (S, B) without each block; sizes : (S, B) items in each block.

    With g blocks that are not empty, h_j = n / m_j, pseudo-values h_j θ - (h_j - 1) θ_(j) and their mean θ_J
    weighted by 1 / h_j, the variance is 1/g Σ (pseudo_j - θ_J)² / (h_j - 1), and the interval
    θ ± t(0.975, g - 1) √variance (Busing, Meijer, van der Leeden 1999). NaN where fewer than two blocks hold
    an item, where θ_(j) is undefined for one of them, and where all are equal, which says nothing.

    >>> x = np.arange(20.0)
    >>> without = (x.sum() - x) / 19
    >>> low, high = jackknife(np.array([x.mean()]), without[None], np.ones((1, 20)))
    >>> bool(np.isclose(high[0] - x.mean(), 2.093024 * x.std(ddof=1) / 20**0.5))
    True
    """
    filled = sizes > 0
    g = filled.sum(axis=1)
    share = sizes / sizes.sum(axis=1, keepdims=True)
    usable = g >= 2
    h = 1 / np.where(filled & usable[:, None], share, 0.5)
    pseudo = h * values[:, None] - (h - 1) * np.where(filled, deleted, 0.0)
    center = (pseudo * share).sum(axis=1, keepdims=True)
    terms = np.where(filled, (pseudo - center) ** 2 / (h - 1), 0.0)
    spread = np.sqrt(terms.sum(axis=1) / np.maximum(g, 1))
    half = _STUDENT[g] * spread
    half = np.where(half > 1e-12 * np.maximum(1.0, np.abs(values)), half, np.nan)
    return Interval(values - half, values + half)


def percentiles(replicates: FloatArray) -> Interval:
    """Give the percentile interval of each row of bootstrap replicates (S, R); NaN where one is undefined."""
    low, high = np.quantile(replicates, [1 - _TAIL, _TAIL], axis=1)
    some = high > low
    return Interval(np.where(some, low, np.nan), np.where(some, high, np.nan))


# By number of blocks; fewer than two have no interval.
_STUDENT = np.array([np.nan, np.nan, *stdtrit(np.arange(1, BLOCKS), _TAIL)])
