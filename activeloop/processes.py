"""Work in processes that end with their parent; the death of one costs a second try, and nothing else."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_LIBRARIES = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR", "NUMBA")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in _LIBRARIES} | {"ACTIVELOOP_THREADS": "1"}
SECONDS = 0.1


def as_done(
    function: Callable[[T], R],
    tasks: Sequence[T],
    workers: int,
    ready: Callable[..., None] | None = None,
    given: tuple[Any, ...] = (),
    alike: Callable[[T], Hashable] = lambda task: None,
) -> Iterator[tuple[T, Future[R]]]:
    """Call a function of each task in processes of one thread; yield each task with its future when done.

    `ready(*given)` is called once in every process before its first task. A process goes on with a task that
    is alike to its last one while there is one. What is sent has to be picklable.

    A task whose process dies is tried again in a new one; when this dies too, its future raises
    BrokenProcessPool. Each process is a pool of its own, because a death breaks the whole of its pool: so it
    costs the other tasks nothing, and it is known whose it was.
    """
    waiting, died = _Waiting(tasks, alike), set[int]()
    lanes = [_Lane(partial(_process, ready, given)) for _ in range(min(workers, len(tasks)))]
    running: dict[Future[R], tuple[int, _Lane]] = {}

    def go_on(lane: _Lane) -> None:
        number = waiting.next(lane.kind)
        if number is not None:
            lane.kind = alike(tasks[number])
            running[lane.submit(function, tasks[number])] = number, lane

    try:
        for lane in lanes:
            go_on(lane)
        while running:
            for one in wait(running, return_when=FIRST_COMPLETED).done:
                number, lane = running.pop(one)
                broken = isinstance(one.exception(), BrokenProcessPool)
                again = broken and number not in died
                if again:
                    died.add(number)
                    waiting.put_back(number)
                go_on(lane)
                if not again:
                    yield tasks[number], failed("its process died twice") if broken else one
    except BaseException:
        for lane in lanes:
            lane.end(kill=True)
        raise
    if lanes:  # all at once: a process takes half a second to leave
        with ThreadPoolExecutor(len(lanes)) as ending:
            list(ending.map(_Lane.end, lanes))


def failed(why: str) -> Future[Any]:
    """Give the future of a task that no process lived to end."""
    future: Future[Any] = Future()
    future.set_exception(BrokenProcessPool(why))
    return future


class _Waiting:
    """The numbers of tasks that nobody does yet, by kind; kinds that are new to a process come in turn."""

    def __init__(self, tasks: Sequence[T], alike: Callable[[T], Hashable]) -> None:
        self._kinds = [alike(task) for task in tasks]
        self._numbers: dict[Hashable, deque[int]] = {}
        for number, kind in enumerate(self._kinds):
            self._numbers.setdefault(kind, deque()).append(number)

    def next(self, kind: Hashable) -> int | None:
        """Take the next task, of this kind where there is one; None when none is left."""
        if not self._numbers:
            return None
        kind = kind if kind in self._numbers else next(iter(self._numbers))
        numbers = self._numbers.pop(kind)
        number = numbers.popleft()
        if numbers:
            self._numbers[kind] = numbers
        return number

    def put_back(self, number: int) -> None:
        """Give a task back, to be the next of its kind."""
        self._numbers.setdefault(self._kinds[number], deque()).appendleft(number)


class _Lane:
    """A process that does one task after another, made anew when it has died."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self.kind: Hashable = None
        self._start = start
        self._pool = start()

    def submit(self, function: Callable[[T], R], task: T) -> Future[R]:
        try:
            with no_interrupts():
                return self._pool.submit(function, task)  # type: ignore[no-any-return]
        except BrokenProcessPool:  # it died at its last task, or since
            self.end()
            self._pool = self._start()
            return self.submit(function, task)

    def end(self, *, kill: bool = False) -> None:
        self._pool.shutdown(wait=True, kill_workers=kill)


def _process(ready: Callable[..., None] | None, given: tuple[Any, ...]) -> Any:
    from joblib.externals.loky import ProcessPoolExecutor

    # A process that has grown by a data set is renewed by loky between two tasks: nobody needs to hear of it.
    warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
    begin = partial(_begin, os.getpid(), ready, given)
    return ProcessPoolExecutor(1, initializer=begin, env=ONE_THREAD)


@contextmanager
def no_interrupts() -> Iterator[None]:
    """Hold an interrupt back while a process starts, which inherits that, until it can leave them to us."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(parent: int, ready: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    """Leave interrupts to the parent, and end with it: no orphan writes beside what goes on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if ready is not None:
        ready(*given)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS)
    os._exit(1)
