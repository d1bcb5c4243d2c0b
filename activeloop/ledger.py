"""Who has been asked, who has a label, what it cost: the state of a run, rebuilt from its events alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from activeloop.arrays import Array, IntArray
from activeloop.errors import AnswerError, unknown
from activeloop.events import Event
from activeloop.items import Items, read_only
from activeloop.query import OUTCOMES, Answer

FREE, ASKED, LABELED, OUT = range(4)


@dataclass
class Asked:
    """One ask: its item, its place in the pool, its newest answer and the round in which that was told."""

    id: int | str
    row: int
    answer: Answer | None = None
    round: int = 0


@dataclass
class Ledger:
    """State per pool item, changed by `apply` only; it never looks at true labels.

    An item may have several asks, when one was skipped or left open; a label told for any of them counts, and
    only a correction of the ask that gave it, or another label, takes it away.
    """

    items: Items
    asks: dict[str, Asked] = field(default_factory=dict)
    newest: dict[int | str, str] = field(default_factory=dict)
    open: dict[str, None] = field(default_factory=dict)
    bought: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    changes: int = 0
    corrected_from: int | None = None

    def __post_init__(self) -> None:
        n, classes = len(self.items), self.items.classes
        self._labeled: tuple[int, IntArray] | None = None
        self.state = np.zeros(n, dtype=np.uint8)
        self._skips = np.zeros(n, dtype=np.uint8)
        self._labeled_by: dict[int, str] = {}
        self._names = tuple(classes or ())
        self._codes = {value: code for code, value in enumerate(self._names)}
        self._classes = None if classes is None else np.asarray(classes)
        self._told: Array = np.full(n, np.nan) if classes is None else np.full(n, -1, dtype=np.int32)

    def candidates(self) -> IntArray:
        """Give the rows that may be asked about; those skipped once only when no other is left."""
        free = np.flatnonzero(self.state == FREE)
        fresh = free[self._skips[free] == 0]
        return fresh if len(fresh) else free

    def labeled(self) -> IntArray:
        """Give the labeled rows in the order of their keys: what a model learns hangs on no other order."""
        if self._labeled is None or self._labeled[0] != self.changes:
            rows = np.flatnonzero(self.state == LABELED)
            ordered = rows[np.argsort(self.items.keys[rows], kind="stable")]
            self._labeled = (self.changes, read_only(ordered))
        return self._labeled[1]

    def labels(self, rows: IntArray) -> Array:
        """Give the labels told for some labeled rows."""
        told = self._told[rows]
        return told if self._classes is None else self._classes[told]

    def given_by(self, row: int) -> str | None:
        """Give the ask that a row has its label from; None for an initial label, and without one."""
        return self._labeled_by.get(row)

    # what is told, checked before anything is taken ------------------------------------------------------

    def checked(self, answers: Iterable[Answer]) -> tuple[Answer, ...]:
        """Give the answers that are news, as plain values; raises AnswerError if any cannot be used.

        An answer that says again what its ask already has is no news, so telling twice is harmless.
        """
        latest = {one.ask_id: one for one in map(self._checked, answers)}
        return tuple(one for one in latest.values() if self._is_news(one))

    def _checked(self, given: Any) -> Answer:
        if not isinstance(given, Answer):
            raise AnswerError(f"{given!r} is no answer; allowed: Answers, or a mapping from item id to label")
        if given.ask_id not in self.asks:
            raise AnswerError(unknown("ask id", given.ask_id, list(self.open)[:20]))
        if given.outcome not in OUTCOMES:
            raise AnswerError(unknown("outcome", given.outcome, OUTCOMES))
        item = self.asks[given.ask_id].id
        if not all(isinstance(text, str) for text in (given.annotator, given.note)):
            raise AnswerError(f"item {item!r}: annotator and note must be text")
        return given._replace(
            value=self._label(given.value, item) if given.outcome == "label" else None,
            cost=_amount("cost", given.cost, item),
            seconds=_amount("seconds", given.seconds, item),
        )

    def _label(self, value: Any, item: int | str) -> Any:
        plain = value.item() if isinstance(value, np.generic) else value
        if self._classes is None:
            return _number(plain, f"item {item!r} was labeled {value!r}")
        try:
            return self._names[self._codes[plain]]
        except (KeyError, TypeError):
            classes = ", ".join(map(repr, self._codes))
            raise AnswerError(f"item {item!r} was labeled {value!r}; allowed: {classes}") from None

    def _is_news(self, given: Answer) -> bool:
        asked = self.asks[given.ask_id]
        if asked.answer is not None and _said(asked.answer) == _said(given):
            return False
        by = self._labeled_by.get(asked.row)
        return by in (None, given.ask_id) or (
            given.outcome == "label" and _said(given) != _said(self.asks[by].answer)
        )

    def touched(self, news: Sequence[Answer], now: int) -> list[int]:
        """Give the closed rounds, all before `now`, whose models learned what these answers change."""
        givers = (self._labeled_by.get(self.asks[one.ask_id].row) for one in news)
        return list(range(min((self.asks[by].round for by in givers if by), default=now), now))

    # what has happened -----------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """Change the state as an event says; a replay of all events gives the same state."""
        changes = {
            "started": self._started,
            "asked": self._asked,
            "answered": self._answered,
            "closed": self._closed,
        }
        if event.kind in changes:
            changes[event.kind](event.payload, event.round)

    def _started(self, payload: Mapping[str, Any], round: int) -> None:
        rows = self.items.find(payload["ids"])
        self.changes += 1
        self.state[rows] = LABELED
        self._told[rows] = [self._code(label) for label in payload["labels"]]

    def _asked(self, payload: Mapping[str, Any], round: int) -> None:
        ask_ids, ids = [one[0] for one in payload["asks"]], [one[1] for one in payload["asks"]]
        rows = self.items.find(ids)
        self.state[rows] = ASKED
        self.asks.update(zip(ask_ids, map(Asked, ids, rows.tolist()), strict=True))
        self.newest.update(zip(ids, ask_ids, strict=True))
        self.open = dict.fromkeys(ask_ids)

    def _answered(self, payload: Mapping[str, Any], round: int) -> None:
        news = [Answer(*given) for given in payload["answers"]]
        earlier = [] if self.corrected_from is None else [self.corrected_from]
        self.corrected_from = min([*payload.get("rounds_touched", ()), *earlier], default=None)
        self.changes += 1
        for one in news:
            asked = self.asks[one.ask_id]
            if asked.answer is None:
                self.cost += one.cost
                self.seconds += one.seconds
            asked.answer, asked.round = one, round
            self._take(asked.row, one)
            self.open.pop(one.ask_id, None)
            if one.outcome != "skip":
                self.open.pop(self.newest[asked.id], None)

    def _take(self, row: int, answer: Answer) -> None:
        before = self._labeled_by.pop(row, None)
        self.bought += (answer.outcome == "label") - (before is not None)
        if answer.outcome == "label":
            self.state[row], self._labeled_by[row] = LABELED, answer.ask_id
            self._told[row] = self._code(answer.value)
        elif answer.outcome == "skip" and self._skips[row] == 0:
            self.state[row], self._skips[row] = FREE, 1
        else:
            self.state[row] = OUT

    def _code(self, label: Any) -> Any:
        return label if self._classes is None else self._codes[label]

    def _closed(self, payload: Mapping[str, Any], round: int) -> None:
        rows = np.array([self.asks[one].row for one in self.open], dtype=np.int64)
        self.state[rows[self.state[rows] == ASKED]] = FREE
        self.open, self.corrected_from = {}, None


def _said(answer: Answer | None) -> tuple[Any, Any]:
    return (answer.outcome, answer.value) if answer else (None, None)


def _amount(name: str, given: Any, item: int | str) -> float:
    number = _number(given, f"item {item!r}: {name} is {given!r}")
    if number < 0:
        raise AnswerError(f"item {item!r}: {name} is {given!r}; allowed: 0 or more")
    return number


def _number(given: Any, what: str) -> float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = np.nan
    if not np.isfinite(number):
        raise AnswerError(f"{what}; allowed: a finite number")
    return number
