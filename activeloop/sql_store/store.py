"""The contract of a store over PostgreSQL: writers queue, and a broken connection loses nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from activeloop.errors import StoreError
from activeloop.events import Event, Timing, check_configuration, check_text, consecutive
from activeloop.sql_store import tables
from activeloop.sql_store.database import Database
from activeloop.sql_store.delivery import Delivery

_SELECT = "SELECT number, round, kind, payload FROM activeloop_events"
_NEWEST = """
SELECT runs.run, newest.number, newest.kind FROM activeloop_runs AS runs LEFT JOIN LATERAL (
    SELECT number, kind FROM activeloop_events AS events WHERE events.run = runs.run
    ORDER BY number DESC LIMIT 1
) AS newest ON true ORDER BY runs.run
"""
_REMEMBER = """
INSERT INTO activeloop_study VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


class SqlStore:
    """Events in a PostgreSQL database; any number of threads, processes and machines may write to it.

    `url` is postgresql://user:password@host:port/database; `?options=-csearch_path%3Dteam` keeps the tables
    in a schema of their own, and every other word that libpq knows may stand there too.

    `durable=True` waits until the server has the commit on disk; False may lose the last half second when the
    server dies, and nothing when the writer does. Raises StoreError when the server cannot be reached or the
    tables were made by a newer activeloop, MissingDependencyError without the extra `teams`.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self._database = Database(url)
        self.place, self.durable = self._database.place, durable
        found = _version(self._database)
        if found > tables.VERSION:
            raise StoreError(
                f"{self.place} was written by a newer activeloop (format {found}, this one reads "
                f"{tables.VERSION}); install that one, or name another database"
            )

    def __repr__(self) -> str:
        return f"SqlStore({self.place!r})"

    def open(self, run: str, configuration: str) -> tuple[Event, ...]:
        """Give the events of a run so far; raises StoreError when it was configured otherwise."""
        check_text("the run's name", run)
        check_text("the configuration", configuration)
        new = "INSERT INTO activeloop_runs VALUES (:run, :configuration) ON CONFLICT DO NOTHING"
        self._database.put(new, run=run, configuration=configuration)
        known = self._database.rows("SELECT configuration FROM activeloop_runs WHERE run = :run", run=run)
        check_configuration(run, known[0][0], configuration)
        return self.events(run)

    def append(
        self,
        run: str,
        events: Sequence[Event],
        timings: Sequence[Timing] = (),
        *,
        durable: bool | None = None,
    ) -> None:
        """Write events, all or none.

        Raises StoreConflictError when another writer was first. When the connection breaks, the events are
        sent once more on a new one, and recognized if they were kept at first. Only where the server is not
        reached again, a StoreError says that it is not known what was kept: open the run again, and look
        for the key of what was written.
        """
        consecutive(run, events)
        safe = self.durable if durable is None else durable
        Delivery(run, events, timings, safe).make(self._database)

    def events(self, run: str, kinds: Sequence[str] = (), *, after: int = -1) -> tuple[Event, ...]:
        """Give the events of a run whose number is above `after`, of some kinds or of all."""
        some = "AND kind = ANY(:kinds) " if kinds else ""
        where = f"WHERE run = :run AND number > :after {some}ORDER BY number"
        given = {"run": run, "after": after, **({"kinds": list(kinds)} if kinds else {})}
        return tuple(map(_event, self._database.rows(f"{_SELECT} {where}", **given)))

    def last(self, run: str) -> Event | None:
        """Give the newest event of a run, or None."""
        rows = self._database.rows(f"{_SELECT} WHERE run = :run ORDER BY number DESC LIMIT 1", run=run)
        return _event(rows[0]) if rows else None

    def counts(self) -> dict[str, int]:
        """Give how many events each run has."""
        newest = self._database.rows(_NEWEST)
        return {run: 0 if number is None else number + 1 for run, number, _ in newest}

    def timings(self, run: str) -> tuple[Timing, ...]:
        """Give the timings of a run."""
        columns = "SELECT round, phase, seconds FROM activeloop_timings"
        rows = self._database.rows(f"{columns} WHERE run = :run ORDER BY number", run=run)
        return tuple(Timing(*row) for row in rows)

    def runs(self) -> dict[str, str]:
        """Give the configuration of each run."""
        rows = self._database.rows("SELECT run, configuration FROM activeloop_runs ORDER BY run")
        return dict(map(tuple, rows))

    def progress(self) -> dict[str, tuple[int, bool]]:
        """Give for each run how many rounds are closed, and whether it has stopped."""
        counted = "SELECT run, count(*) FROM activeloop_events WHERE kind = 'closed' GROUP BY run"
        closed = {run: int(n) for run, n in self._database.rows(counted)}
        newest = self._database.rows(_NEWEST)
        return {run: (closed.get(run, 0), kind == "stopped") for run, _, kind in newest}

    def remember(self, key: str, value: str) -> None:
        """Keep a text about the whole study."""
        check_text("the key", key)
        check_text(f"the text of {key!r}", value)
        self._database.put(_REMEMBER, key=key, value=value)

    def recall(self, key: str) -> str | None:
        """Give a text about the whole study, or None."""
        rows = self._database.rows("SELECT value FROM activeloop_study WHERE key = :key", key=key)
        return str(rows[0][0]) if rows else None

    def close(self) -> None:
        """Close the connections."""
        self._database.close()


def _version(database: Database) -> int:
    """Make the tables where there are none; who may only read finds them and makes nothing."""
    if not database.again(tables.ARE_THERE, "opened as a store")[0][0]:
        database.again(tables.MAKE, "opened as a store")
    return int(database.rows(tables.FOUND)[0][0])


def _event(row: Any) -> Event:
    return Event(row[0], row[1], row[2], json.loads(row[3]))
