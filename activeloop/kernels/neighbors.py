"""The k nearest neighbors, exactly: float32 products find them, float64 differences measure them.

A distance by products, ‖q‖² + ‖r‖² − 2 q·r, is quick, and wrong where two points lie close together. So
products only propose a few candidates more than k, and these are measured by their differences. A bound of
the rounding error tells whether a point that was not proposed could be nearer; where it could, the query is
asked again with float64 products; in a crowd that even these do not resolve, all its members are measured.
Points go through in blocks, so that memory is linear in their number.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.errors import InputError
from activeloop.kernels.space import Distance, Space, as_distances, as_points, squared, squared_pairs
from activeloop.kernels.threads import share_out

_QUERIES, _POINTS = 512, 4096  # rows of a block of products: 8 MB of float32
_CROWDED = 64
_SPARE = 6  # candidates beyond k, so that rounding seldom leaves a doubt
_GROUPS = 8  # groups of points per candidate, whose least products bound the candidates' from above


class Neighbors(NamedTuple):
    """Distances (n queries, k) float64, the nearest first, and positions (n queries, k) of the neighbors."""

    distances: FloatArray
    positions: IntArray


def nearest(
    points: Array,
    queries: Array | None = None,
    k: int = 10,
    *,
    distance: Distance = "euclidean",
    threads: int | None = None,
) -> Neighbors:
    """Give the k nearest of the points (n, d) to each query (m, d); to each point, itself included, without.

    Fewer than k points are all given. Of equally distant points the lower position comes first: certain for
    equal points and for small whole numbers, while others may differ by a rounding of 1e-9 of the distance.
    "cosine" is 1 − cos; a zero vector, which has no direction, is at 0 from other zero vectors and at 1 from
    anything else. Cost: 2 n m d floating-point operations; memory: a copy of the points in float32.

    >>> found = nearest(np.array([[0.0], [1.0], [3.0]]), np.array([[1.0]]), k=2)
    >>> found.distances.tolist(), found.positions.tolist()
    ([[0.0, 1.0]], [[1, 0]])

    Raises InputError for k below 1, other dimensions, and values that are not finite or beyond ±1e150.
    """
    if k < 1:
        raise InputError(f"k={k} neighbors; allowed: 1 or more")
    points = as_points(points, distance)
    queries = points if queries is None else as_points(queries, distance)
    if points.shape[1] != queries.shape[1]:
        raise InputError(f"queries have {queries.shape[1]} dimensions, the points {points.shape[1]}")
    n, k = len(queries), min(k, len(points))
    found = Neighbors(np.empty((n, k)), np.empty((n, k), dtype=np.int64))
    if n and k:
        with _blas().limit(limits=1):  # each thread multiplies by itself
            _find(points, queries, found, threads)
    return Neighbors(as_distances(found.distances, distance), found.positions)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def _find(points: Array, queries: Array, found: Neighbors, threads: int | None) -> None:
    """Write the neighbors into `found`, with squared distances."""
    doubtful = np.flatnonzero(_search(Space(points, np.float32), queries, None, found, threads))
    if doubtful.size:
        precise = Space(points, np.float64)
        doubtful = doubtful[_search(precise, queries, doubtful, found, threads)]
        farthest = np.sqrt(found.distances[doubtful, -1])  # nothing is nearer than 0
        crowded = (farthest > 0) & ~precise.resolves(queries[doubtful], farthest)
        _measure_crowds(precise, queries, doubtful[crowded], found)


def _search(
    space: Space, queries: Array, rows: IntArray | None, found: Neighbors, threads: int | None
) -> BoolArray:
    """Find the neighbors of some queries, or all, and tell of which a nearer one may be missing."""
    rows = np.arange(len(queries)) if rows is None else rows
    k = found.distances.shape[1]
    doubtful = np.zeros(len(rows), dtype=bool)

    def work(begin: int, end: int) -> None:
        memory = np.empty(_QUERIES * _POINTS, dtype=space.dtype)
        for start in range(begin, end, _QUERIES):
            here = slice(start, min(end, start + _QUERIES))
            block = queries[rows[here]]
            near, least = _candidates(space, block, k + _SPARE, memory)
            squares = squared(space.points, block, near)
            order = np.lexsort((near, squares), axis=1)[:, :k]
            found.distances[rows[here]] = ordered = np.take_along_axis(squares, order, 1)
            found.positions[rows[here]] = np.take_along_axis(near, order, 1)
            doubtful[here] = least <= space.most(block, np.sqrt(ordered[:, -1]))

    share_out(len(rows), len(rows) * len(space.points), work, threads)
    return doubtful


def _candidates(space: Space, queries: Array, m: int, memory: Array) -> tuple[IntArray, FloatArray]:
    """Give the m points with the least products, by position among equals, and what no other is below."""
    moved = space.moved(queries)
    n, m = len(moved), min(m, len(space.points))
    values, kept = np.empty((n, 0), dtype=space.dtype), np.empty((n, 0), dtype=np.int64)
    waiting = _Waiting([], [], [])
    for begin in range(0, len(space.points), _POINTS):
        products = space.products(moved, begin, begin + _POINTS, memory)
        if kept.shape[1] < m:  # so far every point is kept, so this block must do for a bound
            chosen = np.flatnonzero(products <= _bound(products, m))
        else:
            chosen = np.flatnonzero(products < values[:, -1:])
        rows, columns = np.divmod(chosen, products.shape[1])
        waiting.add(rows, columns + begin, products.ravel()[chosen])
        if kept.shape[1] < m or waiting.in_all() > n * m:
            values, kept = waiting.merged(values, kept, m)
    values, kept = waiting.merged(values, kept, m)
    everything = m == len(space.points)
    return kept, np.full(n, np.inf) if everything else values[:, -1].astype(np.float64)


def _bound(products: Array, m: int) -> Array:
    """Give per row a number that at least m products do not exceed: the m-th least of groups' least ones."""
    n, width = products.shape
    depth = width // (m * _GROUPS)
    if depth >= 2:
        products = products[:, : depth * m * _GROUPS].reshape(n, depth, m * _GROUPS).min(axis=1)
    at = min(m, products.shape[1]) - 1  # of fewer than m all are kept
    return np.partition(products, at, axis=1)[:, at, None]


def _measure_crowds(space: Space, queries: Array, rows: IntArray, found: Neighbors) -> None:
    """Measure all points that could be as near to a query as the farthest that was found for it."""
    none = np.empty((_CROWDED, 0))
    for start in range(0, len(rows), _CROWDED):
        here = rows[start : start + _CROWDED]
        block = queries[here]
        most = space.most(block, np.sqrt(found.distances[here, -1]))[:, None]
        moved, waiting = space.moved(block), _Waiting([], [], [])
        for begin in range(0, len(space.points), _POINTS):
            products = space.products(moved, begin, begin + _POINTS)
            query, near = np.nonzero(products <= most)
            near += begin
            waiting.add(query, near, squared_pairs(space.points, block, query, near))
        empty = none[: len(here)]
        ordered = waiting.merged(empty, empty.astype(np.int64), found.distances.shape[1])
        found.distances[here], found.positions[here] = ordered


class _Waiting(NamedTuple):
    """Candidates of many queries that were found and not yet compared with each other."""

    rows: list[Array]
    positions: list[IntArray]
    values: list[Array]

    def add(self, rows: IntArray, positions: IntArray, values: Array) -> None:
        self.rows.append(rows.astype(np.uint16))  # which sorts by its digits, many times faster
        self.positions.append(positions)
        self.values.append(values)

    def in_all(self) -> int:
        return sum(map(len, self.rows))

    def merged(self, values: Array, kept: IntArray, m: int) -> tuple[Array, IntArray]:
        """Give the m best of those that are kept already and those that waited, of which none wait then."""
        n, before = kept.shape
        rows = np.concatenate([np.arange(n, dtype=np.uint16).repeat(before), *self.rows])
        positions = np.concatenate([kept.ravel(), *self.positions])
        all_values = np.concatenate([values.ravel(), *self.values])
        # stable, and what was kept stands before what waited: equal values stay in the order of positions
        order = np.lexsort((all_values, rows))
        counts = np.bincount(rows, minlength=n)
        best = order[(np.cumsum(counts) - counts)[:, None] + np.arange(min(m, int(counts.min())))]
        for one in self:
            one.clear()
        return all_values[best], positions[best]
