"""Who may be asked about, and who never is: Pool and Holdout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from activeloop import slices as slicing
from activeloop.arrays import Array, BoolArray, IntArray
from activeloop.errors import ConfigurationError, DataError, SliceError
from activeloop.items import Items
from activeloop.metrics.kept import LABELS, reads_labels
from activeloop.metrics.metric import Metric
from activeloop.metrics.named import named
from activeloop.seeds import Component, uniforms
from activeloop.slices import Slice


@dataclass(frozen=True, eq=False)
class Pool(Items):
    """The items that may be asked about.

    Labels that the source knows are the truth which a simulated oracle tells; nothing else reads them.
    A pool does not change: what has been told belongs to the loop, so several loops may share one pool.
    `initial` are ids whose labels every loop knows from the beginning; `slices` are counted where there is no
    holdout that has some.

    Raises DataError when there is no item, one stands in it twice, or an initial id is none of its items.
    """

    initial: tuple[int | str, ...] = ()
    slices: tuple[Slice, ...] = ()

    def __post_init__(self) -> None:
        if len(self.positions) == 0:
            raise DataError("the pool is empty: there is no item to ask about")
        self.refuse_repeated("the pool")
        self.find(list(self.initial))

    def starting_with(self, ids: Any) -> Pool:
        """Give the pool with the labels of some items known from the beginning; they cost nothing.

        >>> from activeloop.data import load
        >>> load("iris").pool().starting_with([3, 77]).initial
        (3, 77)
        """
        return replace(self, initial=tuple(np.atleast_1d(ids).tolist()))

    def truth(self, ids: Any) -> Array:
        """Give the true labels of some ids, for a simulation only; raises DataError where none is known."""
        if self.source.labels is None:
            raise DataError("the data set has no labels, so nothing can be simulated; people can label it")
        rows = self.find(ids)
        labels = self.source.labels[self.positions[rows]]
        unknown = [one is None or one != one for one in labels.tolist()]
        if any(unknown):
            raise DataError(
                f"the label of item {self.ids[rows][unknown].tolist()[0]!r} is not known, so it cannot be "
                "simulated; leave such items out of the pool, or let people label them"
            )
        return labels

    def blind(self, name: str, rows: IntArray | None = None) -> Any:
        """Give a column, but never the labels, nor what is computed from them."""
        if name in LABELS:
            raise DataError("the labels of the pool are not to be seen; ask for them")
        if name in self.metrics and reads_labels(self.metrics[name]):
            raise DataError(f"metric {name!r} reads labels, and those of the pool are not to be seen")
        return self.column(name, rows)

    def split_guide(self, guide: float | int = 0.1, *, seed: int = 0) -> tuple[Pool, Holdout]:
        """Take a share in (0, 1), or a count, of the items with known labels out of the pool, as a guide.

        A loop scores each model on the guide and shows that to the strategy, which never sees the holdout.
        The labels of the guide are paid for like any other and train no model: count them when you compare.
        Every item is drawn by its id and the seed, each with the same chance; initial labels are not drawn.

        >>> from activeloop.data import load
        >>> pool, holdout = load("iris").split(0.3, seed=0)
        >>> pool, guide = pool.split_guide(0.2, seed=0)
        >>> len(pool), len(guide), len(holdout)
        (84, 21, 45)

        Raises ConfigurationError for another share or count, DataError where no label is known.
        """
        labels = self.source.labels
        known = [] if labels is None else [one is not None and one == one for one in labels[self.positions]]
        rows = np.setdiff1d(np.flatnonzero(known), self.find(list(self.initial)))
        if len(rows) == 0:
            raise DataError(
                "no label of the pool is known, so no guide can be taken from it; label some first"
            )
        n = int(guide * len(rows) + 0.5) if isinstance(guide, float) and 0 < guide < 1 else guide
        if isinstance(n, bool) or not isinstance(n, int) or not 0 < n < len(self):
            raise ConfigurationError(
                f"guide is {guide!r}; allowed: a share between 0 and 1, or a count from 1 to {len(self) - 1}"
            )
        drawn = rows[np.argsort(uniforms(self.keys[rows], seed, Component.SPLIT, 2), kind="stable")[:n]]
        left = np.delete(np.arange(len(self)), drawn)
        guided = Holdout(self.source, self.positions[np.sort(drawn)])
        return replace(self, positions=self.positions[left]), guided


@dataclass(frozen=True, eq=False)
class Holdout(Items):
    """Labeled items that are never asked about: every score is measured here, on slices frozen here.

    Raises DataError when there is no item, one stands in it twice, or labels are not known.
    """

    slices: tuple[Slice, ...] = ()

    def __post_init__(self) -> None:
        if len(self.positions) == 0:
            raise DataError("the holdout is empty: nothing can be scored")
        if self.source.labels is None:
            raise DataError("the holdout has no labels: nothing can be scored")
        self.refuse_repeated("the holdout")

    @cached_property
    def labels(self) -> Array:
        """The true labels, in row order."""
        assert self.source.labels is not None
        return self.source.labels[self.positions]

    def members(self, one: Slice) -> BoolArray:
        """Say which rows lie in a slice."""
        return slicing.members(one, self)

    def slice_by(
        self, by: str | Metric, *, bins: int | None = None, edges: Sequence[float] | None = None
    ) -> Holdout:
        """Add slices by a column, a metric, or "class": quantile bins, given edges, or one per category.

        A name is that of a column; where there is none, that of a metric, built in or a plug-in. A metric
        with `fit` is fitted on all items of the data set, one of labels on these items alone.
        The definitions are frozen on this holdout. Raises SliceError for a metric that changes with the model
        and for a name that is taken, DataError for a name of neither.
        """
        if by in ("class", "label"):
            return self._with(slicing.by_class(self.classes or ()))
        metric = by if isinstance(by, Metric) else self._metric(by)
        if metric is None:
            assert isinstance(by, str)
            return self._with(slicing.by_column(by, self.column(by), bins=bins, edges=edges))
        known = self._knowing(metric)
        bins = bins or (None if edges else 4)
        try:
            values = known.column(metric.name)
        except DataError as error:
            raise SliceError(f"metric {metric.name!r} cannot define a slice: {error}") from error
        return known._with(slicing.by_column(metric.name, values, bins=bins, edges=edges))

    def slice_where(self, name: str, expression: str) -> Holdout:
        """Add one slice by an expression over columns and metrics, such as `ink < 0.2 and label == 8`."""
        made, known = slicing.where(name, expression), self
        for column in sorted(made.rule.columns - self.metrics.keys()):
            metric = named(column) if self._lacks(column) else None
            known = known if metric is None else known._knowing(metric)
        return known._with((made,))

    def _metric(self, name: str) -> Metric | None:
        """Give the metric of a name that is no column; None for a column, and for what is neither."""
        return self.metrics.get(name) or (named(name) if self._lacks(name) else None)

    def _lacks(self, name: str) -> bool:
        try:
            self.source.column(name, self.positions[:1])
        except DataError:
            return True
        return False

    def _knowing(self, metric: Metric) -> Holdout:
        if metric.kind == "model":
            raise SliceError(f"metric {metric.name!r} changes with the model, so it cannot define a slice")
        if self.metrics.get(metric.name, metric) != metric:
            raise SliceError(f"two metrics are named {metric.name!r}; give one of them another name")
        return replace(self, metrics={**self.metrics, metric.name: metric})

    def _with(self, added: Sequence[Slice]) -> Holdout:
        together = slicing.distinct((*self.slices, *added))
        for one in added:
            if not self.members(one).any():
                raise SliceError(f"slice {one.name!r} holds none of the {len(self)} items of the holdout")
        return replace(self, slices=together)
