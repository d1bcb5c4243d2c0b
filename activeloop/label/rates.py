"""How often one caller may call: a bucket of tokens each, refilled as time goes by."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class Rates:
    """Let each caller make `burst` calls at once and `per_second` in the long run.

    >>> now = 0.0
    >>> rates = Rates(per_second=1, burst=2, clock=lambda: now)
    >>> [rates.allows("ada") for _ in range(3)]
    [True, True, False]
    >>> now = 1.0
    >>> rates.allows("ada")
    True
    """

    def __init__(
        self,
        per_second: float,
        burst: int,
        *,
        most: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second, self._burst, self._most, self._clock = per_second, burst, most, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, caller: str) -> bool:
        """Take one token of the caller's; False when none is left."""
        now = self._clock()
        left, since = self._buckets.pop(caller, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._per_second)
        allowed = left >= 1
        self._buckets[caller] = (left - allowed, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return allowed
