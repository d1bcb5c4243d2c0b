"""Images that look alike or are the same: a perceptual hash, a hash of the pixels, and who shares them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray, KeyArray
from activeloop.metrics import hamming
from activeloop.metrics.metric import Values, metric
from activeloop.metrics.picture import picture

HASH_BITS = 48
RADIUS = 4

_PRIME_OF_20_BITS = 1048573
_LOW = 8
_PLAIN = 1.0  # gray levels
_U, _V = np.array(
    sorted(
        ((u, v) for u in range(_LOW) for v in range(_LOW) if 1 <= u + v <= 9), key=lambda at: (sum(at), at)
    )
).T
_WEIGHTS = 1 << np.arange(HASH_BITS)


@metric("data", needs=("pixels", "mask"), direction=None, range=(0.0, 2.0**HASH_BITS - 1))
def perceptual_hash(pixels: Array, mask: BoolArray) -> int | None:
    """Hash of what an image looks like: 48 bits as a whole number, of which similar images share most.

    Of the luma, with the longer side scaled to 128 pixels, the 48 lowest frequencies of the cosine transform
    (type II, u + v ≤ 9 and u, v ≤ 7) but the constant one; a bit says whether one is above their median.
    pHash (Zauner 2010) has 64 such bits; 48 are exact in a float64, as which values are kept. Outside of the
    mask counts as the mean of the inside. NULL where nothing is inside, and for an image so plain, less than
    one gray level of deviation in these frequencies, that its hash would be noise, or like that of every
    other plain image. Compare hashes with `hamming.pairs` and `hamming.groups`.

    >>> ramp = np.repeat(np.arange(0, 256, 8, dtype=np.uint8)[None, :, None], 32, axis=0).repeat(3, axis=2)
    >>> inside = np.ones((32, 32), dtype=bool)
    >>> perceptual_hash(ramp, inside) == perceptual_hash(ramp // 2, inside) != None  # half as bright
    True
    """
    gray, inside = picture(pixels, mask).reduced()
    if not inside.any():
        return None
    levels = gray.astype(np.float64)
    if not inside.all():
        levels[~inside] = levels[inside].mean()
    # Rounded, so that what should be 0 does not fall above or below it by the machine.
    waves = np.round((_waves(len(levels)) @ levels @ _waves(levels.shape[1]).T)[_U, _V], 6)
    if waves @ waves < _PLAIN**2:
        return None
    rising = np.sort(waves)
    median = (rising[HASH_BITS // 2 - 1] + rising[HASH_BITS // 2]) / 2
    return int(_WEIGHTS @ (waves > median))


@lru_cache(maxsize=256)
def _waves(n: int) -> FloatArray:
    """Give the lowest cosines over n pixels, (8, n), so scaled that squares sum to a variance."""
    waves = np.cos(np.pi / n * np.outer(np.arange(_LOW), np.arange(n) + 0.5)) * (2**0.5 / n)
    waves[0] /= 2**0.5
    return waves


@metric("data", needs=("pixels", "mask"), direction=None, range=(0.0, 2.0**hamming.BITS - 1))
def pixel_hash(pixels: Array, mask: BoolArray) -> int | None:
    """Hash of the very pixels inside the mask, their shape and the mask: 52 bits as a whole number.

    CRC-32 and 20 bits of Adler-32. Two different images share it with a probability of about 2^−52, unless
    they are made to: among a million images there is such a pair with probability 1e-4.
    NULL where no pixel is inside the mask.

    >>> gray, inside = np.full((1, 2, 3), 7, dtype=np.uint8), np.ones((1, 2), dtype=bool)
    >>> one = pixel_hash(gray, inside)
    >>> pixel_hash(gray.copy(), inside) == one, pixel_hash(gray.reshape(2, 1, 3), inside.reshape(2, 1)) == one
    (True, False)
    """
    seen = picture(pixels, mask)
    if not seen.size:
        return None
    parts = [np.array(pixels.shape, dtype="<i8"), pixels]
    if not seen.whole:
        parts[1:] = [pixels * mask[:, :, None], mask]
    cyclic, sums = 0, 1
    for part in parts:
        data = np.ascontiguousarray(part).reshape(-1).view(np.uint8).data
        cyclic, sums = zlib.crc32(data, cyclic), zlib.adler32(data, sums)
    return cyclic << 20 | sums % _PRIME_OF_20_BITS


class Known(NamedTuple):
    """The hashes of a reference set: each once, how many items have it, and that of every item by id."""

    hashes: KeyArray
    n: IntArray
    of_item: Mapping[Any, int]


def known(ids: Array, hashes: FloatArray) -> Known:
    """Gather the hashes of a reference set, (n,), NaN where there is none."""
    has = ~np.isnan(hashes)
    keys = hamming.as_keys(hashes[has])
    return Known(
        *np.unique(keys, return_counts=True), dict(zip(ids[has].tolist(), keys.tolist(), strict=True))
    )


@metric("data", needs=("id", "perceptual_hash"), vectorized=True, fit=known, range=(0.0, None), unit="images")
def near_duplicate(fitted: Known, ids: Array, hashes: FloatArray, *, radius: int = RADIUS) -> Values:
    """How many other images look the same: perceptual hashes that differ in at most 4 (`radius`) of 48 bits.

    Of the reference set, the item itself apart; so 0 = none, and fitted on other data it finds what leaked
    from there. NULL, reason `no_hash`, for images without a perceptual hash, such as constant ones.
    `hamming.groups` gives the groups. Cost: see `hamming.near`.

    >>> ids, hashes = np.array(["a", "b", "c"]), np.array([0.0, 0b11, 0b11111111])
    >>> near_duplicate(known(ids, hashes), ids, hashes).values.tolist()
    [1.0, 1.0, 0.0]
    """
    return _others(fitted, ids, hashes, radius, HASH_BITS)


@metric("data", needs=("id", "pixel_hash"), vectorized=True, fit=known, range=(0.0, None), unit="images")
def exact_duplicate(fitted: Known, ids: Array, hashes: FloatArray) -> Values:
    """How many other images have the very same pixels, whatever file they came from; 0 = none.

    Of the reference set, the item itself apart. Constant images count, too. NULL, reason `no_hash`, for an
    image that could not be read.

    >>> ids, hashes = np.array(["a", "b", "c"]), np.array([5.0, 7.0, 5.0])
    >>> exact_duplicate(known(ids, hashes), ids, hashes).values.tolist()
    [1.0, 0.0, 1.0]
    """
    return _others(fitted, ids, hashes, 0, hamming.BITS)


def _others(fitted: Known, ids: Array, hashes: FloatArray, radius: int, bits: int) -> Values:
    has = np.flatnonzero(~np.isnan(hashes))
    keys, which = np.unique(hamming.as_keys(hashes[has]), return_inverse=True)
    n = np.zeros(len(keys))
    for found in hamming.near(keys, fitted.hashes, radius, bits):
        n += np.bincount(found.first, weights=fitted.n[found.second], minlength=len(keys))
    values = np.full(len(hashes), np.nan)
    values[has] = n[which] - _itself(fitted, ids[has].tolist(), keys[which].tolist(), radius)
    return Values(values, dict.fromkeys(np.flatnonzero(np.isnan(hashes)).tolist(), "no_hash"))


def _itself(fitted: Known, ids: list[Any], keys: list[int], radius: int) -> Array:
    """Say which items were counted as their own neighbor."""
    own = ((fitted.of_item.get(one), key) for one, key in zip(ids, keys, strict=True))
    return np.array(
        [mine is not None and (mine ^ key).bit_count() <= radius for mine, key in own], dtype=bool
    )
