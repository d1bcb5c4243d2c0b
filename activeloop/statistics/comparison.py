"""How far two values are apart, and how sure that is: proportions, and anything that was jackknifed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr
from scipy.stats import hypergeom

from activeloop.arrays import FloatArray
from activeloop.errors import DataError
from activeloop.statistics.intervals import student, wilson


class Difference(NamedTuple):
    """One value less another: (S,) each, with 95 % intervals and two-sided p; NaN where there is none."""

    value: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray


class Jackknifed(NamedTuple):
    """Values (S,), the same without each block (S, B), and the items in each block (S, B)."""

    values: FloatArray
    deleted: FloatArray
    sizes: FloatArray


def proportions(hits: FloatArray, n: FloatArray, rest_hits: FloatArray, rest_n: FloatArray) -> Difference:
    """Compare proportions of two sets that share no item, such as a slice and its complement: (S,) each.

    The interval is Newcombe's hybrid score interval (1998, method 10): with p₁, p₂ and their Wilson intervals
    (l₁, u₁), (l₂, u₂), from d - √((p₁ - l₁)² + (u₂ - p₂)²) to d + √((u₁ - p₁)² + (p₂ - l₂)²). p is twice the
    smaller tail of the hypergeometric distribution with half the probability of what was seen (mid-p;
    Lancaster 1961): at small n Fisher's exact test finds less, and the test of z gives false alarms.
    NaN where a set is empty.

    Raises DataError for more hits than trials.

    >>> found = proportions(np.array([56.0]), np.array([70.0]), np.array([48.0]), np.array([80.0]))
    >>> [round(float(one[0]), 4) for one in found]
    [0.2, 0.0524, 0.3339, 0.0084]
    """
    hits, n, rest_hits, rest_n = (np.asarray(one, dtype=np.float64) for one in (hits, n, rest_hits, rest_n))
    if ((hits > n) | (rest_hits > rest_n) | (np.minimum(hits, rest_hits) < 0)).any():
        raise DataError("hits must be from 0 to the number of trials")
    one, rest = wilson(hits, n), wilson(rest_hits, rest_n)
    p, rest_p = hits / np.where(n > 0, n, np.nan), rest_hits / np.where(rest_n > 0, rest_n, np.nan)
    value = p - rest_p
    low = value - np.hypot(p - one.low, rest.high - rest_p)
    high = value + np.hypot(one.high - p, rest_p - rest.low)
    return Difference(value, low, high, np.where(np.isnan(value), np.nan, _mid_p(hits, n, rest_hits, rest_n)))


def jackknifed(one: Jackknifed, rest: Jackknifed) -> Difference:
    """Compare values that were jackknifed on common blocks: a slice and the rest, or two models on one slice.

    With block shares w_j = m_j / n and pseudo-values θ*_j = (θ - (1 - w_j) θ_(j)) / w_j, block j moves a
    value by u_j = w_j (θ*_j - Σ w θ*) / √(1 - Σ w²). The variance of the difference is Σ (u_j - u'_j)², so
    that what both share (the same items, or objects of one image) counts as shared. Interval and p are
    Student's t on one degree less than the blocks that hold an item, of the set where they are fewer. With
    equal blocks and a constant `rest` this is the delete-block jackknife. NaN where a value is undefined
    without a block, and where nothing varies.

    >>> x, y = np.arange(20.0), np.arange(20.0) ** 2 / 20
    >>> def of(x): return Jackknifed(x.mean(keepdims=True), ((x.sum() - x) / 19)[None], np.ones((1, 20)))
    >>> [round(float(one[0]), 4) for one in jackknifed(of(x), of(y))]
    [3.325, 2.6003, 4.0497, 0.0]
    """
    value = one.values - rest.values
    spread = np.sqrt(((_moves(one) - _moves(rest)) ** 2).sum(axis=1))
    spread = np.where(spread > 1e-12 * np.maximum(1.0, np.abs(value)), spread, np.nan)
    blocks = np.minimum((one.sizes > 0).sum(axis=1), (rest.sizes > 0).sum(axis=1))
    half = student(blocks) * spread
    p = 2 * stdtr(np.maximum(blocks - 1, 1), -np.abs(value) / spread)
    return Difference(value, value - half, value + half, np.where(np.isnan(half), np.nan, p))


def _mid_p(hits: FloatArray, n: FloatArray, rest_hits: FloatArray, rest_n: FloatArray) -> FloatArray:
    seen = hypergeom(n + rest_n, hits + rest_hits, n)
    half = seen.pmf(hits) / 2
    tails = np.minimum(seen.cdf(hits) - half, seen.sf(hits) + half)
    return np.asarray(np.clip(2 * tails, 0, 1), dtype=np.float64)


def _moves(of: Jackknifed) -> FloatArray:
    filled = of.sizes > 0
    share = of.sizes / np.maximum(of.sizes.sum(axis=1, keepdims=True), 1)
    weighted = np.where(filled, of.values[:, None] - (1 - share) * np.where(filled, of.deleted, 0.0), 0.0)
    usable = 1 - (share**2).sum(axis=1, keepdims=True)
    moved = weighted - share * weighted.sum(axis=1, keepdims=True)
    return np.asarray(moved / np.sqrt(np.where(usable > 1e-12, usable, np.nan)), dtype=np.float64)
