"""The curves of a study's runs, kept beside their events in a file that may be deleted: it is made anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.curves import Curves, Run
from activeloop.errors import StoreError
from activeloop.history import Round

FORMAT = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, events INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
    n_labeled BLOB NOT NULL, cost BLOB NOT NULL, scores TEXT NOT NULL, slices TEXT NOT NULL,
    seconds TEXT NOT NULL, asked TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS curves (
    score TEXT NOT NULL, slice TEXT NOT NULL, run TEXT NOT NULL, support REAL NOT NULL, curve BLOB NOT NULL,
    PRIMARY KEY (score, slice, run)
) WITHOUT ROWID;
"""


class Kept(NamedTuple):
    """What is kept of one run beside its curves; `events`: how many it had when they were made."""

    run: str
    events: int
    status: str
    reason: str
    n_labeled: FloatArray
    cost: FloatArray
    scores: tuple[str, ...]
    slices: tuple[str, ...]
    seconds: dict[str, float]
    asked: tuple[int | str, ...]


class Drawn(NamedTuple):
    """One curve of a run: a value a round, NaN where undefined, and the fewest holdout items of its slice."""

    score: str
    slice: str
    support: float
    values: FloatArray


def drawn(rounds: Sequence[Round]) -> list[Drawn]:
    """Give every score on every slice as a curve over the rounds."""
    columns: dict[tuple[str, str], FloatArray] = {}
    support: dict[tuple[str, str], float] = {}
    for at, one in enumerate(rounds):
        for row in one.scores:
            key = (row.score, row.slice)
            column = columns.get(key)
            if column is None:
                column = columns[key] = np.full(len(rounds), np.nan)
            if row.value is not None:
                column[at] = row.value
            support[key] = min(support.get(key, np.inf), row.n)
    return [Drawn(*key, support[key], column) for key, column in columns.items()]


class CurveFile:
    """Curves in one SQLite file, those of a score on a slice together, so that one read gives them all.

    Open until `close`, or the end of a `with`: SQLite tidies up whenever the last one closes a file, which
    would take longer than the work of a run.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._said():
            self._db = sqlite3.connect(path, timeout=60.0, isolation_level=None)
        try:
            with self._said():
                self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> CurveFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _prepare(self) -> None:
        if self._db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            dropped = "DROP TABLE IF EXISTS runs; DROP TABLE IF EXISTS curves;"
            self._db.executescript(
                f"BEGIN IMMEDIATE; {dropped} {_TABLES} PRAGMA user_version={FORMAT}; COMMIT;"
            )
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(
                f"{self.path} cannot be used: {error}; it may be deleted, it is made anew"
            ) from error

    def keep(self, kept: Kept, curves: Iterable[Drawn]) -> None:
        """Keep the curves of a run in place of those it had."""
        row = (
            *kept[:4],
            _packed(kept.n_labeled),
            _packed(kept.cost),
            *(json.dumps(one) for one in kept[6:]),
        )
        rows = [(one.score, one.slice, kept.run, one.support, _packed(one.values)) for one in curves]
        with self._said():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.execute(f"INSERT OR REPLACE INTO runs VALUES ({', '.join('?' * len(row))})", row)
                self._db.executemany("INSERT OR REPLACE INTO curves VALUES (?, ?, ?, ?, ?)", rows)
                self._db.execute("COMMIT")
            except sqlite3.Error:
                self._db.execute("ROLLBACK")
                raise

    def events(self) -> dict[str, int]:
        """Give how many events each run had when its curves were made."""
        with self._said():
            return dict(self._db.execute("SELECT run, events FROM runs"))

    def runs(self) -> dict[str, Kept]:
        """Give what is kept of each run."""
        with self._said():
            rows = self._db.execute("SELECT * FROM runs").fetchall()
        return {row[0]: _unpacked(row) for row in rows}

    def read(self, score: str, slice: str, names: Sequence[str], runs: Sequence[Run], kept: Frame) -> Curves:
        """Give the curves of a score on a slice; a run without it, or not begun, is a row of NaN."""
        values, support = np.full(kept.n_labeled.shape, np.nan), np.zeros(len(names))
        place = {name: at for at, name in enumerate(names)}
        with self._said():
            rows = self._db.execute(
                "SELECT run, support, curve FROM curves WHERE score = ? AND slice = ?", (score, slice)
            ).fetchall()
        for run, fewest, curve in rows:
            at = place.get(run)
            if at is not None:
                found = np.frombuffer(curve, dtype="<f8")
                values[at, : len(found)], support[at] = found, fewest
        return Curves(score, slice, tuple(runs), kept.n_labeled, kept.cost, values, support)


class Frame(NamedTuple):
    """Labels and cost of the rounds of all runs, (n_runs, n_rounds), NaN after the last round of each."""

    n_labeled: FloatArray
    cost: FloatArray


def frame(kept: Sequence[Kept | None]) -> Frame:
    """Give labels and cost as arrays, a row a run; None is a run that has not begun."""
    rounds = max((len(one.n_labeled) for one in kept if one), default=0)
    made = Frame(*(np.full((len(kept), rounds), np.nan) for _ in range(2)))
    for at, one in enumerate(kept):
        if one is not None:
            made.n_labeled[at, : len(one.n_labeled)] = one.n_labeled
            made.cost[at, : len(one.cost)] = one.cost
    return made


def _packed(values: FloatArray) -> bytes:
    return np.ascontiguousarray(values, dtype="<f8").tobytes()


def _unpacked(row: tuple[str, int, str, str, bytes, bytes, str, str, str, str]) -> Kept:
    scores, slices, seconds, asked = (json.loads(one) for one in row[6:])
    n_labeled, cost = (np.frombuffer(one, dtype="<f8").astype(np.float64) for one in row[4:6])
    return Kept(*row[:4], n_labeled, cost, tuple(scores), tuple(slices), seconds, tuple(asked))
