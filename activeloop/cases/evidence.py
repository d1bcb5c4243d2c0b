"""What the items say of the true score: the chance of what was seen, were it just the bound; and ends."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from activeloop.arrays import BoolArray
from activeloop.cases.differences import Difference, PairedShares
from activeloop.cases.shares import Share
from activeloop.cases.student import Student, block_error
from activeloop.scoring.parts import Parts


class Evidence(Protocol):
    """One-sided p-values against a bound, and the ends of the interval that they make.

    `above(b)` is the chance of a value as high as was seen, or higher, were the truth b: where it is small,
    the truth lies above b. `below(b)` is its mirror. `low(level)` is the b at which `above(b)` is the level.
    """

    def above(self, bound: float) -> float:
        """Give the p-value of "the truth is at most the bound"."""
        ...

    def below(self, bound: float) -> float:
        """Give the p-value of "the truth is at least the bound"."""
        ...

    def low(self, level: float) -> float:
        """Give the lower end, which the truth lies below with at most the level's chance."""
        ...

    def high(self, level: float) -> float:
        """Give the upper end."""
        ...


def of_parts(parts: Parts) -> Evidence | None:
    """Give the evidence for one score on one slice; None where there is no interval."""
    if parts.hits is not None:
        return Share(int(parts.hits.sum()), parts.n) if parts.n else None
    error = block_error(parts.value, parts.without, parts.sizes)
    if parts.value in parts.bounds or not error > 0:
        return None
    return Student(parts.value, error, _freedom(parts), parts.bounds, parts.n)


def of_difference(new: Parts, old: Parts) -> Evidence | None:
    """Give the evidence for how much higher one model scores than another on the same items."""
    if new.hits is not None and old.hits is not None and _same(new.tried, old.tried):
        gained, lost = int((new.hits & ~old.hits).sum()), int((old.hits & ~new.hits).sum())
        return PairedShares(gained, lost, new.n) if new.n else None
    value, span = new.value - old.value, new.bounds[1] - new.bounds[0]
    error = block_error(value, new.without - old.without, new.sizes)
    if np.isfinite(span) and not np.isnan(error):
        return Difference(value, error, _freedom(new), int(new.sizes.sum()), span)
    return Student(value, error, _freedom(new), (-np.inf, np.inf)) if error > 0 else None


def _freedom(parts: Parts) -> int:
    return int(np.count_nonzero(parts.sizes)) - 1


def _same(one: BoolArray | None, other: BoolArray | None) -> bool:
    return one is not None and other is not None and np.array_equal(one, other)
