"""A study: one file, many runs, each stored as it goes; broken off anywhere, it goes on from there."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from activeloop import study_file
from activeloop.build import build
from activeloop.errors import StoreError, nearest
from activeloop.grid import Cell, axes, cells
from activeloop.plugins import Place, Workplace
from activeloop.store import SqliteStore, read
from activeloop.study_tables import StudyFile


@dataclass(frozen=True)
class Study:
    """A study file with the folder that its paths are relative to, and where it writes."""

    file: StudyFile
    text: str
    folder: Place
    out: Path

    @property
    def database(self) -> Path:
        """The file of events."""
        return self.out / "run.db"

    @property
    def curves(self) -> Path:
        """The file of curves, which is made from events."""
        return self.out / "curves.db"

    @property
    def home(self) -> Path:
        """The folder that paths in the study file are relative to."""
        return self.folder.folder if isinstance(self.folder, Workplace) else self.folder

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The runs."""
        return cells(self.file)


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
        text, folder, campaign = (store.recall(one) for one in ("study", "folder", "campaign"))
    if campaign is not None:
        raise StoreError(
            f"{str(out)!r} holds a campaign that people label; go on: activeloop label --out {out}"
        )
    if text is None or folder is None:
        raise StoreError(f"{database} holds no study that can be resumed")
    return Study(study_file.parse(text, "the stored study"), text, Path(folder), out)


def was_compared(out: Path) -> bool:
    """Say whether the study in a folder was begun to compare its strategies."""
    with closing(read(out / "run.db")) as store:
        return store.recall("compared") is not None


def check(study: Study) -> None:
    """Build every strategy once, without running it: what cannot work is said before anything is stored."""
    for cell in {(one.setting, one.strategy): one for one in reversed(study.cells)}.values():
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


def begin(study: Study, *, compared: bool = False) -> None:
    """Keep the study in its store, made when there is none, and whether its strategies are to be compared."""
    with closing(SqliteStore(study.database, durable=False)) as store:
        kept = {"study": study.text, "folder": str(study.home), **({"compared": "yes"} if compared else {})}
        for key, value in kept.items():
            if store.recall(key) != value:
                store.remember(key, value)


def forget(study: Study) -> None:
    """Remove what a study has written, and nothing else; raises StoreError when run.db is not its own."""
    if study.database.is_file():
        read(study.database).close()
    for name in ("run.db", "curves.db"):
        for ending in ("", "-wal", "-shm"):
            (study.out / f"{name}{ending}").unlink(missing_ok=True)
    for name in ("report.html", "compare.html"):
        (study.out / name).unlink(missing_ok=True)
    for table in ("history", "bought", "runs", "timings", "cases"):
        for ending in ("csv", "parquet"):
            (study.out / f"{table}.{ending}").unlink(missing_ok=True)
    for name in ("pictures", "tables"):
        shutil.rmtree(study.out / name, ignore_errors=True)


def _same(study: Study, there: StudyFile) -> None:
    different = _difference(_comparable(there), _comparable(study.file))
    if different:
        raise StoreError(
            f"{str(study.out)!r} holds the results of another study: {different}; "
            "name another folder with --out, or start anew with --fresh"
        )


def _comparable(given: StudyFile) -> dict[str, Any]:
    """Give what two studies must share to be one: all but words and seeds, and what has a name under it."""
    plain, varied = study_file.to_plain(given), axes(given)
    for key in ("study", "exclude", "compare"):
        del plain[key]
    del plain["loop"]["seeds"], plain["loop"]["batch_rules"]
    for key, named in (("data", varied.data), ("model", varied.models), ("oracle", varied.oracles)):
        if isinstance(plain[key], list):
            plain[key] = dict(zip(named, plain[key], strict=True))
    if isinstance(plain["loop"]["batch_size"], list):
        plain["loop"]["batch_size"] = {}
    plain["loop"]["strategies"] = {name: study_file.plain(one) for name, one in varied.strategies.items()}
    return plain


_NAMED = ("data", "model", "oracle", "loop.strategies")
"""What a study may have more of and still be the same study."""


def _difference(there: Any, here: Any, path: str = "") -> str:
    """Name the first key in which two studies differ; what only one has a name for is no difference."""
    if isinstance(there, dict) and isinstance(here, dict):
        keys = there.keys() & here.keys() if path in _NAMED else there.keys() | here.keys()
        found = (
            _difference(there.get(key), here.get(key), f"{path}.{key}".lstrip(".")) for key in sorted(keys)
        )
        return next((one for one in found if one), "")
    return "" if there == here else f"{path} is {there!r} there and {here!r} here"
