"""What each slice was bought, and how labeled items differ from the pool, by slice and on average."""

from __future__ import annotations

from typing import Any

import numpy as np

from activeloop import slices as slicing
from activeloop.arrays import Array, IntArray
from activeloop.errors import DataError
from activeloop.history import Bought, Means
from activeloop.items import Items
from activeloop.metrics.kept import LABELS, reads_labels
from activeloop.pool import Holdout, Pool


class Acquired:
    """Counts of labeled items per slice; a slice by class, or by a metric of labels, counts those told.

    A slice by a metric that was fitted on the labels of the holdout is not counted: strategies and stopping
    rules may know these counts, and they would tell of those labels.
    """

    def __init__(self, pool: Pool, holdout: Holdout | None) -> None:
        cut = holdout or pool
        metrics = cut.metrics
        fitted = {name for name, one in metrics.items() if reads_labels(one) and one.fit is not None}
        self._slices = tuple(one for one in cut.slices if fitted.isdisjoint(one.rule.columns))
        self._items = Items(pool.source, pool.positions, metrics)
        told = LABELS | {name for name, one in self._items.metrics.items() if reads_labels(one)}
        columns = dict.fromkeys(name for one in self._slices for name in sorted(one.rule.columns))
        self._columns = {name: self._items.column(name) for name in columns if name not in told}
        everything = _Told(self._items, self._columns, np.arange(len(pool)), None)
        self._pool_shares = [
            None if one.rule.columns & told else float(slicing.members(one, everything).mean())
            for one in self._slices
        ]
        self._numbers = {name: one for name, one in self._columns.items() if one.dtype.kind in "iuf"}
        self._pool_means = {name: _mean(values) for name, values in self._numbers.items()}
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
        told = _Told(self._items, self._columns, rows, labels)
        members = slicing.memberships(self._slices, told)
        return np.array([np.count_nonzero(inside) for _, inside in members], dtype=np.int64)

    def means(self, rows: IntArray) -> tuple[Means, ...]:
        """Give, of each number by which slices are cut, the mean over the new rows, the labeled, the pool."""
        new = rows[~self._seen[rows]]
        return tuple(
            Means(name, _mean(values[new]), _mean(values[rows]), self._pool_means[name])
            for name, values in self._numbers.items()
        )

    def keep(self, rows: IntArray, counted: tuple[Bought, ...]) -> None:
        """Take a closed round's counts as the state from which the next round counts on."""
        self._seen[:] = False
        self._seen[rows] = True
        self._totals = np.array([one.n_labeled_in_slice for one in counted], dtype=np.int64)


class _Told:
    """The columns of some pool rows, with the labels that were told."""

    def __init__(self, items: Items, columns: dict[str, Array], rows: IntArray, labels: Array | None) -> None:
        self._items, self._columns, self._rows, self._labels = items, columns, rows, labels

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, name: str) -> Any:
        if name in self._columns:
            return self._columns[name][self._rows]
        if name in LABELS:
            return self._told(name)
        if name in self._items.metrics:
            return self._items.metrics[name].over(self).values
        return self._items.column(name, self._rows)

    def _told(self, name: str) -> Array:
        if self._labels is None:
            raise DataError("the labels of the pool are not to be seen")
        if name == "label":
            return self._labels
        place = {value: code for code, value in enumerate(self._items.classes or ())}
        return np.array([place.get(one, -1) for one in self._labels.tolist()], dtype=np.int64)


def _mean(values: Array) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None
