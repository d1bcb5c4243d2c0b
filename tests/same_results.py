"""Two folders of one study hold the same: events, curves, and what is compared; only seconds may differ."""

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from activeloop.comparing import compared
from activeloop.study import Study
from activeloop.study_runs import study_runs


def events(out: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(out / "run.db")) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
            return []  # the file is there a moment before its tables
        return db.execute(
            "SELECT run, number, round, kind, payload FROM events ORDER BY run, number"
        ).fetchall()


def assert_same(one: Study, other: Study) -> None:
    assert events(one.out) == events(other.out)
    mine, theirs = study_runs(one), study_runs(other)
    for name in ("runs", "scores", "slices", "asked", "phases"):
        assert getattr(mine, name) == getattr(theirs, name), name
    for score in mine.scores:
        for slice in mine.slices:
            for part, same in zip(_arrays(mine, score, slice), _arrays(theirs, score, slice), strict=True):
                np.testing.assert_array_equal(part, same)
    left, right = compared(one, mine), compared(other, theirs)
    for field in dataclasses.fields(left):
        table, same = getattr(left, field.name), getattr(right, field.name)
        if isinstance(table, pd.DataFrame):
            pd.testing.assert_frame_equal(table, same)
    assert left.warnings == right.warnings


def _arrays(runs: Any, score: str, slice: str) -> tuple[Any, ...]:
    curves = runs.curves(score, slice)
    return curves.values, curves.n_labeled, curves.cost, curves.support
