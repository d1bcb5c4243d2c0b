"""A door on trial: how a check makes it, calls it as the loop does, and answers as a person would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from activeloop.answering import answers_of
from activeloop.errors import AnswerError
from activeloop.query import Answer, Ask, Outcome, Query

# Ids that spreadsheets change, and items that terminals, spreadsheets and browsers might obey.
_ITEMS: dict[str, str] = {
    "007": "plain",
    "7": "two\nlines, and a comma; and a semicolon",
    "1e5": '=HYPERLINK("http://example.org")',
    "-x": "\x1b]0;title\x07\x1b[2Jcleared",
    "last": "<script>alert(1)</script> \u202eright to left",
    "late": "asked in the second round",
}


class Person(Protocol):
    """What the check needs of a door: how to make it, what lies open before a person, and how one answers."""

    def make(self) -> Any:
        """Give the door on the state that there is; called again, it is started anew after a crash."""
        ...

    def open(self) -> Sequence[str]:
        """Give the ask ids that a person can still answer now, each as often as it lies there."""
        ...

    def answer(self, said: Answer) -> None:
        """Say something as a person would; a door that can refuse at once raises AnswerError here."""
        ...


class Trial:
    """A door under check, called as the loop calls it."""

    def __init__(self, person: Person, classes: tuple[Any, ...]) -> None:
        self.person, self.classes = person, classes
        self.first, self.second = self._query(0, list(_ITEMS)[:5]), self._query(1, list(_ITEMS)[5:])
        self.door = person.make()

    def _query(self, round: int, ids: list[str]) -> Query:
        asks = tuple(Ask(f"{round}.{at}", one, 0.5, None) for at, one in enumerate(ids))
        return Query(round, asks, "check", 0, self.classes, lambda one: _ITEMS[str(one)])

    def restart(self) -> None:
        """Start the door anew, as after a crash."""
        self.door = self.person.make()

    def call(self, query: Query | None = None) -> dict[str, Answer]:
        """Call the door as the loop does, and see that each answer is well formed and alone."""
        asked = query or self.first
        given = answers_of(self.door, asked, [ask.ask_id for ask in asked.asks])
        told = {one.ask_id: one for one in given}
        assert len(told) == len(given), f"the door gave two answers at once for one ask: {given}"
        for one in given:
            if one.outcome == "label":
                known = [each for each in self.classes if each == one.value and type(each) is type(one.value)]
                assert known, f"the door gave the label {one.value!r}; allowed: {list(self.classes)}"
        return told

    def retire(self) -> None:
        """Withdraw the first query."""
        assert hasattr(self.door, "retire"), "the door has no retire(query), so nothing can be withdrawn"
        self.door.retire(self.first)

    def say(self, ask_id: str, value: Any = None, outcome: Outcome = "label", by: str = "ada") -> None:
        """Answer as a person."""
        self.person.answer(Answer(ask_id, value, outcome, annotator=by))

    def lies_open(self, *expected: str) -> None:
        """See that these asks, and no others, lie open, each once."""
        found = sorted(self.person.open())
        assert found == sorted(expected), f"asks {found} lie before the person; expected: {sorted(expected)}"

    def gives(
        self, expected: dict[str, tuple[Outcome, Any]], query: Query | None = None
    ) -> dict[str, Answer]:
        """See that the door gives these answers and no others: now, again, and when it was started anew."""
        told: dict[str, Answer] = {}
        for when in ("", " again", " after a crash"):
            if "crash" in when:
                self.restart()
            told = self.call(query)
            found = {ask_id: (one.outcome, one.value) for ask_id, one in told.items()}
            assert found == expected, f"the door gave {found}{when}; expected: {expected}"
        return told

    def refuses(self, ask_id: str, value: Any, what: str) -> None:
        """See that an answer is refused with a sentence that names what was wrong."""
        try:
            self.say(ask_id, value)
            self.call()
        except AnswerError as error:
            said = str(error)
            assert what in said and "\n" not in said.strip(), (  # noqa: PT018
                f"the door refused {value!r} by {said!r}; it should be one sentence with {what!r}"
            )
        else:
            raise AssertionError(f"the door took {value!r} for ask {ask_id!r} without a word")
