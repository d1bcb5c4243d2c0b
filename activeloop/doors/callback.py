"""A plain function that is asked item by item, or batch by batch, and may answer later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal

from activeloop.doors.desk import Desk
from activeloop.doors.problems import Problems, Report
from activeloop.doors.said import asked_of
from activeloop.errors import ActiveloopError, AnswerError, OracleError
from activeloop.events import Store
from activeloop.query import Answer, Ask, Query


class Later(Enum):
    """The type of LATER."""

    LATER = "later"


LATER: Final[Literal[Later.LATER]] = Later.LATER


class Callback:
    """An oracle that calls `function(asked)` once for each ask and keeps what it says.

    The function gives a label, None to abstain, an Answer (to skip, name the annotator, the cost), or LATER:
    then the answer comes by `tell`, from any thread, now or next week. With `batch=True` it is given a tuple
    of them and gives as many answers. What it raises is told with the id of the item, and asked again by the
    next call. An ask during which the process dies is asked again: `asked.ask_id` is the same then.

    store, run  where answers are kept (the loop's own path or store will do); without, in memory
    report      is given each problem; without, the first is raised by the call that has no new answer

    Raises OracleError for a function that fails or gives another number, AnswerError for an unknown label.

    >>> door = Callback(lambda asked: "long" if len(asked.item) > 3 else "short")
    >>> query = Query(0, (Ask("0.0", "a", None, None),), "random", 0, ("long", "short"), {"a": "words"}.get)
    >>> door(query)[0].value
    'long'
    """

    simulated = False

    def __init__(
        self,
        function: Callable[[Any], Any],
        *,
        batch: bool = False,
        store: str | Path | Store | None = None,
        run: str = "run",
        report: Report | None = None,
    ) -> None:
        self._function, self._batch = function, batch
        self._desk, self._problems = Desk(store, run, "callback"), Problems(report)

    @property
    def open(self) -> list[str]:
        """The ask ids whose answers are to come."""
        return self._desk.open

    def __call__(self, query: Query) -> list[Answer]:
        """Ask the function what it was not asked yet; give all answers so far."""
        unseen = self._desk.unseen(query)
        parcels = ([unseen] if unseen else []) if self._batch else [(ask,) for ask in unseen]
        problems = [problem for asks in parcels if (problem := self._ask(query, asks)) is not None]
        return self._problems.beside(self._desk.answers(query), problems)

    def tell(self, said: Answer) -> None:
        """Keep an answer that was to come, is late, or corrects another; raises AnswerError."""
        self._desk.hear([said])

    def answers(self, after: int = 0) -> tuple[list[Answer], int]:
        """Give what is new since `after`, of any round, and the number to give back next time."""
        return self._desk.since(after)

    def retire(self, query: Query) -> None:
        """Withdraw what is open; an answer that comes all the same is kept."""
        self._desk.retire(query)

    def close(self) -> None:
        """Close the store, where it was opened by its path."""
        self._desk.close()

    def _ask(self, query: Query, asks: Sequence[Ask]) -> ActiveloopError | None:
        """Ask, and note at one stroke that it was asked and what it said; give what went wrong."""
        shown = asked_of(replace(query, asks=tuple(asks)))
        try:
            given = self._function(tuple(shown)) if self._batch else [self._function(shown[0])]
            answers = [_answer(ask, one) for ask, one in zip(asks, list(given), strict=True)]
        except Exception as error:  # noqa: BLE001 - whatever a stranger's function raises
            ids = ", ".join(repr(ask.id) for ask in asks[:5]) + (", ..." if len(asks) > 5 else "")
            return OracleError(f"item {ids}: the function failed: {type(error).__name__}: {error}")
        try:
            self._desk.hand_out(query, asks, said=[one for one in answers if one is not None])
        except AnswerError as error:
            return error
        return None


def _answer(ask: Ask, given: Any) -> Answer | None:
    if given is LATER:
        return None
    if isinstance(given, Answer):
        return given._replace(ask_id=ask.ask_id)
    return Answer(ask.ask_id, outcome="abstain") if given is None else Answer(ask.ask_id, given)
