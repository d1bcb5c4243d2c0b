"""What a data set can show of its items beside its own columns: texts, codes of labels, ..., by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, Protocol, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from activeloop.arrays import Array, IntArray
from activeloop.data.columns import as_cells
from activeloop.data.features import take
from activeloop.data.looks import looks
from activeloop.data.pixels import Cells, Images, are_images
from activeloop.metrics import perceptual
from activeloop.metrics.metric import Metric
from activeloop.metrics.table import Table


class Viewed(Protocol):
    """What a view sees of a data set."""

    @property
    def labels(self) -> Array | None:
        """Labels, in row order."""
        ...

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """The declared classes."""
        ...

    @property
    def kind(self) -> str:
        """Of which kind the features are."""
        ...

    @property
    def features(self) -> Any:
        """The features."""
        ...

    @property
    def encoded(self) -> Array:
        """The features as numbers."""
        ...

    @property
    def embedding(self) -> Array:
        """Where the items lie."""
        ...

    def __len__(self) -> int:
        """How many items."""
        ...

    def item(self, position: int) -> Any:
        """Give one raw item."""
        ...

    def column(self, name: str, positions: IntArray | None = None) -> Any:
        """Give a column of some rows."""
        ...


# The column of some rows, or None where the data set has no such thing.
View: TypeAlias = Callable[[Viewed, IntArray], Any]


def text(data: Viewed, rows: IntArray) -> Any:
    """Give the items, where they are texts."""
    return data.column("item", rows) if data.kind == "texts" else None


def label_code(data: Viewed, rows: IntArray) -> Any:
    """Give the place of each label in the declared classes; -1 where the label is unknown."""
    if data.classes is None or data.labels is None:
        return None
    places = {one: at for at, one in enumerate(data.classes)}
    return np.array([places.get(one, -1) for one in data.labels[rows].tolist()], dtype=np.int64)


def embedding(data: Viewed, rows: IntArray) -> Any:
    """Give where the items lie, (n, d) float32, NaN for broken images; a DataError: why they lie nowhere."""
    if data.kind == "objects" and "embedding" not in vars(data) and (images := images_of(data)):
        return looks(data, images)[rows]
    return data.embedding[rows]


def cells(data: Viewed, rows: IntArray) -> Any:
    """Give the cells of a table, (n, d) numbers or objects, of items that are its rows."""
    return as_cells(take(data.features, rows)) if _is_table(data) else None


def design(data: Viewed, rows: IntArray) -> Any:
    """Give the design matrix of a table, (n, d) float32: `cells` as numbers, without a missing one."""
    return data.encoded[rows] if _is_table(data) else None


def _is_table(data: Viewed) -> bool:
    """Tell whether people look at rows of numbers, and not at texts or images that have numbers, too."""
    if data.kind == "table":
        return True
    if data.kind != "numbers" or data.features.ndim != 2 or len(data) == 0:
        return False
    seen = data.item(0)
    return not isinstance(seen, str | bytes | PurePath) and np.ndim(seen) < 2


def pixels(data: Viewed, rows: IntArray) -> Any:
    """Give images as (H, W, 3) uint8, where the items are images, one decoded at a time."""
    return Cells(images.pixels, rows) if (images := images_of(data)) else None


def mask(data: Viewed, rows: IntArray) -> Any:
    """Give (H, W) bool of images: where they are not see-through."""
    return Cells(images.mask, rows) if (images := images_of(data)) else None


def dimensions(data: Viewed, rows: IntArray) -> Any:
    """Give (width, height) of images, of files from their headers."""
    return Cells(images.dimensions, rows) if (images := images_of(data)) else None


def perceptual_hash(data: Viewed, rows: IntArray) -> Any:
    """Give the perceptual hash of each image, NaN where it has none; decodes all of them."""
    return _hashed(perceptual.perceptual_hash, data, rows)


def pixel_hash(data: Viewed, rows: IntArray) -> Any:
    """Give the hash of the pixels of each image, NaN where it cannot be read; decodes all of them."""
    return _hashed(perceptual.pixel_hash, data, rows)


def _hashed(by: Metric, data: Viewed, rows: IntArray) -> Any:
    seen = pixels(data, rows)
    return None if seen is None else by.over(Table({"pixels": seen, "mask": mask(data, rows)})).values


def images_of(data: Viewed) -> Images | None:
    """Give the images of a data set, or None where its items are none; looked at once."""
    if data not in _SEEN:
        items = data.column("item")
        _SEEN[data] = Images(items) if are_images(items) else None
    return _SEEN[data]


def are_pictures(data: Viewed) -> bool:
    """Say whether people look at images, without making the rows of a table to see that they are none."""
    return not _is_table(data) and data.kind != "sparse" and images_of(data) is not None


_SEEN: WeakKeyDictionary[Any, Images | None] = WeakKeyDictionary()


def offers(data: Viewed, name: str) -> bool:
    """Say whether a data set has a view, without computing those that look at all items at once."""
    if name == "embedding":
        return data.kind != "objects" or "embedding" in vars(data) or images_of(data) is not None
    if name == "design":
        return _is_table(data)
    return view(data, name, np.arange(min(len(data), 1))) is not None


VIEWS: Mapping[str, View] = {
    "text": text,
    "label_code": label_code,
    "pixels": pixels,
    "mask": mask,
    "dimensions": dimensions,
    "perceptual_hash": perceptual_hash,
    "pixel_hash": pixel_hash,
    "embedding": embedding,
    "cells": cells,
    "design": design,
}


def view(data: Viewed, name: str, positions: IntArray | None) -> Any:
    """Give a view by name; None where there is none of that name, or not of such data.

    >>> from activeloop.data import Dataset
    >>> Dataset([[0.0], [1.0]], ["no", "yes"]).column("label_code").tolist()
    [0, 1]
    """
    if name not in VIEWS:
        return None
    return VIEWS[name](data, np.arange(len(data)) if positions is None else positions)
