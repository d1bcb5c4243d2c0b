"""A picture for the browser: decoded here within limits, encoded anew, nothing else of a file is sent."""

from __future__ import annotations

import os
import threading
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from activeloop.arrays import Array
from activeloop.data.decoding import UNREADABLE, decode_array, is_image_array, upright, white_level
from activeloop.errors import DataError
from activeloop.label.showing import Picture, Refused, Shown

MOST_PIXELS = 64 * 10**6
LONGEST_SIDE = 4096
MOST_FILE_BYTES = 64 * 2**20
_EXACT = 512 * 512
_FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
_BROKEN = (*UNREADABLE, Image.DecompressionBombWarning, MemoryError)

# One at a time: Pillow's lazy loading is not safe in threads, and a large picture fills memory once only.
_decoding = threading.Lock()


class Encoded(NamedTuple):
    """What the browser is sent: bytes, their media type, and the size in pixels of a picture."""

    content: bytes
    media: str
    width: int = 0
    height: int = 0


def encoded(image: Any) -> Encoded:
    """Encode pixels: PNG where every pixel counts or some are see-through, else JPEG; sides up to 4,096.

    `image`: an array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), a Pillow image, or the bytes of a file.
    Raises DataError for what is no picture, is broken, or is larger than 64 million pixels.

    >>> encoded(np.zeros((8, 6), np.uint8))[1:]
    ('image/png', 6, 8)
    """
    try:
        with _decoding:
            return _written(_clean(image))
    except _BROKEN as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"the picture cannot be read ({type(error).__name__})") from error


def _clean(image: Any) -> Image.Image:
    if isinstance(image, Image.Image):
        return _pixels_of(image)
    if isinstance(image, bytes):
        if len(image) > MOST_FILE_BYTES:
            raise DataError(f"the picture has {len(image)} bytes; allowed: {MOST_FILE_BYTES}")
        with Image.open(BytesIO(image), formats=_FORMATS) as opened:
            return _pixels_of(opened)
    if not is_image_array(image):
        raise DataError(f"a {type(image).__name__} is no picture; allowed: an array, a Pillow image, bytes")
    _refuse_large(image.shape[1], image.shape[0])
    decoded = decode_array(image, white_level(float(image.max(initial=0))))
    return Image.fromarray(
        decoded.pixels if decoded.mask.all() else _with_holes(decoded.pixels, decoded.mask)
    )


def _with_holes(pixels: Array, mask: Array) -> Array:
    return np.dstack([pixels, mask.astype(np.uint8) * np.uint8(255)])


def _pixels_of(opened: Image.Image) -> Image.Image:
    """Give the upright pixels alone: no comment, profile or second frame comes along."""
    _refuse_large(*opened.size)
    turned = upright(opened.copy())
    plain = turned if turned.mode in ("RGB", "RGBA") else turned.convert("RGB")
    return Image.fromarray(np.asarray(plain))


def _refuse_large(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise DataError(f"the picture is {width} × {height} pixels: there is nothing to see")
    if width * height > MOST_PIXELS:
        raise DataError(f"the picture is {width} × {height} pixels; allowed: {MOST_PIXELS} in all")


def _written(image: Image.Image) -> Encoded:
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    exact = image.mode == "RGBA" or image.width * image.height <= _EXACT
    file = BytesIO()
    if exact:
        image.save(file, "PNG", compress_level=3)
    else:
        image.save(file, "JPEG", quality=90)
    return Encoded(file.getvalue(), "image/png" if exact else "image/jpeg", *image.size)


class FolderPictures:
    """Show items that are paths of images below one folder, which the caller names; no other file is opened.

    >>> FolderPictures("photos")("../secret.png").reason
    "'../secret.png' is no file below the folder"
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder).resolve()

    def __call__(self, item: Any) -> Shown:
        """Give the picture of a path, absolute or within the folder."""
        refused = Refused(f"{str(item)!r} is no file below the folder")
        try:
            path = (self._folder / str(item)).resolve()
            if not path.is_relative_to(self._folder) or not path.is_file():
                return refused
            if path.stat().st_size > MOST_FILE_BYTES:
                return Refused(f"{str(item)!r} is larger than {MOST_FILE_BYTES} bytes")
            return Picture(path.read_bytes())
        except (OSError, ValueError):  # a NUL in the name, no right to read
            return refused
