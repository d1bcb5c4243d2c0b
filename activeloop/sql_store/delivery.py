"""One delivery of events: all or nothing, in one statement, and recognized when its reply was lost."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from activeloop.errors import StoreError
from activeloop.events import Event, Timing, conflict, encode
from activeloop.sql_store.database import Database

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

# Two writers of one number: the second waits by the primary key until the first has ended one way or the
# other. So writers queue, and a repeated delivery finds its first attempt ended.
_WRITE = """
WITH written AS (
    INSERT INTO activeloop_events (run, number, round, kind, payload, delivery)
    SELECT :run, one.*, :delivery
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:rounds AS bigint[]), CAST(:kinds AS text[]),
        CAST(:payloads AS text[])) AS one
    WHERE :first = (SELECT coalesce(max(number), -1) + 1 FROM activeloop_events WHERE run = :run)
    RETURNING 1
), timed AS (
    INSERT INTO activeloop_timings (run, round, phase, seconds)
    SELECT :run, one.*
    FROM unnest(CAST(:timed AS bigint[]), CAST(:phases AS text[]), CAST(:seconds AS float8[])) AS one
    WHERE :first IS NULL OR EXISTS (SELECT FROM written)
)
SELECT count(*), CASE WHEN :durable THEN '' ELSE set_config('synchronous_commit', 'off', true) END
FROM written
"""
_FIND = "SELECT count(*) FROM activeloop_events WHERE run = :run AND number = :first AND delivery = :delivery"
_TAKEN = "23505"  # unique_violation


class Delivery:
    """Some events of a run on their way into a database, under a name that no other delivery has."""

    def __init__(self, run: str, events: Sequence[Event], timings: Sequence[Timing], durable: bool) -> None:
        self._run, self._events = run, len(events)
        self._first = events[0].number if events else None
        self._name = uuid.uuid4().hex
        self._values = {
            "run": run,
            "first": self._first,
            "delivery": self._name,
            "numbers": [one.number for one in events],
            "rounds": [one.round for one in events],
            "kinds": [one.kind for one in events],
            "payloads": [encode(one.payload) for one in events],
            "timed": [one.round for one in timings],
            "phases": [one.phase for one in timings],
            "seconds": [one.seconds for one in timings],
            "durable": durable,
        }

    def make(self, database: Database) -> None:
        """Write it, once, even when the connection breaks; raises StoreConflictError or StoreError."""
        from sqlalchemy.exc import DBAPIError

        try:
            if not self._written(database):
                raise conflict(self._run, database.place)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise _unwritten(database, error) from error
            self._again(database, error)

    def _written(self, database: Database) -> bool:
        """Try once; False when the run ends elsewhere."""
        from sqlalchemy.exc import IntegrityError

        try:
            return bool(database.once(_WRITE, self._values)[0][0] == self._events)
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", "") == _TAKEN:
                return False
            raise

    def _again(self, database: Database, broken: DBAPIError) -> None:
        """Repeat it on a new connection; what stands in its place may be the first attempt."""
        from sqlalchemy.exc import DBAPIError

        mine = {"run": self._run, "first": self._first, "delivery": self._name}
        try:
            if self._written(database) or database.once(_FIND, mine)[0][0]:
                return
        except DBAPIError as error:
            raise StoreError(
                f"{database.place}: the connection broke while run {self._run!r} was written "
                f"({database.reason(broken)}), and it is not known whether that was kept; open the run again"
            ) from error
        raise conflict(self._run, database.place)


def _unwritten(database: Database, error: DBAPIError) -> StoreError:
    said = database.reason(error)
    return StoreError(f"{database.place} cannot be written: {said}; nothing of this step was kept")
