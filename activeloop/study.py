"""A study: one file, many runs, each stored as it goes; broken off anywhere, it goes on from there."""

from __future__ import annotations

import os
import shutil
import traceback
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from activeloop import study_file
from activeloop.build import Cell, build, cells
from activeloop.errors import ActiveloopError, StoreError, nearest
from activeloop.processes import as_done
from activeloop.store import SqliteStore, read
from activeloop.study_tables import StudyFile


@dataclass(frozen=True)
class Study:
    """A study file with the folder that its paths are relative to, and where it writes."""

    file: StudyFile
    text: str
    folder: Path
    out: Path

    @property
    def database(self) -> Path:
        """The file of events."""
        return self.out / "run.db"

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The runs."""
        return cells(self.file)


class Outcome(NamedTuple):
    """How the run of a cell ended here: its reason to stop, or its error in one line and at length.

    `warned`: what its model and plug-ins warned of, a line a warning.
    """

    cell: Cell
    reason: str
    error: str = ""
    details: str = ""
    warned: tuple[str, ...] = ()


def opened(path: Path, out: Path) -> Study:
    """Read a study file that is to write into `out`."""
    text = study_file.text(path)
    return Study(study_file.parse(text, path.name), text, path.resolve().parent, out)


def recalled(out: Path) -> Study:
    """Give the study whose results are in a folder; raises StoreError when there is none."""
    database = out / "run.db"
    if not database.is_file():
        beside = out.parent.glob("*/run.db") if out.parent.is_dir() else ()
        close = nearest(out.name, (one.parent.name for one in beside))
        hint = f"; did you mean {str(out.parent / close)!r}?" if close else ""
        raise StoreError(f"{str(out)!r} holds no study: there is no run.db in it{hint}")
    with closing(read(database)) as store:
        text, folder = store.recall("study"), store.recall("folder")
    if text is None or folder is None:
        raise StoreError(f"{database} holds no study that can be resumed")
    return Study(study_file.parse(text, "the stored study"), text, Path(folder), out)


def check(study: Study) -> None:
    """Build every strategy once, without running it: what cannot work is said before anything is stored."""
    seed = study.file.loop.seeds[0]
    for cell in study.cells:
        if cell.seed == seed:
            build(study.file, cell, study.folder, None)


def unfinished(study: Study) -> tuple[Cell, ...]:
    """Give the cells that have not stopped yet, those that failed among them; nothing is written.

    Raises StoreError when the folder holds a study that differs in more than its seeds and strategies.
    """
    if not study.database.is_file():
        return study.cells
    with closing(read(study.database)) as store:
        known, progress = store.recall("study"), store.progress()
    if known is not None and known != study.text:
        _same(study, study_file.parse(known, "the stored study"))
    return tuple(cell for cell in study.cells if not progress.get(cell.run, (0, False))[1])


def begin(study: Study) -> None:
    """Keep the study in its store, made when there is none."""
    with closing(SqliteStore(study.database, durable=False)) as store:
        for key, value in (("study", study.text), ("folder", str(study.folder))):
            if store.recall(key) != value:
                store.remember(key, value)


def forget(study: Study) -> None:
    """Remove what a study has written, and nothing else; raises StoreError when run.db is not its own."""
    if study.database.is_file():
        read(study.database).close()
    for name in ("run.db", "run.db-wal", "run.db-shm", "report.html"):
        (study.out / name).unlink(missing_ok=True)
    for table in ("history", "bought", "runs", "timings", "cases"):
        for ending in ("csv", "parquet"):
            (study.out / f"{table}.{ending}").unlink(missing_ok=True)
    shutil.rmtree(study.out / "pictures", ignore_errors=True)


def run(study: Study, waiting: Sequence[Cell], workers: int = 1) -> Iterator[Outcome]:
    """Run cells, in this process or in several, one BLAS thread each; yield each outcome as it comes.

    A cell that fails does not stop the others; why it failed is kept, and the next call tries it again.
    Results do not hang on the number of workers.
    """
    workers = min(workers, len(waiting))
    if workers <= 1:
        for cell in waiting:
            yield _run_cell(study, cell)
        return
    for cell, one in as_done(partial(_run_cell, study), waiting, workers):
        try:
            yield one.result()
        except BrokenProcessPool:
            yield Outcome(cell, "failed", "its process died; resume goes on")


def failure(store: SqliteStore, cell: Cell) -> str:
    """Give why the last try of a cell failed, in one line; empty when it did not."""
    return store.recall(f"failed: {cell.run}") or ""


def _run_cell(study: Study, cell: Cell) -> Outcome:
    with closing(SqliteStore(study.database, durable=False)) as store:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            outcome = _tried(study, cell, store)
        outcome = outcome._replace(warned=tuple(_line(one.message) for one in caught))
        if outcome.error != failure(store, cell):
            store.remember(f"failed: {cell.run}", outcome.error)
    return outcome


def _tried(study: Study, cell: Cell, store: SqliteStore) -> Outcome:
    try:
        with _one_thread():
            built = build(study.file, cell, study.folder, store)
            for _ in built.loop.run(built.oracle, built.stop):
                pass
        return Outcome(cell, built.loop.stopped or "waiting for answers")
    except ActiveloopError as error:
        return Outcome(cell, "failed", _line(error))
    except Exception as error:  # noqa: BLE001 - a plug-in's own error: reported with its own traceback
        return Outcome(cell, "failed", _line(error), traceback.format_exc())


def _line(error: Warning | Exception | str) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


@contextmanager
def _one_thread() -> Iterator[None]:
    """Hold BLAS and the kernels to one thread: cells share the cores, and sums come out the same."""
    from threadpoolctl import threadpool_limits

    before = os.environ.get("ACTIVELOOP_THREADS")
    os.environ["ACTIVELOOP_THREADS"] = "1"
    try:
        with threadpool_limits(1):
            yield
    finally:
        if before is None:
            del os.environ["ACTIVELOOP_THREADS"]
        else:
            os.environ["ACTIVELOOP_THREADS"] = before


def _same(study: Study, there: StudyFile) -> None:
    different = _difference(_comparable(there), _comparable(study.file))
    if different:
        raise StoreError(
            f"{str(study.out)!r} holds the results of another study: {different}; "
            "name another folder with --out, or start anew with --fresh"
        )


def _comparable(given: StudyFile) -> dict[str, Any]:
    """Give what two studies must share to be one: all but words and seeds, each strategy under its name."""
    plain = study_file.to_plain(given)
    del plain["study"], plain["loop"]["seeds"]
    names = [cell.strategy for cell in cells(given)]
    plain["loop"]["strategies"] = dict(zip(names, plain["loop"]["strategies"], strict=False))
    return plain


def _difference(there: Any, here: Any, path: str = "") -> str:
    """Name the first key in which two studies differ; a strategy that only one has is no difference."""
    if isinstance(there, dict) and isinstance(here, dict):
        keys = there.keys() & here.keys() if path == "loop.strategies" else there.keys() | here.keys()
        found = (
            _difference(there.get(key), here.get(key), f"{path}.{key}".lstrip(".")) for key in sorted(keys)
        )
        return next((one for one in found if one), "")
    return "" if there == here else f"{path} is {there!r} there and {here!r} here"
