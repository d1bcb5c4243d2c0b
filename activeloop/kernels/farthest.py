"""Farthest-first traversal: one after the other, the point that is the farthest from all that were chosen.

Each choice moves points nearer to what is chosen, most of them not at all. A float32 product with the chosen
point and a bound of its rounding error tell, in one pass over memory, which points might have come nearer;
only these are measured by their differences in float64. So what is chosen is what a measurement of all points
would choose, at a fraction of its cost.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import InputError
from activeloop.kernels.neighbors import nearest
from activeloop.kernels.space import Space, as_points, squared_pairs

_ROWS = 32_768  # of a block: its products and what is compared with them stay in cache


def distances_to_nearest(points: Array, chosen: Array) -> FloatArray:
    """Give per point (n, d) the Euclidean distance to the nearest chosen one (m, d); infinite when m is 0.

    >>> distances_to_nearest(np.array([[0.0], [3.0]]), np.array([[1.0], [9.0]])).tolist()
    [1.0, 2.0]
    """
    if len(chosen) == 0:
        return np.full(len(points), np.inf)
    return nearest(chosen, points, k=1).distances[:, 0]


def farthest_first(
    points: Array, n: int, distances: FloatArray, tie_break: Callable[[IntArray], FloatArray]
) -> tuple[IntArray, FloatArray]:
    """Choose n of the points (m, d), each the farthest from those chosen before it; all of them if n > m.

    `distances` (m,) are those to what was chosen before. Gives the positions in the order of choice, and the
    distance that each had when it was chosen. `tie_break` is asked about equal distances only: it takes
    positions and gives a key for each, and the smallest key is chosen. Cost: O(m d) a choice, memory O(m d).

    >>> line = np.array([[0.0], [1.0], [4.0], [6.0]])
    >>> farthest_first(line, 2, np.abs(line[:, 0]), tie_break=lambda positions: positions)
    (array([3, 2]), array([6., 2.]))

    Raises InputError for points that are not numbers or not finite, and distances that do not fit them.
    """
    points = as_points(points)
    if distances.shape != (len(points),) or bool((np.isnan(distances) | (distances < 0)).any()):
        raise InputError(f"distances of shape {distances.shape}; allowed: ({len(points)},) numbers from 0")
    left, n = distances.astype(np.float64), min(n, len(points))
    chosen, found = np.empty(n, dtype=np.int64), np.empty(n)
    space = Space(points, np.float32)
    for step in range(n):
        farthest = left.max()
        equal = np.flatnonzero(left == farthest)
        one = int(equal[0] if len(equal) == 1 else equal[np.lexsort((equal, tie_break(equal)))[0]])
        chosen[step], found[step] = one, farthest
        if step + 1 < n:
            _approach(space, one, left)
        left[one] = -np.inf  # so that it is not chosen again, and stays where nothing comes near
    return chosen, found


def _approach(space: Space, one: int, left: FloatArray) -> None:
    """Lower the distances of the points that are nearer to one of them than to any chosen before."""
    center = space.points[one : one + 1]
    moved = space.moved(center)
    for begin in range(0, len(left), _ROWS):
        here = left[begin : begin + _ROWS]
        products = space.products(moved, begin, begin + len(here))[0]
        near = np.flatnonzero(products <= space.most(center, np.maximum(here, 0)))
        if near.size:
            # squared_pairs takes the points as queries: how a distance rounds then hangs on the pair alone
            squares = squared_pairs(center, space.points, near + begin, np.zeros(len(near), dtype=np.int64))
            here[near] = np.minimum(here[near], np.sqrt(squares))
