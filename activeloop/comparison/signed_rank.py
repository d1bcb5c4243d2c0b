"""Wilcoxon's signed-rank test of many rows at once, exact where differences tie or are zero."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr
from scipy.stats import rankdata

from activeloop.arrays import FloatArray, IntArray

EXACT = 50
"""Up to so many differences the null distribution is enumerated, as scipy does where there are no ties."""


def signed_rank(differences: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the two-sided p and the excess W+ - W- of every row of paired differences (NaN: no pair).

    |d| are ranked together, ties at their mean rank; zeros are ranked too and then dropped (Pratt), because
    seeds without a difference are evidence against one. Under the null each sign is a fair coin, so p is
    counted over all 2^n sign patterns of the very ranks at hand: exact with ties and zeros, where scipy's
    "exact" is not. Above 50 differences, the normal approximation, with scipy's corrections for ties and
    zeros. All differences zero: p = 1. No difference: p = NaN. Sources: Wilcoxon 1945, Pratt 1959,
    Streitberg, Röhmel 1986 (the counting).

    >>> p, excess = signed_rank(np.array([[1, 2, 3, 4, 5, 6], [1, 1, -1, 0, np.nan, 2]]))
    >>> p.round(5).tolist(), excess.tolist()
    ([0.03125, 0.5], [21.0, 8.0])
    """
    if not differences.size:
        return np.full(len(differences), np.nan), np.zeros(len(differences))
    ranks = np.asarray(rankdata(np.abs(differences), axis=1, nan_policy="omit"))
    sign = np.nan_to_num(np.sign(differences))
    doubled = np.rint(2 * np.where(sign == 0, 0.0, ranks)).astype(np.int64)
    total, plus = doubled.sum(axis=1), np.where(sign > 0, doubled, 0).sum(axis=1)
    n = (~np.isnan(differences)).sum(axis=1)
    p = np.where(n == 0, np.nan, 1.0)
    small = (n <= EXACT) & (total > 0)
    p[small] = _counted(np.sort(doubled[small], axis=1), np.minimum(plus, total - plus)[small])
    large = (n > EXACT) & (total > 0)
    z = (plus - total / 2)[large] / np.sqrt((doubled[large].astype(np.float64) ** 2).sum(axis=1) / 4)
    p[large] = 2 * ndtr(-np.abs(z))
    return p, (2 * plus - total) / 2


def _counted(doubled: IntArray, smaller: IntArray) -> FloatArray:
    """Give 2 P(W <= smaller) per row; rows with the same ranks share one count."""
    patterns, which = np.unique(doubled, axis=0, return_inverse=True)
    tails = [_tails(pattern) for pattern in patterns]
    p = [tails[i][w] for i, w in zip(which.ravel(), smaller, strict=True)]
    return np.minimum(np.array(p, dtype=np.float64), 1.0)


def _tails(pattern: IntArray) -> FloatArray:
    """Give 2 P(W <= w) for all w, by adding one rank after the other with either sign."""
    pattern = pattern[pattern > 0]
    chances = np.zeros(int(pattern.sum()) + 1)
    chances[0] = 1.0
    for rank in pattern:
        moved = np.concatenate([np.zeros(rank), chances[:-rank]])
        chances = (chances + moved) / 2
    return np.asarray(2 * np.cumsum(chances), dtype=np.float64)
