"""Answers that are partial, late, repeated, corrected, skipped, withheld or wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.errors import AnswerError, DataError, StoreError
from activeloop.loop import Loop
from activeloop.pool import Pool
from activeloop.query import Answer, Query
from activeloop.store import MemoryStore

from .conftest import LoopMaker

SPECIES = ("setosa", "versicolor", "virginica")


def right(loop: Loop, query: Query) -> dict[Any, Any]:
    return dict(zip(query.ids, loop.pool.truth(query.ids).tolist(), strict=True))


def play(loop: Loop, rounds: int) -> None:
    for _ in range(rounds):
        loop.tell(right(loop, loop.ask()))


def kinds(store: MemoryStore) -> list[str]:
    _, events = store._runs["run"]
    return [one.kind for one in events]


def tiny(n: int = 6) -> Pool:
    return al.Dataset(np.arange(n, dtype=float)[:, None], [0, 1] * (n // 2)).split([0], by="id")[0]


def test_partial_answers_close_the_round_when_the_last_has_come(new_loop: LoopMaker) -> None:
    loop = new_loop()
    query = loop.ask()
    told = right(loop, query)
    for item in query.ids[:-1]:
        assert loop.tell({item: told[item]}) is None
    closed = loop.tell({query.ids[-1]: told[query.ids[-1]]})
    assert closed is not None
    assert (closed.number, closed.n_labeled, closed.bought) == (0, 4, 4)


def test_an_open_query_is_given_again_whatever_the_number_asked_for(new_loop: LoopMaker) -> None:
    store = MemoryStore()
    loop = new_loop(store=store)
    query = loop.ask()
    loop.tell({query.ids[0]: loop.pool.truth(query.ids[:1])[0]})
    assert loop.ask() is query
    assert loop.ask(9) is query
    assert kinds(store) == ["started", "asked", "answered"]


def test_repeated_answers_are_no_event(new_loop: LoopMaker) -> None:
    store = MemoryStore()
    loop = new_loop(store=store)
    query = loop.ask()
    told = right(loop, query)
    part = {query.ids[0]: told[query.ids[0]]}
    loop.tell(part)
    before = kinds(store)
    assert loop.tell(part) is None
    assert kinds(store) == before
    loop.tell(told)
    before, history = kinds(store), loop.history
    assert loop.tell(told) is None
    assert loop.tell([Answer(query.asks[0].ask_id, told[query.ids[0]], annotator="again", cost=7.0)]) is None
    assert (kinds(store), loop.history) == (before, history)


def test_the_last_of_several_answers_to_one_ask_counts_and_a_change_of_mind_in_between_is_nothing(
    new_loop: LoopMaker,
) -> None:
    store = MemoryStore()
    loop = new_loop(store=store)
    ask = loop.ask().asks[0]
    loop.tell([Answer(ask.ask_id, "setosa"), Answer(ask.ask_id, "virginica")])
    assert loop.labeled.labels.tolist() == ["virginica"]
    before = kinds(store)
    loop.tell([Answer(ask.ask_id, "setosa"), Answer(ask.ask_id, "virginica")])
    assert kinds(store) == before


def test_a_late_answer_counts_and_the_next_round_has_learned_it(new_loop: LoopMaker) -> None:
    loop = new_loop()
    play(loop, 1)
    query = loop.ask()
    told = right(loop, query)
    late = query.ids[0]
    loop.tell({item: told[item] for item in query.ids[1:]})
    closed = loop.close()
    assert (closed.asked, closed.bought, closed.n_labeled) == (4, 3, 7)
    before = loop.history
    loop.tell({late: told[late]})
    assert loop.history == before, "closed rounds stay as they were"
    assert late in loop.labeled.ids
    assert late not in loop.ask().ids
    play(loop, 1)
    last = loop.history.rounds[-1]
    assert (last.bought, last.n_labeled, last.bought_total) == (5, 12, 12)
    assert sum(one.bought for one in last.slices) == 5, "the late label is new to its slice"


def test_a_round_in_which_everyone_abstains_buys_nothing(new_loop: LoopMaker) -> None:
    loop = new_loop()
    play(loop, 2)
    closed = loop.tell(dict.fromkeys(loop.ask().ids))
    assert closed is not None
    assert (closed.asked, closed.bought, [one.bought for one in closed.slices]) == (4, 0, [0, 0, 0])


def test_asks_left_open_go_back_to_the_pool(new_loop: LoopMaker) -> None:
    loop = new_loop(on=tiny(), holdout=None, batch_size=5)
    first = loop.ask()
    loop.close()
    assert set(loop.ask().ids) == set(first.ids)
    assert loop.history.rounds[0].n_labeled == 0
    assert "nothing is labeled yet" in loop.history.rounds[0].notes[0]


def test_a_late_answer_settles_the_ask_that_came_after_it(new_loop: LoopMaker) -> None:
    loop = new_loop(on=tiny(), holdout=None, batch_size=5)
    first = loop.ask()
    loop.close()
    again = loop.ask()
    item = first.asks[0].id
    truth = right(loop, again)
    loop.tell([Answer(first.asks[0].ask_id, truth[item])])
    rest = [Answer(one.ask_id, truth[one.id]) for one in again.asks if one.id != item]
    closed = loop.tell(rest)
    assert closed is not None, "the item has its label, so nothing is open any more"
    assert (closed.bought, closed.bought_total, closed.n_labeled) == (5, 5, 5)


def test_both_asks_of_one_item_buy_one_label(new_loop: LoopMaker) -> None:
    loop = new_loop(on=tiny(), holdout=None, batch_size=5)
    first = loop.ask()
    loop.close()
    again = loop.ask()
    loop.tell(right(loop, again))
    old = first.asks[0]
    for outcome in ("skip", "abstain", "bad"):
        loop.tell([Answer(old.ask_id, outcome=outcome)])
    assert old.id in loop.labeled.ids, "only its own ask takes a label away"
    assert len(loop.labeled) == 5
    assert loop.history.rounds[-1].bought_total == 5


def test_a_correction_is_learned_before_the_next_ranking(new_loop: LoopMaker) -> None:
    store = MemoryStore()
    loop = new_loop(store=store, scoring=["accuracy", "neg_log_loss"])
    play(loop, 4)
    before = loop.history
    first = loop.history.rounds[0]
    ask = Query.from_payload(0, store._runs["run"][1][1].payload, classes=None, items=str).asks[0]
    wrong = next(one for one in SPECIES if one != loop.pool.truth([ask.id])[0])
    stale = loop.fitted
    assert loop.tell([Answer(ask.ask_id, wrong)]) is None
    assert loop.history == before
    assert loop.history.rounds[0] == first
    assert store._runs["run"][1][-1].payload["rounds_touched"] == [0, 1, 2, 3]
    ids, labels = loop.labeled.ids, loop.labeled.labels
    again = GaussianNB().fit(loop.labeled.features, labels)
    assert labels[ids == ask.id].tolist() == [wrong]
    assert loop.fitted is not stale
    assert np.array_equal(loop.fitted.theta_, again.theta_)
    proba = np.sort(again.predict_proba(loop.pool.rows(np.arange(len(loop.pool)))), axis=1)
    margins = dict(zip(loop.pool.ids.tolist(), (proba[:, -1] - proba[:, -2]).tolist(), strict=True))
    query = loop.ask()
    assert [-one.utility for one in query.asks if one.utility is not None] == [
        margins[item] for item in query.ids
    ]
    play(loop, 1)
    note = "labels were corrected that models had learned since round 0"
    assert list(loop.history.rounds[-1].notes) == [note]
    play(loop, 1)
    assert list(loop.history.rounds[-1].notes) == []


def test_rounds_touched_are_those_that_learned_the_label_and_no_others(new_loop: LoopMaker) -> None:
    store = MemoryStore()
    loop = new_loop(store=store)
    play(loop, 1)
    query = loop.ask()
    truth = right(loop, query)
    late = query.asks[0]
    loop.tell({item: truth[item] for item in query.ids[1:]})
    loop.close()
    play(loop, 1)
    events = store._runs["run"][1]
    loop.tell([Answer(late.ask_id, "setosa")])
    assert "rounds_touched" not in events[-1].payload, "no model had learned it"
    play(loop, 2)
    loop.tell([Answer(late.ask_id, "versicolor")])
    assert events[-1].payload["rounds_touched"] == [3, 4]
    loop.tell([Answer(late.ask_id, "virginica")])
    assert "rounds_touched" not in events[-1].payload, "corrected twice before any model saw the first"


def test_a_correction_within_the_open_round_touches_nothing(new_loop: LoopMaker) -> None:
    loop = new_loop()
    query = loop.ask()
    truth = right(loop, query)
    loop.tell({query.ids[0]: next(one for one in SPECIES if one != truth[query.ids[0]])})
    closed = loop.tell(truth)
    assert closed is not None
    assert not any("corrected" in note for note in closed.notes)
    assert dict(zip(loop.labeled.ids.tolist(), loop.labeled.labels.tolist(), strict=True)) == truth


def test_a_label_withdrawn_is_bought_no_longer(new_loop: LoopMaker) -> None:
    loop = new_loop()
    play(loop, 2)
    item = loop.labeled.ids.tolist()[0]
    loop.tell({item: None})
    play(loop, 1)
    last = loop.history.rounds[-1]
    assert (last.n_labeled, last.bought_total, last.bought) == (11, 11, 3)
    assert sum(one.n_labeled_in_slice for one in last.slices) == 11
    assert last.cost_total == 12.0, "what was paid stays paid"


def test_a_label_taken_back_and_told_anew_is_bought_anew(new_loop: LoopMaker) -> None:
    loop = new_loop(batch_size=105)
    query = loop.ask()
    loop.tell(right(loop, query))
    loop.tell([Answer(query.asks[3].ask_id, outcome="skip")])
    again = loop.ask()
    assert again.ids == (query.asks[3].id,)
    loop.tell({})
    assert loop.close().bought == -1
    loop.tell(right(loop, loop.ask()))
    last = loop.history.rounds[-1]
    assert (last.bought, last.bought_total) == (1, 105)
    assert sum(one.bought for one in last.slices) == 1


def test_a_skipped_item_is_asked_again_only_when_no_other_is_left(new_loop: LoopMaker) -> None:
    loop = new_loop(on=tiny(), holdout=None, batch_size=1)
    skipped = loop.ask().asks[0]
    loop.tell([Answer(skipped.ask_id, outcome="skip")])
    seen = []
    for _ in range(4):
        query = loop.ask()
        seen.append(query.ids[0])
        loop.tell(right(loop, query))
    assert skipped.id not in seen
    last = loop.ask()
    assert last.ids == (skipped.id,)
    loop.tell([Answer(last.asks[0].ask_id, outcome="skip")])
    with pytest.raises(DataError, match="no item is left to ask about: all 5 are labeled or set aside"):
        loop.ask()


def test_telling_a_skip_twice_is_one_skip(new_loop: LoopMaker) -> None:
    loop = new_loop(on=tiny(), holdout=None, batch_size=1)
    ask = loop.ask().asks[0]
    loop.tell([Answer(ask.ask_id, outcome="skip")])
    loop.tell([Answer(ask.ask_id, outcome="skip")])
    assert len(loop._ledger.candidates()) == 4
    for _ in range(4):
        loop.tell(right(loop, loop.ask()))
    assert loop.ask().ids == (ask.id,)


@pytest.mark.parametrize("outcome", ["abstain", "bad"])
def test_an_item_set_aside_is_not_asked_again(new_loop: LoopMaker, outcome: Any) -> None:
    loop = new_loop(on=tiny(), holdout=None, batch_size=1)
    ask = loop.ask().asks[0]
    loop.tell([Answer(ask.ask_id, outcome=outcome, cost=2.0)])
    assert (loop.history.rounds[0].bought_total, loop.history.rounds[0].cost_total) == (0, 2.0)
    rounds = list(loop.run(al.oracles.simulated(loop.pool)))
    assert rounds[-1].n_labeled == 4
    assert ask.id not in loop.labeled.ids


def test_none_in_a_mapping_abstains(new_loop: LoopMaker) -> None:
    loop = new_loop(on=tiny(), holdout=None, batch_size=5)
    query = loop.ask()
    closed = loop.tell(right(loop, query) | {query.ids[2]: None})
    assert closed is not None
    assert closed.n_labeled == 4
    with pytest.raises(DataError, match="no item is left"):
        loop.ask()


WRONG: dict[str, tuple[Any, list[str]]] = {
    "label": (Answer("0.1", "rose"), ["'rose'", "allowed: 'setosa', 'versicolor', 'virginica'"]),
    "list as label": (Answer("0.1", [1]), ["[1]", "allowed: 'setosa', 'versicolor', 'virginica'"]),
    "no label": (Answer("0.1"), ["None", "allowed: 'setosa', 'versicolor', 'virginica'"]),
    "ask id": (Answer("0.9", "setosa"), ["unknown ask id '0.9'", "did you mean '0.", "0.1"]),
    "outcome": (Answer("0.1", outcome="skipp"), ["unknown outcome 'skipp'", "did you mean 'skip'?"]),  # type: ignore[arg-type]
    "cost": (Answer("0.1", "setosa", cost=float("nan")), ["cost is nan", "a finite number"]),
    "negative cost": (Answer("0.1", "setosa", cost=-1.0), ["cost is -1.0", "0 or more"]),
    "seconds": (Answer("0.1", "setosa", seconds="long"), ["seconds is 'long'", "a finite number"]),  # type: ignore[arg-type]
    "annotator": (Answer("0.1", "setosa", annotator=7), ["annotator and note must be text"]),  # type: ignore[arg-type]
    "not an answer": ("setosa", ["'setosa' is no answer", "mapping from item id to label"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_one_wrong_answer_stores_nothing_at_all(new_loop: LoopMaker, case: str) -> None:
    store = MemoryStore()
    loop = new_loop(store=store)
    loop.ask()
    wrong, words = WRONG[case]
    before = kinds(store)
    with pytest.raises(AnswerError) as raised:
        loop.tell([Answer("0.0", "setosa"), wrong, Answer("0.2", "setosa")])
    for word in words:
        assert word in str(raised.value)
    assert kinds(store) == before
    assert len(loop.labeled) == 0
    assert list(loop._ledger.open) == ["0.0", "0.1", "0.2", "0.3"]


def test_a_mapping_with_an_item_that_was_never_asked_stores_nothing(new_loop: LoopMaker) -> None:
    store = MemoryStore()
    loop = new_loop(store=store)
    query = loop.ask()
    foreign = next(one for one in loop.pool.ids.tolist() if one not in query.ids)
    with pytest.raises(AnswerError, match=f"item {foreign} was not asked about; asked: {query.ids[0]}, "):
        loop.tell(right(loop, query) | {foreign: "setosa"})
    assert kinds(store) == ["started", "asked"]


def test_labels_of_a_regression_are_finite_numbers() -> None:
    pool, _ = al.Dataset(np.arange(8.0)[:, None], np.linspace(0, 1, 8) ** 2).split(0.25, seed=0)
    from sklearn.linear_model import Ridge

    loop = Loop(Ridge(), pool, strategy="random")
    item = loop.ask().ids[0]
    for wrong in ("many", float("nan"), float("inf"), [1.0]):
        with pytest.raises(AnswerError, match="allowed: a finite number"):
            loop.tell({item: wrong})
    loop.tell({item: np.float32(0.5)})
    assert loop.labeled.labels.tolist() == [0.5]


def test_close_without_an_open_round_says_so(new_loop: LoopMaker) -> None:
    with pytest.raises(StoreError, match="no round is open: ask first"):
        new_loop().close()


def test_answers_may_come_in_any_order(new_loop: LoopMaker) -> None:
    one, other = new_loop(), new_loop()
    for _ in range(3):
        query = one.ask()
        assert other.ask().ids == query.ids
        told = right(one, query)
        one.tell(told)
        for item in reversed(query.ids):
            other.tell({item: told[item]})
    assert one.history == other.history
