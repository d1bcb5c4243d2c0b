"""A data set looked at through its metrics: summary, review lists, slices, drift, performance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from activeloop import performance, review
from activeloop import slices as slicing
from activeloop.arrays import BoolArray, IntArray
from activeloop.cases import Verdict
from activeloop.discovery import Found, discover
from activeloop.errors import DataError
from activeloop.explorer import Finding
from activeloop.index import Index
from activeloop.inspection.said import Judged, judged
from activeloop.out_of_sample import OutOfSample
from activeloop.seeds import id_keys
from activeloop.slices import Slice
from activeloop.statistics import Domain, Drift, domain, drift


class Wish(NamedTuple):
    """What is asked of an index besides the summary of its metrics."""

    metrics: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    outliers: bool = False
    duplicates: bool = False
    label_errors: bool = False
    performance: bool = False
    discover: bool = False


class Summary(NamedTuple):
    """One metric: how many values and NULLs, where they lie, and how many are outside the fences."""

    metric: str
    n: int
    null: int
    lowest: float
    first_quartile: float
    median: float
    third_quartile: float
    highest: float
    outliers: int


class SliceLine(NamedTuple):
    """One slice: how many items; and what the model does there, against the rest, where there is a model."""

    slice: Slice
    members: BoolArray
    verdict: performance.Verdict | None


@dataclass(frozen=True)
class Inspection:
    """What was asked of an index; a part that was not asked for is None."""

    index: Index
    summary: tuple[Summary, ...]
    outliers: tuple[Finding, ...] | None = None
    duplicates: tuple[Finding, ...] | None = None
    label_errors: tuple[Finding, ...] | None = None
    slices: tuple[SliceLine, ...] | None = None
    drift: tuple[Drift, ...] | None = None
    domain: Domain | None = None
    points: tuple[performance.Point, ...] | None = None
    importance: tuple[performance.Importance, ...] | None = None
    discovered: tuple[Found, ...] | None = None
    cases: tuple[Verdict, ...] | None = None
    predicted: Any = field(default=None, repr=False)


def inspect(
    index: Index, wish: Wish, said: OutOfSample | None = None, other: Index | None = None
) -> Inspection:
    """Look at an index: `said` is what a model says of each item, `other` the data to look for drift in.

    Raises DataError for performance where no item has both a label and a prediction, and for drift where the
    two share no metric; SliceError for a slice that cannot be made.
    """
    given = None if said is None else judged(index, said.predicted, said.probabilities)
    if given is None and (wish.performance or wish.discover):
        raise DataError("no item has both a label and a prediction, so performance cannot be looked at")
    made = _slices(index, wish.slices)
    points, importance = explained(index, given) if wish.performance and given else (None, None)
    shifts, whole = drifted(index, other) if other is not None else (None, None)
    return Inspection(
        index,
        summary(index, wish.metrics or None),
        outliers=review.outliers(index) if wish.outliers else None,
        duplicates=review.duplicates(index) if wish.duplicates else None,
        label_errors=review.label_errors(index, said.probabilities if said else None)
        if wish.label_errors
        else None,
        slices=sliced(index, made, given) if made else None,
        drift=shifts,
        domain=whole,
        points=points,
        importance=importance,
        discovered=discovered(index, given) if wish.discover and given else None,
        predicted=None if said is None else said.predicted,
    )


def _slices(index: Index, wanted: Iterable[str]) -> tuple[Slice, ...]:
    """Give the saved slices, and those wanted: of a column, or by an expression."""
    made = list(index.slices)
    for one in wanted:
        known = one in index.metrics or one in (*getattr(index.data, "columns", ()), "class", "tags")
        if one in ("class", "label"):
            made += slicing.by_class(index.classes or ())
        elif known:
            made += slicing.by_column(one, index.column(one))
        else:
            made.append(slicing.where(one, one))
    return tuple({one.name: one for one in made}.values())


def summary(index: Index, metrics: Iterable[str] | None = None) -> tuple[Summary, ...]:
    """Sum up some metrics, or each that applies to any item; NaN where there is no value."""
    lines = []
    for name in index.metrics if metrics is None else metrics:
        values, reasons = index.values(name)
        if metrics is None and set(reasons.values()) == {"not_applicable"} and len(reasons) == len(values):
            continue
        known = values[~np.isnan(values)]
        parts = np.quantile(known, [0, 0.25, 0.5, 0.75, 1]) if len(known) else np.full(5, np.nan)
        out = len(review.outliers(index, [name])) if review.has_outliers(name) else 0
        low, first, middle, third, high = map(float, parts)
        lines.append(
            Summary(name, len(known), len(values) - len(known), low, first, middle, third, high, out)
        )
    return tuple(lines)


def sliced(index: Index, slices: Sequence[Slice], said: Judged | None) -> tuple[SliceLine, ...]:
    """Say who is in each slice, and how the model does there against the rest; Holm over all slices."""
    members = slicing.memberships(slices, index)
    verdicts: dict[str, performance.Verdict] = {}
    if said is not None:
        here = [(name, inside[said.rows]) for name, inside in members if inside[said.rows].any()]
        if here:
            found = performance.compare(said.predictions, here, keys=id_keys(index.ids[said.rows]))
            verdicts = {one.slice: one for one in found}
    return tuple(
        SliceLine(one, inside, verdicts.get(one.name))
        for one, (_, inside) in zip(slices, members, strict=True)
    )


def explained(
    index: Index, said: Judged
) -> tuple[tuple[performance.Point, ...], tuple[performance.Importance, ...]]:
    """Score the model by every metric, and say which metrics explain where it fails."""
    columns = _Rows(index, said.rows)
    names = [
        name
        for name, one in _explaining(index).items()
        if "probabilities" not in one["needs"] and one["kind"] != "model" and _several(columns, name)
    ]
    if not names:
        return (), ()
    points = performance.curve(said.predictions, columns, names, keys=id_keys(index.ids[said.rows]))
    return points, performance.importance(columns, performance.outcome(said.predictions), names)


def discovered(index: Index, said: Judged) -> tuple[Found, ...]:
    """Search the worst slices over data metrics on one half, and judge them on the other."""
    columns = _Rows(index, said.rows)
    names = [
        name for name, one in _explaining(index).items() if one["kind"] == "data" and _several(columns, name)
    ]
    return discover(said.predictions, columns, names, keys=id_keys(index.ids[said.rows])) if names else ()


def drifted(index: Index, other: Index) -> tuple[tuple[Drift, ...], Domain]:
    """Compare each metric of a reference (this index) with that of other data, and both as wholes."""
    names = [
        name for name, one in _explaining(index).items() if name in other.metrics and one["kind"] == "data"
    ]
    if not names:
        raise DataError("the two data sets share no metric, so drift cannot be looked for")
    reference = {name: index.column(name) for name in names}
    current = {name: other.column(name) for name in names}
    return drift(reference, current), domain(reference, current)


def _explaining(index: Index) -> dict[str, Any]:
    """Give what is known of each metric but the hashes: an item's hash is no quality of it."""
    return {name: one for name, one in index.metrics.items() if name not in review.HASHES}


@dataclass(frozen=True, eq=False)
class _Rows:
    """The columns of an index for some rows."""

    index: Index
    rows: IntArray

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Any:
        return self.index.column(name, self.rows)


def _several(columns: _Rows, name: str) -> bool:
    values = columns.column(name)
    return len(np.unique(values[~np.isnan(values)])) > 1
