"""Who may be asked about, and who never is: Pool and Holdout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from activeloop import slices as slicing
from activeloop.arrays import Array, BoolArray, IntArray
from activeloop.errors import DataError, SliceError
from activeloop.items import Items
from activeloop.metrics.metric import Metric
from activeloop.slices import Slice


@dataclass(frozen=True, eq=False)
class Pool(Items):
    """The items that may be asked about.

    Labels that the source knows are the truth which a simulated oracle tells; nothing else reads them.
    A pool does not change: what has been told belongs to the loop, so several loops may share one pool.

    Raises DataError when there is no item, or one stands in it twice.
    """

    def __post_init__(self) -> None:
        if len(self.positions) == 0:
            raise DataError("the pool is empty: there is no item to ask about")
        self.refuse_repeated("the pool")

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
        """Give a column, but never the labels."""
        if name == "label":
            raise DataError("the labels of the pool are not to be seen; ask for them")
        return self.column(name, rows)


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
        """Add slices by a column, a data metric, or "class": quantile bins, given edges, or one per category.

        The definitions are frozen on this holdout. Raises SliceError for an unknown column or a name that is
        taken.
        """
        if isinstance(by, Metric):
            if by.kind == "model":
                raise SliceError(f"metric {by.name!r} changes with the model, so it cannot define a slice")
            known = replace(self, metrics={**self.metrics, by.name: by})
            made = slicing.by_column(
                by.name, known.column(by.name), bins=bins or (None if edges else 4), edges=edges
            )
            return known._with(made)
        if by in ("class", "label"):
            return self._with(slicing.by_class(self.classes or ()))
        return self._with(slicing.by_column(by, self.column(by), bins=bins, edges=edges))

    def slice_where(self, name: str, expression: str) -> Holdout:
        """Add one slice by an expression over columns, such as `ink < 0.2 and label == 8`."""
        return self._with((slicing.where(name, expression),))

    def _with(self, added: Sequence[Slice]) -> Holdout:
        together = slicing.distinct((*self.slices, *added))
        for one in added:
            if not self.members(one).any():
                raise SliceError(f"slice {one.name!r} holds none of the {len(self)} items of the holdout")
        return replace(self, slices=together)
