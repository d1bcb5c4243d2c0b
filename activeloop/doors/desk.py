"""What was handed out and what was said of it: on disk before anybody hears of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from activeloop.doors.said import checked
from activeloop.errors import AnswerError, unknown
from activeloop.events import AsDurable, Event, Store, encode
from activeloop.query import Answer, Ask, Query
from activeloop.store import open_store


class Handed(NamedTuple):
    """An ask that was handed out: of which item, with which classes, in which round and parcel."""

    id: int | str
    classes: tuple[Any, ...] | None
    round: int
    parcel: str


class Desk:
    """The memory of a door, rebuilt from its events: they stand in the run's store as "RUN/DOOR".

    Nothing is handed out twice and nothing that was said is forgotten, whenever the process dies. What one
    source (a person, a file) says again changes nothing; what it says anew replaces what anyone said before.
    Threads may share a desk; a second process on the same run and door is refused by the store.
    """

    def __init__(self, store: str | Path | Store | None, run: str, door: str) -> None:
        self._store, self._run, self._lock = open_store(store), f"{run}/{door}", RLock()
        self._own = self._store if isinstance(store, str | Path) else None
        self.handed: dict[str, Handed] = {}
        self.retired: set[str] = set()
        self.noted: list[Mapping[str, Any]] = []
        self.newest: dict[str, Answer] = {}
        self._changed: dict[str, int] = {}
        self._by_parcel: dict[str, str] = {}
        self._by_source: dict[tuple[str, str], Answer] = {}
        self._events = 0
        for event in self._store.open(self._run, encode({"door": door})):
            self._apply(event)

    @property
    def open(self) -> list[str]:
        """The ask ids that were handed out, and neither answered nor withdrawn."""
        with self._lock:
            return [one for one in self.handed if one not in self.newest and one not in self.retired]

    def unseen(self, query: Query) -> tuple[Ask, ...]:
        """Give the asks of a query that were neither handed out nor withdrawn."""
        with self._lock:
            known = self.handed.keys() | self.retired
            return tuple(ask for ask in query.asks if ask.ask_id not in known)

    def hand_out(
        self, query: Query, asks: Sequence[Ask], parcel: str = "", said: Iterable[Answer] = ()
    ) -> None:
        """Note that asks are handed out, with what was said of them at once: all or nothing.

        Raises AnswerError, and nothing is handed out, for an answer that cannot be used.
        """
        items = {ask.ask_id: ask.id for ask in asks}
        good = [checked(one, items[one.ask_id], query.classes) for one in said]
        asked = {
            "asks": [list(one) for one in items.items()],
            "classes": None if query.classes is None else list(query.classes),
            "parcel": parcel,
        }
        self._write("handed", query.round, asked | ({"answers": [list(one) for one in good]} if good else {}))

    def check(self, said: Answer) -> Answer:
        """Give an answer with its value as the declared class; raises AnswerError when it cannot be used."""
        with self._lock:
            handed = self.handed.get(said.ask_id)
            if handed is None:
                raise AnswerError(unknown("ask id", said.ask_id, self.open[:20]))
        return checked(said, handed.id, handed.classes)

    def hear(self, said: Iterable[Answer], source: str | None = None) -> list[Answer]:
        """Keep what a source says (None: each annotator is one), and give what is news of it.

        All is checked before anything is kept: AnswerError for an unknown ask, outcome or class.
        """
        with self._lock:
            good = {one.ask_id: one for one in map(self.check, said)}
            news = [one for one in good.values() if self._by_source.get(_source(one, source)) != one]
            if news:
                self._write("said", 0, {"source": source, "answers": [list(one) for one in news]})
            return news

    def note(self, **what: Any) -> None:
        """Keep something else that the door must not forget."""
        self._write("noted", 0, what)

    def answers(self, query: Query) -> list[Answer]:
        """Give all that was said of the asks of a query, the newest of each."""
        with self._lock:
            return [self.newest[ask.ask_id] for ask in query.asks if ask.ask_id in self.newest]

    def since(self, after: int = 0) -> tuple[list[Answer], int]:
        """Give what was said or changed after so many events, of any round, and how many there are now."""
        with self._lock:
            return [self.newest[one] for one, at in self._changed.items() if at > after], self._events

    def said_in(self, parcel: str) -> Answer | None:
        """Give what was said of an ask that was handed out in some parcel, or None."""
        with self._lock:
            return self.newest.get(self._by_parcel.get(parcel, ""))

    def retire(self, query: Query) -> None:
        """Withdraw the asks of a query; what is said of them all the same is kept."""
        with self._lock:
            gone = [ask.ask_id for ask in query.asks]
            if not self.retired.issuperset(gone):
                self._write("retired", query.round, {"asks": gone})

    def close(self) -> None:
        """Close the store, where it was opened here."""
        if self._own is not None:
            self._own.close()

    def _write(self, kind: str, round: int, payload: Mapping[str, Any]) -> None:
        with self._lock:
            event = Event(self._events, round, kind, dict(payload))
            with AsDurable(self._store, True):
                self._store.append(self._run, [event])
            self._apply(event)

    def _apply(self, event: Event) -> None:
        self._events = event.number + 1
        payload = event.payload
        if event.kind == "handed":
            classes = None if payload["classes"] is None else tuple(payload["classes"])
            made = {
                one: Handed(item, classes, event.round, payload["parcel"]) for one, item in payload["asks"]
            }
            self.handed.update(made)
            self._by_parcel[payload["parcel"]] = next(iter(made))
        elif event.kind == "retired":
            self.retired.update(payload["asks"])
        elif event.kind == "noted":
            self.noted.append(payload)
        for one in (Answer(*each) for each in payload.get("answers", ())):
            self.newest[one.ask_id] = one
            self._changed[one.ask_id] = self._events
            self._by_source[_source(one, payload.get("source"))] = one


def _source(said: Answer, source: str | None) -> tuple[str, str]:
    return (said.annotator if source is None else source), said.ask_id
