"""The kinds of score: a proportion, a formula of sums, a value under weights, a function to be called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.scoring.predictions import Predictions
from activeloop.statistics.intervals import ANY, Bounds


def _no_codes() -> IntArray:
    return np.empty(0, dtype=np.int64)


def as_it_is(share: FloatArray) -> FloatArray:
    """Give the share itself."""
    return share


@dataclass(frozen=True, eq=False)
class Coded:
    """Predictions with their labels as codes: positions in the sorted classes; empty in regression.

    `center` is a number near the mean label, for stable sums of squares.
    """

    given: Predictions
    true: IntArray = field(default_factory=_no_codes)
    predicted: IntArray = field(default_factory=_no_codes)
    n_classes: int = 0
    center: float = 0.0


# Sums over groups of rows: by statistic, (...) of a number per row, or (..., kinds) of a kind per row.
Sums: TypeAlias = Mapping[str, FloatArray]


class Codes(NamedTuple):
    """A kind per row, from 0 to `kinds` - 1, to be counted."""

    of_row: IntArray
    kinds: int


# What is summed: a number per row, or how often each kind occurs.
Statistic: TypeAlias = Callable[[Coded], FloatArray | Codes]


# A rising function of a share.
OfShare: TypeAlias = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Proportion:
    """A share, hits of trials, both of them sums over rows; or what rises with it, as `of_share` says."""

    name: str
    needs: tuple[str, ...]
    hits: Callable[[Sums], FloatArray]
    trials: Callable[[Sums], FloatArray]
    undefined: str = "no item"
    of_share: OfShare = as_it_is
    needs_probabilities: bool = False


@dataclass(frozen=True)
class Formula:
    """A value computed from sums over rows; NaN where it is undefined.

    `floor`: a few items can sway it, as those of a rare class sway an average over classes; the parts of
    a slice may then all agree by chance, so its interval is no narrower than that of a proportion.
    """

    name: str
    needs: tuple[str, ...]
    value: Callable[[Sums], FloatArray]
    bounds: Bounds = ANY
    undefined: str = "no item"
    needs_probabilities: bool = False
    floor: bool = False


@dataclass(frozen=True)
class Weighted:
    """A value under weights of rows: from true codes (m,), probabilities (m, C), weights (R, m) to (R,)."""

    name: str
    value: Callable[[IntArray, Array, FloatArray], FloatArray]
    bounds: Bounds
    undefined: str
    needs_probabilities: bool = True


@dataclass(frozen=True)
class Called:
    """A value that a function gives for some rows; a text instead is the reason why there is none."""

    name: str
    function: Callable[[Predictions], float | str]
    bounds: Bounds = ANY
    needs_probabilities: bool = False
    has_interval: bool = True


Score: TypeAlias = Proportion | Formula | Weighted | Called
