"""A run's progress, put together from what there is: annotations, rounds, audit scores, agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from activeloop.agreement import AgreementRow
from activeloop.cases import Verdict
from activeloop.history import SCORE_COLUMNS, History
from activeloop.people.annotation import Annotation
from activeloop.progress_page import pace
from activeloop.progress_page.needs import needs
from activeloop.progress_page.progress import BoughtIn, Point, Progress, Source

if TYPE_CHECKING:
    import pandas as pd

IDLE = 300.0
SUPPORT = 10  # the min_support of a test-case that states none


def progress(
    title: str,
    *,
    at: float,
    annotations: Sequence[Annotation] = (),
    history: History | None = None,
    audit: pd.DataFrame | None = None,
    agreement: Iterable[Sequence[Any]] = (),
    verdicts: Sequence[Verdict] | None = None,
    forecast: Sequence[str] = (),
    state: str = "",
    stopped: str | None = None,
    slices_of: Callable[[int | str], Iterable[str]] = lambda item: (),
    support: int = SUPPORT,
    idle: float = IDLE,
) -> Progress:
    """Put a run's progress together; it asks no clock and no disk, so that equal things give an equal page.

    annotations  those that count (`People.annotations()`); at : when, in seconds since 1970
    history      the closed rounds of the loop: scores on its holdout, what each slice was bought, verdicts
    audit        scores estimated from the audit stream, a table with the columns of `History.to_frame()`
    agreement    rows of slice, measure, annotators, value, low, high, n, reason
    verdicts     of the test-cases, where they are not those of the newest round
    slices_of    the names of the slices that an item is in
    support      labels that the scores of a slice must rest on
    idle         seconds beyond which a pause between two annotations is not work

    >>> progress("reviews", at=0.0).team.labels
    0
    """
    rounds = history.rounds if history else ()
    last = rounds[-1] if rounds else None
    points = (
        *_points("holdout", history.to_frame() if rounds and history else None),
        *_points("audit", audit),
    )
    persons = pace.people(annotations, idle)
    return Progress(
        title=title,
        at=at,
        state=state,
        stopped=stopped or "",
        forecast=tuple(forecast),
        rounds=len(rounds),
        n_labeled=last.n_labeled if last else 0,
        idle=idle,
        team=pace.team(annotations, persons),
        people=persons,
        hours=pace.hours(annotations),
        seconds=pace.seconds(annotations, slices_of, idle),
        points=points,
        needs=needs(last, _measured(points), support),
        bought=tuple(BoughtIn(one.number, row.slice, row.bought) for one in rounds for row in one.slices),
        agreement=tuple(AgreementRow(*row) for row in agreement),
        verdicts=tuple(verdicts if verdicts is not None else last.verdicts if last else ()),
    )


def _points(source: Source, frame: pd.DataFrame | None) -> tuple[Point, ...]:
    if frame is None:
        return ()
    return tuple(
        Point(
            source=source,
            round=int(row["round"]),
            n_labeled=int(row["n_labeled"]),
            slice=str(row["slice"]),
            score=str(row["score"]),
            value=_number(row["value"]),
            low=_number(row["low"]),
            high=_number(row["high"]),
            n=int(row["n"]),
            reason=str(row["reason"] or ""),
        )
        for row in frame[list(SCORE_COLUMNS)].to_dict("records")
    )


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _measured(points: Sequence[Point]) -> dict[str, int]:
    """Give the labels that the scores of each slice rest on in its newest round, of the source that has most.

    Of several scores the largest: recall of one class rests on fewer than accuracy does.
    """
    newest: dict[tuple[str, Source], int] = {}
    for one in points:
        key = one.slice, one.source
        newest[key] = max(newest.get(key, one.round), one.round)
    found: dict[str, int] = {}
    for one in points:
        if one.round == newest[one.slice, one.source]:
            found[one.slice] = max(found.get(one.slice, 0), one.n)
    return found
