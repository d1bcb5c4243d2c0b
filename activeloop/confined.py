"""What a process is held to while cells run in it: one thread for sums, and every warning is heard.

A worker of a cluster may run several cells at once, a thread each. So what belongs to the process is set by
the first cell to begin and put back by the last one to end, and what belongs to a thread by each.
"""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

_LOCK = threading.RLock()
_VARIABLE = "ACTIVELOOP_THREADS"


class _Threads:
    """How many cells hold the libraries of sums to one thread, and how to let go of them."""

    def __init__(self) -> None:
        self._cells, self._modules = Counter[int](), 0
        self._libraries: Any = None
        self._limited: Any = None
        self._undo = ExitStack()

    def hold(self) -> Any:
        """Limit BLAS and the environment, which are the process's; give what is loaded."""
        import scipy.linalg  # noqa: F401 - its BLAS is not numpy's, and what is loaded later is not held
        from threadpoolctl import ThreadpoolController

        me, modules = threading.get_ident(), len(sys.modules)
        # Who looks holds the loader and waits for the interpreter; who imports does the opposite: so nobody
        # looks beside other cells. It takes longer than a small cell, too.
        if self._modules != modules and not self._cells.keys() - {me}:
            self._libraries, self._modules = ThreadpoolController(), modules
        if not self._cells:
            self._undo.callback(_set, os.environ.get(_VARIABLE))
            _set("1")
        sums = self._libraries.select(user_api="blas")
        several = any(one.num_threads != 1 for one in sums.lib_controllers)
        if several or self._limited is not self._libraries:
            self._undo.enter_context(sums.limit(limits=1))
            self._limited = self._libraries
        self._cells[me] += 1
        return self._libraries

    def let_go(self) -> None:
        """Put all back when this was the last cell."""
        me = threading.get_ident()
        self._cells[me] -= 1
        self._cells += Counter()  # those who hold nothing are gone
        if not self._cells:
            self._limited = None
            self._undo.close()


_THREADS = _Threads()


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold BLAS, OpenMP and the kernels to one thread: cells share the cores, and sums come out the same.

    Libraries that are imported within are not held to it before the next one_thread(), which may be an inner
    one; nor those that are first imported while other threads are within. Let no thread import while another
    one enters.

    >>> with one_thread():
    ...     print(os.environ["ACTIVELOOP_THREADS"])
    1
    """
    with _LOCK:
        libraries = _THREADS.hold()
    try:
        # OpenMP counts by thread. It must not know of the others: it would put back what it found of them.
        with libraries.select(user_api="openmp").limit(limits=1):
            yield
    finally:
        with _LOCK:
            _THREADS.let_go()


def _set(threads: str | None) -> None:
    if threads is None:
        os.environ.pop(_VARIABLE, None)
    else:
        os.environ[_VARIABLE] = threads


_HEARD: dict[int, list[Warning]] = {}
_USUAL = ExitStack()


@contextmanager
def heard() -> Iterator[list[Warning]]:
    """Give a list that gets all that this thread, and threads that it starts, warn of; nothing is printed.

    >>> with heard() as said:
    ...     warnings.warn("it is late", stacklevel=1)
    >>> said
    [UserWarning('it is late')]
    """
    mine: list[Warning] = []
    with _LOCK:
        if not _HEARD:
            _USUAL.enter_context(warnings.catch_warnings())
            warnings.simplefilter("always")
            warnings.showwarning = _hear
        _HEARD[threading.get_ident()] = mine
    try:
        yield mine
    finally:
        with _LOCK:
            del _HEARD[threading.get_ident()]
            if not _HEARD:
                _USUAL.close()


def _hear(message: Any, *where: Any, **more: Any) -> None:
    """Keep a warning for its thread; of a thread that a model started, for what began last."""
    with _LOCK:
        lines = _HEARD.get(threading.get_ident())
        if lines is None:
            lines = next(reversed(_HEARD.values()), [])
        lines.append(message)
