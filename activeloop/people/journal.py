"""One state that several threads and processes change: decided on what all wrote, written, then true."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from activeloop.errors import InputError, StoreConflictError, StoreError
from activeloop.events import Event, Store

News: TypeAlias = tuple[str, dict[str, Any]]
_TRIES = 100
_FLEETING = ("leased", "released")


class State(Protocol):
    """What follows from events alone: `events` of them were applied, in order."""

    round: int
    events: int

    def apply(self, event: Event) -> None:
        """Change as an event says."""
        ...


S = TypeVar("S", bound=State)
T = TypeVar("T")


class Journal(Generic[S]):
    """Keeps a state beside its events in a store, and lets nobody see what is not on disk."""

    def __init__(self, store: Store, run: str, state: S) -> None:
        self._store, self._run, self._state, self._lock = store, run, state, threading.RLock()
        for event in store.open(run, "{}"):
            state.apply(event)

    @contextmanager
    def read(self) -> Iterator[S]:
        """Give the state as all have written it, and keep it so while it is read."""
        with self._lock:
            self._catch_up()
            yield self._state

    def commit(self, decide: Callable[[S], tuple[T, list[News]]]) -> T:
        """Let `decide` say what is to happen, make it durable, then true; give its result.

        What is written the store takes only where it was decided on all that there is; so the store is read
        only when it refuses, or nothing is to be written: then it is decided anew if others wrote. Raises
        StoreError, with nothing kept, when the disk does not take it; whatever `decide` raises leaves nothing
        behind.
        """
        with self._lock:
            for _ in range(_TRIES):
                known = self._state.events
                try:
                    result, news = decide(self._state)
                    if self._append(news):
                        return result
                except (StoreConflictError, InputError):
                    self._catch_up()
                    if self._state.events == known:
                        raise
                else:
                    self._catch_up()
                    if self._state.events == known:
                        return result
        raise StoreError(f"run {self._run!r} is written by too many at once; nothing of this was kept")

    def _append(self, news: list[News]) -> bool:
        """Make news durable, then true; False when there are none."""
        if not news:
            return False
        first, round = self._state.events, self._state.round
        events = [Event(first + at, round, kind, told) for at, (kind, told) in enumerate(news)]
        # Who holds what is for minutes; the disk is waited for where work could be lost.
        work = any(one.kind not in _FLEETING for one in events)
        self._store.append(self._run, events, durable=None if work else False)
        for event in events:
            self._state.apply(event)
        return True

    def _catch_up(self) -> None:
        for event in self._store.events(self._run, after=self._state.events - 1):
            self._state.apply(event)
