"""All pairs of points that lie within a radius, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import InputError
from activeloop.kernels.space import Distance, Space, as_distances, as_points, squared_pairs

_ROWS, _COLUMNS = 512, 4096


class Pairs(NamedTuple):
    """Positions `first` < `second` of points and their `distances`, (m,) each."""

    first: IntArray
    second: IntArray
    distances: FloatArray


def pairs_within(points: Array, radius: float, *, distance: Distance = "euclidean") -> Iterator[Pairs]:
    """Give every pair of the points (n, d) at a distance of at most `radius`, in parts that fit in memory.

    Cost: n² d floating-point operations that rule pairs out, and 3 d for each pair that is given.

    >>> [pairs.second.tolist() for pairs in pairs_within(np.array([[0.0], [9.0], [0.5]]), radius=0.5)]
    [[2]]

    Raises InputError for a radius below 0, and as `nearest`.
    """
    if not radius >= 0:
        raise InputError(f"radius={radius}; allowed: 0 or more")
    points = as_points(points, distance)
    space = Space(points, np.float32)
    reach = float(np.sqrt(2 * radius)) if distance == "cosine" else radius
    memory = np.empty(_ROWS * _COLUMNS, dtype=space.dtype)
    for begin in range(0, len(points), _ROWS):
        block = points[begin : begin + _ROWS]
        moved, most = space.moved(block), space.most(block, reach)
        for start in range(begin, len(points), _COLUMNS):
            products = space.products(moved, start, start + _COLUMNS, memory)
            rows, columns = np.divmod(np.flatnonzero(products <= most[:, None]), products.shape[1])
            first, second = rows + begin, columns + start
            later = second > first
            first, second = first[later], second[later]
            distances = as_distances(squared_pairs(points, points, first, second), distance)
            near = distances <= radius
            if near.any():
                yield Pairs(first[near], second[near], distances[near])
