"""What happened to a run, as it is kept, and what a store must offer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from activeloop.errors import StoreError

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
    process (what can be simulated again).
    """

    durable: bool

    def open(self, run: str, configuration: str) -> tuple[Event, ...]:
        """Give the events of a run so far, creating the run when it is new."""
        ...

    def append(self, run: str, events: Sequence[Event], timings: Sequence[Timing] = ()) -> None:
        """Write events, all or none; they are durable when this returns."""
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
