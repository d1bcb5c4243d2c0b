"""Strategies over data sets: Friedman's test and Nemenyi's critical difference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import factorial
from scipy.stats import f as f_distribution
from scipy.stats import friedmanchisquare, rankdata, studentized_range

from activeloop.arrays import FloatArray
from activeloop.comparison.result import Ranks
from activeloop.errors import DataError

LEVEL = 0.05


def ranks(values: FloatArray, strategies: Sequence[str], data: Sequence[str]) -> Ranks:
    """Rank strategies within each data set, and say which mean ranks are too near to be told apart.

    `values` (n_data, n_strategies): larger is better. With N data sets, k strategies: Friedman's chi-square
    (scipy's, corrected for ties); Iman, Davenport F = (N - 1) χ² / (N (k - 1) - χ²) with k - 1 and
    (k - 1)(N - 1) degrees; Nemenyi's critical difference q(0.05, k, ∞) / √2 · √(k (k + 1) / 6N). Mean ranks
    within it are joined into groups, whatever Friedman's p; read them only where that is small. Source:
    Demšar 2006.

    >>> values = np.array([[0.9, 0.8, 0.7], [0.8, 0.7, 0.6], [0.9, 0.7, 0.8], [0.7, 0.6, 0.5]])
    >>> found = ranks(values, ["margin", "entropy", "random"], ["a", "b", "c", "d"])
    >>> found.mean, round(found.critical_difference, 3), found.groups
    ((1.0, 2.25, 2.75), 1.657, (('margin', 'entropy'), ('entropy', 'random')))

    Raises DataError for fewer than 3 strategies or 2 data sets, and for a value that is missing.
    """
    n, k = values.shape
    if n < 2 or k < 3 or np.isnan(values).any():
        raise DataError(f"ranks take at least 2 data sets and 3 strategies, none missing; given: {n} and {k}")
    each = rankdata(-values, axis=1)
    mean = each.mean(axis=0)
    chi, p = (np.nan, 1.0) if np.ptp(each) == 0 else map(float, friedmanchisquare(*values.T))
    left = n * (k - 1) - chi
    F = np.nan if np.isnan(chi) else (n - 1) * chi / left if left > 1e-9 else np.inf
    error = np.sqrt(k * (k + 1) / (6 * n))
    apart = np.abs(mean[:, None] - mean[None, :])
    order = np.argsort(mean, kind="stable")
    difference = float(studentized_range.ppf(1 - LEVEL, k, np.inf) / np.sqrt(2) * error)
    nemenyi = np.asarray(studentized_range.sf(apart / error * np.sqrt(2), k, np.inf))
    np.fill_diagonal(nemenyi, 1.0)
    return Ranks(
        strategies=tuple(strategies[i] for i in order),
        mean=tuple(float(mean[i]) for i in order),
        data=tuple(data),
        friedman=chi,
        p=p,
        iman_davenport=F,
        iman_davenport_p=_iman_davenport_p(F, n, k),
        critical_difference=difference,
        groups=_groups([strategies[i] for i in order], mean[order], difference),
        nemenyi=np.minimum(nemenyi[np.ix_(order, order)], 1.0),
    )


def _iman_davenport_p(F: float, n: int, k: int) -> float:
    """Give the p of F, but none below what n rankings of k can give: all alike has chance k!^(1 - n)."""
    if np.isnan(F):
        return 1.0
    return max(float(f_distribution.sf(F, k - 1, (k - 1) * (n - 1))), float(factorial(k)) ** (1 - n))


def _groups(names: Sequence[str], mean: FloatArray, difference: float) -> tuple[tuple[str, ...], ...]:
    """Join neighbors of which the outermost are no further apart than the critical difference."""
    reach = [int(np.flatnonzero(mean <= first + difference).max()) for first in mean]
    spans = [(i, end) for i, end in enumerate(reach) if end > i and (i == 0 or end > reach[i - 1])]
    return tuple(tuple(names[i : end + 1]) for i, end in spans)
