"""How long not to ask again, when asking is of no use for now."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from activeloop.errors import ActiveloopError


class Rest:
    """A pause that doubles with each refusal, from `first` to `longest` seconds, and ends with a success.

    Who looks in several times a second does not ask as often.
    """

    def __init__(self, first: float, longest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._first, self._longest, self._clock, self._lock = first, longest, clock, Lock()
        self._seconds, self._until = 0.0, 0.0
        self.reason: ActiveloopError | None = None

    def begin(self, reason: ActiveloopError) -> None:
        """Pause, longer than the last time; of several refusals during a pause only the first counts."""
        with self._lock:
            if self._clock() >= self._until:
                self._seconds = min(max(2 * self._seconds, self._first), self._longest)
                self._until, self.reason = self._clock() + self._seconds, reason

    def reset(self) -> None:
        """Note a success."""
        with self._lock:
            self._seconds, self._until, self.reason = 0.0, 0.0, None

    def is_over(self) -> bool:
        """Tell whether to ask; the reason of the pause is forgotten then."""
        with self._lock:
            if self._clock() < self._until:
                return False
            self.reason = None
            return True
