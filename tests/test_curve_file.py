"""Curves beside their events: what is kept comes back, and what cannot be read is made anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from activeloop.curve_file import FORMAT, CurveFile, Drawn, Kept, drawn, frame
from activeloop.curves import Run, Setting
from activeloop.errors import StoreError
from activeloop.history import Round
from activeloop.scoring import ScoreRow

DIGITS = Setting("digits", "SVC", 10, "exact")


def kept(name: str, rounds: int) -> Kept:
    labels = np.arange(1.0, rounds + 1) * 10
    return Kept(
        name, 3, "complete", "done", labels, labels * 2, ("accuracy",), ("all",), {"fit": 1.5}, (3, "a")
    )


def scored(number: int, *rows: ScoreRow) -> Round:
    return Round(number, "margin", 10, 10, 10, 10, 10.0, 0.0, scores=rows)


def test_a_curve_is_nan_where_a_score_was_undefined_or_not_yet_measured() -> None:
    rows = [
        scored(0),
        scored(1, ScoreRow("all", "accuracy", 0.5, 0.4, 0.6, 30, "")),
        scored(2, ScoreRow("all", "accuracy", None, None, None, 20, "one class")),
        scored(3, ScoreRow("all", "accuracy", 0.7, 0.6, 0.8, 30, "")),
    ]
    (found,) = drawn(rows)
    assert found[:3] == ("accuracy", "all", 20)
    assert np.array_equal(found.values, [np.nan, 0.5, np.nan, 0.7], equal_nan=True)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[CurveFile]:
    with CurveFile(tmp_path / "curves.db") as made:
        yield made


def test_what_is_kept_comes_back_in_the_order_of_the_runs(file: CurveFile) -> None:
    long, short = kept("long", 3), kept("short", 2)
    file.keep(short, [Drawn("accuracy", "all", 5, np.array([0.1, np.nan]))])
    file.keep(long, [Drawn("accuracy", "all", 9, np.array([0.2, 0.3, 0.4]))])
    assert file.events() == {"long": 3, "short": 3}
    found = file.runs()
    assert found["long"][:4] == long[:4]
    assert found["long"][6:] == long[6:]
    runs = [Run(DIGITS, "margin", seed) for seed in range(3)]
    axis = frame([found["long"], None, found["short"]])
    curves = file.read("accuracy", "all", ["long", "never", "short"], runs, axis)
    nan = np.nan
    expected = np.array([[0.2, 0.3, 0.4], [nan, nan, nan], [0.1, nan, nan]])
    assert np.array_equal(curves.values, expected, equal_nan=True)
    labels = np.array([[10, 20, 30], [nan, nan, nan], [10, 20, nan]])
    assert np.array_equal(curves.n_labeled, labels, equal_nan=True)
    assert np.array_equal(curves.cost, curves.n_labeled * 2, equal_nan=True)
    assert curves.support.tolist() == [9, 0, 5]


def test_curves_are_kept_in_place_of_older_ones(file: CurveFile) -> None:
    file.keep(kept("one", 1), [Drawn("accuracy", "all", 5, np.array([0.1]))])
    file.keep(kept("one", 2), [Drawn("accuracy", "all", 5, np.array([0.1, 0.2]))])
    found = file.runs()["one"]
    axis = frame([found])
    assert file.read("accuracy", "all", ["one"], [Run(DIGITS, "m", 0)], axis).values.tolist() == [[0.1, 0.2]]


def test_a_file_of_another_format_is_made_anew(tmp_path: Path) -> None:
    with CurveFile(tmp_path / "curves.db") as file:
        file.keep(kept("one", 1), [])
    with closing(sqlite3.connect(file.path)) as db:
        db.execute(f"PRAGMA user_version={FORMAT + 1}")
    with CurveFile(file.path) as file:
        assert file.events() == {}


def test_what_is_no_database_says_that_it_may_go(tmp_path: Path) -> None:
    (tmp_path / "curves.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="may be deleted"):
        CurveFile(tmp_path / "curves.db")
