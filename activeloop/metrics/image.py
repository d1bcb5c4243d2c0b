"""Images: how large they are, how bright, how rich in contrast and in gray levels."""

from __future__ import annotations

import numpy as np

from activeloop.arrays import Array, BoolArray
from activeloop.metrics.metric import metric
from activeloop.metrics.picture import picture

_PIXELS = ("pixels", "mask")


@metric("data", needs="dimensions", direction=None, range=(1.0, None), unit="pixels")
def width(dimensions: tuple[int, int]) -> int:
    """Width of the image as it is seen upright, from the header of its file.

    >>> width((640, 480))
    640
    """
    return dimensions[0]


@metric("data", needs="dimensions", direction=None, range=(1.0, None), unit="pixels")
def height(dimensions: tuple[int, int]) -> int:
    """Height of the image as it is seen upright, from the header of its file.

    >>> height((640, 480))
    480
    """
    return dimensions[1]


@metric("data", needs="dimensions", direction=None, range=(1.0, None), unit="pixels")
def area(dimensions: tuple[int, int]) -> int:
    """Width times height of the image.

    >>> area((640, 480))
    307200
    """
    return dimensions[0] * dimensions[1]


@metric("data", needs="dimensions", direction=None, range=(0.0, None))
def aspect_ratio(dimensions: tuple[int, int]) -> float | None:
    """Width divided by height: 1 is square, 2 twice as wide as high; NULL for an image without height.

    Peers differ: Encord Active has width/height, too, deepchecks height/width, cleanvision the smaller
    of both.

    >>> aspect_ratio((640, 480)), aspect_ratio((480, 640))
    (1.3333333333333333, 0.75)
    """
    across, down = dimensions
    return across / down if down else None


@metric("data", needs=_PIXELS, direction="low", range=(0.0, 1.0))
def brightness(pixels: Array, mask: BoolArray) -> float | None:
    """Mean luma of the image, 0 = black to 1 = white; low = dark.

    Luma is 0.30 R + 0.59 G + 0.11 B of each pixel (ITU-R BT.601; 77/256, 150/256, 29/256, rounded to a gray
    level), divided by 255, so that green counts as the eye counts it. NULL where no pixel is inside the mask.

    >>> gray = np.full((2, 2, 3), 51, dtype=np.uint8)
    >>> brightness(gray, np.ones((2, 2), dtype=bool))
    0.2
    """
    seen = picture(pixels, mask)
    return seen.gray_moments[0] / 255 if seen.size else None


@metric("data", needs=_PIXELS, direction="low", range=(0.0, 1.0))
def brightness_p99(pixels: Array, mask: BoolArray) -> float | None:
    """Luma of the brightest pixels, 99th percentile, 0 to 1; low = dark nearly everywhere.

    The smallest gray level that at least 99 % of the pixels do not exceed, divided by 255. What cleanvision
    judges dark images by. NULL where no pixel is inside the mask.

    >>> night = np.zeros((10, 10, 3), dtype=np.uint8)
    >>> night[0, 0] = 255
    >>> brightness_p99(night, np.ones((10, 10), dtype=bool))
    0.0
    """
    return _percentile(pixels, mask, 99)


@metric("data", needs=_PIXELS, direction="high", range=(0.0, 1.0))
def brightness_p5(pixels: Array, mask: BoolArray) -> float | None:
    """Luma of the darkest pixels, 5th percentile, 0 to 1; high = light nearly everywhere.

    The smallest gray level that at least 5 % of the pixels do not exceed, divided by 255. What cleanvision
    judges light images by. NULL where no pixel is inside the mask.

    >>> snow = np.full((10, 10, 3), 255, dtype=np.uint8)
    >>> snow[0, :4] = 0
    >>> brightness_p5(snow, np.ones((10, 10), dtype=bool))
    1.0
    """
    return _percentile(pixels, mask, 5)


@metric("data", needs=_PIXELS, direction="low", range=(0.0, 1.0))
def contrast(pixels: Array, mask: BoolArray) -> float | None:
    """Standard deviation of luma divided by 127.5: 0 = one gray level, 1 = half black, half white.

    RMS contrast (Peli 1990) in units of its largest value, population deviation; low = flat. Of luma, not of
    pooled channels, so that a plain color has none. NULL where no pixel is inside the mask.

    >>> halves = np.repeat(np.array([[0], [255]], dtype=np.uint8), 3, axis=1)[None]
    >>> contrast(halves, np.ones((1, 2), dtype=bool))
    1.0
    """
    seen = picture(pixels, mask)
    return seen.gray_moments[1] / 127.5 if seen.size else None


@metric("data", needs=_PIXELS, direction="low", range=(0.0, 8.0), unit="bits")
def gray_entropy(pixels: Array, mask: BoolArray) -> float | None:
    """Entropy of the gray levels, H = −Σ p log2 p over 256 levels, in bits; low = little information.

    0 for a constant image, 8 where all levels are equally frequent (Shannon 1948). Always of luma: how a
    file stores the same gray image, with one channel or three, does not change it. NULL where no pixel is
    inside the mask.

    >>> halves = np.repeat(np.array([[0], [255]], dtype=np.uint8), 3, axis=1)[None]
    >>> gray_entropy(halves, np.ones((1, 2), dtype=bool))
    1.0
    """
    seen = picture(pixels, mask)
    if not seen.size:
        return None
    p = seen.grays[seen.grays > 0] / seen.size
    return float(p @ np.log2(1 / p))


def _percentile(pixels: Array, mask: BoolArray, percent: int) -> float | None:
    seen = picture(pixels, mask)
    return int(np.searchsorted(seen.up_to * 100, percent * seen.size)) / 255 if seen.size else None
