"""The content keys of a data set's columns, and where an item was before the data set changed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from activeloop.arrays import IntArray, KeyArray
from activeloop.data import Dataset
from activeloop.data.views import images_of, offers
from activeloop.errors import DataError
from activeloop.index.content import column_keys, combined, file_key, whole
from activeloop.index.file import IndexFile
from activeloop.index.given import Given
from activeloop.seeds import mix

# Views of a data set, by the column that holds what they show; those below show each item among all others.
HELD_BY = {
    "pixels": "item",
    "mask": "item",
    "dimensions": "item",
    "text": "item",
    "cells": "features",
    "label_code": "label",
}
ENCODED = ("embedding", "design")
_FRESH = 2_000_000_000  # nanoseconds in which a file may change again without a new time of change


class Keys:
    """What each item holds now, column by column; files are read only when size or time have changed."""

    def __init__(self, given: Given, file: IndexFile, n: int) -> None:
        self._given, self._file, self._n = given, file, n
        self._of_column: dict[str, KeyArray] = {}
        self._files: dict[str, tuple[int, int, int]] | None = None

    def of(self, needs: Sequence[str]) -> KeyArray:
        """Give one key per item for some columns."""
        return combined([self._column(name) for name in needs])

    def lacking(self, needs: Sequence[str]) -> str:
        """Say why some columns cannot be had; empty when all can."""
        for name in needs:
            if name in ENCODED and name not in self._given.own and isinstance(self._given.data, Dataset):
                if not offers(self._given.data, name):
                    return f"data set {self._given.data.name!r} has no {name}"
                continue
            try:
                self._given.column(name, np.arange(min(self._n, 1)))
            except DataError as error:
                return str(error)
        return ""

    def _column(self, name: str) -> KeyArray:
        if name not in self._of_column:
            self._of_column[name] = self._keys_of(name)
        return self._of_column[name]

    def _keys_of(self, name: str) -> KeyArray:
        if name not in self._given.own:
            if name in ENCODED and not _is_own(self._given.data, name):
                held = self._column("item" if self._is_of_images() else "features")
                return mix(held ^ np.uint64(int(whole(held), 16)))
            if name in HELD_BY:
                return self._on_scale(name, self._column(HELD_BY[name]))
        seen: list[tuple[str, int, int, int]] = []
        files = name == "item" and self._is_of_images()
        of_file = (lambda path: self._file_key(path, seen)) if files else None
        keys = column_keys(self._given.column(name), of_file)
        if seen:
            with self._file.writing():
                self._file.put_files(seen)
        return keys

    def _on_scale(self, name: str, keys: KeyArray) -> KeyArray:
        """Add to the keys of images that are plain numbers what is white in all of them."""
        if name != "pixels" or not isinstance(self._given.data, Dataset):
            return keys
        images = images_of(self._given.data)
        if images is None or isinstance(images.items[0], str | Path):
            return keys
        return mix(keys ^ np.float64(images.white).view(np.uint64))

    def _is_of_images(self) -> bool:
        return not self.lacking(["pixels"])

    def _file_key(self, path: str, seen: list[tuple[str, int, int, int]]) -> int:
        if self._files is None:
            self._files = self._file.files()
        try:
            status = os.stat(path)
        except OSError:
            return file_key(path)
        size, modified, key = self._files.get(path, (-1, -1, 0))
        if (size, modified) != (status.st_size, status.st_mtime_ns):
            key = file_key(path)
            if time.time_ns() - status.st_mtime_ns > _FRESH:
                seen.append((path, status.st_size, status.st_mtime_ns, key))
        return key


def _is_own(data: Any, name: str) -> bool:
    """Say whether an embedding was given, and not made of the features."""
    known = vars(data) if isinstance(data, Dataset) else {}
    return name == "embedding" and name in known and known[name] is not known.get("encoded")


def name_of(needs: Sequence[str]) -> str:
    """Give the name under which the keys of some columns are kept."""
    return json.dumps(list(needs))


def places_of(old: KeyArray, new: KeyArray) -> IntArray:
    """Say where each new key stood before; its own place where it is unchanged, -1 where it is new.

    >>> places_of(np.array([5, 7], dtype=np.uint64), np.array([7, 6, 7], dtype=np.uint64)).tolist()
    [1, -1, 1]
    """
    if not len(old):
        return np.full(len(new), -1)
    order = np.argsort(old, kind="stable")
    at = order[np.minimum(np.searchsorted(old, new, sorter=order), len(old) - 1)]
    return np.where(old[at] == new, at, -1)
