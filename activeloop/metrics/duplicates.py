"""Items that are the same, or nearly, in groups: by their distance in an embedding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.kernels import Distance, nearest, pairs_within
from activeloop.metrics.metric import Columns
from activeloop.metrics.neighborhood import Neighborhood

NEAR = 0.13  # of the median distance to the nearest other place, as cleanlab's Datalab has it


class Duplicates(NamedTuple):
    """Items that are copies of each other: their ids, of which the first is kept, and why.

    `distances` (m,) are each item's to the nearest other of the group, in the order of `ids`; `exact` where
    all are 0. `radius` is what they were to be within.
    """

    ids: tuple[Any, ...]
    distances: FloatArray
    radius: float

    @property
    def exact(self) -> bool:
        """Whether all are in one place."""
        return not self.distances.any()

    @property
    def reason(self) -> str:
        """Say in a few words why these are a group."""
        farthest = float(self.distances.max())
        how = "exact copies" if self.exact else f"at most {farthest:.4g} from the next"
        return f"{len(self.ids)} items, {how} (within {self.radius:.4g})"


def duplicates(
    data: Columns, radius: float | None = None, *, distance: Distance = "euclidean"
) -> tuple[Duplicates, ...]:
    """Give the groups of items that chains of distances of at most `radius` connect, the closest first.

    Ids are sorted in a group. Groups stand by their largest distance, the larger group first among equals,
    then by id: the order of the items changes nothing. Without a radius it is 0.13 times the median distance
    between an item's place and the nearest other one; 0 gives exact copies alone. `data` has the columns
    `embedding` and `id`. Cost: n² d floating-point operations, but memory for n items only.

    >>> from activeloop.metrics.table import Table
    >>> at = np.array([[0.0], [9.0], [0.5], [9.0]])
    >>> [group.ids for group in duplicates(Table({"embedding": at, "id": np.array([4, 3, 2, 1])}), radius=1)]
    [(1, 3), (2, 4)]

    Raises InputError for a radius below 0.
    """
    found = Neighborhood(data.column("embedding"), data.column("id"), distance)
    if radius is None:
        radius = near_radius(found)
    group, closest = _connected(found, radius)
    made = (Duplicates(tuple(found.ids[one].tolist()), closest[one], radius) for one in _members(group))
    return tuple(sorted(made, key=lambda one: (float(one.distances.max()), -len(one.ids), one.ids[0])))


def near_radius(found: Neighborhood) -> float:
    """Give 0.13 times the median distance between a place that is taken and the nearest other; 0 for one."""
    places = found.embedding[found.distinct]
    if len(places) < 2:
        return 0.0
    return NEAR * float(np.median(nearest(places, k=2, distance=found.distance).distances[:, 1]))


def _connected(found: Neighborhood, radius: float) -> tuple[IntArray, FloatArray]:
    """Give the number of each item's group, and its distance to the nearest other item within the radius."""
    n, places = len(found), found.distinct
    closest = np.full(n, np.inf)
    group = np.arange(n)
    place = found.place
    for pairs in pairs_within(found.embedding[places], radius, distance=found.distance):
        for one in (pairs.first, pairs.second):
            np.minimum.at(closest, places[one], pairs.distances)
        group = _joined(group, places[pairs.first], places[pairs.second])
    group, closest = _joined(group, np.arange(n), place), closest[place]
    closest[np.bincount(place, minlength=n)[place] > 1] = 0.0
    return group, closest


def _joined(group: IntArray, first: IntArray, second: IntArray) -> IntArray:
    """Give the numbers of groups after the groups of each pair have become one."""
    n = len(group)
    ends = (group[first].astype(np.int32), group[second].astype(np.int32))  # as older versions of scipy want
    links = coo_array((np.ones(len(first), dtype=bool), ends), shape=(n, n))
    merged = connected_components(links, directed=False)[1]
    return np.asarray(merged[group], dtype=np.int64)


def _members(group: IntArray) -> Iterator[Array]:
    """Give the positions of the items of each group of two or more."""
    order = np.argsort(group, kind="stable")
    for one in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if len(one) > 1:
            yield one
