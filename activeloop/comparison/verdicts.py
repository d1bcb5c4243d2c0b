"""From p-values to words: what is shown after correction, what is not, and what could not have been."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.comparison.paired import Paired, Test
from activeloop.comparison.power import least_seeds
from activeloop.comparison.result import BETTER, INSUFFICIENT, NO_DIFFERENCE, NOT_COMPARABLE, WORSE
from activeloop.wording import count

LEVEL = 0.05
SUPPORT = 10
"""Fewest holdout items of a slice for a verdict."""


class Judged(NamedTuple):
    """The corrected p, the verdict and the reason of every row."""

    p_adjusted: FloatArray
    verdict: Array
    why: Array


def corrected(p: FloatArray, family: IntArray, correct: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Correct the p-values of each family (rows with one number) by themselves.

    >>> from activeloop.statistics import holm
    >>> corrected(np.array([0.01, 0.02, 0.04]), np.array([1, 1, 2]), holm).tolist()
    [0.02, 0.02, 0.04]
    """
    adjusted = np.full(len(p), np.nan)
    order = np.argsort(family, kind="stable")
    edges = np.flatnonzero(np.diff(family[order])) + 1
    for rows in np.split(order, edges):
        adjusted[rows] = correct(p[rows])
    return adjusted


def tests_made(p: FloatArray, family: IntArray) -> IntArray:
    """Give the number of tests in the family of every row."""
    _, which = np.unique(family, return_inverse=True)
    return np.asarray(np.bincount(which, ~np.isnan(p)).astype(np.int64)[which])


def judged(
    found: Paired,
    p_adjusted: FloatArray,
    together: IntArray,
    support: FloatArray,
    lower_is_better: BoolArray,
    test: Test,
) -> Judged:
    """Give the verdict of every row; `together` is the number of tests it had to be corrected for.

    "better" or "worse" takes a corrected p below 0.05 and a mean difference on the side that the test says.
    """
    few_items = support < SUPPORT
    least = np.array([least_seeds(m, test) for m in range(int(together.max(initial=1)) + 1)])[together]
    shown = (p_adjusted < LEVEL) & ~few_items
    sides_agree = np.sign(found.excess) == np.sign(found.difference)
    up = (found.difference > 0) ^ lower_is_better
    constant = np.isnan(found.p) & (found.n >= 2)
    conditions = (
        (found.n == 0, NOT_COMPARABLE),
        (few_items, INSUFFICIENT),
        (constant, INSUFFICIENT),
        (shown & sides_agree & up, BETTER),
        (shown & sides_agree, WORSE),
        (shown, NO_DIFFERENCE),
        (found.n < least, INSUFFICIENT),
    )
    verdict = np.select([one for one, _ in conditions], [word for _, word in conditions], NO_DIFFERENCE)
    why = np.full(len(verdict), "", dtype=object)
    why[shown & ~sides_agree] = "mean and ranks point different ways"
    for i in np.flatnonzero((found.n < least) & (verdict == INSUFFICIENT)):
        why[i] = (
            f"{count(int(found.n[i]), 'seed')}; the test cannot reach {LEVEL} with fewer than {least[i]}"
            + (f" when {together[i]} are compared" if together[i] > 1 else "")
        )
    why[constant] = "the difference is the same under every seed, so the t test has no spread to go by"
    for i in np.flatnonzero(few_items):
        why[i] = f"the slice has {count(int(support[i]), 'holdout item')}; a verdict takes {SUPPORT}"
    why[found.n == 0] = "no seed gave both a value"
    return Judged(p_adjusted, verdict.astype(object), why)
