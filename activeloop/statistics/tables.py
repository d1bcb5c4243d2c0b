"""Tables of counts: random ones with the same margins, which are what shuffling gives, and chi-square."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc, xlogy
from scipy.stats import random_table

from activeloop.arrays import FloatArray, IntArray
from activeloop.seeds import Component, generator


def counts(rows: IntArray, columns: IntArray) -> IntArray:
    """Count how often each pair of codes from 0 occurs.

    >>> counts(np.array([0, 0, 1]), np.array([1, 1, 0])).tolist()
    [[0, 2], [1, 0]]
    """
    width = int(columns.max(initial=0)) + 1
    cells = np.bincount(rows * width + columns, minlength=(int(rows.max(initial=0)) + 1) * width)
    return cells.reshape(-1, width).astype(np.int64)


def shuffled(table: IntArray, times: int, seed: int) -> IntArray:
    """Draw tables (times, r, c) with the margins of one, each as likely as shuffling one column makes it."""
    random = generator(seed, Component.PERMUTATION)
    margins = table.sum(axis=1), table.sum(axis=0)
    return np.asarray(random_table(*margins).rvs(times, random_state=random)).round().astype(np.int64)


def chi_square(table: IntArray) -> FloatArray:
    """Give Σ (observed - expected)² / expected of tables (..., r, c) without an empty row or column."""
    rows, columns = table.sum(axis=-1, keepdims=True), table.sum(axis=-2, keepdims=True)
    expected = rows * columns / table.sum(axis=(-2, -1), keepdims=True)
    return np.asarray(((table - expected) ** 2 / expected).sum(axis=(-2, -1)), dtype=np.float64)


def chi_square_p(table: IntArray, seed: int, permutations: int) -> float:
    """Give p of chi-square: by its distribution where all are expected 5 times, else by shuffling.

    By shuffling, p = (1 + #{χ²* >= χ²}) / (1 + permutations), which holds whatever the counts are. The rule
    of 5 is Cochran's (1954).
    """
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    seen = float(chi_square(table))
    if rows.min() * columns.min() / table.sum() >= 5:
        return float(chdtrc((len(rows) - 1) * (len(columns) - 1), seen))
    return share_as_large(chi_square(shuffled(table, permutations, seed)), seen)


def information(table: IntArray) -> FloatArray:
    """Give the mutual information, in nats, of the rows and the columns of tables (..., r, c)."""
    n = table.sum(axis=(-2, -1))
    joint, rows, columns = table, table.sum(axis=-1), table.sum(axis=-2)
    terms = (
        xlogy(joint, joint).sum(axis=(-2, -1)) - xlogy(rows, rows).sum(-1) - xlogy(columns, columns).sum(-1)
    )
    return np.asarray(terms / n + np.log(n), dtype=np.float64)


def share_as_large(chance: FloatArray, seen: float) -> float:
    """Give p = (1 + #{chance >= seen}) / (1 + number), where equal counts as equal despite rounding."""
    as_large = np.count_nonzero(chance >= seen - 1e-9 * max(1.0, abs(seen)))
    return float((1 + as_large) / (1 + len(chance)))
