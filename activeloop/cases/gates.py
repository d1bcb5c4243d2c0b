"""Many gates at once: verdicts of which, at 95 %, none is wrong, and the interval that they go by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from activeloop.arrays import BoolArray, FloatArray
from activeloop.statistics import holm

ALPHA = 0.025
"""The chance of one false "fail" or more among all cases, and of one false "pass": 5 % together."""


class Gates(NamedTuple):
    """Which cases are decided, and the level by which all of them were: p <= level."""

    decided: BoolArray
    level: float


def gates(p: Sequence[float]) -> Gates:
    """Decide cases by their one-sided p-values so that the chance of any false decision is at most 2.5 %.

    Holm's (1979) step-down rule, valid however the cases hang together. Where R of m are decided, it is the
    same as to compare each p with 0.025 / (m - R) (0.025 when all are decided): that level gives the
    one-sided ends that are shown, so a case passes exactly when its interval lies on the right side of its
    bound. Ends that decide nothing hold for all cases together (Strassburger and Bretz 2008); for a case that
    is decided the promise is its verdict, not how far the end lies from the bound. NaN is not tested. A case
    alone goes by its 95 % interval.

    >>> gates([0.001, 0.02, 0.012])
    Gates(decided=array([ True,  True,  True]), level=0.025)
    >>> gates([0.001, 0.02, 0.5])
    Gates(decided=array([ True, False, False]), level=0.0125)
    """
    values: FloatArray = np.asarray(p, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        decided: BoolArray = holm(values) <= ALPHA
    tested = int(np.count_nonzero(~np.isnan(values)))
    return Gates(decided, ALPHA / max(tested - int(decided.sum()), 1))
