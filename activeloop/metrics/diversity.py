"""The order in which items show the whole variety of a set: of every cluster the middle first."""

from __future__ import annotations

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import DataError
from activeloop.kernels.space import as_points
from activeloop.metrics.metric import metric
from activeloop.metrics.neighborhood import itself
from activeloop.seeds import Component, integer


class Clusters:
    """The clusters of a reference set by k-means, and the turn of each of its items.

    Items are clustered in the order of their ids, so that no order in which they are given changes anything.
    Raises DataError for no items, and fewer than one cluster.
    """

    def __init__(self, embedding: Array, ids: Array, clusters: int = 10, seed: int = 0) -> None:
        from sklearn.cluster import KMeans  # here, as it takes a second to import

        self.embedding, self.ids = as_points(embedding), np.asarray(ids)
        if clusters < 1 or len(self.ids) == 0:
            raise DataError(f"{clusters} clusters of {len(self.ids)} items; allowed: 1 or more of each")
        ordered = self.embedding[np.argsort(self.ids)]
        distinct = len({row.tobytes() for row in ordered + 0})
        means = KMeans(min(clusters, distinct), n_init=3, random_state=integer(seed, Component.METRIC))
        label = means.fit(ordered).labels_
        self._centers = [ordered[label == one].mean(axis=0, dtype=np.float64) for one in np.unique(label)]
        cluster, distance = self._nearest(self.embedding)
        order = np.lexsort((self.ids, distance, cluster))
        self._first = np.searchsorted(cluster[order], np.arange(len(self._centers) + 1))
        self._distance = distance[order]
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order)) - self._first[cluster[order]]
        turns = np.lexsort((self.ids, distance, place))
        self.ranks = np.empty(len(turns), dtype=np.int64)
        self.ranks[turns] = np.arange(1, len(turns) + 1)
        self._turns = _turn(place, distance)[turns]

    def ranks_of(self, embedding: Array) -> IntArray:
        """Give the rank that new items (m, d) would take, (m,), each for itself."""
        cluster, distance = self._nearest(as_points(embedding))
        place = np.empty(len(distance), dtype=np.int64)
        for one in np.unique(cluster):
            members = self._distance[self._first[one] : self._first[one + 1]]
            place[cluster == one] = np.searchsorted(members, distance[cluster == one], side="right")
        return np.searchsorted(self._turns, _turn(place, distance), side="right") + 1

    def _nearest(self, points: Array) -> tuple[IntArray, FloatArray]:
        """Give the nearest center of each point, and its squared distance."""
        squares = np.empty((len(points), len(self._centers)))
        for column, center in enumerate(self._centers):
            for begin in range(0, len(points), 4096):
                difference = points[begin : begin + 4096] - center
                squares[begin : begin + 4096, column] = np.einsum("ij,ij->i", difference, difference)
        cluster = squares.argmin(axis=1)
        return cluster, squares[np.arange(len(points)), cluster]


def _turn(place: IntArray, distance: FloatArray) -> Array:
    """Give numbers that are in order by place, then by distance, as complex ones are."""
    return place + 1j * distance


@metric(
    "data",
    needs=("embedding", "id"),
    vectorized=True,
    direction="low",
    range=(1.0, None),
    unit="rank",
    fit=Clusters,
)
def diversity_rank(reference: Clusters, embedding: Array, ids: Array) -> FloatArray:
    """Give the item's rank when clusters take turns, nearest to their centers first; low = prototype.

    The reference set is parted by k-means into `clusters` (10; by `seed`). In turn j come the j-th nearest of
    each cluster to its center, nearer ones first, equals by id. A new item gets the rank that it would take.
    A rank has no outliers. Source: Image Diversity in Encord Active 2023, there unseeded.

    >>> at, ids = np.array([[0.0], [1.0], [2.0], [10.0], [14.0]]), np.arange(5)
    >>> two = diversity_rank.with_parameters(clusters=2)
    >>> two(two.fit(at, ids, clusters=2), at, ids).tolist()
    [3.0, 1.0, 5.0, 2.0, 4.0]
    """
    at = itself(reference.embedding, reference.ids, embedding, ids)
    ranks = np.where(at >= 0, reference.ranks[at], 0)
    ranks[at < 0] = reference.ranks_of(embedding[at < 0])
    return ranks.astype(np.float64)
