"""Scores of every round on the pool, from the labels that were actively chosen afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray
from activeloop.audit.estimate import (
    NO_PREDICTION,
    Slices,
    memberships,
    plain,
    score_names,
    undefined,
    with_scores,
)
from activeloop.audit.losses import Losses, coded, losses_of
from activeloop.audit.said import SaidOf
from activeloop.audit.weights import Drawn
from activeloop.errors import DataError
from activeloop.history import History, Round
from activeloop.query import Query
from activeloop.scoring import ScoreRow, Scoring
from activeloop.scoring.classes import Classes
from activeloop.scoring.names import scores_of
from activeloop.statistics.intervals import Estimate

ENOUGH = 10
"""Draws that the weights must be worth before there is an interval."""

NO_BATCH = "no batch was drawn after this round"
NO_CHANCE = "the strategy picks without chance, so nothing can be weighted"
NO_ANSWER = "none of the items drawn after this round has a label yet"


@dataclass(frozen=True, eq=False)
class Draws:
    """The items that one query drew, in order, with the chance of each given those before it.

    round : of the query; the model of the round before it knew none of their labels. n_candidates : the items
    that could have been drawn when the first was. chances : None where the strategy has none.
    """

    round: int
    ids: tuple[int | str, ...]
    chances: FloatArray | None
    n_candidates: int

    def __post_init__(self) -> None:
        if not 0 < len(self.ids) <= self.n_candidates:
            raise DataError(
                f"round {self.round}: {len(self.ids)} draws out of {self.n_candidates} candidates"
            )

    @classmethod
    def of(cls, query: Query, n_candidates: int) -> Draws:
        """Take the asks of a query."""
        given = [one.probability for one in query.asks]
        chances = None if None in given else np.array(given, dtype=np.float64)
        usable = chances is not None and bool((chances > 0).all())
        return cls(query.round, query.ids, chances if usable else None, n_candidates)


def lure(
    history: History,
    said: Iterable[SaidOf],
    draws: Iterable[Draws],
    labels: Mapping[Any, Any],
    classes: Sequence[Any] | None,
    scoring: Sequence[Scoring],
    slices: Slices | None = None,
    *,
    batches: int | None = None,
) -> History:
    """Give the history with the scores of each round's model on the pool that it chose from.

    said : what each round's model said of the items drawn afterwards (it had learned none of them). draws :
    of every query. labels : by id, those told by now. slices : names, and the ids of their items. batches :
    how many of the batches after a round count for it, 1 = the next alone; None = all, which go on drawing
    from the same pool without replacement, so that a round's estimate gets surer while labeling goes on.

    Every draw is weighted by `Drawn.weights` (LURE). It measures the *pool of that round*, not all items:
    what was labeled before is no part of it. A draw without a label (abstain, skip, not answered yet) takes
    no part either, as if that had nothing to do with whether the model is right. The interval is 95 % by the
    error of `Drawn.mean`, with t of the effective draws, and no narrower than that of as many even draws;
    below 10 of them there is none. n : the labels that the value rests on.

    A score that is no mean over items, a strategy without chances and the newest round have no value, and the
    reason says so. Raises SliceError for a slice named "all", DataError for a label that is not declared.
    """
    names, by_round = score_names(scoring, classes), {one.round: one for one in said}
    queries = {one.round: one for one in draws}
    scores = scores_of(scoring, None if classes is None else Classes(classes).sorted)
    groups = ("all", *memberships(slices, ()))

    def scored(closed: Round) -> tuple[ScoreRow, ...]:
        chain = list(_chain(queries, closed.number + 1, batches))
        kept = by_round.get(closed.number)
        reason = _why_none(chain, queries.get(closed.number + 1), kept, labels)
        if reason or kept is None:
            return undefined(groups, names, reason)
        ids = [one for query in chain for one in query.ids]
        chances = [query.chances for query in chain if query.chances is not None]
        drawn = Drawn(np.concatenate(chances), chain[0].n_candidates)
        told = np.array([one in labels for one in ids])
        known = [one for one in ids if one in labels]
        given = kept.of(known)
        given = SaidOf(given.round, given.ids, plain(given.predicted), given.probabilities)
        row = coded(given, np.array([labels[one] for one in known]), classes)
        members = {"all": np.ones(len(ids), dtype=bool), **memberships(slices, ids)}
        return tuple(
            _row(slice, score.name, losses_of(score, row), drawn, told, inside)
            for slice, inside in members.items()
            for score in scores
        )

    return with_scores(history, scored)


def _chain(queries: Mapping[int, Draws], start: int, batches: int | None) -> Iterable[Draws]:
    """Give the batches that draw on, without replacement, from the pool of the first."""
    left, at = None, start
    while at in queries and (batches is None or at < start + batches):
        query = queries[at]
        # Where an item came back (skipped, not answered), the next batch draws from another pool.
        if query.chances is None or (left is not None and query.n_candidates != left):
            return
        yield query
        left, at = query.n_candidates - len(query.ids), at + 1


def _why_none(
    chain: Sequence[Draws], next_one: Draws | None, kept: SaidOf | None, labels: Mapping[Any, Any]
) -> str:
    if next_one is None:
        return NO_BATCH
    if not chain:
        return NO_CHANCE
    if kept is None:
        return NO_PREDICTION
    return "" if any(one in labels for query in chain for one in query.ids) else NO_ANSWER


def _row(
    slice: str, name: str, losses: Losses | str, drawn: Drawn, told: BoolArray, inside: BoolArray
) -> ScoreRow:
    if isinstance(losses, str):
        return ScoreRow(slice, name, None, None, None, int((told & inside).sum()), losses)
    chosen = inside & told
    chosen[told] &= losses.counts
    n = int(chosen.sum())
    if n == 0:
        return ScoreRow(slice, name, None, None, None, 0, "none of the labels drawn is in it")
    loss: Array = np.zeros(len(told))
    loss[told] = losses.loss
    found = drawn.mean(loss, chosen)
    value = losses.best - found.value
    if found.effective < ENOUGH:
        reason = f"no interval: the weights leave {found.effective:.1f} draws, and {ENOUGH} are needed"
        return ScoreRow(slice, name, value, None, None, n, reason)
    if np.isnan(found.error) or (found.error == 0 and len(told) >= drawn.n_candidates):
        return ScoreRow(slice, name, value, None, None, n, "no interval: the whole pool was drawn")
    low, high = _interval(value, found.error, found.effective, losses)
    if np.isnan(low):
        return ScoreRow(slice, name, value, None, None, n, "no interval: the losses do not vary")
    return ScoreRow(slice, name, value, low, high, n)


def _interval(value: float, error: float, effective: float, losses: Losses) -> tuple[float, float]:
    """Give the 95 % interval on the scale of the score (`Estimate.interval`), around the value cut to it."""
    within = float(np.clip(value, *losses.bounds))
    pieces = np.array([max(2, int(effective))])
    estimate = Estimate(
        np.array([within]), np.array([error]), pieces, np.array([effective]), losses.bounds, floor=True
    )
    low, high = estimate.interval()
    return float(low[0]), float(high[0])
