"""Labeled data as every format gets it: what was said of each item, by whom, when, and why it was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from activeloop.arrays import IntArray
from activeloop.data.dataset import Dataset
from activeloop.data.to_label import Modality
from activeloop.errors import UnknownNameError, unknown
from activeloop.people.annotation import Annotation
from activeloop.query import Outcome

Stream: TypeAlias = Literal["initial", "active", "audit"]
Which: TypeAlias = Literal["labeled", "answered", "all"]
WHICH: tuple[Which, ...] = ("labeled", "answered", "all")


class LabeledRow(NamedTuple):
    """What is known of one item.

    position    its row in the data set
    label       what all that was said comes to; None without
    outcome     "label", "abstain", "skip" or "bad", as newest; None: nothing was said, or not enough yet
    annotators  who said something, in the order in which they first did
    n_annotations   how many of what they said counts: of a person the newest
    agreement   share of the pairs of labels that are equal (`pairs_agreeing`); None below two labels
    round       the round in which it was asked, by `strategy`, with this `probability` where it is known
    stream      "initial": labeled before the run; "active": chosen; "audit": drawn by chance, and not learned
    first, last when the first and the newest of it were stored, in seconds since 1970; None where not known
    guidelines  the version that was shown with the newest
    seconds     how long people looked at it, in all
    annotations what each person said, where it is known one by one
    learned     False for a label that no model was given: of the audit, or of a round that is still open
    """

    id: int | str
    position: int
    label: Any
    outcome: Outcome | None
    annotators: tuple[str, ...] = ()
    n_annotations: int = 0
    agreement: float | None = None
    round: int | None = None
    strategy: str = ""
    probability: float | None = None
    stream: Stream = "active"
    first: float | None = None
    last: float | None = None
    guidelines: str = ""
    seconds: float = 0.0
    annotations: tuple[Annotation, ...] = ()
    learned: bool = True


@dataclass(frozen=True, eq=False)
class LabeledData:
    """The one thing that every writer is given: a data set, and a row for each of its items, in its order."""

    data: Dataset
    modality: Modality
    every: tuple[LabeledRow, ...]
    which: Which = "answered"

    @cached_property
    def rows(self) -> tuple[LabeledRow, ...]:
        """The rows that are exported: "labeled", "answered" (of which anything was said), or "all"."""
        if self.which == "all":
            return self.every
        return tuple(
            one
            for one in self.every
            if one.outcome == "label" or (self.which == "answered" and (one.outcome or one.n_annotations))
        )

    @property
    def positions(self) -> IntArray:
        """Where the exported rows are in the data set."""
        import numpy as np

        return np.array([one.position for one in self.rows], dtype=np.int64)

    def only(self, which: Which) -> LabeledData:
        """Give the same with other rows exported; raises UnknownNameError for another word."""
        if which not in WHICH:
            raise UnknownNameError(unknown("choice of rows", which, WHICH))
        return replace(self, which=which)


def pairs_agreeing(labels: Sequence[Hashable]) -> float | None:
    """Give the share of pairs of annotators that gave one label: Σ nₖ (nₖ − 1) / (n (n − 1)), as in Fleiss.

    Source: Fleiss, "Measuring nominal scale agreement among many raters", 1971, the P of one subject.

    >>> pairs_agreeing(["a", "a", "b"]), pairs_agreeing(["a"])
    (0.3333333333333333, None)
    """
    n = len(labels)
    return sum(k * (k - 1) for k in Counter(labels).values()) / (n * (n - 1)) if n > 1 else None


def iso(at: float | None) -> str | None:
    """Write seconds since 1970 as UTC in ISO 8601, to the millisecond.

    >>> iso(0.0)
    '1970-01-01T00:00:00.000Z'
    """
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
