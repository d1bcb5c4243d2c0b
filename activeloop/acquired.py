"""What each slice was bought, and how the labeled items differ from the pool."""

from __future__ import annotations

from typing import Any

import numpy as np

from activeloop import slices as slicing
from activeloop.arrays import Array, IntArray
from activeloop.errors import DataError
from activeloop.history import Bought
from activeloop.items import Items
from activeloop.pool import Holdout, Pool


class Acquired:
    """Counts of labeled items per slice; a slice by class counts the labels as they were told."""

    def __init__(self, pool: Pool, holdout: Holdout | None) -> None:
        self._slices = holdout.slices if holdout else ()
        self._items = Items(pool.source, pool.positions, holdout.metrics if holdout else {})
        self._by_label = [("label" in one.rule.columns) for one in self._slices]
        self._columns = {
            name: self._items.column(name)
            for one in self._slices
            for name in one.rule.columns
            if name != "label"
        }
        everything = _Told(self._columns, np.arange(len(pool)), None)
        self._pool_shares = [
            None if told else float(slicing.members(one, everything).mean())
            for one, told in zip(self._slices, self._by_label, strict=True)
        ]
        self._seen = np.zeros(len(pool), dtype=bool)
        self._totals = np.zeros(len(self._slices), dtype=np.int64)

    def count(self, rows: IntArray, labels: Array, *, corrected: bool) -> tuple[Bought, ...]:
        """Describe the labeled rows, those that are new since the last closed round apart."""
        if not self._slices:
            return ()
        new = ~self._seen[rows]
        bought = self._count(rows[new], labels[new])
        totals = self._count(rows, labels) if corrected else self._totals + bought
        n = len(rows)
        return tuple(
            Bought(one.name, int(more), int(total), int(total) / n if n else None, share)
            for one, more, total, share in zip(self._slices, bought, totals, self._pool_shares, strict=True)
        )

    def _count(self, rows: IntArray, labels: Array) -> IntArray:
        if len(rows) == 0:
            return np.zeros(len(self._slices), dtype=np.int64)
        told = _Told(self._columns, rows, labels)
        members = slicing.memberships(self._slices, told)
        return np.array([np.count_nonzero(inside) for _, inside in members], dtype=np.int64)

    def keep(self, rows: IntArray, counted: tuple[Bought, ...]) -> None:
        """Take a closed round's counts as the state from which the next round counts on."""
        self._seen[:] = False
        self._seen[rows] = True
        self._totals = np.array([one.n_labeled_in_slice for one in counted], dtype=np.int64)


class _Told:
    """The columns of some pool rows, with the labels that were told."""

    def __init__(self, columns: dict[str, Array], rows: IntArray, labels: Array | None) -> None:
        self._columns, self._rows, self._labels = columns, rows, labels

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, name: str) -> Any:
        if name == "label":
            if self._labels is None:
                raise DataError("the labels of the pool are not to be seen")
            return self._labels
        return self._columns[name][self._rows]
