"""Events on disk, never lost: append-only, one SQLite file for as many runs as a study has."""

from __future__ import annotations

import json
import sqlite3
import threading
import warnings
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from activeloop.errors import StoreError
from activeloop.events import (
    AsDurable,
    Event,
    Timing,
    check_configuration,
    check_text,
    conflict,
    consecutive,
    encode,
)
from activeloop.network_disk import network_disk

VERSION = 1
APPLICATION = int.from_bytes(b"acti", "big")

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, configuration TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    run TEXT NOT NULL,
    number INTEGER NOT NULL,
    round INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS events_by_kind ON events (kind, run);
CREATE TABLE IF NOT EXISTS study (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS timings (
    run TEXT NOT NULL,
    round INTEGER NOT NULL,
    phase TEXT NOT NULL,
    seconds REAL NOT NULL
);
"""

# An event that does not go on where the run ends is not inserted, and that is seen by the count.
_INSERT = """
INSERT INTO events SELECT ?1, ?2, ?3, ?4, ?5
WHERE ?2 = (SELECT coalesce(max(number), -1) + 1 FROM events WHERE run = ?1)
"""
_SELECT = "SELECT number, round, kind, payload FROM events"


class SqliteStore:
    """Events in one SQLite file (write-ahead log); several processes may write to it, and threads share it.

    `durable=True` (synchronous=FULL) survives a power cut, as answers of people must; False (NORMAL) survives
    any death of the process, which is enough for what can be simulated again.
    """

    def __init__(self, path: str | Path, *, durable: bool = True) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=60.0, isolation_level=None, check_same_thread=False)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.path} cannot be opened as a run: {error}") from error
        weakref.finalize(self, self._db.close)
        try:
            self._prepare(durable)
        except sqlite3.Error as error:
            raise StoreError(f"{self.path} cannot be opened as a run: {error}") from error

    def _prepare(self, durable: bool) -> None:
        """Make the tables of a new file; refuse a file of something else before it is touched."""
        application, found = self._pragma("application_id"), self._pragma("user_version")
        empty = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if not empty and application != APPLICATION:
            raise StoreError(f"{self.path} is a database of something else; name another file")
        if found > VERSION:
            raise StoreError(
                f"{self.path} was written by a newer activeloop (format {found}, this one reads {VERSION}); "
                "install that one, or name another file"
            )
        if empty:
            self._db.executescript(
                f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id={APPLICATION}; "
                f"PRAGMA user_version={VERSION}; COMMIT;"
            )
        disk = network_disk(self.path)
        if disk:  # a write-ahead log needs memory that all writers share, and machines share none
            warnings.warn(
                f"{self.path} is on a network disk ({disk}), where SQLite is slow and only as safe as its "
                "locks; write from one machine, or name a PostgreSQL database",
                RuntimeWarning,
                stacklevel=3,
            )
        self._db.execute(f"PRAGMA journal_mode={'DELETE' if disk else 'WAL'}")
        self.durable = durable

    @property
    def durable(self) -> bool:
        """Whether what is written survives a power cut, and not only the death of the process."""
        return self._pragma("synchronous") >= 2

    @durable.setter
    def durable(self, durable: bool) -> None:
        with self._lock:
            self._db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")

    def _pragma(self, name: str) -> int:
        with self._lock:
            return int(self._db.execute(f"PRAGMA {name}").fetchone()[0])

    def _rows(self, select: str, *values: Any) -> list[Any]:
        try:
            with self._lock:
                return self._db.execute(select, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"{self.path} cannot be read: {error}") from error

    def open(self, run: str, configuration: str) -> tuple[Event, ...]:
        """Give the events of a run so far; raises StoreError when it was configured otherwise."""
        check_text("the run's name", run)
        self._write("INSERT OR IGNORE INTO runs VALUES (?, ?)", run, configuration)
        check_configuration(
            run, self._rows("SELECT configuration FROM runs WHERE run = ?", run)[0][0], configuration
        )
        return self.events(run)

    def events(self, run: str, kinds: Sequence[str] = (), *, after: int = -1) -> tuple[Event, ...]:
        """Give the events of a run whose number is above `after`, of some kinds or of all."""
        some = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        where = f"WHERE run = ? AND number > ?{some} ORDER BY number"
        return tuple(map(_event, self._rows(f"{_SELECT} {where}", run, after, *kinds)))

    def last(self, run: str) -> Event | None:
        """Give the newest event of a run, or None."""
        rows = self._rows(f"{_SELECT} WHERE run = ? ORDER BY number DESC LIMIT 1", run)
        return _event(rows[0]) if rows else None

    def counts(self) -> dict[str, int]:
        """Give how many events each run has."""
        count = "SELECT max(number) + 1 FROM events WHERE events.run = runs.run"
        return {run: n or 0 for run, n in self._rows(f"SELECT run, ({count}) FROM runs")}

    def append(
        self,
        run: str,
        events: Sequence[Event],
        timings: Sequence[Timing] = (),
        *,
        durable: bool | None = None,
    ) -> None:
        """Write events, all or none.

        Raises StoreConflictError when another process wrote to the run meanwhile, StoreError when the disk
        does not take them.
        """
        consecutive(run, events)
        rows = [(run, one.number, one.round, one.kind, encode(one.payload)) for one in events]
        with self._lock, AsDurable(self, self.durable if durable is None else durable):
            try:
                if len(rows) == 1 and not timings:  # one statement is a transaction of its own
                    written = self._db.execute(_INSERT, rows[0]).rowcount
                else:
                    written = self._together(rows, [(run, *one) for one in timings])
            except sqlite3.Error as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise self._unwritten(error) from error
        if written < len(rows):
            raise conflict(run, str(self.path))

    def _together(self, rows: Sequence[tuple[Any, ...]], times: Sequence[tuple[Any, ...]]) -> int:
        """Write all of it, or nothing when an event has no place; give how many events had one."""
        self._db.execute("BEGIN IMMEDIATE")
        written = self._db.executemany(_INSERT, rows).rowcount if rows else 0
        self._db.executemany("INSERT INTO timings VALUES (?, ?, ?, ?)", times)
        self._db.execute("COMMIT" if written == len(rows) else "ROLLBACK")
        return written

    def _write(self, statement: str, *values: str) -> None:
        try:
            with self._lock:
                self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"{self.path} cannot be written: {error}; nothing of this step was kept")

    def timings(self, run: str) -> tuple[Timing, ...]:
        """Give the timings of a run."""
        rows = self._rows("SELECT round, phase, seconds FROM timings WHERE run = ? ORDER BY rowid", run)
        return tuple(Timing(*row) for row in rows)

    def runs(self) -> dict[str, str]:
        """Give the configuration of each run."""
        return dict(self._rows("SELECT run, configuration FROM runs ORDER BY run"))

    def progress(self) -> dict[str, tuple[int, bool]]:
        """Give for each run how many rounds are closed, and whether it has stopped."""
        closed = dict(self._rows("SELECT run, count(*) FROM events WHERE kind = 'closed' GROUP BY run"))
        newest = "SELECT kind FROM events WHERE events.run = runs.run ORDER BY number DESC LIMIT 1"
        last = self._rows(f"SELECT run, ({newest}) FROM runs")
        return {run: (closed.get(run, 0), kind == "stopped") for run, kind in last}

    def remember(self, key: str, value: str) -> None:
        """Keep a text about the whole study."""
        check_text("the key", key)
        check_text(f"the text of {key!r}", value)
        self._write("INSERT OR REPLACE INTO study VALUES (?, ?)", key, value)

    def recall(self, key: str) -> str | None:
        """Give a text about the whole study, or None."""
        rows = self._rows("SELECT value FROM study WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _event(row: tuple[int, int, str, str]) -> Event:
    return Event(*row[:3], json.loads(row[3]))
