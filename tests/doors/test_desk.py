"""The memory of a door, and what it tells of problems, pauses and money."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from activeloop.doors.desk import Desk
from activeloop.doors.problems import Problems
from activeloop.doors.purse import OutOfBudgetError, Purse
from activeloop.doors.rest import Rest
from activeloop.errors import ActiveloopError, AnswerError, OracleError, StoreError
from activeloop.query import Answer
from activeloop.store import MemoryStore
from tests.doors.asks import query

ASKED = query({"a": 1, "b": 2, "c": 3})


def _desk(store: Any = None) -> Desk:
    desk = Desk(store, "run", "door")
    desk.hand_out(ASKED, desk.unseen(ASKED))
    return desk


def test_it_is_rebuilt_from_its_events() -> None:
    store = MemoryStore()
    desk = _desk(store)
    desk.hear([Answer("0.0", "good", annotator="ada")])
    desk.retire(query({"a": 1, "b": 2}))
    desk.note(ask_id="0.2", paid=1.0)
    again = Desk(store, "run", "door")
    for name in ("handed", "newest", "retired", "noted", "open"):
        assert getattr(again, name) == getattr(desk, name)
    assert again.open == ["0.2"]
    assert again.since() == desk.since()


def test_what_is_new_is_told_once_of_any_round() -> None:
    desk = _desk()
    assert desk.since() == ([], 1)
    desk.hear([Answer("0.0", "good"), Answer("0.1", "bad")])
    news, seen = desk.since()
    assert [one.ask_id for one in news] == ["0.0", "0.1"]
    assert desk.since(seen) == ([], seen)
    desk.hear([Answer("0.0", "bad")])
    assert [(one.ask_id, one.value) for one in desk.since(seen)[0]] == [("0.0", "bad")]


def test_nothing_is_kept_of_what_is_refused_in_part() -> None:
    desk = _desk()
    with pytest.raises(AnswerError, match="item 'b': unknown label 'goood'; did you mean 'good'"):
        desk.hear([Answer("0.0", "good"), Answer("0.1", "goood")])
    with pytest.raises(AnswerError, match=r"unknown ask id '9.9'"):
        desk.hear([Answer("0.0", "good"), Answer("9.9", "good")])
    with pytest.raises(AnswerError, match="unknown outcome 'skipp'; did you mean 'skip'"):
        desk.hear([Answer("0.0", outcome="skipp")])  # type: ignore[arg-type]
    assert desk.since() == ([], 1)


def test_a_withdrawn_ask_that_was_never_handed_out_never_is() -> None:
    desk = Desk(None, "run", "door")
    desk.retire(ASKED)
    assert desk.unseen(ASKED) == ()


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    one, other = Desk(tmp_path / "run.db", "run", "door"), Desk(tmp_path / "run.db", "run", "door")
    one.hand_out(ASKED, ASKED.asks)
    with pytest.raises(StoreError, match="is being written by another process"):
        other.hand_out(ASKED, ASKED.asks)
    one.close()
    other.close()


def test_good_answers_go_before_problems_and_each_problem_is_reported_once() -> None:
    good, wrong = Answer("0.0", "good"), AnswerError("row 3")
    silent = Problems()
    assert silent.beside([good], [wrong]) == [good]
    with pytest.raises(AnswerError, match=r"row 3 \(and 1 more\)"):
        silent.beside([good], [wrong, wrong])
    told: list[ActiveloopError] = []
    telling = Problems(told.append)
    for problems in ([wrong], [wrong], [], [wrong]):
        assert telling.beside([], problems) == []
    assert told == [wrong, wrong]


def test_a_pause_grows_with_each_refusal_and_ends_with_a_success() -> None:
    now = [0.0]
    rest, reason = Rest(1.0, 3.0, lambda: now[0]), OracleError("no")
    lengths = []
    for _ in range(4):
        assert rest.is_over()
        rest.begin(reason)
        rest.begin(OracleError("another thread"))
        assert rest.reason is reason
        start = now[0]
        while not rest.is_over():
            now[0] += 0.5
        lengths.append(now[0] - start)
    assert lengths == [1.0, 2.0, 3.0, 3.0]
    rest.reset()
    rest.begin(reason)
    now[0] += 1.0
    assert rest.is_over()
    assert rest.reason is None


def test_a_purse_waits_for_what_is_set_aside_and_is_never_overdrawn() -> None:
    purse, order = Purse(10.0), list[str]()

    def second() -> None:
        with purse.hold(6.0):
            order.append("second")

    thread = threading.Thread(target=second)
    with purse.hold(6.0):
        thread.start()
        thread.join(timeout=0.05)
        order.append("first")
        purse.pay(1.0)
    thread.join(timeout=10)
    assert order == ["first", "second"]
    purse.pay(8.0)
    with pytest.raises(OutOfBudgetError, match=r"the budget of 10 is spent: 9 so far, .* up to 2"):
        purse.hold(2.0).__enter__()
    with purse.hold(1.0), pytest.raises(OutOfBudgetError):
        purse.pay(0.5, again=True)
