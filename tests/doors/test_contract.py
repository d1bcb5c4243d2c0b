"""The contract of doors finds what it is there to find: each planted fault is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from activeloop.doors import LATER, Callback
from activeloop.errors import AnswerError
from activeloop.query import Answer, Query
from activeloop.store import MemoryStore
from activeloop.testing import check_people_oracle


class _Faulty:
    """A good door with one fault in it."""

    def __init__(self, fault: str) -> None:
        self.fault, self.store = fault, MemoryStore()
        self.extra: list[str] = []

    def make(self) -> Any:
        if self.fault == "forgets":
            self.store = MemoryStore()
        self.inner = Callback(lambda asked: LATER, store=self.store)
        return self

    def __call__(self, query: Query) -> list[Answer]:
        if self.fault == "hands out twice":
            self.extra = [query.asks[0].ask_id] if self.extra == [] and self.inner.open else []
        answers = self.inner(query)
        if self.fault == "gives twice":
            return answers * 2
        if self.fault == "gives once":
            given: set[str] = getattr(self, "gone", set())
            self.gone = {one.ask_id for one in answers}
            return [one for one in answers if one.ask_id not in given]
        if self.fault == "gives text":
            return [one._replace(value=f"{one.value} ") for one in answers]
        if self.fault == "gives foreign":
            return [Answer("7.7", "good")]
        return answers

    def open(self) -> list[str]:
        return self.inner.open + self.extra

    def answer(self, said: Answer) -> None:
        if self.fault == "takes anything" and said.value == "nonsense":
            return
        if self.fault == "takes any ask" and said.ask_id == "9.9":
            return
        if self.fault == "loses outcomes" and said.outcome != "label":
            said = said._replace(outcome="abstain")
        if self.fault == "first one counts" and said.ask_id not in self.inner.open:
            return
        if self.fault == "no names":
            said = said._replace(annotator="somebody")
        if self.fault == "throws late work away" and said.ask_id in self.inner._desk.retired:
            return
        try:
            self.inner.tell(said)
        except AnswerError as error:
            if self.fault == "mumbles":
                raise AnswerError("no") from error
            raise

    def retire(self, query: Query) -> None:
        if self.fault == "keeps open":
            return
        self.inner.retire(query)
        if self.fault == "throws work away":
            for ask in query.asks:
                self.inner._desk.newest.pop(ask.ask_id, None)
            self.store = MemoryStore()


@pytest.mark.parametrize(
    ("fault", "check", "message"),
    [
        ("hands out twice", "handed out once", "lie before the person; expected"),
        ("forgets", "partial", r"the door gave \{\} after a crash; expected"),
        ("gives twice", "partial", "two answers at once for one ask"),
        ("gives once", "partial", r"the door gave \{\} again; expected"),
        ("gives text", "partial", "gave the label 'good '; allowed"),
        ("gives foreign", "partial", "answered ask '7.7', which it was not asked"),
        ("takes anything", "refused", "took 'nonsense' for ask '0.0' without a word"),
        ("mumbles", "refused", "refused 'nonsense' by 'no'; it should be one sentence with 'nonsense'"),
        ("takes any ask", "foreign", "took 'good' for ask '9.9' without a word"),
        ("loses outcomes", "skip", r"gave \{'0.2': \('abstain', None\)\}; expected: .*skip"),
        ("first one counts", "corrected", r"gave \{'0.0': \('label', 'good'\)\}; expected: .*'bad'"),
        ("no names", "annotators", "expected: ada, grace"),
        ("throws work away", "kept", "expected: .*'0.3'"),
        ("throws late work away", "late", r"the door gave \{\}; expected: \{'0.2'"),
        ("keeps open", "retired", r"lie before the person; expected: \[\]"),
    ],
)
def test_a_fault_is_found(fault: str, check: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_people_oracle(lambda: _Faulty(fault), only=[check])


def test_without_a_fault_all_is_well() -> None:
    check_people_oracle(lambda: _Faulty("none"))


def test_a_check_that_there_is_not_is_named() -> None:
    with pytest.raises(AssertionError, match="unknown check 'lates'; allowed: handed out once, partial"):
        check_people_oracle(lambda: _Faulty("none"), without=["lates"])


def test_a_door_that_cannot_withdraw_says_so() -> None:
    class Simple(_Faulty):
        retire: Callable[[Query], None] = property()  # type: ignore[assignment]

    with pytest.raises(AssertionError, match=r"the door has no retire\(query\)"):
        check_people_oracle(lambda: Simple("none"), only=["retired"])
    check_people_oracle(lambda: Simple("none"), without=["retired", "late", "kept"])
