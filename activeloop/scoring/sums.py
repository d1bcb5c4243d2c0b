"""Sums over slices × blocks: one pass over the memberships gives a statistic for every slice at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.scoring import counts, losses
from activeloop.scoring.score import Coded, Codes, Statistic, Sums

STATISTICS: dict[str, Statistic] = {**counts.STATISTICS, **losses.STATISTICS}
# These hang on the labels alone, so a board sums them once.
OF_LABELS = frozenset({"true", "items", "label", "label²"})
_CHUNK = 1 << 16


class _Chunk(NamedTuple):
    """Some slices, one after the other: their rows, and for each row the number of its slice in the chunk."""

    rows: Array
    slice: Array | None
    n_slices: int


class SliceBlocks:
    """Slices over blocked rows: small slices are summed many in one call, a large one in a call alone."""

    def __init__(self, members: Sequence[BoolArray], blocks: IntArray, n_blocks: int) -> None:
        self.rows = [np.flatnonzero(one).astype(np.int32) for one in members]
        self._blocks, self._n_blocks = blocks, n_blocks
        self._chunks = list(_chunks(self.rows))

    def sums(self, statistic: FloatArray | Codes) -> FloatArray:
        """Sum a number per row to (S, B), or count the kinds of the rows to (S, B, kinds)."""
        if isinstance(statistic, Codes):
            cells = self._blocks * statistic.kinds + statistic.of_row
            return np.concatenate([self._counted(chunk, cells, statistic.kinds) for chunk in self._chunks])
        return np.concatenate([self._summed(chunk, statistic) for chunk in self._chunks])

    def _summed(self, chunk: _Chunk, statistic: FloatArray) -> FloatArray:
        groups = self._blocks[chunk.rows]
        if chunk.slice is not None:
            groups += chunk.slice * self._n_blocks
        sums = np.bincount(groups, statistic[chunk.rows], chunk.n_slices * self._n_blocks)
        return sums.astype(np.float64, copy=False).reshape(chunk.n_slices, self._n_blocks)

    def _counted(self, chunk: _Chunk, cells: IntArray, kinds: int) -> FloatArray:
        codes = cells[chunk.rows]
        if chunk.slice is not None:
            codes += chunk.slice * (self._n_blocks * kinds)
        counts = np.bincount(codes, minlength=chunk.n_slices * self._n_blocks * kinds)
        return counts.astype(np.float64).reshape(chunk.n_slices, self._n_blocks, kinds)


def _chunks(rows: Sequence[Array]) -> list[_Chunk]:
    made: list[_Chunk] = []
    waiting: list[Array] = []

    def close() -> None:
        if waiting:
            numbers = np.repeat(np.arange(len(waiting)), [len(one) for one in waiting])
            alone = len(waiting) == 1
            made.append(_Chunk(np.concatenate(waiting), None if alone else numbers, len(waiting)))
            waiting.clear()

    for one in rows:
        if sum(map(len, waiting)) + len(one) > _CHUNK:
            close()
        waiting.append(one)
    close()
    return made


def _resampled(statistic: FloatArray | Codes, rows: Array) -> FloatArray:
    if not isinstance(statistic, Codes):
        return np.asarray(statistic[rows].sum(axis=1))
    codes = statistic.of_row[rows] + np.arange(len(rows))[:, None] * statistic.kinds
    counts = np.bincount(codes.ravel(), minlength=len(rows) * statistic.kinds)
    return counts.astype(np.float64).reshape(len(rows), statistic.kinds)


class SumsOfRound:
    """The sums that this round's scores ask for, each made once."""

    def __init__(self, grid: SliceBlocks, coded: Coded, of_labels: dict[str, FloatArray]) -> None:
        self._grid, self._coded = grid, coded
        self._statistics: dict[str, FloatArray | Codes] = {}
        self._of_round: dict[str, FloatArray] = {}
        self._of_labels = of_labels

    def _statistic(self, name: str) -> FloatArray | Codes:
        if name not in self._statistics:
            self._statistics[name] = STATISTICS[name](self._coded)
        return self._statistics[name]

    def with_and_without(self, names: Sequence[str]) -> Sums:
        """Give (S, 1 + B, ...): the sums of all items of a slice, then those without each of its blocks."""
        return {name: self._with_and_without(name) for name in names}

    def whole(self, names: Sequence[str]) -> Sums:
        """Give (S, ...): the sums of all items of a slice."""
        return {name: self._with_and_without(name)[:, 0] for name in names}

    def resampled(self, names: Sequence[str], rows: Array) -> Sums:
        """Give (R, ...): the sums over each row of an (R, m) table of positions."""
        return {name: _resampled(self._statistic(name), rows) for name in names}

    def _with_and_without(self, name: str) -> FloatArray:
        kept = self._of_labels if name in OF_LABELS else self._of_round
        if name not in kept:
            parts = self._grid.sums(self._statistic(name))
            whole = parts.sum(axis=1, keepdims=True)
            kept[name] = np.concatenate([whole, whole - parts], axis=1)
        return kept[name]
