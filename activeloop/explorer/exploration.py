"""What an explorer page can show: an indexed data set as plain parts, each of which may be absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, get_args

import numpy as np
import pandas as pd

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import DataError, unknown
from activeloop.metrics.metric import Direction, Kind

Modality: TypeAlias = Literal["image", "text", "table"]


class Pictures(Protocol):
    """Pictures by position, each made when it is asked for: (H, W, 3) uint8, or None for a broken one."""

    def __len__(self) -> int:
        """How many."""
        ...

    def __getitem__(self, position: int, /) -> Array | None:
        """Give one picture; an exception is a broken one, too."""
        ...


class MetricColumn(NamedTuple):
    """A metric of every item: NaN is NULL, and `reasons` says why, by position."""

    name: str
    values: FloatArray
    kind: Kind = "data"
    direction: Direction | None = None
    unit: str = ""
    description: str = ""
    reasons: Mapping[int, str] = MappingProxyType({})


class Finding(NamedTuple):
    """One line of a review list (outliers, duplicates, label errors), the most urgent first.

    `statistic` is what ranked it, `severity` a word, `reason` a sentence; `related` are ids of other items it
    is about (its duplicates, its neighbors) and `group` a name that items of one group share.
    """

    id: Any
    reason: str
    metric: str = ""
    statistic: float = float("nan")
    severity: str = ""
    related: tuple[Any, ...] = ()
    group: str = ""


class SliceRow(NamedTuple):
    """A score on a slice: the positions of its members, value with interval, support, verdict."""

    name: str
    members: IntArray
    score: str = ""
    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    n: int = 0
    verdict: str = ""


class PerformanceBin(NamedTuple):
    """A score in one bin of a metric; `x` is where it is drawn, `overall` the score on all items."""

    metric: str
    score: str
    x: float
    value: float
    low: float
    high: float
    n: int
    overall: float = float("nan")


class Importance(NamedTuple):
    """How far a metric explains a score: rank correlation, information in [0, 1], corrected q."""

    metric: str
    score: str
    correlation: float
    low: float = float("nan")
    high: float = float("nan")
    information: float = float("nan")
    q: float = float("nan")
    n: int = 0
    verdict: str = ""


class Drift(NamedTuple):
    """One metric in two data sets: effect size, corrected q, support, verdict."""

    metric: str
    effect: float
    q: float
    n: int
    verdict: str
    reason: str = ""


class Case(NamedTuple):
    """The verdict of a test-case; `bound` is written out ("accuracy >= 0.9"), `limit` is its number."""

    name: str
    slice: str
    bound: str
    verdict: str
    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    n: int = 0
    reason: str = ""
    limit: float = float("nan")


@dataclass(frozen=True)
class Exploration:
    """An indexed data set, ready to be shown. Parts that are None are not shown; empty ones say "none found".

    - `ids`: (n,) unique; all else that is per item has the same order.
    - `pictures`: gives (H, W, 3) uint8 arrays by position; None, or an exception, is a broken one.
      They are asked for one at a time, once, while the page is written.
    - `texts`, `cells`: what a text or a row of a table holds.
    - `labels`, `predicted`: (n,), None where unknown. `predicted` is for classification: an item is shown as
      wrong where the two differ.
    - `tags`: the tags of each item.

    >>> Exploration("two", np.array(["a", "b"]), "text", texts=["one", "two"]).name
    'two'

    Raises DataError for parts that do not fit each other, naming the part or the id.
    """

    name: str
    ids: Array
    modality: Modality
    pictures: Pictures | None = None
    texts: Sequence[str] | None = None
    cells: pd.DataFrame | None = None
    labels: Sequence[Any] | Array | None = None
    predicted: Sequence[Any] | Array | None = None
    tags: Sequence[Collection[str]] | None = None
    metrics: tuple[MetricColumn, ...] = ()
    slices: tuple[SliceRow, ...] | None = None
    outliers: tuple[Finding, ...] | None = None
    duplicates: tuple[Finding, ...] | None = None
    label_errors: tuple[Finding, ...] | None = None
    performance: tuple[PerformanceBin, ...] | None = None
    importance: tuple[Importance, ...] | None = None
    drift: tuple[Drift, ...] | None = None
    cases: tuple[Case, ...] | None = None
    places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.modality not in get_args(Modality):
            raise DataError(unknown("modality", self.modality, get_args(Modality)))
        places = {str(one): at for at, one in enumerate(self.ids.tolist())}
        if len(places) < len(self.ids):
            twice = Counter(map(str, self.ids.tolist())).most_common(1)[0][0]
            raise DataError(f"ids are not unique: {twice!r} is there more than once")
        object.__setattr__(self, "places", places)
        self._refuse_misaligned()
        self._refuse_strangers()

    def __len__(self) -> int:
        return len(self.ids)

    def _refuse_misaligned(self) -> None:
        parts = {name: getattr(self, name) for name in _PER_ITEM}
        parts |= {f"metric {one.name!r}": one.values for one in self.metrics}
        for name, part in parts.items():
            if part is not None and len(part) != len(self):
                raise DataError(f"{name}: {len(part)} entries for {len(self)} items")
        names = Counter(one.name for one in self.metrics)
        if names and names.most_common(1)[0][1] > 1:
            raise DataError(f"metric {names.most_common(1)[0][0]!r} is given twice")

    def _refuse_strangers(self) -> None:
        for part in ("outliers", "duplicates", "label_errors"):
            for finding in getattr(self, part) or ():
                for one in (finding.id, *finding.related):
                    if str(one) not in self.places:
                        raise DataError(f"{part}: {unknown('id', one, list(self.places)[:20])}")
        for row in self.slices or ():
            members = np.asarray(row.members)
            if len(members) and (members.min() < 0 or members.max() >= len(self)):
                raise DataError(f"slice {row.name!r}: members must be positions in [0, {len(self)})")


_PER_ITEM = ("pictures", "texts", "cells", "labels", "predicted", "tags")
