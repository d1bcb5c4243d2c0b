"""A reference set in an embedding, which remembers the neighbors it found: its metrics share one search."""

from __future__ import annotations

import hashlib
from functools import cached_property

import numpy as np

from activeloop.arrays import Array, IntArray
from activeloop.errors import DataError
from activeloop.kernels import Distance, Neighbors, nearest
from activeloop.kernels.space import as_points

_USUAL = 20  # neighbors that are looked for at least, so that metrics with fewer find them already


class Neighborhood:
    """The items of a reference set in the order of their ids, and the neighbors of any items among them.

    Ties hang on that order, so no order in which the items are given changes anything. An item is not its own
    neighbor: a reference item with the same id and the same place is the item itself.
    Cost of a search: 2 m n d floating-point operations for m items, n reference items and d dimensions.

    >>> ids, at = np.array(["b", "a", "c"]), np.array([[0.0], [1.0], [5.0]])
    >>> Neighborhood(at, ids).others(at, ids, k=1).distances.tolist()
    [[1.0], [1.0], [4.0]]

    Raises DataError for ids that are not one per row; InputError for rows that are not finite numbers.
    """

    def __init__(self, embedding: Array, ids: Array, distance: Distance = "euclidean") -> None:
        points, ids = as_points(embedding), np.asarray(ids)
        if len(ids) != len(points):
            raise DataError(f"{len(ids)} ids for an embedding of {len(points)} items")
        order = np.argsort(ids, kind="stable")
        self.embedding, self.ids, self.distance = points[order], ids[order], distance
        self._own, self._asked = _none(len(ids), 0), np.zeros(len(ids), dtype=bool)
        self._new: dict[tuple[str, int], Neighbors] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def others(self, embedding: Array, ids: Array, k: int) -> Neighbors:
        """Give the k nearest reference items of each item but itself; where there are fewer, NaN and −1."""
        if embedding.ndim != 2 or embedding.shape[1] != self.embedding.shape[1]:
            raise DataError(
                f"the embedding has shape {embedding.shape}, the reference set's {self.embedding.shape}; "
                "encode one data set as the other (encoded_as)"
            )
        at = itself(self.embedding, self.ids, embedding, ids)
        found = _none(len(at), k)
        found.distances[at >= 0], found.positions[at >= 0] = self.own(k, at[at >= 0])
        found.distances[at < 0], found.positions[at < 0] = self._of_new(embedding[at < 0], k)
        return found

    def own(self, k: int, at: IntArray | None = None) -> Neighbors:
        """Give the same of reference items, by their positions in the order of ids."""
        if self._own.distances.shape[1] < k:
            self._own = _none(len(self), max(k, _USUAL))
            self._asked[:] = False
        at = np.arange(len(self)) if at is None else at
        if (asked := at[~self._asked[at]]).size:
            found = self._search(self.embedding[asked], asked, self._own.distances.shape[1])
            self._own.distances[asked], self._own.positions[asked] = found
            self._asked[asked] = True
        return Neighbors(self._own.distances[at, :k], self._own.positions[at, :k])

    def places(self, embedding: Array, k: int) -> Neighbors:
        """Give the k nearest places, each as the first item in it; an item's own place among them."""
        found = nearest(self.embedding[self.distinct], embedding, k, distance=self.distance)
        return Neighbors(found.distances, self.distinct[found.positions])

    @cached_property
    def place(self) -> IntArray:
        """The position of the first item in the very place of each item, (n,)."""
        first: dict[bytes, int] = {}
        keys = ((row + 0).tobytes() for row in self.embedding)  # + 0, as −0 is 0
        return np.array([first.setdefault(key, at) for at, key in enumerate(keys)], dtype=np.int64)

    @cached_property
    def distinct(self) -> IntArray:
        """The positions of the items that are the first in their place."""
        return np.unique(self.place)

    def _of_new(self, embedding: Array, k: int) -> Neighbors:
        key = hashlib.sha256(embedding.tobytes()).hexdigest(), max(k, _USUAL)
        if key not in self._new:
            self._new[key] = self._search(embedding, np.full(len(embedding), -1), key[1])
        found = self._new[key]
        return Neighbors(found.distances[:, :k], found.positions[:, :k])

    def _search(self, points: Array, at: IntArray, k: int) -> Neighbors:
        if len(points) == 0:
            return _none(0, k)
        near = nearest(self.embedding, points, k + 1, distance=self.distance)
        same = near.positions == at[:, None]
        # Where an item is not among its neighbors (a new one, or one hidden by copies), the last is too many.
        same[~same.any(axis=1), k:] = True
        order = np.argsort(same, axis=1, kind="stable")[:, :k]
        found, there = _none(len(points), k), slice(order.shape[1])
        kept = np.take_along_axis(same, order, 1)
        found.distances[:, there] = np.where(kept, np.nan, np.take_along_axis(near.distances, order, 1))
        found.positions[:, there] = np.where(kept, -1, np.take_along_axis(near.positions, order, 1))
        return found


def itself(reference: Array, reference_ids: Array, embedding: Array, ids: Array) -> IntArray:
    """Give where each item is in a reference set: same id and same place; −1 where it is not in it.

    >>> one = np.array([[1.0]])
    >>> itself(one, np.array(["a"]), one, np.array(["a"])), itself(one, np.array(["a"]), one, np.array(["b"]))
    (array([0]), array([-1]))
    """
    places = {one: at for at, one in enumerate(reference_ids.tolist())}
    at = np.array([places.get(one, -1) for one in np.asarray(ids).tolist()], dtype=np.int64)
    inside = np.flatnonzero(at >= 0)
    same = (reference[at[inside]] == embedding[inside]).all(axis=1)
    at[inside[~same]] = -1
    return at


def _none(n: int, k: int) -> Neighbors:
    return Neighbors(np.full((n, k), np.nan), np.full((n, k), -1, dtype=np.int64))
