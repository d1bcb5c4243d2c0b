"""Equal-count bins of a metric: each with enough items to say something, the missing in one of their own."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from activeloop.arrays import BoolArray, FloatArray
from activeloop.errors import ConfigurationError

ENOUGH = 10
"""Items below which nothing is concluded."""


class Bin(NamedTuple):
    """Items (n,) from `low` up to, not including, `high`; the last bin holds both. None: the missing ones."""

    low: float | None
    high: float | None
    median: float | None
    members: BoolArray


def equal_count(values: FloatArray, bins: int = 10) -> tuple[Bin, ...]:
    """Cut values (n,) into at most so many bins of nearly equal count, each with 10 items or more.

    The edges are values of the data: equal values stay together, and a bin that would be left with fewer
    than 10 items is merged with a neighbor. Where some are NaN they are the last bin. Raises
    ConfigurationError for less than one bin.

    >>> made = equal_count(np.array([*range(30), np.nan]), bins=2)
    >>> [(one.low, one.high, one.median, int(one.members.sum())) for one in made]
    [(0.0, 15.0, 7.0, 15), (15.0, 29.0, 22.0, 15), (None, None, None, 1)]
    """
    if bins < 1:
        raise ConfigurationError(f"{bins} bins; at least 1 is needed")
    missing = np.isnan(values)
    ordered = np.sort(values[~missing])
    made = []
    if len(ordered):
        starts = _starts(ordered, bins)
        edges = [*ordered[starts].tolist(), float(ordered[-1])]
        for low, high in itertools.pairwise(edges):
            last = high == edges[-1] and low == edges[-2]
            inside = (values >= low) & ((values <= high) if last else (values < high))
            made.append(Bin(low, high, float(np.median(values[inside])), inside))
    if missing.any():
        made.append(Bin(None, None, None, missing))
    return tuple(made)


def _starts(ordered: FloatArray, bins: int) -> list[int]:
    """Give the places in the order at which the bins begin."""
    n = len(ordered)
    kept = [0]
    for cut in range(1, bins):
        start = int(np.searchsorted(ordered, ordered[cut * n // bins]))
        if start - kept[-1] >= ENOUGH and n - start >= ENOUGH:
            kept.append(start)
    return kept
