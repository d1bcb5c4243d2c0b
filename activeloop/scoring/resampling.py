"""Where intervals come from: the value of a score on parts of a slice, by jackknife, by bootstrap, or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.scoring.score import Formula
from activeloop.scoring.sums import SumsOfRound
from activeloop.seeds import Component, generator
from activeloop.statistics.intervals import Bounds, Estimate, Interval, jackknife, percentiles

RESAMPLES = 1000
_MOST_DRAWN = 1 << 22  # positions held at once


class Resampling(Protocol):
    """Parts of every slice, and the interval that the values on these parts (S, R) give."""

    def of_formula(self, score: Formula, sums: SumsOfRound) -> tuple[FloatArray, FloatArray]:
        """Give the value on each slice (S,) and on its parts (S, R)."""
        ...

    def parts(self, slice: int) -> Iterable[Array]:
        """Give the positions of each part of a slice; a part without an item counts for nothing."""
        ...

    def weights(self, slice: int) -> Iterable[FloatArray]:
        """Give tables (some parts, m) of how often each item of a slice is in each part."""
        ...

    def estimate(self, values: FloatArray, on_parts: FloatArray, bounds: Bounds, floor: bool) -> Estimate:
        """Give the values with their errors, NaN where unknown; `bounds` and `floor` are the score's."""
        ...

    def interval(self, estimate: Estimate, on_parts: FloatArray) -> Interval:
        """Give the intervals, NaN where there is none."""
        ...

    def why_none(self, slice: int, on_parts: FloatArray) -> str:
        """Say why one slice, which has a value, has no interval."""
        ...


class Jackknife:
    """Each part is the slice without one of the blocks."""

    def __init__(self, rows: Sequence[Array], blocks: IntArray, sizes: FloatArray) -> None:
        self._rows, self._blocks, self._sizes = rows, blocks, sizes

    def of_formula(self, score: Formula, sums: SumsOfRound) -> tuple[FloatArray, FloatArray]:
        """Compute the formula once, on sums of the whole and without each block."""
        values = score.value(sums.with_and_without(score.needs))
        return values[:, 0], values[:, 1:]

    def parts(self, slice: int) -> Iterator[Array]:
        """Leave out one block after the other."""
        rows = self._rows[slice]
        blocks = self._blocks[rows]
        for block, size in enumerate(self._sizes[slice]):
            yield rows[blocks != block] if size else rows[:0]

    def weights(self, slice: int) -> Iterator[FloatArray]:
        """Give 0 to the items of one block, 1 to all others."""
        blocks = self._blocks[self._rows[slice]]
        n_blocks = self._sizes.shape[1]
        at_once = max(1, _MOST_DRAWN // len(blocks))
        for done in range(0, n_blocks, at_once):
            left_out = np.arange(done, min(done + at_once, n_blocks))
            yield (blocks != left_out[:, None]).astype(np.float64)

    def estimate(self, values: FloatArray, on_parts: FloatArray, bounds: Bounds, floor: bool) -> Estimate:
        """See `intervals.jackknife`."""
        return jackknife(values, on_parts, self._sizes, bounds, floor)

    def interval(self, estimate: Estimate, on_parts: FloatArray) -> Interval:
        """See `intervals.Estimate`."""
        return estimate.interval()

    def why_none(self, slice: int, on_parts: FloatArray) -> str:
        """One block, an undefined part, or no variation."""
        filled = self._sizes[slice] > 0
        if np.count_nonzero(filled) < 2:
            return "no interval: all items are in one block"
        if np.isnan(on_parts[filled]).any():
            return "no interval: undefined without some of the items"
        return "no interval: the same value without any of the blocks"


class Bootstrap:
    """Each part is a resample of the slice, with replacement; the same 1,000 in every round."""

    def __init__(self, rows: Sequence[Array], seed: int) -> None:
        self._rows, self._seed = rows, seed

    def of_formula(self, score: Formula, sums: SumsOfRound) -> tuple[FloatArray, FloatArray]:
        """Compute the formula on sums of the whole, then on those of each resample."""
        on_parts = [
            np.concatenate([score.value(sums.resampled(score.needs, table)) for table in self._tables(at)])
            for at in range(len(self._rows))
        ]
        return score.value(sums.whole(score.needs)), np.stack(on_parts)

    def parts(self, slice: int) -> Iterator[Array]:
        """Give one resample after the other."""
        for table in self._tables(slice):
            yield from table

    def weights(self, slice: int) -> Iterator[FloatArray]:
        """Count the items in each resample."""
        m = len(self._rows[slice])
        for places in self._places(slice):
            cells = places + np.arange(len(places))[:, None] * m
            counts = np.bincount(cells.ravel(), minlength=places.size)
            yield counts.astype(np.float64).reshape(places.shape)

    def estimate(self, values: FloatArray, on_parts: FloatArray, bounds: Bounds, floor: bool) -> Estimate:
        """Give no error: what is known are the intervals."""
        return _of_unknown_error(values, bounds)

    def interval(self, estimate: Estimate, on_parts: FloatArray) -> Interval:
        """See `intervals.percentiles`."""
        return percentiles(on_parts)

    def why_none(self, slice: int, on_parts: FloatArray) -> str:
        """An undefined resample, or no variation."""
        undefined = bool(np.isnan(on_parts).any())
        return "no interval: " + (
            "undefined on some resamples" if undefined else "the same value on all of them"
        )

    def _tables(self, slice: int) -> Iterator[Array]:
        for places in self._places(slice):
            yield self._rows[slice][places]

    def _places(self, slice: int) -> Iterator[IntArray]:
        m = len(self._rows[slice])
        random = generator(self._seed, Component.BLOCKS, slice)
        at_once = max(1, _MOST_DRAWN // m)
        for done in range(0, RESAMPLES, at_once):
            yield random.integers(m, size=(min(at_once, RESAMPLES - done), m))


class Without:
    """No parts and no intervals, for a reason."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def of_formula(self, score: Formula, sums: SumsOfRound) -> tuple[FloatArray, FloatArray]:
        """Compute the formula on sums of the whole."""
        values = score.value(sums.whole(score.needs))
        return values, np.empty((len(values), 0))

    def parts(self, slice: int) -> tuple[Array, ...]:
        """Give none."""
        return ()

    def weights(self, slice: int) -> tuple[FloatArray, ...]:
        """Give none."""
        return ()

    def estimate(self, values: FloatArray, on_parts: FloatArray, bounds: Bounds, floor: bool) -> Estimate:
        """Give no error."""
        return _of_unknown_error(values, bounds)

    def interval(self, estimate: Estimate, on_parts: FloatArray) -> Interval:
        """Give none."""
        return estimate.interval()

    def why_none(self, slice: int, on_parts: FloatArray) -> str:
        """Say the reason."""
        return f"no interval: {self._reason}"


def _of_unknown_error(values: FloatArray, bounds: Bounds) -> Estimate:
    unknown = np.full(len(values), np.nan)
    return Estimate(values, unknown, np.zeros(len(values), dtype=np.int64), unknown, bounds)
