"""What goes together: rank correlation, and the share of a target's entropy that a column explains."""

from __future__ import annotations

from math import exp, lgamma, log
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit, xlogy

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import DataError
from activeloop.statistics.columns import Order, coded, column, is_missing, is_number
from activeloop.statistics.tables import counts, information, share_as_large, shuffled

_Z = float(ndtri(0.975))
_BINS, _PER_BIN, _FEWEST = 10, 10, 4


class Association(NamedTuple):
    """Spearman's rank correlation in [-1, 1], its 95 % interval and p against none; NaN where undefined."""

    rho: float
    low: float
    high: float
    n: int
    p: float


class Information(NamedTuple):
    """The share in [0, 1] of the target's entropy that a column explains, p against none, and the pairs."""

    value: float
    p: float
    n: int


def spearman(x: Any, y: Any) -> Association:
    """Correlate the ranks of two columns of numbers or booleans (n,), ties at their mean rank.

    Pairs with a NaN are dropped. p is of t = ρ √((n - 2) / (1 - ρ²)) on n - 2 degrees of freedom, and never
    below the 2 / n! that n pairs can give. The interval is tanh(artanh ρ ± w), w the wider of two: Bonett and
    Wright's (2000) z √((1 + ρ²/2) / (n - 3)), right for what is nearly normal and for a target of two values,
    and Student's t times the error of the infinitesimal jackknife (Efron 1982), right under unequal spread.

    All are NaN with fewer than 4 pairs or a constant column; the interval of ρ = ±1 is NaN: it says nothing.

    >>> x = np.arange(40.0)
    >>> rho, low, high, n, p = spearman(x, np.where(x < 1, np.nan, x % 8 + x / 4))
    >>> round(rho, 3), round(low, 3), round(high, 3), n, p < 1e-9
    (0.81, 0.635, 0.906, 39, True)
    """
    x, y = _pairs(x, y)
    if not is_number(x) or not is_number(y):
        raise DataError("rank correlation needs two columns of numbers; mutual_information takes categories")
    n = len(x)
    if n < _FEWEST or x.min() == x.max() or y.min() == y.max():
        return Association(np.nan, np.nan, np.nan, n, np.nan)
    rho, error = _rank_correlation(x, y)
    rest = 1 - rho**2
    if rest < 1e-12:
        return Association(rho, np.nan, np.nan, n, _least_p(n))
    p = 2 * float(stdtr(n - 2, -abs(rho) * np.sqrt((n - 2) / rest)))
    nearly_normal = _Z * np.sqrt((1 + rho**2 / 2) / (n - 3))
    by_jackknife = float(stdtrit(n - 2, 0.975)) * error / rest * np.sqrt((n - 1) / (n - 3))
    low, high = np.tanh(np.arctanh(rho) + np.array([-1, 1]) * max(nearly_normal, by_jackknife))
    return Association(rho, float(low), float(high), n, max(p, _least_p(n)))


def mutual_information(x: Any, y: Any, seed: int = 0, permutations: int = 999) -> Information:
    """Give how much of the entropy of a target y (n,) a column x (n,) explains, of any shape of dependence.

    Numbers with more than 10 distinct values fall into equal-count bins: 10, or n // 10 if that is fewer (2
    at least); equal values stay together. Others are categories. Pairs with a missing value are dropped.
    With I the mutual information of the table and E its mean over `permutations` seeded tables with the same
    margins (that is, over shuffles of y), value = max(0, (I - E) / (H(y) - E)) and
    p = (1 + #{I* >= I}) / (1 + permutations). Corrected for chance as by Vinh, Epps, Bailey (2010).

    NaN where y or x has a single value.

    >>> x = np.arange(200) % 20
    >>> value, p, n = mutual_information(x, abs(x - 10) > 5)
    >>> round(value, 2), p, n
    (0.9, 0.001, 200)
    >>> spearman(x, abs(x - 10) > 5).p > 0.05
    True
    """
    x, y = _pairs(x, y)
    n = len(x)
    table = counts(_binned(x), _binned(y))
    if min(table.shape) < 2:
        return Information(np.nan, np.nan, n)
    known, chance = float(information(table)), information(shuffled(table, permutations, seed))
    share = table.sum(axis=0) / n
    expected, entropy = float(chance.mean()), -float(xlogy(share, share).sum())
    value = (known - expected) / (entropy - expected) if entropy > expected else 0.0
    return Information(max(0.0, value), share_as_large(chance, known), n)


def _pairs(x: Any, y: Any) -> tuple[Array, Array]:
    x, y = column(x, "x"), column(y, "y")
    if len(x) != len(y):
        raise DataError(f"x has {len(x)} values and y {len(y)}; one each per item is needed")
    known = ~(is_missing(x) | is_missing(y))
    return x[known], y[known]


def _rank_correlation(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Give ρ and its error by the infinitesimal jackknife: how ρ moves with the weight of each pair."""
    n = len(x)
    of_x, of_y = Order.of(x), Order.of(y)
    f, g = (one.back((one.first + one.last - n) / (2 * n)) for one in (of_x, of_y))
    xy, xx, yy = float(f @ g) / n, float(f @ f) / n, float(g @ g) / n
    rho = min(1.0, max(-1.0, float(xy / np.sqrt(xx * yy))))
    of_xy = f * g + _mean_above(of_x, g) + _mean_above(of_y, f)
    of_xx, of_yy = f**2 + 2 * _mean_above(of_x, f), g**2 + 2 * _mean_above(of_y, g)
    moves = (of_xy - of_xy.mean()) / np.sqrt(xx * yy)
    moves -= rho / 2 * ((of_xx - of_xx.mean()) / xx + (of_yy - of_yy.mean()) / yy)
    return rho, float(np.sqrt(moves @ moves / (n * (n - 1))))


def _mean_above(x: Order, weights: FloatArray) -> FloatArray:
    """Give, for each x_i, the mean over all pairs of weight where x > x_i, half of it where x = x_i."""
    sums = np.concatenate([[0.0], np.cumsum(weights[x.positions])])
    return x.back((sums[-1] - (sums[x.first] + sums[x.last]) / 2) / len(weights))


def _binned(values: Array) -> IntArray:
    """Give whole numbers from 0, none skipped."""
    if is_number(values) and len(np.unique(values)) > _BINS:
        n_bins = max(2, min(_BINS, len(values) // _PER_BIN))
        edges = np.unique(np.quantile(values, np.arange(1, n_bins) / n_bins))
        values = np.searchsorted(edges, values, side="right").astype(np.float64)
    return coded(values).codes


def _least_p(n: int) -> float:
    return exp(log(2) - lgamma(n + 1))
