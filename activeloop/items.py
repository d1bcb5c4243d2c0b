"""Some rows of a source: their ids, features, raw items and columns, never copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray, KeyArray
from activeloop.errors import DataError
from activeloop.metrics.kept import reads_labels, values_of
from activeloop.metrics.metric import Metric
from activeloop.seeds import id_keys

BLOCK = 65_536
_T = TypeVar("_T")
_ALIKE = {"i": "iu", "u": "iu", "U": "U", "O": "UO"}


class Source(Protocol):
    """What a pool and a holdout are cut from; `Dataset` is one."""

    @property
    def ids(self) -> Array:
        """Stable unique ids, in row order."""
        ...

    @property
    def labels(self) -> Array | None:
        """Labels, in row order, where they are known."""
        ...

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """The declared classes; None for regression."""
        ...

    def __len__(self) -> int:
        """How many items."""
        ...

    def rows(self, positions: IntArray) -> Any:
        """Give the features of some rows."""
        ...

    def item(self, position: int) -> Any:
        """Give one raw item, as people look at it."""
        ...

    def column(self, name: str, positions: IntArray | None = None) -> Any:
        """Give a column of some rows."""
        ...


@dataclass(frozen=True, eq=False)
class Items:
    """Some rows of a source, with the metrics that are columns of them besides the source's own."""

    source: Source
    positions: IntArray
    metrics: Mapping[str, Metric] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.positions)

    def refuse_repeated(self, where: str) -> None:
        """Raise DataError when an item stands here twice."""
        ordered = self.ids[self._order]
        twice = np.flatnonzero(ordered[1:] == ordered[:-1])
        if len(twice):
            raise DataError(
                f"item {ordered[twice].tolist()[0]!r} stands in {where} twice; ids must be unique"
            )

    @cached_property
    def ids(self) -> Array:
        """The ids, in row order."""
        return read_only(self.source.ids[self.positions])

    @cached_property
    def keys(self) -> KeyArray:
        """The 64-bit key of each id, by which items draw their random numbers."""
        return read_only(id_keys(self.ids))

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """The declared classes; None for regression."""
        return self.source.classes

    @cached_property
    def _order(self) -> IntArray:
        return np.argsort(self.ids, kind="stable")

    def find(self, ids: Any) -> IntArray:
        """Give the rows of some ids; raises DataError for an id that is not here."""
        wanted = np.atleast_1d(ids)
        if wanted.size == 0:
            return np.empty(0, dtype=np.int64)
        rows: IntArray = np.empty(0, dtype=np.int64)
        missing = np.ones(len(wanted), dtype=bool)
        if wanted.ndim == 1 and wanted.dtype.kind in _ALIKE.get(self.ids.dtype.kind, self.ids.dtype.kind):
            at = np.searchsorted(self.ids, wanted, sorter=self._order)
            rows = self._order[np.minimum(at, len(self) - 1)]
            missing = self.ids[rows] != wanted
        if missing.any():
            first, known = wanted[missing].tolist()[0], self.ids.tolist()[0]
            raise DataError(f"no item has the id {first!r}; ids here look like {known!r}")
        return rows

    def rows(self, rows: IntArray) -> Any:
        """Give the features of some of these rows."""
        return self.source.rows(self.positions[rows])

    def blocks(self) -> Iterator[tuple[Array, Any]]:
        """Give ids and features block by block, so that a memory map need not be in memory.

        A single block is kept.
        """
        if len(self) <= BLOCK:
            yield self.ids, self._features
            return
        for start in range(0, len(self), BLOCK):
            rows = np.arange(start, min(start + BLOCK, len(self)))
            yield self.ids[rows], self.rows(rows)

    @cached_property
    def _features(self) -> Any:
        return read_only(self.rows(np.arange(len(self))))

    def item(self, row: int) -> Any:
        """Give one raw item; an array is read-only."""
        return read_only(self.source.item(int(self.positions[row])))

    def column(self, name: str, rows: IntArray | None = None) -> Any:
        """Give a column of these rows, a metric's values included (NaN where it is NULL)."""
        if name in self.metrics:
            values = self._measured(name)
            return values if rows is None else values[rows]
        return self.source.column(name, self.positions if rows is None else self.positions[rows])

    def _measured(self, name: str) -> FloatArray:
        if name not in self._values:
            metric = self.metrics[name]
            self._values[name] = read_only(
                # Labels of other items, a pool's among them, are none of its business.
                metric.over(_Plain(self)).values
                if reads_labels(metric)
                else values_of(self.source, metric)[self.positions]
            )
        return self._values[name]

    @cached_property
    def _values(self) -> dict[str, FloatArray]:
        return {}


class _Plain(NamedTuple):
    """The columns that a metric is computed from: those of the source alone."""

    items: Items

    def __len__(self) -> int:
        return len(self.items)

    def column(self, name: str) -> Any:
        return self.items.source.column(name, self.items.positions)


def read_only(array: _T) -> _T:
    """Give a view of an array that cannot be written to; anything else as it is."""
    if not isinstance(array, np.ndarray):
        return array
    seen = array.view()
    seen.flags.writeable = False
    return seen
