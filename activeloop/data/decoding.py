"""One image, decoded: upright RGB pixels and which of them are opaque, from a file or from an array."""

from __future__ import annotations

import math
import os
import struct
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from activeloop.arrays import Array, BoolArray
from activeloop.errors import DataError

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)

_OPAQUE = 128
_ORIENTATION, _FIRST_ON_ITS_SIDE = 0x0112, 5
_CHANNELS = (1, 3, 4)


class Decoded(NamedTuple):
    """`pixels` (H, W, 3) uint8 RGB and `mask` (H, W), False where it is see-through; both read-only."""

    pixels: Array
    mask: BoolArray


def upright(image: Image.Image) -> Image.Image:
    """Turn an open image as its EXIF says and bring it to 8 bits a channel; RGBA where it may be see-through.

    Of 16 bits the upper 8 are kept. Floating point means [0, 1], or [0, 255] where it goes beyond 1.
    """
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow would clip at 255
        return Image.fromarray((np.clip(np.asarray(image), 0, 65535) >> 8).astype(np.uint8))
    if image.mode == "F":
        values = np.asarray(image)
        white = 1.0 if values.max(initial=0.0) <= 1 else 255.0
        return Image.fromarray(_scaled(np.clip(values, 0, white), white))
    return image.convert("RGBA") if image.has_transparency_data else image


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Give width and height of an open image as it is seen upright, without decoding it."""
    # PNG's own getexif would decode the image to look for EXIF behind the pixels.
    turned = Image.Image.getexif(image).get(_ORIENTATION, 1)
    on_its_side = isinstance(turned, int) and turned >= _FIRST_ON_ITS_SIDE
    return (image.height, image.width) if on_its_side else image.size


def decode_file(path: str | os.PathLike[str]) -> Decoded:
    """Decode an image file; gray is replicated to RGB, a palette looked up.

    Raises DataError, naming the file, where it cannot be read.
    """
    try:
        with Image.open(path) as image:
            shown = upright(image)
            return _parted(np.asarray(shown if shown.mode in ("RGB", "RGBA") else shown.convert("RGB")))
    except UNREADABLE as error:
        raise _unreadable(path, error) from error


def file_dimensions(path: str | os.PathLike[str]) -> tuple[int, int]:
    """Give width and height of an image file as it is seen upright; reads the header and decodes no pixel.

    Raises DataError, naming the file, where it cannot be read.
    """
    try:
        with Image.open(path) as image:
            return upright_size(image)
    except UNREADABLE as error:
        raise _unreadable(path, error) from error


def is_image_array(item: Any) -> bool:
    """Say whether an item has the form of an image: (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) numbers."""
    if not isinstance(item, np.ndarray) or item.dtype.kind not in "buif":
        return False
    return item.ndim == 2 or (item.ndim == 3 and item.shape[2] in _CHANNELS)


def is_self_explaining(kind: np.dtype[Any]) -> bool:
    """Say whether the type of an array alone tells what is white: uint8 255, uint16 65535, bool True."""
    return kind in (np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(bool))


def white_level(largest: float) -> float:
    """Give what is white in a data set whose largest value this is: the next 2^b or 2^b − 1, at least 1.

    So floats in [0, 1] have white 1, bytes 255, 12 bits 4095, and digits of 0 to 16 have 16; a data set of
    the same kind that is a little darker, or grows, keeps its white.

    >>> [white_level(one) for one in (0.7, 16, 250.5, 4000)]
    [1.0, 16.0, 255.0, 4095.0]
    """
    if largest <= 1:
        return 1.0
    power = 2.0 ** math.ceil(math.log2(largest))
    return power if largest > power - 1 else power - 1


def decode_array(item: Any, white: float) -> Decoded:
    """Make RGB of an image that is an array; `white` is the white of numbers that do not explain themselves.

    Raises DataError for what is no image, and for numbers below 0, above white, or not finite.
    """
    _refuse_other(item)
    if item.dtype == np.uint16:
        item = (item >> 8).astype(np.uint8)
    elif item.dtype == bool:
        item = item * np.uint8(255)
    elif item.dtype != np.uint8:
        low, high = (item.min(), item.max()) if item.size else (0, 0)
        if not (low >= 0 and high <= white):  # nor where one is NaN
            raise DataError(f"the values of an image are {low} to {high}; allowed: 0 to {white:g}")
        item = _scaled(item, white)
    gray = item if item.ndim == 3 else item[:, :, None]
    return _parted(np.repeat(gray, 3, axis=2) if gray.shape[2] == 1 else gray)


def array_dimensions(item: Any) -> tuple[int, int]:
    """Give width and height of an image that is an array; raises DataError for what is no image."""
    _refuse_other(item)
    return int(item.shape[1]), int(item.shape[0])


def _parted(channels: Array) -> Decoded:
    mask = channels[..., 3] >= _OPAQUE if channels.shape[2] == 4 else np.ones(channels.shape[:2], dtype=bool)
    pixels = np.ascontiguousarray(channels[..., :3]).view()
    pixels.flags.writeable = mask.flags.writeable = False
    return Decoded(pixels, mask)


def _scaled(values: Array, white: float) -> Array:
    return np.rint(values * (255 / white)).astype(np.uint8)


def _refuse_other(item: Any) -> None:
    if not is_image_array(item):
        told = f"{item.dtype} of shape {item.shape}" if isinstance(item, np.ndarray) else type(item).__name__
        raise DataError(f"an item is {told}; allowed: a (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) array")


def _unreadable(path: str | os.PathLike[str], error: BaseException) -> DataError:
    return DataError(f"image {os.fspath(path)!r} cannot be read ({error})")
