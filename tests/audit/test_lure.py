"""Scores of a round's model on its pool, from the labels that were chosen afterwards."""

from dataclasses import replace

import numpy as np
import pytest

from activeloop import batch
from activeloop.audit import Draws, lure
from activeloop.errors import DataError
from activeloop.history import History
from activeloop.query import Ask, Query
from tests.audit.conftest import Run, labeled

SCORING = ["accuracy", "neg_log_loss", "recall[3]", "f1_macro"]


def _told(run: Run) -> dict[object, object]:
    return {one: run.truth[one] for one in run.labeled[-1]}


def test_every_round_but_the_newest_has_a_score(softly: Run) -> None:
    even = {"even": [one for one in softly.pool if one % 2 == 0]}
    found = lure(softly.history, softly.said, softly.draws, _told(softly), softly.classes, SCORING, even)
    first, last = found.rounds[0], found.rounds[-1]
    assert [row.reason for row in last.scores] == ["no batch was drawn after this round"] * 8
    row = first.row("accuracy")
    assert row.n == 45  # three batches of 15 draw on from the same pool
    assert row.low is not None
    assert row.value is not None
    assert row.high is not None
    assert row.low < row.value < row.high
    assert 0 < first.row("accuracy", "even").n < 45
    assert first.row("recall[3]").n < 45
    assert "no mean over items" in first.row("f1_macro").reason
    assert found.rounds[1].row("accuracy").n == 30
    assert list(found.to_frame()["round"].unique()) == [0, 1, 2, 3]


def test_one_batch_alone_can_be_asked_for(softly: Run) -> None:
    found = lure(softly.history, softly.said, softly.draws, _told(softly), softly.classes, SCORING, batches=1)
    assert found.rounds[0].row("accuracy").n == 15


def test_it_is_unbiased_where_the_chosen_items_alone_are_not() -> None:
    off, naive = [], []
    for seed in range(20):
        run = labeled(batch.softmax(4.0), rounds=3, seed=seed)
        left = [one for one in run.pool if one not in set(run.labeled[0])]
        place = {one: at for at, one in enumerate(run.said[0].ids.tolist())}
        right = {one: run.said[0].predicted[place[one]] == run.truth[one] for one in left}
        true = np.mean(list(right.values()))
        first = History(run.history.rounds[:1])
        found = lure(first, run.said, run.draws, _told(run), run.classes, ["accuracy"]).rounds[0]
        off.append((found.score("accuracy") or 0.0) - true)
        chosen = [one for query in run.draws[1:] for one in query.ids]
        naive.append(np.mean([right[one] for one in chosen]) - true)
    error = np.std(off, ddof=1) / np.sqrt(len(off))
    assert abs(np.mean(off)) < 3 * error
    assert np.mean(naive) < -0.05


def test_a_strategy_without_chances_has_no_value(greedily: Run) -> None:
    assert greedily.draws[1].chances is None
    told = _told(greedily)
    found = lure(greedily.history, greedily.said, greedily.draws, told, greedily.classes, ["accuracy"])
    assert found.rounds[0].row("accuracy").reason.startswith("the strategy picks without chance")


def test_what_has_no_label_takes_no_part(softly: Run) -> None:
    told = _told(softly)
    for one in softly.draws[1].ids[:5]:
        del told[one]
    first = History(softly.history.rounds[:1])
    found = lure(first, softly.said, softly.draws, told, softly.classes, ["accuracy"]).rounds[0]
    assert found.row("accuracy").n == 40
    nobody = lure(first, softly.said, softly.draws, {}, softly.classes, ["accuracy"]).rounds[0]
    assert nobody.row("accuracy").reason.startswith("none of the items drawn")
    unheard = lure(first, [], softly.draws, told, softly.classes, ["accuracy"]).rounds[0]
    assert unheard.row("accuracy").reason == "no prediction of this round was kept"


def test_a_batch_that_draws_from_another_pool_ends_the_chain(softly: Run) -> None:
    returned = [replace(one, n_candidates=one.n_candidates + (one.round > 1)) for one in softly.draws]
    first = History(softly.history.rounds[:1])
    found = lure(first, softly.said, returned, _told(softly), softly.classes, ["accuracy"]).rounds[0]
    assert found.row("accuracy").n == 15


def test_too_few_effective_draws_have_no_interval(softly: Run) -> None:
    first = History(softly.history.rounds[:1])
    few = [replace(softly.draws[1], ids=softly.draws[1].ids[:6], chances=np.full(6, 0.01))]
    found = (
        lure(first, softly.said, few, _told(softly), softly.classes, ["accuracy"]).rounds[0].row("accuracy")
    )
    assert found.value is not None
    assert found.low is None
    assert "10 are needed" in found.reason


def test_draws_are_those_of_a_query() -> None:
    asks = (Ask("1.0", "a", 0.3, 0.5), Ask("1.1", "b", 0.2, 1.0))
    query = Query(1, asks, "margin", 5, None, lambda one: one)
    drawn = Draws.of(query, 2)
    assert (drawn.ids, drawn.round) == (("a", "b"), 1)
    greedy = replace(query, asks=(*asks[:1], Ask("1.1", "b", 0.2, None)))
    assert Draws.of(greedy, 2).chances is None
    with pytest.raises(DataError, match="2 draws out of 1 candidates"):
        Draws.of(query, 1)
