"""The index on disk: values in blocks, what they were computed from, tags, slices, in one SQLite file.

A column of values is kept in blocks of 480 items: 8 bytes a value, and a JSON text for the NULLs of the
block, reason -> places. What has not been computed yet is a reason,
too. The file is written in transactions
(WAL, synchronous=NORMAL): a killed process leaves every block that it had finished.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from activeloop.arrays import Array, KeyArray
from activeloop.errors import StoreError
from activeloop.index.column import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 480  # so that a block of numbers and its NULLs fit a page of the file
VERSION = 1
APPLICATION = int.from_bytes(b"acix", "big")

_TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE items (block INTEGER PRIMARY KEY, ids TEXT NOT NULL);
CREATE TABLE keys (needs TEXT, block INTEGER, keys BLOB NOT NULL, PRIMARY KEY (needs, block)) WITHOUT ROWID;
CREATE TABLE series (
    series INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, fingerprint TEXT NOT NULL, needs TEXT NOT NULL,
    reference TEXT NOT NULL, described TEXT NOT NULL
);
CREATE TABLE blocks (
    series INTEGER NOT NULL, block INTEGER NOT NULL, numbers BLOB NOT NULL, nulls TEXT,
    PRIMARY KEY (series, block)
);
CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, key BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tags (tag TEXT, id TEXT, PRIMARY KEY (tag, id)) WITHOUT ROWID;
CREATE TABLE slices (name TEXT PRIMARY KEY, definition TEXT NOT NULL);
INSERT INTO about VALUES ('generation', '0');
"""


class Series(NamedTuple):
    """A column of values: of which metric, of which needs, fitted on which reference."""

    number: int
    name: str
    fingerprint: str
    needs: str
    reference: str
    described: Mapping[str, Any]


class IndexFile:
    """The SQLite file behind an index; `":memory:"` keeps it in memory.

    Raises StoreError for a file of something else, and when another process changed the items meanwhile.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        try:
            if self.path != ":memory:":
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            self.db = sqlite3.connect(self.path, timeout=60.0, isolation_level=None, check_same_thread=False)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.path} cannot be opened as an index: {error}") from error
        self.close = weakref.finalize(self, self.db.close)
        try:
            self._prepare()
        except sqlite3.Error as error:
            raise StoreError(f"{self.path} cannot be opened as an index: {error}") from error

    def _prepare(self) -> None:
        pragma = {one: self.db.execute(f"PRAGMA {one}").fetchone()[0] for one in _HEADER}
        if not self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self.db.execute("PRAGMA journal_mode=WAL")
            header = f"PRAGMA application_id={APPLICATION}; PRAGMA user_version={VERSION};"
            self.db.executescript(f"BEGIN IMMEDIATE; {_TABLES} {header} COMMIT;")
        elif pragma["application_id"] != APPLICATION:
            raise StoreError(f"{self.path} is a database of something else; name another file")
        elif pragma["user_version"] != VERSION:
            raise StoreError(
                f"{self.path} is an index of format {pragma['user_version']}, and this activeloop reads "
                f"{VERSION}; delete it, and it is computed anew"
            )
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.generation = self._generation()

    def _generation(self) -> int:
        return int(self.db.execute("SELECT value FROM about WHERE key = 'generation'").fetchone()[0])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write all of what follows, or nothing of it."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            if self._generation() != self.generation:
                raise StoreError(
                    f"another process has changed the items of {self.path}; open the index again"
                )
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def next_generation(self) -> None:
        """Say, within a transaction, that places mean other items from now on."""
        self.generation += 1
        self.db.execute("UPDATE about SET value = ? WHERE key = 'generation'", (str(self.generation),))

    # items and what they hold ----------------------------------------------------------------------------

    def ids(self) -> list[Any]:
        """Give the ids of the items, in their order."""
        rows = self.db.execute("SELECT ids FROM items ORDER BY block")
        return [one for (block,) in rows for one in json.loads(block)]

    def put_ids(self, ids: Array) -> None:
        """Keep the ids, within a transaction."""
        self.db.execute("DELETE FROM items")
        blocks = ((at, json.dumps(ids[rows].tolist())) for at, rows in blocks_of(len(ids)))
        self.db.executemany("INSERT INTO items VALUES (?, ?)", blocks)

    def needs(self) -> list[str]:
        """Give the sets of columns of which keys are kept."""
        return [one for (one,) in self.db.execute("SELECT DISTINCT needs FROM keys ORDER BY needs")]

    def keys(self, needs: str) -> KeyArray:
        """Give the content key of each item for a set of columns; empty when none are kept."""
        rows = self.db.execute("SELECT keys FROM keys WHERE needs = ? ORDER BY block", (needs,))
        return np.frombuffer(b"".join(one for (one,) in rows), dtype="<u8").astype(np.uint64)

    def put_keys(self, needs: str, keys: KeyArray) -> None:
        """Keep the content keys, within a transaction."""
        self.db.execute("DELETE FROM keys WHERE needs = ?", (needs,))
        blocks = ((needs, at, keys[rows].astype("<u8").tobytes()) for at, rows in blocks_of(len(keys)))
        self.db.executemany("INSERT INTO keys VALUES (?, ?, ?)", blocks)

    # values ----------------------------------------------------------------------------------------------

    def series(self) -> dict[str, Series]:
        """Give all columns of values, by name."""
        found = self.db.execute("SELECT * FROM series ORDER BY series")
        return {row[1]: Series(row[0], row[1], row[2], row[3], row[4], json.loads(row[5])) for row in found}

    def put_series(self, one: Series) -> Series:
        """Keep what a column of values is, within a transaction; its number is given when it is 0."""
        row = (one.number or None, *one[1:5], json.dumps(one.described))
        number = self.db.execute("INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?, ?)", row).lastrowid
        return one._replace(number=int(number or 0))

    def column(self, series: int, n: int) -> Column:
        """Give a column of values for n items."""
        column = Column.empty(n)
        found = self.db.execute("SELECT block, numbers, nulls FROM blocks WHERE series = ?", (series,))
        for block, numbers, nulls in found:
            rows = slice(block * BLOCK, min((block + 1) * BLOCK, n))
            column.numbers[rows] = np.frombuffer(numbers, dtype="<f8")
            column.codes[rows] = 0
            if nulls:
                for reason, places in json.loads(nulls).items():
                    column.codes[rows][places] = column.code(reason)
        return column

    def put_blocks(self, series: int, column: Column, blocks: Iterable[int] | None = None) -> None:
        """Keep some blocks of a column, within a transaction; all of them, and no other, by default."""
        n = len(column.numbers)
        if blocks is None:
            self.db.execute("DELETE FROM blocks WHERE series = ?", (series,))
            blocks = range(-(-n // BLOCK))
        for block in blocks:
            rows = slice(block * BLOCK, min((block + 1) * BLOCK, n))
            numbers, codes = column.numbers[rows], column.codes[rows]
            if (codes == 1).all():
                continue
            nulls = {
                column.texts[code]: np.flatnonzero(codes == code).tolist()
                for code in np.unique(codes[codes > 0]).tolist()
            }
            told = json.dumps(nulls) if nulls else None
            row = (series, block, numbers.astype("<f8").tobytes(), told)
            self.db.execute("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?)", row)

    def drop_series(self, name: str) -> None:
        """Forget a column of values, within a transaction."""
        self.db.execute(
            "DELETE FROM blocks WHERE series IN (SELECT series FROM series WHERE name = ?)", (name,)
        )
        self.db.execute("DELETE FROM series WHERE name = ?", (name,))

    # files -----------------------------------------------------------------------------------------------

    def files(self) -> dict[str, tuple[int, int, int]]:
        """Give size, time of change and content key of the files seen, by path."""
        found = self.db.execute("SELECT path, size, modified, key FROM files")
        return {path: (size, at, int.from_bytes(key, "little")) for path, size, at, key in found}

    def put_files(self, files: Iterable[tuple[str, int, int, int]]) -> None:
        """Keep size, time of change and content key of files."""
        rows = ((path, size, at, key.to_bytes(8, "little")) for path, size, at, key in files)
        self.db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", rows)


_HEADER = ("application_id", "user_version")


def blocks_of(n: int) -> Iterator[tuple[int, slice]]:
    """Give the number and the rows of each block."""
    for at in range(-(-n // BLOCK)):
        yield at, slice(at * BLOCK, min((at + 1) * BLOCK, n))
