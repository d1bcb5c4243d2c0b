"""A function as the oracle: asked once, kept before it is given, and late answers are welcome."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from activeloop.doors import LATER, Asked, Callback
from activeloop.errors import ActiveloopError, AnswerError, OracleError
from activeloop.query import Answer
from activeloop.store import MemoryStore
from activeloop.testing import PEOPLE_CHECKS, check_people_oracle
from tests.conftest import LoopMaker
from tests.doors.asks import query


class _Colleague:
    """A function that puts every ask on a pile; answers come when they come."""

    def __init__(self, folder: Path, *, batch: bool = False) -> None:
        self.path = Path(tempfile.mkdtemp(dir=folder)) / "run.db"
        self.batch, self.pile = batch, list[str]()
        self.door: Callback | None = None

    def make(self) -> Callback:
        if self.door is not None:
            self.door.close()
        self.door = Callback(self._asked, store=self.path, batch=self.batch)
        return self.door

    def _asked(self, asked: Any) -> Any:
        self.pile += [one.ask_id for one in (asked if self.batch else [asked])]
        return [LATER] * len(asked) if self.batch else LATER

    def open(self) -> list[str]:
        assert self.door is not None
        return [one for one in self.pile if one in self.door.open]

    def answer(self, said: Answer) -> None:
        assert self.door is not None
        self.door.tell(said)


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize("check", PEOPLE_CHECKS)
def test_it_keeps_the_contract(tmp_path: Path, check: str, batch: bool) -> None:
    check_people_oracle(lambda: _Colleague(tmp_path, batch=batch), only=[check])


def test_labels_that_are_numbers_come_back_as_they_were_declared(tmp_path: Path) -> None:
    check_people_oracle(lambda: _Colleague(tmp_path), classes=(0, 1, 2))


def test_a_function_may_answer_at_once_in_every_way() -> None:
    ways: dict[str, Any] = {
        "label": "good",
        "none": None,
        "skip": Answer("", outcome="skip", annotator="ada", note="hm", cost=0.0),
    }
    door = Callback(lambda asked: ways[str(asked.id)])
    told = door(query(dict.fromkeys(ways)))
    assert [one.outcome for one in told] == ["label", "abstain", "skip"]
    assert (told[2].ask_id, told[2].annotator, told[2].note, told[2].cost) == ("0.2", "ada", "hm", 0.0)


def test_the_function_is_shown_neither_strategy_nor_utility() -> None:
    seen: list[Asked] = []
    Callback(seen.append)(query({"a": "text"}))
    assert seen == [Asked("0.0", "a", "text", ("good", "bad"))]


def test_each_ask_is_made_once_across_restarts() -> None:
    calls: list[str] = []

    def ask(asked: Asked) -> str:
        calls.append(asked.ask_id)
        return "good"

    store, asked = MemoryStore(), query({"a": 1, "b": 2})
    for _ in range(3):
        assert len(Callback(ask, store=store)(asked)) == 2
    assert calls == ["0.0", "0.1"]


def test_a_function_that_fails_loses_nothing_and_is_asked_again() -> None:
    broken, calls = {"b"}, list[Any]()

    def ask(asked: Asked) -> str:
        calls.append(asked.id)
        if asked.id in broken:
            raise RuntimeError("no line")
        return "good"

    door, asked = Callback(ask), query({"a": 1, "b": 2, "c": 3})
    assert [one.ask_id for one in door(asked)] == ["0.0", "0.2"]
    with pytest.raises(OracleError, match="item 'b': the function failed: RuntimeError: no line"):
        door(asked)
    broken.clear()
    assert [one.ask_id for one in door(asked)] == ["0.0", "0.1", "0.2"]
    assert calls == ["a", "b", "c", "b", "b"]


def test_problems_go_to_the_one_who_wants_them() -> None:
    told: list[ActiveloopError] = []
    door = Callback(lambda asked: "goood", report=told.append)
    assert door(query({"a": 1, "b": 2})) == []
    assert str(told[0]) == "item 'a': unknown label 'goood'; did you mean 'good'? Allowed: bad, good"
    assert len(told) == 2


def test_a_batch_of_another_size_is_refused_whole() -> None:
    door = Callback(lambda asked: ["good"], batch=True)
    with pytest.raises(OracleError, match="item 'a', 'b': the function failed: ValueError"):
        door(query({"a": 1, "b": 2}))
    assert door.open == []


def test_answers_may_come_from_many_threads(tmp_path: Path) -> None:
    door = Callback(lambda asked: LATER, store=tmp_path / "run.db")
    asked = query({f"i{at}": at for at in range(40)})
    door(asked)
    threads = [
        threading.Thread(target=door.tell, args=(Answer(one.ask_id, "good", annotator=str(at % 3)),))
        for at, one in enumerate(asked.asks)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(door(asked)) == 40
    door.close()
    again = Callback(lambda asked: LATER, store=tmp_path / "run.db")
    assert len(again(asked)) == 40
    again.close()


def test_a_repeated_delivery_does_not_undo_what_another_said_since() -> None:
    door, asked = Callback(lambda asked: LATER), query({"a": 1})
    door(asked)
    for by, label in (("ada", "good"), ("grace", "bad"), ("ada", "good")):
        door.tell(Answer("0.0", label, annotator=by))
    assert door(asked)[0].annotator == "grace"


def test_numbers_are_labels_of_a_regression() -> None:
    door = Callback(lambda asked: 2 if asked.id == "a" else float("nan"))
    assert door(query({"a": 1, "b": 2}, classes=None))[0].value == 2.0
    with pytest.raises(AnswerError, match="item 'b': nan is no label; allowed: a finite number"):
        door(query({"b": 2}, round=1, classes=None))


def test_a_loop_runs_on_it_and_shares_its_store(new_loop: LoopMaker, tmp_path: Path) -> None:
    from activeloop import stopping

    loop = new_loop(store=tmp_path / "run.db")
    truth = loop.pool.truth(loop.pool.ids)
    labels = dict(zip(loop.pool.ids.tolist(), truth.tolist(), strict=True))
    door = Callback(lambda asked: labels[asked.id], store=tmp_path / "run.db")
    rounds = list(loop.run(door, stop=stopping.budget(12)))
    assert [one.bought_total for one in rounds] == [4, 8, 12]
    door.close()
