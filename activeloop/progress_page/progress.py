"""Progress: all that the page shows of a run, as one frozen value and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from activeloop.agreement import AgreementRow
from activeloop.cases import Verdict

Source: TypeAlias = Literal["holdout", "audit"]


class Point(NamedTuple):
    """One score on one slice after one round; value None = undefined, and `reason` says why."""

    source: Source
    round: int
    n_labeled: int
    slice: str
    score: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str


class Pace(NamedTuple):
    """What one person did, or all together (annotator ""), and how fast.

    hours     at work: the times between a person's annotations, each of at most `idle` seconds
    per_hour  labels in an hour at work; None where nobody worked long enough to tell
    seconds   median seconds that an item was looked at; None where no door measured it
    """

    annotator: str
    labels: int
    abstained: int
    skipped: int
    bad: int
    hours: float
    per_hour: float | None
    seconds: float | None


class Hour(NamedTuple):
    """What was told in one hour of the clock, which began at `start` (seconds since 1970)."""

    start: float
    labels: int
    people: int


class Seconds(NamedTuple):
    """Median seconds per label, with quartiles, of one class or slice; n labels were measured."""

    of: Literal["class", "slice"]
    name: str
    median: float
    low: float
    high: float
    n: int


class Need(NamedTuple):
    """What a slice has, and what it lacks: labels to learn from, and labels to be judged by.

    share       of the labels, in the slice; pool_share : of the whole pool; None where that is not known
    ratio       share / pool_share: below 1 the slice has fewer labels than its part
    measured    labels that its scores rest on; `support` are needed for a verdict
    lacks       what it lacks in words, "" for nothing
    """

    slice: str
    labels: int
    share: float | None
    pool_share: float | None
    ratio: float | None
    measured: int | None
    support: int
    lacks: str


class BoughtIn(NamedTuple):
    """How many of the labels of a round fell into a slice."""

    round: int
    slice: str
    bought: int


@dataclass(frozen=True)
class Progress:
    """A run as people want to see it; made by `activeloop.progress_page.progress`.

    state : what goes on now, in words. idle : seconds beyond which a pause is not work.
    """

    title: str
    at: float
    state: str
    stopped: str
    forecast: tuple[str, ...]
    rounds: int
    n_labeled: int
    idle: float
    team: Pace
    people: tuple[Pace, ...]
    hours: tuple[Hour, ...]
    seconds: tuple[Seconds, ...]
    points: tuple[Point, ...]
    needs: tuple[Need, ...]
    bought: tuple[BoughtIn, ...]
    agreement: tuple[AgreementRow, ...]
    verdicts: tuple[Verdict, ...]

    def to_json(self) -> str:
        """Give all of it as JSON: rows by their names, what is not finite as null."""
        tables = ("people", "hours", "seconds", "points", "needs", "bought", "agreement", "verdicts")
        plain = ("title", "at", "state", "stopped", "forecast", "rounds", "n_labeled", "idle")
        shown = {name: getattr(self, name) for name in plain}
        shown |= {name: _rows(getattr(self, name)) for name in tables}
        return json.dumps(shown | {"team": _rows([self.team])[0]}, allow_nan=False, separators=(",", ":"))


def _rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [{key: _plain(value) for key, value in one._asdict().items()} for one in rows]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
