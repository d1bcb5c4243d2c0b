"""Sharpness and blur of an image, both at a fixed scale, so that resolution does not change them."""

from __future__ import annotations

import numpy as np

from activeloop.arrays import Array, BoolArray
from activeloop.metrics.metric import metric
from activeloop.metrics.picture import SIDE, picture

_WINDOW = 9  # pixels: Crete et al. 2007


@metric("data", needs=("pixels", "mask"), direction="low", range=(0.0, None), unit="gray levels²")
def sharpness(pixels: Array, mask: BoolArray, *, side: int = SIDE) -> float | None:
    """Variance of the Laplacian, with the longer side scaled to 128 pixels; low = no fine detail.

    L = left + right + above + below − 4 · center of the luma, 0 to 255, of every pixel that has its four
    neighbors inside the mask; population variance. A smaller image is not enlarged. 0 for a constant image;
    NULL where no pixel has four neighbors. `side` is the scale: more shows finer blur of large photographs.
    Source: Pech-Pacheco et al. 2000, "Diatom autofocusing in brightfield microscopy".

    >>> dot = np.zeros((3, 4, 3), dtype=np.uint8)
    >>> dot[1, 1] = 1
    >>> sharpness(dot, np.ones((3, 4), dtype=bool))  # the Laplacian is −4 and 1
    6.25
    """
    gray, inside = picture(pixels, mask).reduced(side)
    if min(gray.shape) < 3:
        return None
    levels = gray.astype(np.int16)
    middle = levels[1:-1, 1:-1] * np.int16(-4)
    middle += levels[:-2, 1:-1]
    middle += levels[2:, 1:-1]
    middle += levels[1:-1, :-2]
    middle += levels[1:-1, 2:]
    if not inside.all():
        crosses = inside[1:-1, 1:-1] & inside[:-2, 1:-1] & inside[2:, 1:-1]
        middle = middle[crosses & inside[1:-1, :-2] & inside[1:-1, 2:]]
    response = middle.reshape(-1).astype(np.int64)
    n, total, squares = response.size, int(response.sum()), int(response @ response)
    return (n * squares - total**2) / n**2 if n else None


@metric("data", needs=("pixels", "mask"), direction="high", range=(0.0, 1.0))
def blur(pixels: Array, mask: BoolArray, *, side: int = SIDE) -> float | None:
    """Perceptual blur, 0 = sharp to 1 = blurred, with the longer side scaled to 128 pixels; high = blurred.

    How little the picture changes when it is blurred once more: along each axis, with D = |difference of
    neighbors| of the luma and D' the same after a mean over 9 pixels (those of them inside the mask),
    b = 1 − Σ max(0, D − D') / Σ D; the larger of the two axes. A smaller image is not enlarged. NULL where
    there is nothing to see blurred: a constant image, or no two neighbors inside the mask.
    Source: Crete et al. 2007, "The blur effect: perception and estimation with a new no-reference
    perceptual blur metric".

    >>> step = np.zeros((1, 40, 3), dtype=np.uint8)
    >>> step[:, 20:] = 255
    >>> round(blur(step, np.ones((1, 40), dtype=bool)), 3)  # 1/9 of the step is left of it
    0.111
    """
    gray, inside = picture(pixels, mask).reduced(side)
    found = [_blur_across(gray, inside), _blur_across(gray.T.copy(), inside.T.copy())]
    return max((one for one in found if one is not None), default=None)


def _blur_across(gray: Array, inside: BoolArray) -> float | None:
    """Along the columns."""
    levels = gray.astype(np.int16)
    if inside.all():
        within: Array = np.ones((len(gray), 1), dtype=np.int16)
    else:
        within = inside.astype(np.int16)
        levels *= within
    blurred = _window_sums(levels) * (1 / np.maximum(_window_sums(within), 1).astype(np.float32))
    both = within[1:] & within[:-1]
    before = np.abs(levels[1:] - levels[:-1]) * both
    kept = np.abs(blurred[1:] - blurred[:-1])
    lost = float((np.maximum(before - kept, 0) * both).sum(dtype=np.float64))
    total = int(before.sum(dtype=np.int64))
    return 1 - lost / total if total else None


def _window_sums(of: Array) -> Array:
    """Sum the 9 rows around each; rows beyond the edge are 0."""
    padded = np.zeros((len(of) + _WINDOW - 1, of.shape[1]), dtype=of.dtype)
    padded[_WINDOW // 2 : _WINDOW // 2 + len(of)] = of
    two = padded[:-1] + padded[1:]
    four = two[:-2] + two[2:]
    eight = four[:-4] + four[4:]
    total: Array = eight[:-1] + padded[_WINDOW - 1 :]
    return total
