"""A run broken off anywhere and replayed from its events ends as the unbroken one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import activeloop as al
from activeloop.events import Event
from activeloop.loop import Loop
from activeloop.query import Answer, Query
from activeloop.store import MemoryStore

from .conftest import LoopMaker

NOISY: dict[str, Any] = {"seed": 3, "noise": al.oracles.uniform_noise(0.2), "abstain": 0.2}


def test_a_bigger_budget_goes_on_from_where_the_run_stopped(new_loop: LoopMaker, tmp_path: Path) -> None:
    straight, stepped = new_loop(), new_loop(store=tmp_path / "run.db")
    oracle = al.oracles.simulated(straight.pool)
    list(straight.run(oracle, stop=al.stopping.budget(24)))
    list(stepped.run(oracle, stop=al.stopping.budget(12)))
    again = new_loop(store=tmp_path / "run.db")
    assert again.stopped == "the budget of 12 labels is spent"
    list(again.run(oracle, stop=al.stopping.budget(24)))
    assert again.history == straight.history


def test_a_generator_left_in_the_middle_goes_on_in_a_new_loop(new_loop: LoopMaker, tmp_path: Path) -> None:
    whole = new_loop()
    oracle = al.oracles.simulated(whole.pool, **NOISY)
    stop = al.stopping.budget(30)
    list(whole.run(oracle, stop))
    for _ in range(20):
        part = new_loop(store=tmp_path / "run.db")
        if next(part.run(oracle, stop), None) is None:
            break
    assert part.history == whole.history
    assert part.stopped == whole.stopped


def played(loop: Loop, oracle: Callable[[Query], Any], corrections: dict[int, int]) -> None:
    """Play to the end; before the ask of a round, correct an answer of an earlier one (unless it was)."""
    for _ in range(40):
        loop._catch_up()
        at = len(loop.history)
        if loop._query is None and at in corrections:
            ask_id = f"{corrections[at]}.0"
            if loop._ledger.asks[ask_id].answer != Answer(ask_id, "virginica"):
                loop.tell([Answer(ask_id, "virginica")])
        if at >= 8:
            return
        query = loop.ask()
        open_asks = loop._ledger.open
        loop.tell([one for one in oracle(query) if one.ask_id in open_asks])


def continued(events: list[Event], known: str, new_loop: LoopMaker, **changed: Any) -> Loop:
    store = MemoryStore()
    store._runs["run"] = (known, list(events))
    return new_loop(store=store, **changed)


@pytest.mark.parametrize("corrections", [{}, {3: 1, 6: 0}], ids=["plain", "corrected"])
@pytest.mark.parametrize("oracle", [{}, NOISY], ids=["exact", "noisy"])
def test_every_prefix_of_the_events_leads_to_the_same_end(
    new_loop: LoopMaker, corrections: dict[int, int], oracle: dict[str, Any]
) -> None:
    store = MemoryStore()
    loop = new_loop(store=store, watch=True, seed=5)
    answers = al.oracles.simulated(loop.pool, **oracle)
    played(loop, answers, corrections)
    known, events = store._runs["run"]
    assert len(events) > 20
    assert loop.history.rounds[3].signals is not None
    for length in range(len(events)):
        other = continued(events[:length], known, new_loop, watch=True, seed=5)
        played(other, answers, corrections)
        assert other.history == loop.history, f"after {length} events"
        assert other._store._runs["run"][1] == events, f"after {length} events"  # type: ignore[attr-defined]


def test_every_prefix_of_a_watched_run_stops_at_the_same_round(new_loop: LoopMaker) -> None:
    store = MemoryStore()
    rule = al.stopping.stabilizing_predictions(0.9)
    loop = new_loop(store=store)
    oracle = al.oracles.simulated(loop.pool, **NOISY)
    list(loop.run(oracle, rule))
    known, events = store._runs["run"]
    assert "predictions are stable" in str(loop.stopped)
    for length in range(len(events) + 1):
        other = continued(events[:length], known, new_loop)
        list(other.run(oracle, rule))
        assert (other.history, other.stopped) == (loop.history, loop.stopped), f"after {length} events"


def test_a_round_whose_answers_were_all_in_is_closed_before_a_correction_is_taken(
    new_loop: LoopMaker,
) -> None:
    store = MemoryStore()
    whole = new_loop(store=store, batch_size=10)
    query = whole.ask()
    truth = dict(zip(query.ids, whole.pool.truth(query.ids).tolist(), strict=True))
    correction = {query.ids[0]: next(one for one in truth.values() if one != truth[query.ids[0]])}
    whole.tell(truth)
    known, events = store._runs["run"]
    broken = continued(events[:-1], known, new_loop, batch_size=10)
    for loop in (whole, broken):
        loop.tell(correction)
        loop.ask()
    assert broken._store._runs["run"][1] == events  # type: ignore[attr-defined]


def test_a_late_answer_after_the_stop_makes_the_run_unfinished_until_it_stops_again(
    new_loop: LoopMaker,
) -> None:
    loop = new_loop()
    oracle, stop = al.oracles.simulated(loop.pool), al.stopping.budget(8)
    list(loop.run(oracle, stop))
    item = loop.labeled.ids.tolist()[0]
    other = next(one for one in loop.pool.classes or () if one != loop.pool.truth([item])[0])
    loop.tell({item: other})
    assert loop.stopped is None
    assert list(loop.run(oracle, stop)) == []
    assert loop.stopped == "the budget of 8 labels is spent"
