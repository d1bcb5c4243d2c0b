"""The cells of a study, run: here, in processes, or on a cluster."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, suppress
from functools import partial
from typing import Any, NamedTuple

import cloudpickle

from activeloop import backends
from activeloop.build import build
from activeloop.confined import heard, one_thread
from activeloop.curve_file import CurveFile
from activeloop.errors import ActiveloopError, ConfigurationError, StoreError
from activeloop.events import Event, Store, Timing
from activeloop.grid import Cell
from activeloop.history import Round
from activeloop.keeping import keep
from activeloop.plugins import Workplace
from activeloop.store import MemoryStore, SqliteStore
from activeloop.study import Study


class Outcome(NamedTuple):
    """How the run of a cell ended here: its reason to stop, or its error in one line and at length.

    `warned`: what its model and plug-ins warned of, a line a warning.
    """

    cell: Cell
    reason: str
    error: str = ""
    details: str = ""
    warned: tuple[str, ...] = ()


def run(
    study: Study,
    waiting: Sequence[Cell],
    workers: int = 1,
    backend: str = "loky",
    address: str | None = None,
) -> Iterator[Outcome]:
    """Run cells, one BLAS thread each; yield each outcome as it comes.

    backend   "loky": in this process, or in `workers` of them; "dask": on the scheduler at `address`, or on
              `workers` processes of a cluster that is started for it; any other that joblib knows
    address   of a cluster, whose workers are all used: they need this package, the model's and the plug-ins',
              and, where the study names files, its folder under the same path; the results they need not see

    A cell that fails does not stop the others; why it failed is kept, and the next call tries it again. One
    whose process dies is tried once more at once, and goes on where it was. Results hang neither on the
    backend nor on the number of workers.

    Raises UnknownNameError, ConfigurationError or MissingDependencyError for a backend that cannot be used,
    and ConfigurationError for what was given in Python and cannot be sent to where it should run.
    """
    backends.check(backend, address)
    if backend in backends.SENT and not _one_by_one(backend, workers):
        _check_sent(study)
    return _outcomes(study, tuple(waiting), workers, backend, address)


def failure(store: SqliteStore, cell: Cell) -> str:
    """Give why the last try of a cell failed, in one line; empty when it did not."""
    return store.recall(f"failed: {cell.run}") or ""


def _one_by_one(backend: str, workers: int) -> bool:
    return backend == "sequential" or (backend == "loky" and workers <= 1)


def _check_sent(study: Study) -> None:
    given = study.folder.given if isinstance(study.folder, Workplace) else {}
    for (kind, name), one in given.items():
        try:
            cloudpickle.dumps(one)
        except Exception as error:
            raise ConfigurationError(
                f"{kind} {name!r} cannot be sent to other processes ({_line(error)}); name it as "
                "'file.py:name', or run here with one worker"
            ) from error


def _outcomes(
    study: Study, waiting: Sequence[Cell], workers: int, backend: str, address: str | None
) -> Iterator[Outcome]:
    # Open from the first cell to the last: SQLite tidies up whenever the last one closes a file.
    with closing(SqliteStore(study.database, durable=False)) as store, CurveFile(study.curves):
        found: Generator[Outcome, None, None]
        if _one_by_one(backend, workers):
            found = (_tried(study, cell, store) for cell in waiting)
        elif backend in backends.LOCAL:
            found = _beside(study, waiting, workers, backend)
        else:
            found = _elsewhere(study, waiting, workers, backend, address, store)
        with closing(found):
            for outcome in found:
                if outcome.error != failure(store, outcome.cell):
                    store.remember(f"failed: {outcome.cell.run}", outcome.error)
                yield outcome


def _beside(
    study: Study, waiting: Sequence[Cell], workers: int, backend: str
) -> Generator[Outcome, None, None]:
    """Run cells in processes or threads of this machine: each writes to the study's store as it goes."""
    work = partial(_run_here, study)
    for cell, future in backends.as_done(work, waiting, workers, backend, alike=_data):
        yield _ended(cell, future)


def _run_here(study: Study, cell: Cell) -> Outcome:
    with closing(SqliteStore(study.database, durable=False)) as store:
        return _tried(study, cell, store)


class _Sent(NamedTuple):
    """A cell, and what the study's store holds of it already."""

    cell: Cell
    configuration: str | None
    events: tuple[Event, ...]


class _Came(NamedTuple):
    """How a cell ended elsewhere, and what is new."""

    outcome: Outcome
    configuration: str | None
    events: tuple[Event, ...]
    timings: tuple[Timing, ...]


def _elsewhere(
    study: Study,
    waiting: Sequence[Cell],
    workers: int,
    backend: str,
    address: str | None,
    store: SqliteStore,
) -> Generator[Outcome, None, None]:
    """Run cells on other machines, which need not see the study's store: what is new comes back whole."""
    known = store.runs()
    sent = [_Sent(cell, known.get(cell.run), store.events(cell.run)) for cell in waiting]
    for task, future in backends.as_done(partial(_run_away, study), sent, workers, backend, address):
        came = _ended(task.cell, future)
        yield _kept(store, came) if isinstance(came, _Came) else came


def _run_away(study: Study, sent: _Sent) -> _Came:
    store, run = MemoryStore(), sent.cell.run
    if sent.configuration is not None:
        store.open(run, sent.configuration)
        store.append(run, sent.events)
    outcome = _tried(study, sent.cell, store)
    if outcome.error and not study.home.is_dir():
        missing = f" (the study's folder {str(study.home)!r} is not on the worker: its files have to be)"
        outcome = outcome._replace(error=outcome.error + missing)
    events = store.events(run)[len(sent.events) :]
    return _Came(outcome, store.runs().get(run), events, store.timings(run))


def _kept(store: SqliteStore, came: _Came) -> Outcome:
    try:
        if came.configuration is not None:
            store.open(came.outcome.cell.run, came.configuration)
            store.append(came.outcome.cell.run, came.events, came.timings)
    except StoreError as error:
        return Outcome(came.outcome.cell, "failed", _line(error))
    return came.outcome


def _ended(cell: Cell, future: Future[Any]) -> Any:
    """Give what came of a cell, or the outcome of one that was lost on the way."""
    try:
        return future.result()
    except BrokenProcessPool as error:
        return Outcome(cell, "failed", f"{error}; resume tries it again")
    except Exception as error:  # noqa: BLE001 - what cannot be sent, or is not installed there
        return Outcome(cell, "failed", f"it could not be sent, or its result: {_line(error)}")


def _data(cell: Cell) -> Any:
    """Give the data set of a cell: a process that has loaded it goes on with it."""
    return cell.setting.data


_BUILDING = threading.Lock()


def _tried(study: Study, cell: Cell, store: Store) -> Outcome:
    with heard() as warned:
        outcome = _run(study, cell, store)
    return outcome._replace(warned=tuple(map(_line, warned)))


def _run(study: Study, cell: Cell, store: Store) -> Outcome:
    try:
        with ExitStack() as held:
            with _BUILDING:  # threads would meet plug-ins that are half imported
                held.enter_context(one_thread())
                built = build(study.file, cell, study.folder, store)
                held.enter_context(one_thread())  # what the model has imported, too
            for _ in built.loop.run(built.oracle, built.stop):
                pass
        if isinstance(store, SqliteStore):
            _keep(study, cell, store, built.loop.history.rounds)
        return Outcome(cell, built.loop.stopped or "waiting for answers")
    except ActiveloopError as error:
        return Outcome(cell, "failed", _line(error))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plug-in's own: reported with its own traceback
        return Outcome(cell, "failed", _line(error), _storable(traceback.format_exc()))


def _keep(study: Study, cell: Cell, store: SqliteStore, rounds: Sequence[Round]) -> None:
    with suppress(StoreError), CurveFile(study.curves) as file:  # made again by whoever asks for them
        keep(study, cell, store, file, rounds)


def _line(error: BaseException) -> str:
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - an error that cannot say what it is still has a name
        said = "(it cannot be written)"
    return _storable(" ".join(f"{type(error).__name__}: {said}".split()))


def _storable(text: str) -> str:
    """Give a text without the halves of characters that neither SQLite nor a terminal takes."""
    return text.encode("utf-8", "backslashreplace").decode()
