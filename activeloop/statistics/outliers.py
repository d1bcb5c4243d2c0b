"""Which values lie outside the fences: a ranked list, each with its severity, statistic and reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import DataError
from activeloop.statistics.columns import column, is_number
from activeloop.statistics.fences import EXTREME, MILD, Fences, Method
from activeloop.statistics.fences import fences as fenced


@dataclass(frozen=True, eq=False)
class Outliers:
    """The values that lie outside, the furthest first: arrays (k,) beside each other.

    positions : places in the column. severity : "mild" or "extreme". side : "low" or "high". statistic : how
    far beyond the quartile, in IQRs (beyond `fences.low` or `.high`, in `fences.spread`); infinite where the
    reference has one value. `fences.reason` says why there can be none.
    """

    fences: Fences
    positions: IntArray
    values: FloatArray
    severity: Array
    side: Array
    statistic: FloatArray

    def __len__(self) -> int:
        return len(self.positions)

    def reason(self, at: int, name: str = "the value") -> str:
        """Say in a sentence why the value at one place of this list is out.

        >>> outliers([0.4, 0.93], reference=[0.3, 0.5] * 10).reason(0, "brightness")
        'brightness 0.93 is above the upper fence 0.8 (1.5 x IQR)'
        """
        value, of = f"{name} {self.values[at]:.4g}", self.fences
        if of.rule == "one value":
            return f"{value} differs from {of.median:.4g}, the value of nearly all ({of.n} known)"
        extreme, low = self.severity[at] == "extreme", self.side[at] == "low"
        bounds = of.extreme if extreme else of.mild
        fence, quantile = (bounds.low, of.low) if low else (bounds.high, of.high)
        factor = abs(fence - quantile) / of.spread
        scale = "IQR" if of.tail == 0.25 else f"the range of the middle {1 - 2 * of.tail:.1%}"
        usual = EXTREME if extreme else MILD
        by = ", adjusted for skew" if of.tail == 0.25 and abs(factor - usual) > 1e-9 else ""
        beyond = "below the lower" if low else "above the upper"
        return f"{value} is {beyond} {'extreme ' * extreme}fence {fence:.4g} ({factor:.3g} x {scale}{by})"


def outliers(values: Any, reference: Any = None, *, method: Method = "auto") -> Outliers:
    """Rank the outliers of a column of numbers (n,): extreme before mild, then by how many fences away.

    reference : the values that are usual, or `Fences` made of them before; by default the values themselves.
    NaN is never out, nor is what lies on a fence. Equals are in order of position.

    Raises DataError for a column that is not of numbers.

    >>> found = outliers([*range(20), 60, -50])
    >>> found.positions.tolist(), found.severity.tolist(), found.statistic.round(2).tolist()
    ([21, 20], ['extreme', 'extreme'], [5.17, 4.31])
    """
    known = column(values)
    if not is_number(known):
        raise DataError("outliers need a column of numbers; this one has categories")
    usual = known if reference is None else reference
    of = usual if isinstance(usual, Fences) else fenced(usual, method=method)
    low, high = known < of.mild.low, known > of.mild.high
    at = np.flatnonzero(low | high)
    found, below = known[at], low[at]
    beyond = np.where(below, of.low - found, found - of.high)
    with np.errstate(divide="ignore"):
        statistic = beyond / of.spread
        away = beyond / np.where(below, of.low - of.mild.low, of.mild.high - of.high)
    extreme = (found < of.extreme.low) | (found > of.extreme.high)
    order = np.lexsort((at, -away, ~extreme))
    severity, side = np.where(extreme, "extreme", "mild"), np.where(below, "low", "high")
    return Outliers(of, at[order], found[order], severity[order], side[order], statistic[order])
