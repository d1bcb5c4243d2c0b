"""Where images lie: what they look like from afar, 8 × 8 colors, for images that have no other features."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image

from activeloop.arrays import Array
from activeloop.data.pixels import Images

SIDE = 8
_KEPT: WeakKeyDictionary[Any, Array] = WeakKeyDictionary()


def looks(data: Any, images: Images) -> Array:
    """Give each image of a data set as (n, 192) float32 in [0, 1]; a row of NaN where it cannot be read.

    The image is shrunk to 8 × 8 pixels by the mean of boxes. It is computed once and kept as long as the data
    set: all images are decoded, one a core at a time. It finds what looks alike as a whole; for what is
    alike in meaning give an embedding of a network (`Dataset.with_embedding`).
    """
    if data not in _KEPT:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            rows = list(threads.map(lambda at: _look(images, at), range(len(data))))
        _KEPT[data] = np.stack(rows) if rows else np.empty((0, SIDE * SIDE * 3), dtype=np.float32)
        _KEPT[data].flags.writeable = False
    return _KEPT[data]


def _look(images: Images, at: int) -> Array:
    try:
        pixels = images.pixels(at)
        if not pixels.size:
            raise ValueError("no pixel")
    except Exception:  # noqa: BLE001 - whatever a decoder raises; the index names it beside the pixel metrics
        return np.full(SIDE * SIDE * 3, np.nan, dtype=np.float32)
    small = Image.fromarray(np.ascontiguousarray(pixels)).resize(
        (SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0
    )
    return np.asarray(small, dtype=np.float32).reshape(-1) / np.float32(255)
