"""Work on a Dask cluster, one that is there or one that is started here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from typing import Any, TypeVar

from activeloop.errors import ConfigurationError, MissingDependencyError
from activeloop.processes import ONE_THREAD, failed, no_interrupts

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = "10s"
"""How long a scheduler has to answer."""


def check(address: str | None = None) -> None:
    """Raise MissingDependencyError when Dask is not installed, ConfigurationError for what is no address."""
    if find_spec("distributed") is None or find_spec("dask") is None:
        raise MissingDependencyError.of("distributed", "dask", "to run cells on a Dask cluster")
    if address is not None:
        from distributed.comm import resolve_address

        with _reachable(address):
            resolve_address(address)


def as_done(
    function: Callable[[T], R], tasks: Sequence[T], workers: int, address: str | None
) -> Iterator[tuple[T, Future[R]]]:
    """Call a function of each task on the workers of a scheduler; yield each task with its future when done.

    Without an address, `workers` processes are started here, and end with this one. Dask gives the task of a
    worker that died to another one: once where the cluster is ours, else as often as the scheduler's
    `allowed-failures` says (3); then its future raises BrokenProcessPool.

    Raises ConfigurationError when no scheduler answers.
    """
    check(address)
    import distributed

    with _connected(workers, address) as client:
        running = {client.submit(function, task, pure=False): task for task in tasks}
        for one in distributed.as_completed(list(running), loop=client.loop):
            yield running.pop(one), _settled(one)
            one.release()


@contextmanager
def _connected(workers: int, address: str | None) -> Iterator[Any]:
    import distributed

    with ExitStack() as ours:
        if address is None:
            address = ours.enter_context(_ours(workers)).scheduler_address
        with _reachable(address):
            client = distributed.Client(address, set_as_default=False, timeout=PATIENCE)
        yield ours.enter_context(client)


@contextmanager
def _ours(workers: int) -> Iterator[Any]:
    """Give a cluster on this machine; what it has to say is in what it gives, so it prints nothing."""
    import dask
    import distributed

    twice = {"distributed.scheduler.allowed-failures": 1, "distributed.comm.timeouts.connect": "60s"}
    with dask.config.set(twice):
        with no_interrupts():
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",  # None is 8787 all the same, and complains when it is taken
                env=ONE_THREAD,
                silence_logs=logging.CRITICAL,
            )
        with cluster:
            try:
                yield cluster
            except BaseException:
                _kill(cluster)
                raise


def _kill(cluster: Any) -> None:
    """End the processes of a cluster at once: asked to close, each would end its task first."""
    import psutil  # as distributed does

    for nanny in cluster.workers.values():
        nanny.auto_restart = False
        if nanny.pid is not None:
            with suppress(psutil.NoSuchProcess):
                psutil.Process(nanny.pid).kill()


@contextmanager
def _reachable(address: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"no Dask scheduler answers at {address!r} ({error}); an address is like tcp://host:8786"
        ) from error


def _settled(one: Any) -> Future[Any]:
    """Give the future of the standard library that says what Dask's says."""
    import distributed

    done: Future[Any] = Future()
    try:
        done.set_result(one.result())
    except distributed.scheduler.KilledWorker as error:
        return failed(f"the worker died, each time that it was tried (last {error.last_worker.address})")
    except CancelledError as error:
        return failed(f"the cluster has given it up ({error})")
    except Exception as error:  # noqa: BLE001 - whatever the cluster raises is this task's
        done.set_exception(error)
    return done
