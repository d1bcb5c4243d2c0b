"""Images as columns: pixels, mask and dimensions of every item, one image in memory at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

import numpy as np

from activeloop.arrays import IntArray
from activeloop.data.decoding import (
    SUFFIXES,
    Decoded,
    array_dimensions,
    decode_array,
    decode_file,
    file_dimensions,
    is_image_array,
    is_self_explaining,
    white_level,
)


@dataclass(frozen=True, eq=False)
class Images:
    """Items that are images: paths of image files, or arrays (H, W), (H, W, 1), (H, W, 3), (H, W, 4).

    uint8, uint16 (its upper 8 bits are kept) and bool say themselves what is white. The white of any other
    numbers is `white_level` of the largest number in the whole data set: one for all items, so that dark
    items stay dark. Whoever wants another white gives the images as uint8.
    """

    items: Any

    @cached_property
    def white(self) -> float:
        """What is white in arrays that do not say it themselves."""
        unsaid = (one for one in self.items if is_image_array(one) and not is_self_explaining(one.dtype))
        largest = (np.max(one, where=np.isfinite(one), initial=0) for one in unsaid)
        return white_level(max(map(float, largest), default=1.0))

    def decoded(self, position: int) -> Decoded:
        """Decode one image; the last file of each thread is kept, for pixels and mask come one by one."""
        item = self.items[position]
        if not isinstance(item, str | PurePath):
            said = isinstance(item, np.ndarray) and is_self_explaining(item.dtype)
            return decode_array(item, 1.0 if said else self.white)
        version = _version(item)
        if (seen := _last.of(version)) is not None:
            return seen
        _last.image = None  # frees the one before
        image = decode_file(item)
        _last.version, _last.image = version, image
        return image

    def pixels(self, position: int) -> Any:
        """Give (H, W, 3) uint8 RGB."""
        return self.decoded(position).pixels

    def mask(self, position: int) -> Any:
        """Give (H, W) bool, False where alpha is below 128."""
        return self.decoded(position).mask

    def dimensions(self, position: int) -> tuple[int, int]:
        """Give (width, height), of a file from its header."""
        item = self.items[position]
        if not isinstance(item, str | PurePath):
            return array_dimensions(item)
        seen = _last.of(_version(item))
        return file_dimensions(item) if seen is None else seen.mask.shape[::-1]


@dataclass(frozen=True, eq=False)
class Cells:
    """A column that makes each cell when it is asked for and keeps none; `column[3]`, or rows of it.

    Raises, at the cell of an image that cannot be read, DataError with its name; at no other.
    """

    read: Callable[[int], Any]
    rows: IntArray

    @property
    def shape(self) -> tuple[int]:
        """(n,)."""
        return (len(self.rows),)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, at: Any) -> Any:
        chosen = self.rows[at]
        return self.read(int(chosen)) if np.ndim(chosen) == 0 else Cells(self.read, chosen)

    def __iter__(self) -> Iterator[Any]:
        return (self.read(int(row)) for row in self.rows)


def are_images(items: Any) -> bool:
    """Say whether items are images: arrays of that form, or paths that all end as image files do.

    >>> are_images(["a.png", "b.JPG"]), are_images(["a text.", "a.png"]), are_images(np.zeros((9, 8, 8)))
    (True, False, True)
    """
    first = next((one for one in items if one is not None), None)
    if not isinstance(first, str | PurePath):
        return is_image_array(first)
    return all(one is None or (isinstance(one, str | PurePath) and _is_image_file(one)) for one in items)


class _Last(threading.local):
    version: tuple[Any, ...] | None = None
    image: Decoded | None = None

    def of(self, version: tuple[Any, ...] | None) -> Decoded | None:
        """Give the image, if it is that of this file as it is now."""
        return self.image if version is not None and version == self.version else None


_last = _Last()


def _version(path: str | PurePath) -> tuple[Any, ...] | None:
    try:
        told = os.stat(path)
    except OSError:
        return None
    return os.fspath(path), told.st_ino, told.st_mtime_ns, told.st_size


def _is_image_file(path: str | PurePath) -> bool:
    return os.path.splitext(path)[1].lower() in SUFFIXES
