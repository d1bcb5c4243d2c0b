"""The medcouple: how skewed the middle of a column is, in [-1, 1], in n log n time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from activeloop.arrays import FloatArray, IntArray


def medcouple(values: FloatArray) -> float:
    """Give the median of h(x, y) = ((y - m) - (m - x)) / (y - x) over all pairs x <= m <= y, m the median.

    values : (n,) without NaN. 0 for a symmetric column, toward 1 with a long tail to the right. Of the k
    values that equal m, the i-th and the j-th count as sign(k - 1 - i - j). NaN for no value at all.

    h = (r - 1) / (r + 1) grows with the ratio r = (y - m) / (m - x), and how many pairs are below a ratio can
    be counted in sorted order; so bisection finds the median without making n² pairs. Source: Brys, Hubert,
    Struyf 2004.

    >>> round(medcouple(np.array([0.0, 1.0, 2.0, 4.0, 10.0])), 4)
    0.3333
    """
    if len(values) == 0:
        return float("nan")
    centered = values - np.median(values)
    pairs = _Pairs.of(centered[centered > 0], -centered[centered < 0])
    up, down = int(np.count_nonzero(centered > 0)), int(np.count_nonzero(centered < 0))
    ties = len(values) - up - down
    lowest = ties * down + ties * (ties - 1) // 2
    n_pairs = (up + ties) * (down + ties)

    def ranked(rank: int) -> float:
        """Give the h of a rank from 0: first all -1, then the ratios with zeros among them, then all 1."""
        if rank < lowest:
            return -1.0
        if rank >= lowest + up * down + ties:
            return 1.0
        upto_zero = pairs.n_below(pairs.places(1.0))
        of_ratio = rank - lowest
        if upto_zero <= of_ratio < upto_zero + ties:
            return 0.0
        return pairs.ranked(of_ratio if of_ratio < upto_zero else of_ratio - ties)

    return (ranked((n_pairs - 1) // 2) + ranked(n_pairs // 2)) / 2


class _Pairs(NamedTuple):
    """Distances from the median, above and below it: distinct, rising, and how often each occurs."""

    above: FloatArray
    n_above: IntArray
    below: FloatArray
    n_below_each: IntArray

    @classmethod
    def of(cls, above: FloatArray, below: FloatArray) -> _Pairs:
        (ups, n_ups), (downs, n_downs) = (np.unique(one, return_counts=True) for one in (above, below))
        return cls(ups, n_ups.astype(np.int64), downs, n_downs.astype(np.int64))

    def places(self, ratio: float) -> IntArray:
        """Give, for each distance below, how many distances above are at most ratio times it."""
        return np.searchsorted(self.above, self.below * ratio, side="right")

    def n_below(self, places: IntArray) -> int:
        """Count the pairs before these places."""
        return int((np.concatenate([[0], np.cumsum(self.n_above)])[places] * self.n_below_each).sum())

    def ranked(self, rank: int) -> float:
        """Find the h of a rank among these pairs: halve its range until few pairs are left, and sort them."""
        low, high, before = -1.0, 1.0, 0
        first, last = np.zeros(len(self.below), np.int64), np.full(len(self.below), len(self.above))
        while (last - first).sum() > 2 * (len(self.above) + len(self.below)) and high - low > 1e-15:
            h = (low + high) / 2
            places = self.places((1 + h) / (1 - h))
            n_below = self.n_below(places)
            if n_below > rank:
                high, last = h, places
            else:
                low, first, before = h, places, n_below
        lengths = last - first
        rows = np.repeat(np.arange(len(lengths)), lengths)
        columns = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths - first, lengths)
        y, x = self.above[columns], self.below[rows]
        h_of = (y - x) / (y + x)
        order = np.argsort(h_of, kind="stable")
        passed = np.cumsum((self.n_above[columns] * self.n_below_each[rows])[order])
        return float(h_of[order][np.searchsorted(passed, rank - before, side="right")])
