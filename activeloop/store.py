"""Where the events of a run are kept: by no name in memory, by a path in SQLite, by a URL in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from activeloop.errors import StoreError
from activeloop.events import Event, Store, Timing
from activeloop.memory_store import MemoryStore
from activeloop.sql_store import SqlStore, is_url
from activeloop.sqlite_store import SqliteStore


def open_store(given: str | Path | Store | None) -> Store:
    """Give the store for a path or a PostgreSQL URL, the store itself, or one in memory for None.

    >>> type(open_store(None)).__name__
    'MemoryStore'
    >>> open_store("mysql://me@there/loops")
    Traceback (most recent call last):
    activeloop.errors.StoreError: a store is a path, or a URL that begins with postgresql://, and not mysql://...
    """
    if given is None:
        return MemoryStore()
    if isinstance(given, str) and is_url(given):
        return SqlStore(given)
    return SqliteStore(given) if isinstance(given, str | Path) else given


def read(path: str | Path) -> SqliteStore:
    """Open an existing store to read it; raises StoreError when there is none."""
    if not Path(path).is_file():
        raise StoreError(f"there is no run at {path}")
    return SqliteStore(path, durable=False)


__all__ = ["Event", "MemoryStore", "SqlStore", "SqliteStore", "Store", "Timing", "open_store", "read"]
