"""The tables of a study, read from its store and written beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from activeloop.build import Cell
from activeloop.errors import MissingDependencyError
from activeloop.events import Event
from activeloop.history import BOUGHT_COLUMNS, SCORE_COLUMNS, History, Round
from activeloop.results import COLUMNS, Results
from activeloop.store import SqliteStore
from activeloop.study import Study, failure

_WHO = ("strategy", "seed")


def results(study: Study, store: SqliteStore) -> Results:
    """Give the tables of all runs of a study, as far as they have come."""
    scored, bought, timings, runs, cases = [], [], [], [], []
    for cell in sorted(study.cells, key=lambda one: (one.strategy, one.seed)):
        events = store.events(cell.run)
        history = History(tuple(Round.from_payload(one.payload) for one in events if one.kind == "closed"))
        scored.append(_of(cell, history.to_frame()))
        bought.append(_of(cell, history.bought_frame()))
        cases.append(_of(cell, history.cases_frame()))
        timed = pd.DataFrame(store.timings(cell.run), columns=["round", "phase", "seconds"])
        timings.append(_of(cell, timed.groupby(["round", "phase"], as_index=False).agg({"seconds": "sum"})))
        ended = _ended(events, history, study.file.loop.budget, failure(store, cell))
        runs.append((cell.strategy, cell.seed, *ended, _labeled(history), len(history)))
    return Results(
        name=study.file.study.name,
        question=study.file.study.question,
        history=_together(scored, (*_WHO, *SCORE_COLUMNS)),
        bought=_together(bought, (*_WHO, *BOUGHT_COLUMNS)),
        timings=_together(timings, COLUMNS["timings"]),
        runs=pd.DataFrame(runs, columns=list(COLUMNS["runs"])),
        cases=_together(cases, COLUMNS["cases"]),
        configuration=study.text,
    )


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


def _ended(events: tuple[Event, ...], history: History, budget: int | None, failed: str) -> tuple[str, str]:
    """Say how a run ended: "complete" (budget spent), "stopped" by a rule, "failed", or "broken" off."""
    if events and events[-1].kind == "stopped":
        spent = history.last is not None and budget is not None and history.last.bought_total >= budget
        return "complete" if spent else "stopped", str(events[-1].payload["reason"])
    return ("failed", failed) if failed else ("broken", "not finished" if events else "not started")


def _labeled(history: History) -> int:
    return history.last.n_labeled if history.last else 0
