"""Where the usual values of a column end: Tukey's fences, and what replaces them for skew and for ties."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.errors import ConfigurationError, DataError, unknown
from activeloop.statistics.columns import column, is_number
from activeloop.statistics.medcouple import medcouple

Method: TypeAlias = Literal["auto", "tukey", "adjusted", "none"]

FEWEST = 10
MILD, EXTREME = 1.5, 3.0
_SKEWED, _MOST_SKEWED = 0.1, 0.6
_TAILS = (1 / 8, 1 / 16, 1 / 32, 1 / 64)
_Z_OF_TAILS = (1.150349, 1.534121, 1.862732, 2.153875)
_Z_MILD, _Z_EXTREME = 2.697959, 4.721429  # where Tukey's fences stand on normal data
_MOST_SORTED = 50_000


class Bounds(NamedTuple):
    """The lowest and the highest value that are not out."""

    low: float
    high: float


@dataclass(frozen=True)
class Fences:
    """The usual values of a reference set: quantiles `low` and `high`, and the fences around them.

    `tail` is the share of the reference below `low` (and above `high`): 1/4, so that they are the quartiles
    and `spread` their range (IQR), unless half the values are equal. `rule` says how the fences were made,
    `reason` why there are none (then all bounds are infinite).
    """

    n: int
    low: float
    median: float
    high: float
    tail: float
    mild: Bounds
    extreme: Bounds
    medcouple: float
    rule: str
    reason: str = ""
    quantiles: str = "linear interpolation"

    @property
    def spread(self) -> float:
        """From the low to the high quantile."""
        return self.high - self.low


def fences(reference: Any, *, method: Method = "auto") -> Fences:
    """Make the fences of a column of numbers (n,); NaN is ignored.

    "tukey" (Tukey 1977): mild beyond 1.5 · IQR from the quartiles, extreme beyond 3 · IQR. "adjusted"
    (Hubert, Vandervieren 2008): the same times e^(-4 M) below and e^(3 M) above for a medcouple M >= 0,
    e^(-3 M) and e^(4 M) for M < 0, M held to ±0.6, where the formula was fitted. "auto": if |M| > 0.1 the
    farther of the two on each side, since the nearer one cuts into the bulk of few values, of two groups and
    of ties; else Tukey's. "none": for ranks and random numbers, which have no outliers. Above 50,000 values M
    is that of as many evenly spaced order statistics.

    If IQR = 0, half the values are equal and quartiles say nothing. Then quantiles further out take their
    place: of those 1/8, 1/16, 1/32 and 1/64 from either end, read outward at values that occur, the pair
    after the first that differ (or the last). The fences stand as many spreads from them as puts them where
    Tukey's are on normal data. If all are equal, so are all but 1/32 of the values; any other is mildly out.

    No fences below 10 values. Raises DataError for a column that is not of numbers.

    >>> fences(range(100)).mild
    Bounds(low=-49.5, high=148.5)
    >>> fences([0.0] * 90 + [1.0] * 10).mild.high > 1
    True
    """
    if method not in get_args(Method):
        raise ConfigurationError(unknown("method", method, get_args(Method)))
    values = column(reference)
    if not is_number(values):
        raise DataError("outliers need a column of numbers; this one has categories")
    values = np.sort(values[~np.isnan(values)])
    if method == "none":
        return _without(values, "ranks and random numbers have no outliers")
    if len(values) < FEWEST:
        return _without(values, f"insufficient: {len(values)} values, {FEWEST} are needed")
    low, median, high = (float(one) for one in np.quantile(values, [0.25, 0.5, 0.75], method="linear"))
    if high == low:
        return _of_ties(values, median)
    skew = _skew(values)
    adjusted = method == "adjusted" or (method == "auto" and abs(skew) > _SKEWED)
    below, above = _stretched(skew) if adjusted else (1.0, 1.0)
    if method == "auto":
        below, above = max(1.0, below), max(1.0, above)
    iqr, rule = high - low, "adjusted boxplot" if adjusted else "Tukey"
    mild, extreme = (Bounds(low - below * k * iqr, high + above * k * iqr) for k in (MILD, EXTREME))
    return Fences(len(values), low, median, high, 0.25, mild, extreme, skew, rule)


def _without(values: FloatArray, reason: str) -> Fences:
    median = float(np.median(values)) if len(values) else np.nan
    everything = Bounds(-np.inf, np.inf)
    return Fences(len(values), np.nan, median, np.nan, np.nan, everything, everything, np.nan, "none", reason)


def _of_ties(values: FloatArray, median: float) -> Fences:
    n, wide = len(values), []
    for tail, z in zip(_TAILS, _Z_OF_TAILS, strict=True):
        depth = int(tail * (n - 1))
        if values[-1 - depth] > values[depth]:
            wide.append((tail, z, float(values[depth]), float(values[-1 - depth])))
    if not wide:
        everything, only = Bounds(-np.inf, np.inf), Bounds(median, median)
        return Fences(n, median, median, median, _TAILS[-1], only, everything, np.nan, "one value")
    tail, z, low, high = wide[:2][-1]
    mild, extreme = (
        Bounds(low - k * (high - low), high + k * (high - low))
        for k in ((fence / z - 1) / 2 for fence in (_Z_MILD, _Z_EXTREME))
    )
    read = "order statistics, outward"
    return Fences(n, low, median, high, tail, mild, extreme, np.nan, "letter values", quantiles=read)


def _stretched(skew: float) -> tuple[float, float]:
    held = max(-_MOST_SKEWED, min(_MOST_SKEWED, skew))
    return (exp(-4 * held), exp(3 * held)) if held >= 0 else (exp(-3 * held), exp(4 * held))


def _skew(values: FloatArray) -> float:
    """Give the medcouple of rising values."""
    if len(values) > _MOST_SORTED:
        values = values[np.linspace(0, len(values) - 1, _MOST_SORTED).round().astype(np.int64)]
    return medcouple(values)
