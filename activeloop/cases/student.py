"""Any other score against a bound: Student's t with a jackknife error, on the scale that suits the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from activeloop.arrays import FloatArray
from activeloop.statistics.intervals import Bounds, jackknife


@dataclass(frozen=True)
class Student:
    """A value with a jackknife error, on the scale on which its error is most alike everywhere.

    The scale is logit for a score between two bounds, the logarithm of the distance to the one bound that a
    score has, and the plain one for a difference. t with `freedom` degrees; ends never pass the bounds. On
    the plain scale an F1 near 1 seems too sure: 0.98 passes a bound of 0.98 7 % of the time on 300 items.

    Between two bounds the error is held to be no less than that of a proportion of n items at the bound, as
    in Wilson's interval: where few items are wrong, the blocks know little of how it scatters.

    >>> near_one = Student(0.98, 0.01, 19, (0.0, 1.0), 200)
    >>> round(near_one.low(0.025), 3), round(near_one.high(0.025), 3)
    (0.944, 0.993)
    """

    value: float
    error: float
    freedom: int
    bounds: Bounds
    n: int = 0

    def above(self, bound: float) -> float:
        """Give the p-value of "the truth is at most the bound"."""
        return float(stdtr(self.freedom, -self._t(bound)))

    def below(self, bound: float) -> float:
        """Give the p-value of "the truth is at least the bound"."""
        return float(stdtr(self.freedom, self._t(bound)))

    def low(self, level: float) -> float:
        """Give the lower end."""
        return self._end(float(stdtrit(self.freedom, level)))

    def high(self, level: float) -> float:
        """Give the upper end."""
        return self._end(-float(stdtrit(self.freedom, level)))

    def _t(self, bound: float) -> float:
        t = (_to(self.value, self.bounds) - _to(bound, self.bounds)) / self._error()
        floor = self._floor(bound)
        return min(t, (self.value - bound) / floor, key=abs) if floor > 0 else t

    def _floor(self, bound: float) -> float:
        low, high = self.bounds
        if np.isinf(high - low):
            return 0.0
        return float(np.sqrt(max(bound - low, 0.0) * max(high - bound, 0.0) / self.n))

    def _error(self) -> float:
        low, high = self.bounds
        slope = (1 / (self.value - low) if low > -np.inf else 0) + (
            1 / (high - self.value) if high < np.inf else 0
        )
        return self.error * (slope or 1.0)

    def _end(self, t: float) -> float:
        end, (low, high) = _back(_to(self.value, self.bounds) + t * self._error(), self.bounds), self.bounds
        if np.isinf(high - low):
            return end
        share, more = (self.value - low) / (high - low), t * t / self.n
        spread = np.sqrt(share * (1 - share) / self.n + more / (4 * self.n))
        wilson = low + (high - low) * (share + more / 2 + t * spread) / (1 + more)
        return float(min(end, wilson) if t < 0 else max(end, wilson))


def block_error(value: float, without: FloatArray, sizes: FloatArray) -> float:
    """Give the standard error by the delete-block jackknife (see `statistics.intervals.jackknife`).

    NaN where fewer than two blocks hold an item, or a part is undefined; 0 where all parts are the same.

    >>> x = np.arange(20.0)
    >>> error = block_error(x.mean(), (x.sum() - x) / 19, np.ones(20))
    >>> bool(np.isclose(error, x.std(ddof=1) / 20**0.5))
    True
    """
    if np.count_nonzero(sizes) < 2:
        return np.nan
    return float(jackknife(np.array([value]), without[None], sizes[None]).error[0])


def _to(value: float, bounds: Bounds) -> float:
    low, high = bounds
    with np.errstate(divide="ignore"):
        from_low = np.log(value - low) if low > -np.inf else 0.0
        from_high = np.log(high - value) if high < np.inf else 0.0
    return float(from_low - from_high) if (low, high) != (-np.inf, np.inf) else value


def _back(scaled: float, bounds: Bounds) -> float:
    low, high = bounds
    if low > -np.inf and high < np.inf:
        return low + (high - low) / (1 + float(np.exp(-np.clip(scaled, -700, 700))))
    if high < np.inf:
        return high - float(np.exp(-scaled))
    return low + float(np.exp(scaled)) if low > -np.inf else scaled
