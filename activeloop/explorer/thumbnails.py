"""Pictures, made small enough that a page can carry thousands of them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
from jinja2.utils import htmlsafe_json_dumps
from PIL import Image

from activeloop.arrays import Array
from activeloop.explorer.exploration import Pictures

SHARP = 32
"""Pixels up to which a side is so short that every pixel is kept exactly."""


def thumbnails(pictures: Pictures, size: int) -> Iterator[str]:
    """Give each picture as the text of a line: base64 of WebP, or "!" and the reason for none, as JSON.

    One picture is held at a time. A broken one stops nothing.

    >>> [line[:4] for line in thumbnails([np.zeros((8, 8, 3), np.uint8), None], 96)]
    ['UklG', '!"no']
    """
    for position in range(len(pictures)):
        yield _line(pictures, position, size)


def _line(pictures: Pictures, position: int, size: int) -> str:
    try:
        pixels = pictures[position]
        if pixels is None:
            return _untold("no picture")
        return base64.b64encode(thumbnail(pixels, size)).decode()
    except Exception as error:  # noqa: BLE001 - a stranger's file: its failure is shown in its place
        return _untold(f"failed: {type(error).__name__}: {error}")


def _untold(reason: str) -> str:
    return f"!{htmlsafe_json_dumps(reason)}"


def thumbnail(pixels: Array, size: int) -> bytes:
    """Give a picture as WebP, its longer side at most `size` pixels; a tiny one keeps every pixel.

    `pixels`: (H, W, 3) or (H, W) uint8. Raises ValueError for anything else.

    >>> Image.open(BytesIO(thumbnail(np.zeros((300, 200, 3), np.uint8), 96))).size
    (64, 96)
    """
    array: Any = np.asarray(pixels)
    colored_or_gray = array.ndim >= 2 and array.shape[2:] in ((), (3,))
    if array.dtype != np.uint8 or not colored_or_gray or 0 in array.shape:
        raise ValueError(f"a picture is (H, W, 3) uint8, not {array.shape} {array.dtype}")
    image = Image.fromarray(array).convert("RGB")
    # Photos decode to many times the size of a thumbnail: halving by whole boxes first costs a tenth.
    image.thumbnail((size, size), Image.Resampling.BICUBIC, reducing_gap=2.0)
    written = BytesIO()
    if max(image.size) <= SHARP:
        image.save(written, "WEBP", lossless=True, method=0)
    else:
        image.save(written, "WEBP", quality=70, method=2)
    return written.getvalue()
