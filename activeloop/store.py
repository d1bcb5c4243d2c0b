"""Events on disk, never lost: append-only, one SQLite file for as many runs as a study has."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Sequence
from pathlib import Path

from activeloop.errors import StoreError
from activeloop.events import Event, Store, Timing, check_configuration, encode

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


_INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?)"
_SELECT = "SELECT number, round, kind, payload FROM events"


class MemoryStore:
    """Events kept in memory, for experiments that need no file."""

    durable = False

    def __init__(self) -> None:
        self._runs: dict[str, tuple[str, list[Event]]] = {}
        self._timings: dict[str, list[Timing]] = {}

    def open(self, run: str, configuration: str) -> tuple[Event, ...]:
        """Give the events of a run so far; raises StoreError when it was configured otherwise."""
        known, events = self._runs.setdefault(run, (configuration, []))
        check_configuration(run, known, configuration)
        return tuple(events)

    def append(self, run: str, events: Sequence[Event], timings: Sequence[Timing] = ()) -> None:
        """Keep events; raises StoreError when another loop wrote to the same run meanwhile."""
        kept = self._runs[run][1]
        if events and events[0].number != len(kept):
            raise StoreError(f"run {run!r} is being written by another loop; open it again to go on")
        kept.extend(events)
        self._timings.setdefault(run, []).extend(timings)

    def runs(self) -> dict[str, str]:
        """Give the configuration of each run."""
        return {run: configuration for run, (configuration, _) in self._runs.items()}

    def events(self, run: str) -> tuple[Event, ...]:
        """Give the events of a run."""
        return tuple(self._runs[run][1]) if run in self._runs else ()

    def timings(self, run: str) -> tuple[Timing, ...]:
        """Give the timings of a run."""
        return tuple(self._timings.get(run, ()))


class SqliteStore:
    """Events in one SQLite file (write-ahead log); several processes may each write their own run.

    `durable=True` (synchronous=FULL) survives a power cut, as answers of people must; False (NORMAL) survives
    any death of the process, which is enough for what can be simulated again.
    """

    def __init__(self, path: str | Path, *, durable: bool = True) -> None:
        self.path = Path(path)
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
        self._db.execute("PRAGMA journal_mode=WAL")
        self.durable = durable

    @property
    def durable(self) -> bool:
        """Whether what is written survives a power cut, and not only the death of the process."""
        return self._pragma("synchronous") >= 2

    @durable.setter
    def durable(self, durable: bool) -> None:
        self._db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")

    def _pragma(self, name: str) -> int:
        return int(self._db.execute(f"PRAGMA {name}").fetchone()[0])

    def open(self, run: str, configuration: str) -> tuple[Event, ...]:
        """Give the events of a run so far; raises StoreError when it was configured otherwise."""
        try:
            self._db.execute("INSERT OR IGNORE INTO runs VALUES (?, ?)", (run, configuration))
        except sqlite3.Error as error:
            raise self._unwritten(error) from error
        known = self._db.execute("SELECT configuration FROM runs WHERE run = ?", (run,)).fetchone()[0]
        check_configuration(run, known, configuration)
        return self.events(run)

    def events(self, run: str, kinds: Sequence[str] = ()) -> tuple[Event, ...]:
        """Give the events of a run, of some kinds or of all."""
        some = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        rows = self._db.execute(f"{_SELECT} WHERE run = ?{some} ORDER BY number", (run, *kinds))
        return tuple(map(_event, rows))

    def last(self, run: str) -> Event | None:
        """Give the newest event of a run, or None."""
        row = self._db.execute(f"{_SELECT} WHERE run = ? ORDER BY number DESC LIMIT 1", (run,)).fetchone()
        return None if row is None else _event(row)

    def counts(self) -> dict[str, int]:
        """Give how many events each run has."""
        count = "SELECT max(number) + 1 FROM events WHERE events.run = runs.run"
        return {run: n or 0 for run, n in self._db.execute(f"SELECT run, ({count}) FROM runs")}

    def append(self, run: str, events: Sequence[Event], timings: Sequence[Timing] = ()) -> None:
        """Write events, all or none.

        Raises StoreError when the disk does not take them, or another process wrote to the run meanwhile.
        """
        rows = [(run, one.number, one.round, one.kind, encode(one.payload)) for one in events]
        try:
            if len(rows) == 1 and not timings:  # one statement is a transaction of its own
                self._db.execute(_INSERT, rows[0])
                return
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(_INSERT, rows)
            times = [(run, *one) for one in timings]
            self._db.executemany("INSERT INTO timings VALUES (?, ?, ?, ?)", times)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.IntegrityError):
                raise StoreError(
                    f"run {run!r} in {self.path} is being written by another process; open it again to go on"
                ) from error
            raise self._unwritten(error) from error

    def _unwritten(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"{self.path} cannot be written: {error}; nothing of this step was kept")

    def timings(self, run: str) -> tuple[Timing, ...]:
        """Give the timings of a run."""
        rows = self._db.execute(
            "SELECT round, phase, seconds FROM timings WHERE run = ? ORDER BY rowid", (run,)
        )
        return tuple(Timing(*row) for row in rows)

    def runs(self) -> dict[str, str]:
        """Give the configuration of each run."""
        return dict(self._db.execute("SELECT run, configuration FROM runs ORDER BY run"))

    def progress(self) -> dict[str, tuple[int, bool]]:
        """Give for each run how many rounds are closed, and whether it has stopped."""
        closed = dict(self._db.execute("SELECT run, count(*) FROM events WHERE kind = 'closed' GROUP BY run"))
        newest = "SELECT kind FROM events WHERE events.run = runs.run ORDER BY number DESC LIMIT 1"
        last = self._db.execute(f"SELECT run, ({newest}) FROM runs")
        return {run: (closed.get(run, 0), kind == "stopped") for run, kind in last}

    def remember(self, key: str, value: str) -> None:
        """Keep a text about the whole study."""
        try:
            self._db.execute("INSERT OR REPLACE INTO study VALUES (?, ?)", (key, value))
        except sqlite3.Error as error:
            raise self._unwritten(error) from error

    def recall(self, key: str) -> str | None:
        """Give a text about the whole study, or None."""
        row = self._db.execute("SELECT value FROM study WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _event(row: tuple[int, int, str, str]) -> Event:
    return Event(*row[:3], json.loads(row[3]))


def open_store(given: str | Path | Store | None) -> Store:
    """Give the store for a path, the store itself, or one in memory for None."""
    if given is None:
        return MemoryStore()
    return SqliteStore(given) if isinstance(given, str | Path) else given


def read(path: str | Path) -> SqliteStore:
    """Open an existing store to read it; raises StoreError when there is none."""
    if not Path(path).is_file():
        raise StoreError(f"there is no run at {path}")
    return SqliteStore(path, durable=False)


__all__ = ["Event", "MemoryStore", "SqliteStore", "Store", "Timing", "open_store", "read"]
