"""Points and the distances between them: quickly by products, with a bound of the error, or exactly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import InputError, unknown

Distance: TypeAlias = Literal["euclidean", "cosine"]

_LARGEST = 1e150  # squares of it are finite
_ROWS = 4096  # what is made of rows in float64 stays small
_SAMPLE = 1000


def as_points(given: Array, distance: Distance = "euclidean") -> Array:
    """Give rows of float32 or float64; for "cosine" of length 1, as it is half their squared distance.

    A zero vector gets a direction of its own, in one more dimension.

    Raises InputError for another distance, rows that are not numbers, and values that are not finite.
    """
    if distance not in get_args(Distance):
        raise InputError(unknown("distance", distance, get_args(Distance)))
    points = np.asarray(given)
    if points.ndim != 2 or points.dtype.kind not in "biuf":
        raise InputError(f"points are {points.dtype} of shape {points.shape}; allowed: (n, d) numbers")
    if points.dtype not in (np.float32, np.float64):
        points = points.astype(np.float32 if points.dtype == np.float16 else np.float64)
    largest = np.concatenate([np.empty(0), *(np.abs(part).max(axis=1, initial=0) for part in _parts(points))])
    wrong = np.flatnonzero(~(largest <= _LARGEST))
    if wrong.size:
        raise InputError(f"row {wrong[0]} holds a value that is not finite, or beyond {_LARGEST:g}")
    return _unit(points, largest) if distance == "cosine" else points


def _unit(points: Array, largest: FloatArray) -> FloatArray:
    none = largest == 0
    scaled = points / np.where(none, 1, largest)[:, None]
    lengths = np.sqrt(np.einsum("ij,ij->i", scaled, scaled))
    return np.column_stack([scaled / np.where(none, 1, lengths)[:, None], none])


def squared(points: Array, queries: Array, near: IntArray) -> FloatArray:
    """Compute squared distances (n, m) of queries (n, d) to the points at the positions `near` (n, m)."""
    squares = np.empty(near.shape)
    for column in range(near.shape[1]):
        difference = np.subtract(queries, points[near[:, column]], dtype=np.float64)
        squares[:, column] = np.einsum("ij,ij->i", difference, difference)
    return squares


def squared_pairs(points: Array, queries: Array, rows: IntArray, near: IntArray) -> FloatArray:
    """Compute the squared distance (m,) of the queries at `rows` (m,) to the points at `near` (m,)."""
    squares = np.empty(len(rows))
    for begin in range(0, len(rows), _ROWS):
        part = slice(begin, begin + _ROWS)
        squares[part] = squared(points, queries[rows[part]], near[part, None])[:, 0]
    return squares


def as_distances(squares: FloatArray, distance: Distance) -> FloatArray:
    """Give distances of squared distances between rows of `as_points`."""
    return squares / 2 if distance == "cosine" else np.sqrt(squares)


class Space:
    """Points, centered and scaled, ready for products of one precision.

    >>> space = Space(np.array([[0.0], [2.0], [4.0]]), np.float64)
    >>> space.products(space.moved(np.array([[4.0]])), 0, 3).tolist()
    [[1.5, 0.0, -0.5]]
    """

    def __init__(self, points: Array, dtype: type[np.float32 | np.float64]) -> None:
        self.points, self.dtype = points, np.dtype(dtype)
        self._center, self._scale = _middle(points)
        # Each point as (−r, ‖r‖²/2) and each query as (q, 1): one product is all that a block needs.
        self._prepared = self.moved(points)
        coordinates = self._prepared[:, :-1]
        self._prepared[:, -1] = np.einsum("ij,ij->i", coordinates, coordinates, dtype=np.float64) / 2
        np.negative(coordinates, out=coordinates)
        # Of a sum of d + 1 products and of the rounding of its terms, with room.
        terms, kind = 2 * (points.shape[1] + 5), np.finfo(dtype)
        self._error, self._least_error = terms * float(kind.eps), terms * float(kind.tiny)

    def moved(self, queries: Array) -> Array:
        """Give queries in the coordinates of the products."""
        moved = np.ones((len(queries), queries.shape[1] + 1), dtype=self.dtype)
        for part, to in zip(_parts(queries), _parts(moved), strict=True):
            to[:, :-1] = (part - self._center) / self._scale
        return moved

    def products(self, moved: Array, begin: int, end: int, memory: Array | None = None) -> Array:
        """Compute ‖r‖²/2 − q·r of moved queries and points: half the squared distance, less ‖q‖²/2."""
        points = self._prepared[begin:end]
        shape = (len(moved), len(points))
        out = None if memory is None else memory[: shape[0] * shape[1]].reshape(shape)
        return np.matmul(moved, points.T, out=out)

    def error(self, queries: Array, radius: FloatArray | float) -> FloatArray:
        """Bound the error of twice the product of each query (m,) with points within the radius of it.

        The norm of such a point is at most ‖q‖ + radius, and the rounding hangs on that.
        """
        reach = np.sqrt(self._norms(queries)) + radius / self._scale
        return np.asarray(self._error * reach**2 + self._least_error)

    def most(self, queries: Array, radius: FloatArray | float) -> FloatArray:
        """Give per query (m,) a number that the product of no point within the radius exceeds."""
        reach = (np.asarray(radius) / self._scale) ** 2
        return np.asarray((reach - self._norms(queries) + self.error(queries, radius)) / 2)

    def resolves(self, queries: Array, radius: FloatArray) -> Array:
        """Tell of which query (m,) the error is below a 1e9-th of the squared radius."""
        return self.error(queries, radius) < 1e-9 * (radius / self._scale) ** 2

    def _norms(self, queries: Array) -> FloatArray:
        moved = (queries - self._center) / self._scale
        return np.asarray(np.einsum("ij,ij->i", moved, moved))


def _middle(points: Array) -> tuple[FloatArray, float]:
    """Give a point in the midst of them, and a power of two that no coordinate is farther from it than.

    It is the median of a sample, which no single outlier moves, so that the many have small coordinates and
    small errors; rounded, so that small whole numbers stay free of error, and ties between them exact.
    """
    if len(points) == 0:
        return np.zeros(points.shape[1]), 1.0
    median = np.median(points[:: -(-len(points) // _SAMPLE)].astype(np.float64), axis=0)
    typical = _power(float(np.abs(median).max(initial=0)))
    center = np.round(median / typical * 2**10) / 2**10 * typical
    return center, _power(max(float(np.abs(part - center).max(initial=0)) for part in _parts(points)))


def _power(value: float) -> float:
    return float(2.0 ** np.ceil(np.log2(value))) if value else 1.0


def _parts(rows: Array) -> Iterator[Array]:
    return (rows[begin : begin + _ROWS] for begin in range(0, len(rows), _ROWS))
