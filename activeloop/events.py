"""What happened to a run, as it is kept, and what a store must offer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from activeloop.errors import StoreConflictError, StoreError

_COMPACT = json.JSONEncoder(separators=(",", ":"), sort_keys=True, allow_nan=False)


class Event(NamedTuple):
    """Something that happened to a run: `number` counts from 0 without a gap."""

    number: int
    round: int
    kind: str
    payload: dict[str, Any]


class Timing(NamedTuple):
    """Wall-clock seconds of one phase of one round; kept apart, so that equal runs have equal events."""

    round: int
    phase: str
    seconds: float


class Store(Protocol):
    """What the loop needs of a store: open a run, read its events, append to them durably.

    `durable`: whether what is written must survive a power cut (answers of people), or only the death of the
    process (what can be simulated again). Threads may share a store; processes each open their own.
    `activeloop.testing.check_store` holds a store to this.
    """

    durable: bool

    def open(self, run: str, configuration: str) -> tuple[Event, ...]:
        """Give the events of a run so far, creating the run when it is new.

        Raises StoreError when it is there with another configuration.
        """
        ...

    def events(self, run: str, *, after: int = -1) -> tuple[Event, ...]:
        """Give the events of a run whose number is above `after`, quickly when they are few."""
        ...

    def append(
        self,
        run: str,
        events: Sequence[Event],
        timings: Sequence[Timing] = (),
        *,
        durable: bool | None = None,
    ) -> None:
        """Write events, all or none; they are there for every reader when this returns.

        `durable` False is for what a power cut may take away without harm, as who holds what; None is as the
        store is. Of several writes a power cut only ever takes the last ones.

        Their numbers go on where the run ends. Raises StoreConflictError when they do not, as when another
        writer was first: read `events` after the last one known, and try again.
        """
        ...

    def close(self) -> None:
        """Let go of the file or of the connections; harmless when repeated."""
        ...


class AsDurable:
    """Let a store be as safe as is needed within a `with`, and give it back as it was.

    No generator: an interrupt between its lines would leave one that wakes up when the store is closed.
    """

    def __init__(self, store: Store, durable: bool) -> None:
        self._store, self._durable, self._before = store, durable, store.durable

    def __enter__(self) -> None:
        self._store.durable = self._durable

    def __exit__(self, *_: object) -> None:
        self._store.durable = self._before


def encode(payload: Mapping[str, Any]) -> str:
    """Write a payload as compact JSON, keys in order; raises ValueError for NaN and infinities."""
    return _COMPACT.encode(payload)


def check_configuration(run: str, known: str, given: str) -> None:
    """Raise StoreError naming the first key in which a run on disk was configured otherwise."""
    if known == given:
        return
    before, now = json.loads(known), json.loads(given)
    for key in sorted({*before, *now}):
        if before.get(key) != now.get(key):
            raise StoreError(
                f"run {run!r} exists with another configuration: {key} is {before.get(key)!r} there and "
                f"{now.get(key)!r} here; name another store, or another run"
            )


def check_text(what: str, text: str) -> None:
    """Raise StoreError for a name that not every store can hold: with NUL, or half of a surrogate pair.

    Payloads may hold both: they are written as JSON in ASCII.
    """
    if "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise StoreError(f"{what} {text!r} has a character that cannot be stored (NUL, or half of a pair)")


def conflict(run: str, where: str = "") -> StoreConflictError:
    """Give the error of a writer that was not the first."""
    place = f" in {where}" if where else ""
    return StoreConflictError(
        f"run {run!r}{place} is being written by another process; open it again to go on"
    )


def consecutive(run: str, events: Sequence[Event]) -> None:
    """Raise StoreError for events whose numbers have a gap among themselves."""
    for at, one in enumerate(events):
        if one.number != events[0].number + at:
            raise StoreError(f"run {run!r}: event {one.number} does not follow {events[at - 1].number}")
