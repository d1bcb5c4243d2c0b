"""Agreement as one table: every measure, on all items and on groups of them, with its interval."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from activeloop.agreement.measures import Measured, cohen, fleiss, krippendorff, raw
from activeloop.agreement.sums import Blocked
from activeloop.consensus.votes import Votes
from activeloop.errors import ConfigurationError, SliceError, UnknownNameError, unknown

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("raw", "cohen", "fleiss", "krippendorff")
_OF_ALL = {"raw": raw, "fleiss": fleiss, "krippendorff": krippendorff}


class AgreementRow(NamedTuple):
    """One measure of one slice; `annotators` names a pair, "" = all; value None = undefined, `reason` why.

    n : the items that it rests on, those with labels of two people at least.
    """

    slice: str
    measure: str
    annotators: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str = ""


@dataclass(frozen=True)
class Agreement:
    """All rows: slices × measures, "all" first."""

    rows: tuple[AgreementRow, ...]

    def row(self, measure: str, slice: str = "all", annotators: str = "") -> AgreementRow:
        """Give one row; raises UnknownNameError where there is none."""
        wanted = (slice, measure, annotators)
        for one in self.rows:
            if one[:3] == wanted:
                return one
        raise UnknownNameError(
            unknown(
                "row",
                ", ".join(filter(None, wanted)),
                (", ".join(filter(None, one[:3])) for one in self.rows),
            )
        )

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a table: slice, measure, annotators, value, low, high, n, reason."""
        import pandas as pd

        columns = list(AgreementRow._fields)
        return pd.DataFrame(list(self.rows), columns=columns).astype(
            {"value": "float64", "low": "float64", "high": "float64"}
        )


def agreement(
    votes: Votes,
    slices: Mapping[str, Collection[int | str]] | None = None,
    measures: Sequence[str] = MEASURES,
) -> Agreement:
    """Measure how far people agree, on all items and on each slice (a name and the ids of its items).

    Intervals are 95 %, by the delete-block jackknife over items. A measure that has no value says why: one
    person, no item with two labels, one class, or, for Fleiss' kappa, unequal numbers of labels.

    >>> items, people = ["a", "a", "b", "b", "c", "c", "d", "d"], ["ann", "bob"] * 4
    >>> found = agreement(Votes.of(items, people, list("xxxyyyyy")), {"late": ["c", "d"]})
    >>> [(one.measure, one.slice, round(one.value, 3)) for one in found.rows[:4]]
    [('raw', 'all', 0.75), ('cohen', 'all', 0.5), ('fleiss', 'all', 0.467), ('krippendorff', 'all', 0.533)]
    >>> found.row("cohen", "late", "ann & bob").reason
    'only one class was used, so agreement by chance is certain'

    Raises UnknownNameError for another measure, SliceError for a slice named "all".
    """
    for name in measures:
        if name not in MEASURES:
            raise UnknownNameError(unknown("measure of agreement", name, MEASURES))
    if isinstance(measures, str) or not measures:
        raise ConfigurationError(f"measures={measures!r}: give a list with at least one of {MEASURES}")
    groups = slices or {}
    if "all" in groups:
        raise SliceError("a slice cannot be named 'all': that is the whole; choose another name")
    blocked = Blocked.of(votes)
    rows = list(_rows("all", votes, blocked, measures))
    for name, ids in groups.items():
        wanted = set(ids)
        chosen = np.array([one in wanted for one in votes.items], dtype=bool)
        rows += _rows(name, votes.where(chosen), blocked.where(chosen), measures)
    return Agreement(tuple(rows))


def _rows(slice: str, votes: Votes, blocked: Blocked, measures: Sequence[str]) -> Iterable[AgreementRow]:
    for name in measures:
        found = cohen(votes, blocked) if name == "cohen" else [_OF_ALL[name](votes, blocked)]
        for one in found:
            yield _row(slice, name, one)


def _row(slice: str, name: str, found: Measured) -> AgreementRow:
    if found.parts is None:
        return AgreementRow(slice, name, found.annotators, None, None, None, found.n, found.reason)
    low, high = found.parts.interval()
    some = not (np.isnan(low) or np.isnan(high))
    reason = "" if some else "no interval: undefined without some of the items"
    row = AgreementRow(slice, name, found.annotators, found.parts.value, None, None, found.n, reason)
    return row._replace(low=low, high=high) if some else row
