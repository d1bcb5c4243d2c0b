"""Sums over items with and without each of 20 blocks of them: what every measure and its error is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.consensus.votes import Votes, ids_of
from activeloop.scoring.blocks import BLOCKS, blocks
from activeloop.seeds import id_keys
from activeloop.statistics.intervals import Bounds, Estimate, jackknife


class Parts(NamedTuple):
    """A measure on all items and without each block, (1 + B,), NaN where undefined; sizes (B,) of the blocks.

    bounds : the lowest and the highest that it can be.
    """

    values: FloatArray
    sizes: FloatArray
    bounds: Bounds = (-1.0, 1.0)

    @property
    def value(self) -> float:
        """The measure on all items."""
        return float(self.values[0])

    def interval(self) -> tuple[float, float]:
        """Give the 95 % interval by the delete-block jackknife (`Estimate.interval`).

        It is never surer than a proportion of as many items, since a few items of a rare class sway a kappa.
        """
        found: Estimate = jackknife(
            self.values[:1], self.values[None, 1:], self.sizes[None], self.bounds, floor=True
        )
        low, high = found.interval()
        return float(low[0]), float(high[0])


@dataclass(frozen=True, eq=False)
class Blocked:
    """The block of each item (N,), dealt by its id."""

    of_item: IntArray

    @classmethod
    def of(cls, votes: Votes) -> Blocked:
        """Deal the items of some votes."""
        return cls(blocks(id_keys(ids_of(votes))))

    def where(self, chosen: BoolArray) -> Blocked:
        """Give the blocks of some items."""
        return Blocked(self.of_item[chosen])

    def summed(self, numbers: FloatArray, items: IntArray | None = None) -> FloatArray:
        """Sum a number a row, (1 + B,): all, then without each block; `items` names the item of each row."""
        of_row = self.of_item if items is None else self.of_item[items]
        return _with_and_without(np.bincount(of_row, numbers, BLOCKS))

    def counted(self, kinds: IntArray, n_kinds: int, items: IntArray | None = None) -> FloatArray:
        """Count how often each kind occurs among the rows, (1 + B, kinds)."""
        of_row = self.of_item if items is None else self.of_item[items]
        cells = np.bincount(of_row * n_kinds + kinds, minlength=BLOCKS * n_kinds)
        return _with_and_without(cells.reshape(BLOCKS, n_kinds))

    def sizes(self) -> FloatArray:
        """Count the items of each block, (B,)."""
        return np.bincount(self.of_item, minlength=BLOCKS).astype(np.float64)


def beyond_chance(agreed: FloatArray, expected: FloatArray) -> FloatArray:
    """Give (agreed − expected) / (1 − expected); NaN where chance alone always agrees."""
    left = 1 - expected
    return _over(agreed - expected, left, left > 1e-12)


def ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Divide, NaN where there is nothing to divide by."""
    return _over(top, bottom, bottom > 0)


def _over(top: FloatArray, bottom: FloatArray, defined: BoolArray) -> FloatArray:
    into: FloatArray = np.full(len(bottom), np.nan)
    np.divide(top, bottom, out=into, where=defined)
    return into


def _with_and_without(parts: Array) -> FloatArray:
    whole = parts.sum(axis=0, keepdims=True)
    return np.concatenate([whole, whole - parts]).astype(np.float64)
