"""Colors of an image: shares of red, green and blue pixels, their strength, and colorfulness."""

from __future__ import annotations

from activeloop.arrays import Array, BoolArray
from activeloop.metrics.metric import metric
from activeloop.metrics.picture import Picture, picture

_PIXELS = ("pixels", "mask")


@metric("data", needs=_PIXELS, range=(0.0, 1.0))
def redness(pixels: Array, mask: BoolArray) -> float | None:
    """Share of the pixels that are red: hue within 20° of 0°, saturation ≥ 50/255, value ≥ 40/255.

    The limits are those of Encord Active; hue, saturation, value are of Smith 1978 and not rounded. Pink and
    red count alike, and white, gray and black not at all: `red_strength` grades. NULL where no pixel is
    inside the mask.

    >>> row = np.array([[[255, 0, 0], [255, 180, 180], [255, 255, 255], [0, 0, 255]]], dtype=np.uint8)
    >>> redness(row, np.ones((1, 4), dtype=bool))
    0.5
    """
    seen = picture(pixels, mask)
    return seen.hues.red / seen.size if seen.size else None


@metric("data", needs=_PIXELS, range=(0.0, 1.0))
def greenness(pixels: Array, mask: BoolArray) -> float | None:
    """Share of the pixels that are green: hue 70° to 150°, saturation ≥ 50/255, value ≥ 40/255.

    As `redness`. NULL where no pixel is inside the mask.

    >>> row = np.array([[[0, 255, 0], [0, 40, 0], [0, 39, 0], [255, 255, 0]]], dtype=np.uint8)
    >>> greenness(row, np.ones((1, 4), dtype=bool))
    0.5
    """
    seen = picture(pixels, mask)
    return seen.hues.green / seen.size if seen.size else None


@metric("data", needs=_PIXELS, range=(0.0, 1.0))
def blueness(pixels: Array, mask: BoolArray) -> float | None:
    """Share of the pixels that are blue: hue 180° to 260°, saturation ≥ 50/255, value ≥ 40/255.

    As `redness`. NULL where no pixel is inside the mask.

    >>> row = np.array([[[0, 0, 255], [0, 255, 255], [255, 0, 255], [0, 255, 0]]], dtype=np.uint8)
    >>> blueness(row, np.ones((1, 4), dtype=bool))
    0.5
    """
    seen = picture(pixels, mask)
    return seen.hues.blue / seen.size if seen.size else None


@metric("data", needs=_PIXELS, range=(0.0, 1.0))
def red_strength(pixels: Array, mask: BoolArray) -> float | None:
    """Mean over the pixels of saturation · value · nearness of the hue to red; 1 = pure red everywhere.

    Nearness is 1 at hue 0° and falls evenly to 0 at 120°, that of the next primary color. So pink and dark
    red count a little, and white, gray and black, which have no hue, nothing. Equal to the mean of
    ((R − G)₊ + (R − B)₊) / 510, since saturation · value = (max − min) / 255 (HSV of Smith 1978).
    NULL where no pixel is inside the mask.

    >>> row = np.array([[[255, 0, 0], [255, 255, 0], [255, 255, 255], [0, 0, 0]]], dtype=np.uint8)
    >>> red_strength(row, np.ones((1, 4), dtype=bool))
    0.375
    """
    return _strength(picture(pixels, mask), 0)


@metric("data", needs=_PIXELS, range=(0.0, 1.0))
def green_strength(pixels: Array, mask: BoolArray) -> float | None:
    """Mean over the pixels of saturation · value · nearness of the hue to green; 1 = pure green everywhere.

    As `red_strength`, around hue 120°. NULL where no pixel is inside the mask.

    >>> row = np.array([[[0, 255, 0], [255, 0, 0]]], dtype=np.uint8)
    >>> green_strength(row, np.ones((1, 2), dtype=bool))
    0.5
    """
    return _strength(picture(pixels, mask), 1)


@metric("data", needs=_PIXELS, range=(0.0, 1.0))
def blue_strength(pixels: Array, mask: BoolArray) -> float | None:
    """Mean over the pixels of saturation · value · nearness of the hue to blue; 1 = pure blue everywhere.

    As `red_strength`, around hue 240°. NULL where no pixel is inside the mask.

    >>> row = np.array([[[0, 0, 255], [0, 0, 51]]], dtype=np.uint8)
    >>> blue_strength(row, np.ones((1, 2), dtype=bool))
    0.6
    """
    return _strength(picture(pixels, mask), 2)


@metric("data", needs=_PIXELS, direction=None, range=(0.0, None))
def colorfulness(pixels: Array, mask: BoolArray) -> float | None:
    """Colorfulness M = σ + 0.3 μ of the opponent colors; 0 = gray, about 45 = moderate, 109 = extreme.

    With rg = R − G and yb = (R + G)/2 − B of each pixel: σ = √(σ²rg + σ²yb), μ = √(μ²rg + μ²yb), population
    deviations. 0 exactly where every pixel is gray. Source: Hasler and Süsstrunk 2003, "Measuring
    colorfulness in natural images". NULL where no pixel is inside the mask.

    >>> row = np.array([[[100, 0, 50], [0, 100, 50]]], dtype=np.uint8)
    >>> colorfulness(row, np.ones((1, 2), dtype=bool))
    100.0
    """
    seen = picture(pixels, mask)
    if not seen.size:
        return None
    n, (red, green, blue) = seen.size, seen.colors.sums.tolist()
    rg_squares, gb_squares, br_squares = seen.colors.squares.tolist()
    rg, yb = red - green, red + green - 2 * blue
    # (2 yb)² = ((R − B) + (G − B))², and 2 (R − B)(G − B) = (R − B)² + (G − B)² − (R − G)².
    yb_squares = 2 * br_squares + 2 * gb_squares - rg_squares
    variance = 4 * (n * rg_squares - rg**2) + n * yb_squares - yb**2
    return (float(variance**0.5) + 0.3 * float((4 * rg**2 + yb**2) ** 0.5)) / (2 * n)


def _strength(seen: Picture, channel: int) -> float | None:
    if not seen.size:
        return None
    sums, apart, _ = seen.colors
    after, before = (channel + 1) % 3, (channel + 2) % 3
    # The sum of (a − b)₊ is half of Σ|a − b| + Σa − Σb.
    total = apart[channel] + apart[before] + 2 * sums[channel] - sums[after] - sums[before]
    return float(total) / (2 * 510 * seen.size)
