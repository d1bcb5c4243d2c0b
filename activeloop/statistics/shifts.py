"""How far one column lies from another: effect and test, for numbers, for categories, for what is missing."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from scipy.stats import ks_2samp, kstwo

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.statistics.columns import coded
from activeloop.statistics.comparison import proportions
from activeloop.statistics.tables import chi_square, chi_square_p, counts

MOST_CATEGORIES = 100
_MOST_EXACT = 1000


class Shift(NamedTuple):
    """An effect and a test with its p, and what a reader should see of the two columns."""

    effect: str
    value: float
    statistic_name: str
    statistic: float
    p: float
    seen: str


def of_numbers(reference: FloatArray, current: FloatArray) -> Shift:
    """Compare the distribution functions F and G of two columns of numbers, not all equal, without NaN.

    Effect: Wasserstein distance ∫ |F - G|, in population standard deviations of the reference; where that is
    constant, of both together. Test: D = max |F - G| (Kolmogorov, Smirnov), its p exact up to 1,000 values a
    side where scipy can count it, else from the one-sample distribution at n m / (n + m). With ties p is too
    large, never too small.

    >>> found = of_numbers(np.arange(10.0), np.arange(10.0) + 5)
    >>> round(found.value, 3), found.statistic, round(found.p, 3), found.seen
    (1.741, 0.5, 0.168, 'median 4.5 and IQR 4.5, then 9.5 and 4.5')
    """
    n, m = len(reference), len(current)
    both = np.sort(np.concatenate([reference, current]))
    f, g = (np.searchsorted(np.sort(one), both, "right") / len(one) for one in (reference, current))
    apart = np.abs(f - g)
    scale = float(np.std(reference)) or float(np.std(both))
    distance, d = float(apart[:-1] @ np.diff(both)), float(apart.max())
    if max(n, m) <= _MOST_EXACT:
        with warnings.catch_warnings():  # where exact counts overflow it says so and falls back
            warnings.simplefilter("ignore", RuntimeWarning)
            p = float(ks_2samp(reference, current, method="exact").pvalue)
    else:
        p = float(np.clip(kstwo.sf(d, round(n * m / (n + m))), 0, 1))
    (middle, spread), (then, then_spread) = (_middle(one) for one in (reference, current))
    seen = f"median {middle:.3g} and IQR {spread:.3g}, then {then:.3g} and {then_spread:.3g}"
    return Shift("W1 / std", distance / scale, "KS D", d, p, seen)


def of_categories(reference: Array, current: Array, seed: int, permutations: int) -> Shift:
    """Compare the shares of categories in two columns without missing values.

    Effect: Cramér's V of two sets of equal size with these shares, φ² = ½ Σ (p - q)² / (p + q), corrected for
    bias (Bergsma 2013) at N = 4 / (1/n + 1/m): the usual corrected V where n = m, and the same value however
    unequal the sets are, where the usual one shrinks. Test: chi-square (`tables.chi_square_p`). Categories
    beyond the 100 most frequent count as one.
    """
    codes, names = coded(np.concatenate([reference, current]))
    codes = np.minimum(codes, MOST_CATEGORIES)
    sets = np.repeat([0, 1], [len(reference), len(current)])
    table = counts(sets, codes)
    if table.shape[1] == 1:
        return Shift("Cramer's V", 0.0, "chi2", 0.0, 1.0, f"always {names[0]}")
    before, after = table / table.sum(axis=1, keepdims=True)
    most = int(np.argmax(np.abs(before - after)))
    name = "others" if most == MOST_CATEGORIES else names[most]
    seen = f"{name} {before[most]:.1%}, then {after[most]:.1%}"
    p = chi_square_p(table, seed, permutations)
    return Shift("Cramer's V", _cramer(table), "chi2", float(chi_square(table)), p, seen)


def of_missing(reference: BoolArray, current: BoolArray) -> Shift:
    """Compare the shares of missing values: their difference, and the mid-p test of two proportions."""
    hits, n = ([float(f(one)) for one in (current, reference)] for f in (np.count_nonzero, len))
    found = proportions(*(np.array([one]) for one in (hits[0], n[0], hits[1], n[1])))
    value = float(found.value[0])
    seen = f"NULL {reference.mean():.1%}, then {current.mean():.1%}"
    return Shift("share of NULL", value, "difference", value, float(found.p[0]), seen)


def _middle(values: FloatArray) -> tuple[float, float]:
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75])
    return float(median), float(high - low)


def _cramer(table: IntArray) -> float:
    n, m = table.sum(axis=1)
    before, after = table[0] / n, table[1] / m
    total, k = 4 / (1 / n + 1 / m), table.shape[1]
    phi2 = float(((before - after) ** 2 / (before + after)).sum()) / 2
    phi2 = max(0.0, phi2 - (k - 1) / (total - 1))
    columns, rows = (size - 1 - (size - 1) ** 2 / (total - 1) for size in (k, 2))
    least = min(columns, rows)
    return float(np.sqrt(phi2 / least)) if phi2 > 0 < least else 0.0
