"""What a person adds to an index: tags on items, and slices saved by name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from activeloop import slices as slicing
from activeloop.arrays import Array
from activeloop.index.file import IndexFile
from activeloop.slices import Slice


def tag(file: IndexFile, name: str, ids: Iterable[Any]) -> None:
    """Put a tag on items."""
    rows = [(name, json.dumps(one)) for one in ids]
    with file.writing():
        file.db.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?)", rows)


def untag(file: IndexFile, name: str, ids: Iterable[Any] | None) -> None:
    """Take a tag from items; from all when `ids` is None."""
    with file.writing():
        if ids is None:
            file.db.execute("DELETE FROM tags WHERE tag = ?", (name,))
        else:
            rows = [(name, json.dumps(one)) for one in ids]
            file.db.executemany("DELETE FROM tags WHERE tag = ? AND id = ?", rows)


def tags(file: IndexFile) -> dict[Any, set[str]]:
    """Give the tags of each item that has any, by id."""
    found: dict[Any, set[str]] = {}
    for name, one in file.db.execute("SELECT tag, id FROM tags ORDER BY tag, id"):
        found.setdefault(json.loads(one), set()).add(name)
    return found


def tag_column(file: IndexFile, ids: Array) -> Array:
    """Give the tags of every item, as a column that slices can read."""
    known = tags(file)
    column = np.empty(len(ids), dtype=object)
    for at, one in enumerate(ids.tolist()):
        column[at] = frozenset(known.get(one, ()))
    return column


def save(file: IndexFile, made: Iterable[Slice]) -> None:
    """Keep slices by name; one of the same name is replaced."""
    rows = [(one.name, json.dumps(slicing.to_json([one])[0])) for one in made]
    with file.writing():
        file.db.executemany("INSERT OR REPLACE INTO slices VALUES (?, ?)", rows)


def drop(file: IndexFile, name: str) -> None:
    """Forget a saved slice."""
    with file.writing():
        file.db.execute("DELETE FROM slices WHERE name = ?", (name,))


def saved(file: IndexFile) -> tuple[Slice, ...]:
    """Give the saved slices, in the order in which they were saved."""
    rows = file.db.execute("SELECT definition FROM slices ORDER BY rowid")
    return slicing.from_json([json.loads(one) for (one,) in rows])
