"""What the pixel metrics share of one picture: gray levels, color sums, a small copy; each computed once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from PIL import Image

from activeloop.arrays import Array, BoolArray, IntArray
from activeloop.errors import DataError

SIDE = 128  # pixels of the longer side, where a metric is about detail

_STRIP = 1 << 16
_LEVELS = np.arange(256)
_SQUARES = _LEVELS**2


class Colors(NamedTuple):
    """Sums over the pixels, (3,) each: of red, green, blue, and of how far these are apart.

    `apart` has |red − green|, |green − blue|, |blue − red|, and `squares` their squares.
    """

    sums: IntArray
    apart: IntArray
    squares: IntArray


class Hues(NamedTuple):
    """How many pixels are clearly red, green, blue."""

    red: int
    green: int
    blue: int


class Picture:
    """The pixels (H, W, 3) uint8 RGB inside a mask (H, W) bool, and what can be known of them, on demand.

    Raises DataError where the two are not of that form.
    """

    def __init__(self, pixels: Array, mask: BoolArray) -> None:
        _refuse_other("pixels", pixels, np.uint8)
        _refuse_other("mask", mask, np.bool_)
        if pixels.ndim != 3 or pixels.shape[2] != 3 or mask.shape != pixels.shape[:2]:
            raise DataError(
                f"pixels have shape {pixels.shape}, mask {mask.shape}; allowed: (H, W, 3) and (H, W)"
            )
        self.pixels, self.mask = pixels, mask

    @cached_property
    def whole(self) -> bool:
        """Whether all pixels are inside."""
        return bool(self.mask.all())

    @cached_property
    def size(self) -> int:
        """How many pixels are inside."""
        return self.mask.size if self.whole else int(np.count_nonzero(self.mask))

    @cached_property
    def planes(self) -> Array:
        """Red, green and blue, (3, H·W), each in one piece."""
        return np.ascontiguousarray(self.pixels.reshape(-1, 3).T)

    @cached_property
    def gray(self) -> Array:
        """Luma (77 R + 150 G + 29 B) / 256, rounded, (H, W) uint8: ITU-R BT.601 in whole numbers."""
        gray = np.empty(self.mask.size, dtype=np.uint8)
        for begin in range(0, gray.size, _STRIP):
            red, green, blue = self.planes[:, begin : begin + _STRIP].astype(np.uint16)
            red *= np.uint16(77)
            red += green * np.uint16(150)
            red += blue * np.uint16(29)
            gray[begin : begin + _STRIP] = (red + np.uint16(128)) >> np.uint16(8)
        return gray.reshape(self.mask.shape)

    @cached_property
    def grays(self) -> IntArray:
        """How many pixels inside have gray level 0, 1, ..., 255."""
        return counts(self.gray.reshape(-1) if self.whole else self.gray[self.mask])

    @cached_property
    def up_to(self) -> IntArray:
        """How many pixels inside have gray level 0, up to 1, ..., up to 255."""
        return np.cumsum(self.grays)

    @cached_property
    def gray_moments(self) -> tuple[float, float]:
        """Mean and standard deviation (population) of the gray levels inside."""
        total = int(self.grays @ _LEVELS)
        squares = int(self.grays @ _SQUARES)
        # whole numbers of any size: a constant picture has exactly 0
        return total / self.size, (squares * self.size - total**2) ** 0.5 / self.size

    def strips(self) -> Iterator[Array]:
        """Give the pixels inside, (3, k) uint8, strip by strip."""
        inside = self.mask.reshape(-1)
        for begin in range(0, inside.size, _STRIP):
            strip = self.planes[:, begin : begin + _STRIP]
            yield strip if self.whole else strip[:, inside[begin : begin + _STRIP]]

    @cached_property
    def colors(self) -> Colors:
        """Sums and differences of the channels."""
        sums, apart, squares = np.zeros((3, 3), dtype=np.int64)
        for strip in self.strips():
            # A strip is so short that even the sum of its squares fits into 32 bits.
            sums += strip.sum(axis=1, dtype=np.uint32)
            differences = absolute_difference(strip, strip[[1, 2, 0]])
            apart += differences.sum(axis=1, dtype=np.uint32)
            wide = differences.astype(np.uint16)
            wide *= wide
            squares += wide.sum(axis=1, dtype=np.uint32)
        return Colors(sums, apart, squares)

    @cached_property
    def hues(self) -> Hues:
        """Pixels of hue 340° to 20°, 70° to 150°, 180° to 260°, saturation ≥ 50/255, value ≥ 40/255."""
        return Hues(*sum((_hues(*strip) for strip in self.strips()), np.zeros(3, dtype=np.int64)).tolist())

    def reduced(self, side: int = SIDE) -> tuple[Array, BoolArray]:
        """Give gray levels and mask with the longer side scaled down to `side`; a smaller one as it is.

        A pixel of the small mask is inside where all that it stands for is. Outside counts as the mean of the
        inside, so that nothing of it shows.
        """
        if getattr(self, "_side", None) != side:
            self._side, self._reduced = side, self._scaled_down(side)
        return self._reduced

    def _scaled_down(self, side: int) -> tuple[Array, BoolArray]:
        if max(self.mask.shape) <= side or not self.size:
            return self.gray, self.mask
        scale = side / max(self.mask.shape)
        shape = [max(1, round(length * scale)) for length in self.mask.shape]
        if self.whole:
            return _resized(self.gray, shape, Image.Resampling.BICUBIC), np.ones(shape, dtype=bool)
        gray = np.where(self.mask, self.gray, np.uint8(round(self.gray_moments[0])))
        full = _resized(self.mask * np.uint8(255), shape, Image.Resampling.BOX) == 255
        return _resized(gray, shape, Image.Resampling.BICUBIC), full


def picture(pixels: Array, mask: BoolArray) -> Picture:
    """Give the picture of pixels and mask; that of the last ones again, if they cannot have changed since."""
    last = _last.picture
    if last is not None and last.pixels is pixels and last.mask is mask:
        return last
    made = Picture(pixels, mask)
    _last.picture = None if pixels.flags.writeable or mask.flags.writeable else made
    return made


def counts(levels: Array) -> IntArray:
    """Count each of 0 to 255 in a flat uint8 array.

    >>> counts(np.array([0, 255, 255], dtype=np.uint8))[[0, 1, 255]].tolist()
    [1, 0, 2]
    """
    if levels.size == 0:
        return np.zeros(256, dtype=np.int64)
    # Pillow counts bytes four times as fast as numpy.bincount
    return np.array(Image.fromarray(levels.reshape(1, -1)).histogram(), dtype=np.int64)


def absolute_difference(first: Array, second: Array) -> Array:
    """Give |first − second| of uint8 arrays, which has no sign to wrap."""
    return np.maximum(first, second) - np.minimum(first, second)


def _refuse_other(what: str, given: object, kind: type[np.generic]) -> None:
    if not isinstance(given, np.ndarray) or given.dtype != kind:
        told = given.dtype if isinstance(given, np.ndarray) else type(given).__name__
        raise DataError(f"{what} are {told}; allowed: an array of {np.dtype(kind)}")


class _Last(threading.local):
    picture: Picture | None = None


_last = _Last()


def _hues(red: Array, green: Array, blue: Array) -> IntArray:
    # All in whole numbers: with red the largest, hue is 60° (G − B) / (max − min), and so round the circle.
    largest = np.maximum(np.maximum(red, green), blue)
    chroma = (largest - np.minimum(np.minimum(red, green), blue)).astype(np.uint16)
    colored = (_times(chroma, 51) >= _times(largest, 10)) & (largest >= 40)
    is_red = (red == largest) & (_times(absolute_difference(green, blue), 3) <= chroma)
    is_green = (green == largest) & (_times(_above(blue, red), 2) <= chroma)
    is_green &= _times(_above(red, blue), 6) <= _times(chroma, 5)
    is_blue = (blue == largest) & (_times(_above(red, green), 3) <= chroma)
    return np.array([np.count_nonzero(one & colored) for one in (is_red, is_green, is_blue)])


def _times(bytes_: Array, factor: int) -> Array:
    """Multiply in 16 bits: the first numpy versions would keep the 8 of the array, and overflow."""
    return np.multiply(bytes_, factor, dtype=np.uint16)


def _above(first: Array, second: Array) -> Array:
    return np.maximum(first, second) - second


def _resized(levels: Array, shape: list[int], how: Image.Resampling) -> Array:
    # reduced by a whole factor first, which is fast, and then filtered to the very size
    return np.asarray(Image.fromarray(levels).resize((shape[1], shape[0]), how, reducing_gap=1.0))
