"""Events kept in memory, for experiments that need no file."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from activeloop.events import Event, Timing, check_configuration, check_text, conflict, consecutive


class MemoryStore:
    """Events kept in memory, for experiments that need no file; threads may share it."""

    durable = False

    def __init__(self) -> None:
        self._runs: dict[str, tuple[str, list[Event]]] = {}
        self._timings: dict[str, list[Timing]] = {}
        self._lock = threading.Lock()

    def open(self, run: str, configuration: str) -> tuple[Event, ...]:
        """Give the events of a run so far; raises StoreError when it was configured otherwise."""
        check_text("the run's name", run)
        with self._lock:
            known, events = self._runs.setdefault(run, (configuration, []))
            check_configuration(run, known, configuration)
            return tuple(events)

    def append(
        self,
        run: str,
        events: Sequence[Event],
        timings: Sequence[Timing] = (),
        *,
        durable: bool | None = None,
    ) -> None:
        """Keep events; raises StoreConflictError when another loop wrote to the same run meanwhile."""
        consecutive(run, events)
        with self._lock:
            kept = self._runs[run][1]
            if events and events[0].number != len(kept):
                raise conflict(run)
            kept.extend(events)
            self._timings.setdefault(run, []).extend(timings)

    def runs(self) -> dict[str, str]:
        """Give the configuration of each run."""
        with self._lock:
            return {run: configuration for run, (configuration, _) in self._runs.items()}

    def events(self, run: str, *, after: int = -1) -> tuple[Event, ...]:
        """Give the events of a run whose number is above `after`."""
        with self._lock:
            return tuple(self._runs[run][1][after + 1 :]) if run in self._runs else ()

    def timings(self, run: str) -> tuple[Timing, ...]:
        """Give the timings of a run."""
        with self._lock:
            return tuple(self._timings.get(run, ()))

    def close(self) -> None:
        """Keep all: what is only in memory would be lost."""
