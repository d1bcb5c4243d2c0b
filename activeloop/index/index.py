"""Every metric of every item of a data set: compute, look up, sort, slice, tag, export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from activeloop import slices as slicing
from activeloop.arrays import Array, BoolArray, KeyArray
from activeloop.errors import MetricError
from activeloop.index import export, marks, places
from activeloop.index.computing import Counted, Progress, Wanted, fill
from activeloop.index.content import whole
from activeloop.index.file import IndexFile, Series
from activeloop.index.keys import Keys, name_of
from activeloop.index.order import End, ordered
from activeloop.index.source import Indexed
from activeloop.items import Items
from activeloop.metrics.built_in import built_in
from activeloop.metrics.fingerprint import described, fingerprint
from activeloop.metrics.metric import Metric
from activeloop.names import resolve
from activeloop.slices import Slice

if TYPE_CHECKING:
    import pandas as pd

_Some = TypeVar("_Some", bound=Items)


class Computed(NamedTuple):
    """What a call of `compute` did: values computed, values taken from the file, failures among all."""

    computed: int
    kept: int
    failed: int


class Index(Indexed):
    """A data set with its metrics; itself a source of columns, so slices, pools and holdouts read it.

    data     a Dataset, or any source of items
    path     a file that keeps the values; None keeps them in memory
    columns  further columns, one value per item: `probabilities`, `predicted`, `annotations`, ...
    folder   where plug-in files such as "metrics.py:ink" are looked for

    A value is computed once for each content of an item and each version of a metric. NULL has a reason.

    >>> from activeloop.data import Dataset
    >>> index = Index(Dataset(["a text", "", "three little words"]))
    >>> index.compute(["text_characters"]).computed
    3
    >>> index.sort("text_characters").tolist(), index.where("text_characters > 5").tolist()
    ([2, 0, 1], [0, 2])

    Raises StoreError for a file of something else, DataError for columns of another length.
    """

    def __init__(
        self,
        data: Any,
        path: str | Path | None = None,
        *,
        columns: Mapping[str, Any] | None = None,
        folder: Path | None = None,
    ) -> None:
        super().__init__(data, IndexFile(path or ":memory:"), columns or {})
        self._folder, self._keys = folder, Keys(self._given, self._file, len(data))
        places.follow(self._file, self._keys, self.ids)

    def over(self, items: _Some) -> _Some:
        """Give a pool or a holdout of the data set whose columns are those of the index, metrics included.

        >>> from activeloop.data import load
        >>> data = load("iris")
        >>> index = Index(data)
        >>> _ = index.compute(["random"])
        >>> _, holdout = data.split(0.3, seed=0)
        >>> len(index.over(holdout).slice_by("random", bins=2).slices)
        2
        """
        return replace(items, source=self)

    # compute ---------------------------------------------------------------------------------------------

    def compute(
        self,
        metrics: Iterable[str | Metric] | None = None,
        *,
        workers: int = 1,
        retry: bool = False,
        progress: Progress | None = None,
    ) -> Computed:
        """Compute what is missing or out of date of some metrics, or of all that suit the data.

        Metrics are given by name (built in, "module:attribute", "file.py:attribute") or as they are. Values
        that failed are computed again with `retry` only, or when the item or the metric has changed.
        `progress(done, total)` is called as values come. A process that is killed loses the block that it
        was at.

        Raises UnknownNameError for a name, MetricError for two metrics of one name and for columns that a
        metric asked for by name needs and the data set does not have.
        """
        counted = Counted(progress)
        wanted: list[Wanted] = []
        for together in self._in_order(self._chosen(metrics)):
            needs = dict.fromkeys(one.needs for one in together)
            held = {one: places.refresh(self._file, self._keys, one) for one in needs}
            now = [self._wanted(one, held[one.needs], retry) for one in together]
            fill(self._file, self._given, now, workers, counted)
            self._given.computed.update((one.metric.name, one.column.numbers) for one in now)
            wanted += now
        stale = sum(len(one.rows) for one in wanted)
        failed = sum(int(one.column.failed.sum()) for one in wanted)
        return Computed(stale, len(wanted) * len(self) - stale, failed)

    def suitable(self) -> tuple[Metric, ...]:
        """Give the built-in metrics whose columns the data set, or what was given with it, can give."""
        opaque = getattr(self.data, "kind", "") == "objects"  # features that only a model can look into
        return tuple(
            one
            for one in built_in().values()
            if not self._lacking(one) and not (opaque and "features" in one.needs)
        )

    def _chosen(self, metrics: Iterable[str | Metric] | None) -> dict[str, Metric]:
        """Give the metrics by name, together with those whose values they need."""
        chosen: dict[str, Metric] = {}
        for given in self.suitable() if metrics is None else metrics:
            one = resolve("metric", given, built_in(), self._folder) if isinstance(given, str) else given
            if not isinstance(one, Metric):
                raise MetricError(f"{given!r} is no metric; make one with @activeloop.metric")
            if chosen.setdefault(one.name, one) is not one:
                raise MetricError(f"two metrics are named {one.name!r}; give one of them another name")
            if lacking := self._lacking(one):
                raise MetricError(f"metric {one.name!r} needs {', '.join(one.needs)}, and {lacking}")
        for one in list(chosen.values()):
            for needed in self._needed(one):
                chosen.setdefault(needed.name, needed)
        return chosen

    def _needed(self, metric: Metric) -> list[Metric]:
        """Give the metrics whose values are columns that this one needs, whatever these need first."""
        own = {*self._given.own, *getattr(self.data, "columns", ())}
        first = [built_in()[name] for name in metric.needs if name in built_in() and name not in own]
        return [deeper for one in first for deeper in (*self._needed(one), one)]

    def _lacking(self, metric: Metric) -> str:
        """Say which column cannot be had; empty when all can."""
        needed = self._needed(metric)
        plain = [name for name in metric.needs if name not in {one.name for one in needed}]
        return self._keys.lacking(plain) or next(filter(None, map(self._lacking, needed)), "")

    def _in_order(self, chosen: Mapping[str, Metric]) -> list[list[Metric]]:
        """Part the metrics so that what one needs is computed in a part before its own."""
        before = {name: {one.name for one in self._needed(metric)} for name, metric in chosen.items()}
        order = TopologicalSorter(before)
        order.prepare()
        parts = []
        while order.is_active():
            ready = order.get_ready()
            parts.append([one for name, one in chosen.items() if name in ready])
            order.done(*ready)
        return parts

    def _wanted(self, metric: Metric, keys: KeyArray, retry: bool) -> Wanted:
        reference = "" if metric.fit is None else whole(keys)
        known = self._file.series().get(metric.name)
        number, needs = known.number if known else 0, name_of(metric.needs)
        now = Series(number, metric.name, fingerprint(metric), needs, reference, described(metric))
        same = known is not None and known[:5] == now[:5]
        if not same:
            with self._file.writing():
                if known is not None:
                    self._file.next_generation()
                self._file.drop_series(metric.name)
                now = self._file.put_series(now)
        column = self._file.column(now.number, len(self))
        stale = ~column.computed
        if retry:
            stale |= column.failed
        self._columns[metric.name] = column
        return Wanted(metric, now.number, column, np.flatnonzero(stale))

    # look up ---------------------------------------------------------------------------------------------

    def sort(self, by: str, *, first: End | None = None, n: int | None = None) -> Array:
        """Give the ids ordered by a metric or a numeric column; NULL comes last, ties go by id.

        `first` says which end comes first; by default the direction of the metric, else "high".
        """
        told: End = first or self.metrics.get(by, {}).get("direction") or "high"
        return self.ids[ordered(self.ids, np.asarray(self.column(by), dtype=np.float64), told)[:n]]

    def members(self, of: str | Slice | Sequence[Any] | Array) -> BoolArray:
        """Say for each row whether it is in a slice: a Slice, a saved name, an expression, ids, or a mask."""
        if isinstance(of, str):
            named = {one.name: one for one in self.slices}
            of = named.get(of) or slicing.where("where", of)
        if isinstance(of, Slice):
            return slicing.members(of, self)
        given = np.asarray(of)
        if given.dtype == bool and given.shape == (len(self),):
            return given
        inside = np.zeros(len(self), dtype=bool)
        inside[Items(self, np.arange(len(self))).find(given)] = True
        return inside

    def where(self, of: str | Slice) -> Array:
        """Give the ids of the items in a slice: a Slice, a saved name, or an expression over columns."""
        return self.ids[self.members(of)]

    # marks -----------------------------------------------------------------------------------------------

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The saved slices."""
        return marks.saved(self._file)

    def save(self, *made: Slice) -> None:
        """Save slices by name; raises SliceError for one that cannot be evaluated here."""
        for one in made:
            self.members(one)
        marks.save(self._file, made)

    def tag(self, name: str, of: str | Slice | Sequence[Any] | Array) -> None:
        """Put a tag on items: a slice, an expression, ids or a mask."""
        marks.tag(self._file, name, self.ids[self.members(of)].tolist())

    def untag(self, name: str, of: str | Slice | Sequence[Any] | Array | None = None) -> None:
        """Take a tag from items; from all by default."""
        marks.untag(self._file, name, None if of is None else self.ids[self.members(of)].tolist())

    # tables ----------------------------------------------------------------------------------------------

    def frame(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """Give one row per item, by id, and one column per metric; NaN is NULL."""
        return export.frame(self, metrics)

    def records(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """Give one row per metric and item: id, metric, value, reason."""
        return export.records(self, metrics)
