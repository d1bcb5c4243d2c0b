"""Where work is done: processes here, a Dask cluster, or any backend that joblib knows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from importlib.util import find_spec
from typing import TypeVar

from activeloop import cluster, processes
from activeloop.errors import ConfigurationError, MissingDependencyError, UnknownNameError, unknown

T = TypeVar("T")
R = TypeVar("R")

LOCAL = ("loky", "multiprocessing", "sequential", "threading")
ADDRESSED = ("dask", "ray")
SENT = ("loky", "multiprocessing", *ADDRESSED)
"""Backends that send what they run to other processes."""
AT_ONCE = 4
"""Tasks a worker is given at once by a backend that gives no result before all are done."""


def check(backend: str, address: str | None = None) -> None:
    """Raise an error for a backend that there is not, that is not installed, or that takes no address.

    >>> check("lokky")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    activeloop.errors.UnknownNameError: unknown backend 'lokky'; did you mean 'loky'? Allowed: dask, loky, ...
    """
    from joblib.parallel import BACKENDS

    if backend not in (*BACKENDS, *ADDRESSED):
        raise UnknownNameError(
            unknown("backend", backend, {*BACKENDS, *ADDRESSED})
            + "; or one that joblib.register_parallel_backend has made known"
        )
    if address is not None and backend not in ADDRESSED:
        raise ConfigurationError(
            f"backend {backend!r} takes no scheduler address ({address!r} was given); those that do: "
            + ", ".join(ADDRESSED)
        )
    if backend == "dask":
        cluster.check(address)
    if backend == "ray" and find_spec("ray") is None:
        raise MissingDependencyError("ray is needed for backend 'ray': pip install ray")


def as_done(
    function: Callable[[T], R],
    tasks: Sequence[T],
    workers: int,
    backend: str,
    address: str | None = None,
    alike: Callable[[T], Hashable] = lambda task: None,
) -> Iterator[tuple[T, Future[R]]]:
    """Call a function of each task where a backend says; yield each task with its future when it is done.

    "loky" and "multiprocessing" are the same processes here: behind joblib's own doors a worker's death
    ends all that runs (loky), or is waited for forever (multiprocessing). Dask is asked without joblib for
    the same reason. Every other backend is joblib's.
    """
    check(backend, address)
    if backend in ("loky", "multiprocessing"):
        return processes.as_done(function, tasks, workers, alike=alike)
    if backend == "dask":
        return cluster.as_done(function, tasks, workers, address)
    if backend == "ray":
        _register_ray(address)
    return _by_joblib(function, tasks, workers if backend in LOCAL or workers > 1 else -1, backend)


def _by_joblib(
    function: Callable[[T], R], tasks: Sequence[T], workers: int, backend: str
) -> Iterator[tuple[T, Future[R]]]:
    """Go on with each half of what is left when a worker dies: joblib does not say whose it was."""
    from joblib import parallel_config

    left = dict(enumerate(tasks))
    try:
        with parallel_config(backend, n_jobs=workers):
            for number, result in _results(function, tuple(left.items())):
                done: Future[R] = Future()
                done.set_result(result)
                yield left.pop(number), done
    except Exception as error:  # noqa: BLE001 - every backend has its own for the death of a worker
        last = list(left.values())
        if len(tasks) == 1:
            yield last[0], processes.failed(f"its worker died ({type(error).__name__}: {error})")
            return
        for half in (last[: len(last) // 2], last[len(last) // 2 :]):
            if half:
                yield from _by_joblib(function, half, workers, backend)


def _results(function: Callable[[T], R], numbered: Sequence[tuple[int, T]]) -> Iterator[tuple[int, R]]:
    """Give results as they come, or some at a time where the backend, like Ray's, gives whole lists only."""
    from joblib import Parallel, delayed, effective_n_jobs
    from joblib.parallel import get_active_backend

    parallel = partial(Parallel, batch_size=1, pre_dispatch="all")
    work = [delayed(_numbered)(function, *one) for one in numbered]
    if get_active_backend()[0].supports_return_generator:
        yield from parallel(return_as="generator_unordered")(work)
        return
    some = AT_ONCE * effective_n_jobs()
    for start in range(0, len(work), some):
        yield from parallel()(work[start : start + some])


def _numbered(function: Callable[[T], R], number: int, task: T) -> tuple[int, R]:
    return number, function(task)


def _register_ray(address: str | None) -> None:
    import ray
    from ray.util.joblib import register_ray

    if not ray.is_initialized():
        ray.init(address=address)
    register_ray()
