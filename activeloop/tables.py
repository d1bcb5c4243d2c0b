"""The tables of a study, read from its store and written beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from activeloop import grid
from activeloop.curves import Setting, called
from activeloop.errors import MissingDependencyError
from activeloop.grid import Cell, axes, budget
from activeloop.history import BOUGHT_COLUMNS, SCORE_COLUMNS, History, Round
from activeloop.keeping import ended
from activeloop.results import COLUMNS, Results
from activeloop.running import failure
from activeloop.store import SqliteStore
from activeloop.study import Study

_WHO = ("strategy", "seed")


def results(study: Study, store: SqliteStore, setting: Setting | None = None) -> Results:
    """Give the tables of the runs of a study in one setting, the only one it has where none is given."""
    settings = axes(study.file).settings
    here = grid.single(study.file) if setting is None else setting
    scored, bought, timings, runs, cases = [], [], [], [], []
    cells = [cell for cell in study.cells if cell.setting == here]
    for cell in sorted(cells, key=lambda one: (one.strategy, one.seed)):
        run, last = history(store, cell), store.last(cell.run)
        scored.append(_of(cell, run.to_frame()))
        bought.append(_of(cell, run.bought_frame()))
        cases.append(_of(cell, run.cases_frame()))
        timed = pd.DataFrame(store.timings(cell.run), columns=["round", "phase", "seconds"])
        timings.append(_of(cell, timed.groupby(["round", "phase"], as_index=False).agg({"seconds": "sum"})))
        status, reason = ended(last, run.rounds, budget(study.file, cell.setting.data))
        failed = failure(store, cell) if status == "broken" else ""
        how = ("failed", failed) if failed else (status, reason)
        runs.append((cell.strategy, cell.seed, *how, _labeled(run), len(run)))
    return Results(
        name=study.file.study.name + (f": {called(here, settings)}" if len(settings) > 1 else ""),
        question=study.file.study.question,
        history=_together(scored, (*_WHO, *SCORE_COLUMNS)),
        bought=_together(bought, (*_WHO, *BOUGHT_COLUMNS)),
        timings=_together(timings, COLUMNS["timings"]),
        runs=pd.DataFrame(runs, columns=list(COLUMNS["runs"])),
        cases=_together(cases, COLUMNS["cases"]),
        configuration=study.text,
    )


def history(store: SqliteStore, cell: Cell) -> History:
    """Give the closed rounds of a run."""
    return History(tuple(Round.from_payload(one.payload) for one in store.events(cell.run, ("closed",))))


def write(made: Results, out: Path, *, parquet: bool = False) -> tuple[Path, ...]:
    """Write the tables as CSV, and as Parquet where asked, each file whole or not at all.

    `cases.csv` is there where the study has test-cases.
    """
    files = []
    for name in ("history", "bought", "runs", "timings", *(["cases"] if len(made.cases) else [])):
        table: pd.DataFrame = getattr(made, name)
        files.append(_replace(out / f"{name}.csv", partial(table.to_csv, index=False)))
        if parquet:
            files.append(_replace(out / f"{name}.parquet", partial(table.to_parquet, index=False)))
    return tuple(files)


def parquet_ready() -> None:
    """Raise MissingDependencyError when Parquet cannot be written here."""
    if find_spec("pyarrow") is None:
        raise MissingDependencyError.of("pyarrow", "parquet", "to write Parquet")


def _replace(path: Path, write: Callable[[Path], Any]) -> Path:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    write(unfinished)
    os.replace(unfinished, path)
    return path


def _of(cell: Cell, table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, "strategy", cell.strategy)
    table.insert(1, "seed", cell.seed)
    return table


def _together(tables: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))


def _labeled(history: History) -> int:
    return history.last.n_labeled if history.last else 0
