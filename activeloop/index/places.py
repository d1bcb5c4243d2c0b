"""Keeping the file in step with the data set: values follow their items, by what the items hold."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from activeloop.arrays import Array, IntArray, KeyArray
from activeloop.index.column import gathered
from activeloop.index.file import IndexFile
from activeloop.index.keys import Keys, name_of, places_of


def follow(file: IndexFile, keys: Keys, ids: Array) -> None:
    """Bring the file to the items of now: added, removed, in another order, or under another id.

    Items are recognized by what they hold, where the data set can still give it, else by id.
    """
    before = file.ids()
    if before == ids.tolist():
        return
    known = {one: at for at, one in enumerate(before)}
    by_id = np.array([known.get(one, -1) for one in ids.tolist()], dtype=np.int64)
    moves = {}
    for needs in file.needs():
        columns = json.loads(needs)
        old = file.keys(needs)
        if keys.lacking(columns):
            moves[needs] = (by_id, np.where(by_id >= 0, old[by_id], np.uint64(0)) if len(old) else old)
        else:
            new = keys.of(columns)
            moves[needs] = (places_of(old, new), new)
    with file.writing():
        file.next_generation()
        for needs, (places, new) in moves.items():
            _move(file, needs, len(before), places, new)
        file.put_ids(ids)


def refresh(file: IndexFile, keys: Keys, columns: Sequence[str]) -> KeyArray:
    """Give the keys of some columns, after values of what has changed since are marked as not computed."""
    needs, new = name_of(columns), keys.of(columns)
    old = file.keys(needs)
    if not np.array_equal(old, new):
        with file.writing():
            if len(old):
                file.next_generation()
            places = places_of(old, new)
            if len(old) == len(new):
                places = np.where(old == new, np.arange(len(new)), places)
            _move(file, needs, len(old), places, new)
    return new


def _move(file: IndexFile, needs: str, n: int, places: IntArray, new: KeyArray) -> None:
    for one in file.series().values():
        if one.needs == needs:
            file.put_blocks(one.number, gathered(file.column(one.number, n), places))
    file.put_keys(needs, new)
