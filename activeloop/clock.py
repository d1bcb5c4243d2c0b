"""How long each phase of a round took, kept apart from what happened in it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from activeloop.events import Timing


class Clock:
    """Wall-clock seconds per phase since they were last taken."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._inner = 0.0

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what runs inside to a phase; the outer phase is not charged for an inner one."""
        start, beside = time.perf_counter(), self._inner
        self._inner = 0.0
        try:
            yield
        finally:
            whole = time.perf_counter() - start
            self._seconds[name] = self._seconds.get(name, 0.0) + whole - self._inner
            self._inner = beside + whole

    def take(self, round: int) -> tuple[Timing, ...]:
        """Give the timings so far and start anew."""
        taken = tuple(Timing(round, phase, seconds) for phase, seconds in self._seconds.items())
        self._seconds = {}
        return taken
