"""Every score of every round, on every slice, from the audit labels that are known by now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from activeloop.arrays import Array, BoolArray
from activeloop.audit.said import SaidOf
from activeloop.errors import ConfigurationError, SliceError
from activeloop.history import History, Round
from activeloop.scoring import Scoreboard, ScoreRow, Scoring
from activeloop.scoring.board import Interval
from activeloop.scoring.classes import Classes
from activeloop.scoring.names import scores_of
from activeloop.seeds import id_keys

NO_LABEL = "no audit label yet"
NO_PREDICTION = "no prediction of this round was kept"
Slices: TypeAlias = Mapping[str, Collection[int | str]]


def audited(
    history: History,
    said: Iterable[SaidOf],
    labels: Mapping[Any, Any],
    classes: Sequence[Any] | None,
    scoring: Sequence[Scoring],
    slices: Slices | None = None,
    *,
    of: int | None = None,
    interval: Interval = "jackknife",
    seed: int = 0,
) -> History:
    """Give the history with the scores of each round as the audit labels tell them: a holdout that grows.

    said : what each round's model said of the items set apart. labels : by id, those of them that have a
    label by now; each round is scored on all of these. classes : the declared ones; None = regression.
    slices : names, and the ids of their items. The labels are those of a simple random sample (`set_apart`)
    which no model learns, so a score is what it would be on a holdout of that size, interval included.

    Intervals are for all items there could be. `of` = N makes them for the N items of this data set alone: a
    sample of n of them leaves less to chance, and each end moves towards the value by the factor
    √(1 − n / N), the correction for small populations (Cochran 1977), on slices too.

    Raises SliceError for a slice named "all", ConfigurationError for `of` below the number of labels,
    DataError for a label outside the declared classes or an item that was not predicted, and what
    `Scoreboard` raises.
    """
    if of is not None and of < len(labels):
        raise ConfigurationError(f"of is {of!r}, and {len(labels)} items have labels; allowed: that or more")
    names = score_names(scoring, classes)
    members = memberships(slices, list(labels))
    on = _Audit.of(labels, classes, scoring, members, interval, seed) if labels else None
    by_round = {one.round: one for one in said}
    share = 0.0 if of is None else len(labels) / of

    def scored(closed: Round) -> tuple[ScoreRow, ...]:
        if on is None or closed.number not in by_round:
            reason = NO_LABEL if on is None else NO_PREDICTION
            return undefined(("all", *members), names, reason)
        rows = {(one.slice, one.score): _nearer(one, share) for one in on.rows(by_round[closed.number])}
        empty = {(one.slice, one.score): one for one in undefined(members, names, NO_LABEL)}
        return tuple((rows | empty | rows)[slice, name] for slice in ("all", *members) for name in names)

    return with_scores(history, scored)


@dataclass(frozen=True, eq=False)
class _Audit:
    """The board of the items that have labels."""

    ids: tuple[Any, ...]
    board: Scoreboard

    @classmethod
    def of(
        cls,
        labels: Mapping[Any, Any],
        classes: Sequence[Any] | None,
        scoring: Sequence[Scoring],
        members: Mapping[str, BoolArray],
        interval: Interval,
        seed: int,
    ) -> _Audit:
        ids = np.array(list(labels))
        filled = [(name, inside) for name, inside in members.items() if inside.any()]
        truth = np.array(list(labels.values()))
        board = Scoreboard(
            scoring, filled, truth, classes, id_keys(ids), ids=ids, interval=interval, seed=seed
        )
        return cls(tuple(labels), board)

    def rows(self, said: SaidOf) -> tuple[ScoreRow, ...]:
        kept = said.of(self.ids)
        return self.board.rows(plain(kept.predicted), kept.probabilities)


def with_scores(history: History, scores: Any) -> History:
    """Give the history with other scores, a function of the round; verdicts were on the old ones, and go."""
    return History(tuple(replace(one, scores=scores(one), verdicts=()) for one in history.rounds))


def score_names(scoring: Sequence[Scoring], classes: Sequence[Any] | None) -> list[str]:
    """Give the names of the scores."""
    return [one.name for one in scores_of(scoring, None if classes is None else Classes(classes).sorted)]


def memberships(slices: Slices | None, ids: Sequence[Any]) -> dict[str, BoolArray]:
    """Say of each slice which items are in it; raises SliceError for one named "all"."""
    groups = slices or {}
    if "all" in groups:
        raise SliceError("a slice cannot be named 'all': that is the whole; choose another name")
    wanted = {name: set(inside) for name, inside in groups.items()}
    return {name: np.array([one in inside for one in ids], dtype=bool) for name, inside in wanted.items()}


def undefined(slices: Iterable[str], names: Sequence[str], reason: str) -> tuple[ScoreRow, ...]:
    """Give every score of every slice as NULL with the reason."""
    return tuple(ScoreRow(slice, name, None, None, None, 0, reason) for slice in slices for name in names)


def plain(labels: Array) -> Array:
    """Give labels that stand as objects as numbers or texts."""
    return np.array(labels.tolist()) if labels.dtype.kind == "O" else labels


def _nearer(row: ScoreRow, share: float) -> ScoreRow:
    if row.value is None or row.low is None or row.high is None or share == 0.0:
        return row
    left = float(np.sqrt(1 - share))
    return row._replace(
        low=row.value - left * (row.value - row.low), high=row.value + left * (row.high - row.value)
    )
