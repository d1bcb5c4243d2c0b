"""Rows shared out to threads: numpy and compiled loops let go of the interpreter while they work."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from activeloop.errors import ConfigurationError

_THREAD_VALUES = 1 << 18  # fewer values than this are done before another thread has started
_SHARES_PER_THREAD = 4  # so that a thread on a busy core does not hold up the rest


def available() -> int:
    """Give how many threads to use: ACTIVELOOP_THREADS if set, else the cores this process may run on.

    Raises ConfigurationError where ACTIVELOOP_THREADS is not a whole number of at least 1. A study sets it
    to 1 in its worker processes, so that workers times threads never exceeds the cores.
    """
    asked = os.environ.get("ACTIVELOOP_THREADS")
    if asked is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not asked.isdecimal() or int(asked) < 1:
        raise ConfigurationError(f"ACTIVELOOP_THREADS is {asked!r}; allowed: a whole number from 1 up")
    return int(asked)


def share_out(n: int, values: int, work: Callable[[int, int], None], threads: int | None = None) -> None:
    """Call `work(begin, end)` until every one of n rows, of so many values together, is done once.

    >>> done = []
    >>> share_out(3, 3, lambda begin, end: done.append((begin, end)))
    >>> done
    [(0, 3)]
    """
    workers = min(threads or available(), -(-values // _THREAD_VALUES), n)
    if workers <= 1:
        work(0, n)
        return
    step = -(-n // (workers * _SHARES_PER_THREAD))
    begins = range(0, n, step)
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, begins, (min(n, begin + step) for begin in begins)):
            pass  # a result is taken so that an error in a thread is raised here
