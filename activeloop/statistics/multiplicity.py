"""Many tests at once: Holm for gates, Benjamini-Hochberg for exploration."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from activeloop.arrays import FloatArray


def holm(p: FloatArray) -> FloatArray:
    """Adjust p-values so that one false alarm or more among all tests has at most the level's probability.

    Of m tests in rising order, adjusted p(i) = max over j <= i of min(1, (m - j + 1) p(j)). NaN (no test was
    made) stays NaN and is not counted. Source: Holm 1979.

    >>> holm(np.array([0.01, 0.04, np.nan, 0.03])).round(6).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    return _stepped(p, lambda ordered: np.maximum.accumulate(ordered * np.arange(len(ordered), 0, -1)))


def benjamini_hochberg(p: FloatArray) -> FloatArray:
    """Adjust p-values so that the expected share of false alarms among all alarms is at most the level.

    Of m tests in rising order, q(i) = min over j >= i of min(1, m p(j) / j). NaN (no test was made) stays
    NaN and is not counted. Source: Benjamini and Hochberg 1995.

    >>> benjamini_hochberg(np.array([0.01, 0.04, np.nan, 0.03])).round(6).tolist()
    [0.03, 0.04, nan, 0.04]
    """

    def rising(ordered: FloatArray) -> FloatArray:
        scaled = ordered * len(ordered) / np.arange(1, len(ordered) + 1)
        return np.minimum.accumulate(scaled[::-1])[::-1]

    return _stepped(p, rising)


def _stepped(p: FloatArray, adjust: Callable[[FloatArray], FloatArray]) -> FloatArray:
    adjusted = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    adjusted[order] = np.minimum(adjust(p[order]), 1.0)
    return adjusted
