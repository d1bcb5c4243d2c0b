"""Which hashes differ in few bits? Pairs and groups of them, without a table of all pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse

from activeloop.arrays import Array, FloatArray, IntArray, KeyArray
from activeloop.errors import ConfigurationError

BITS = 52  # at most: a float64, as which metrics are kept, holds them exactly

_CHUNK = 1 << 20
_FEWEST_BITS_OF_A_BAND = 4


class Pairs(NamedTuple):
    """Positions of two items each, `first` < `second`, and in how many bits their hashes differ."""

    first: IntArray
    second: IntArray
    distance: IntArray


def near(first: KeyArray, second: KeyArray, radius: int, bits: int = BITS) -> Iterator[Pairs]:
    """Give, in pieces, all pairs of a hash of `first` and one of `second` within `radius` bits of each other.

    Two such hashes are equal in at least one of radius + 1 bands of bits, so only those that share a band
    are compared (multi-index hashing: Norouzi, Punjani and Fleet 2012). For n hashes on both sides that is
    about (radius + 1) n² / 2^(bits / (radius + 1)) comparisons where hashes are spread evenly, and n² where
    a band would have fewer than 4 bits. Memory: a million pairs at a time.
    Raises ConfigurationError for a radius that is not 0 to `bits`.
    """
    if radius not in range(bits + 1):
        raise ConfigurationError(f"radius={radius!r}; allowed: a whole number of bits, 0 to {bits}")
    bands = _bands(bits, int(radius))
    for at, band in enumerate(bands):
        for one, other in _sharing(first & band, second & band):
            differing = first[one] ^ second[other]
            new = popcount(differing) <= radius
            for earlier in bands[:at]:
                new &= (differing & earlier) != 0  # else it was given there
            yield Pairs(one[new], other[new], popcount(differing[new]).astype(np.int64))


def pairs(hashes: FloatArray, radius: int, bits: int = BITS) -> Pairs:
    """Give all pairs of items whose hashes differ in at most `radius` bits; NaN is no hash and near to none.

    As many as there are: 1,000 equal items are 499,500 pairs, where `groups` gives one group.

    >>> pairs(np.array([0b1000, np.nan, 0b1001, 0b1111]), radius=1)
    Pairs(first=array([0]), second=array([2]), distance=array([1]))
    """
    known = np.flatnonzero(~np.isnan(hashes))
    keys = as_keys(hashes[known])
    parts = [Pairs(*(part[one.first < one.second] for part in one)) for one in near(keys, keys, radius, bits)]
    none = Pairs(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    first, second, distance = (np.concatenate(column) for column in zip(none, *parts, strict=True))
    order = np.lexsort((second, first))
    return Pairs(known[first[order]], known[second[order]], distance[order])


def groups(hashes: FloatArray, radius: int, bits: int = BITS) -> list[IntArray]:
    """Give the groups of two or more items that hang together by hashes within `radius` bits.

    In a chain every link is near, its ends need not be. Positions rise within a group. The largest group
    comes first, and of equally large ones the one that begins first. Equal hashes are compared once.

    >>> [group.tolist() for group in groups(np.array([0.0, 7.0, 1.0, np.nan, 7.0, 7.0]), radius=1)]
    [[1, 4, 5], [0, 2]]
    """
    known = np.flatnonzero(~np.isnan(hashes))
    keys, which = np.unique(as_keys(hashes[known]), return_inverse=True)
    parts = list(near(keys, keys, radius, bits))
    rows = np.concatenate([np.empty(0, dtype=np.int64), *(one.first for one in parts)])
    columns = np.concatenate([np.empty(0, dtype=np.int64), *(one.second for one in parts)])
    links = (rows.astype(np.int32), columns.astype(np.int32))  # as older versions of scipy want them
    graph = sparse.coo_array((np.ones(len(rows), dtype=bool), links), shape=(len(keys),) * 2)
    component = sparse.csgraph.connected_components(graph, directed=False)[1][which]
    order = np.argsort(component, kind="stable")
    found = np.split(known[order], np.flatnonzero(np.diff(component[order])) + 1)
    return sorted((one for one in found if len(one) > 1), key=lambda one: (-len(one), one[0]))


def as_keys(hashes: FloatArray) -> KeyArray:
    """Give hashes, whole numbers below 2^52 kept as floats, as bits."""
    return np.asarray(hashes, dtype=np.float64).astype(np.uint64)


def _table_popcount(keys: KeyArray) -> Array:
    halves = np.ascontiguousarray(keys).view(np.uint16).reshape(-1, 4)
    ones: Array = _ONES[halves].sum(axis=1, dtype=np.uint8)
    return ones


_ONES = np.array([one.bit_count() for one in range(1 << 16)], dtype=np.uint8)

# numpy 2 counts bits itself.
popcount: Callable[[KeyArray], Array] = getattr(np, "bitwise_count", _table_popcount)


def _bands(bits: int, radius: int) -> list[np.uint64]:
    n = radius + 1
    if bits // n < _FEWEST_BITS_OF_A_BAND:
        return [np.uint64(0)]  # all share it: everything is compared with everything
    edges = [bits * one // n for one in range(n + 1)]
    return [np.uint64((1 << high) - (1 << low)) for low, high in pairwise(edges)]


def _sharing(first: KeyArray, second: KeyArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Give positions of equal keys, a chunk of about a million pairs at a time."""
    order = np.argsort(second, kind="stable")
    rising = second[order]
    begins = np.searchsorted(rising, first, side="left")
    sizes = np.searchsorted(rising, first, side="right") - begins
    ends = np.cumsum(sizes)
    at = 0
    while at < len(first):
        done = int(ends[at - 1]) if at else 0
        to = max(at + 1, int(np.searchsorted(ends, done + _CHUNK, side="right")))
        size = sizes[at:to]
        one = np.repeat(np.arange(at, to), size)
        within = np.arange(len(one)) - np.repeat(ends[at:to] - size - done, size)
        yield one, order[begins[one] + within]
        at = to
