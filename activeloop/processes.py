"""Work in several processes that end with their parent, whether it returns, is interrupted or is killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import active_children, get_context, parent_process
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def as_done(
    function: Callable[[T], R],
    tasks: Iterable[T],
    workers: int,
    ready: Callable[..., None] | None = None,
    given: tuple[Any, ...] = (),
) -> Iterator[tuple[T, Future[R]]]:
    """Call a function of each task in spawned processes; yield each task with its future as it is done.

    `ready(*given)` is called once in every process before its first task. What is sent has to be picklable.
    A process that dies breaks all that is still waiting: their futures raise BrokenProcessPool.
    """
    others = active_children()
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (ready, given)) as pool:
        running = {pool.submit(function, task): task for task in tasks}
        try:
            for one in as_completed(running):
                yield running[one], one
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in active_children():
                if child not in others:
                    child.terminate()
            raise


def _begin(ready: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    """Leave interrupts to the parent, and end with it: no orphan writes beside what goes on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    if ready is not None:
        ready(*given)


def _end_with_the_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
