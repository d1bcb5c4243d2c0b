"""One value for all who ask within a second: it costs as much for fifty people as for one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Keep what `make` gives for some seconds.

    So one person's progress does not move with each answer of theirs, which would tell whether it counted
    for the round or was one of the audit.

    >>> now, made = 0.0, iter("abc")
    >>> recent = Recent(lambda: next(made), clock=lambda: now)
    >>> recent.give(), recent.give()
    ('a', 'a')
    >>> now = 2.0
    >>> recent.give()
    'b'
    """

    def __init__(
        self, make: Callable[[], T], *, seconds: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._make, self._seconds, self._clock = make, seconds, clock
        self._making = threading.Lock()
        self._made: tuple[T, float] | None = None

    def give(self) -> T:
        """Give the value, made anew when it is too old."""
        with self._making:
            if self._made is None or self._clock() - self._made[1] > self._seconds:
                self._made = (self._make(), self._clock())
            return self._made[0]
