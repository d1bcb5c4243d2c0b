"""How alone an item is in an embedding: distances to its neighbors, and what follows from them.

All share one search: they are fitted on a reference set (`metrics.neighborhood`), and leave the item itself
out. Where there are fewer than k others, all there are count; where there is none the value is NULL, reason
`no_neighbor`. The parameter `distance` is "euclidean" or "cosine".
"""

from __future__ import annotations

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.kernels import Neighbors
from activeloop.metrics.metric import Values, metric
from activeloop.metrics.neighborhood import Neighborhood


@metric(
    "data", needs=("embedding", "id"), vectorized=True, direction="low", range=(0.0, None), fit=Neighborhood
)
def nearest_distance(reference: Neighborhood, embedding: Array, ids: Array) -> Values:
    """Compute the distance to the nearest other item; 0 for an exact copy.

    >>> at, ids = np.array([[0.0], [0.0], [3.0]]), np.array([1, 2, 3])
    >>> nearest_distance(nearest_distance.fit(at, ids), at, ids).values.tolist()
    [0.0, 0.0, 3.0]
    """
    return _known(reference.others(embedding, ids, 1).distances[:, 0])


@metric(
    "data", needs=("embedding", "id"), vectorized=True, direction="high", range=(0.0, None), fit=Neighborhood
)
def kth_distance(reference: Neighborhood, embedding: Array, ids: Array, *, k: int = 10) -> Values:
    """Compute the distance to the k-th nearest other item: large for outliers.

    Source: Ramaswamy, Rastogi and Shim 2000, "Efficient algorithms for mining outliers from large data sets".

    >>> at, ids = np.array([[0.0], [1.0], [3.0]]), np.array([1, 2, 3])
    >>> kth_distance(kth_distance.fit(at, ids), at, ids, k=2).values.tolist()
    [3.0, 2.0, 3.0]
    """
    return _known(_farthest(reference.others(embedding, ids, k)))


@metric(
    "data", needs=("embedding", "id"), vectorized=True, direction="high", range=(0.0, 1e5), fit=Neighborhood
)
def typicality(reference: Neighborhood, embedding: Array, ids: Array, *, k: int = 20) -> Values:
    """Compute 1 / (d + 1e-5) of the mean distance d to the k nearest other items; high = a typical item.

    Source: Hacohen, Dekel and Weinshall 2022, "Active learning on a budget" (TypiClust: k = 20), and their
    code for the 1e-5, which bounds the value where an item has k copies.

    >>> at, ids = np.array([[0.0], [1.0], [3.0]]), np.array([1, 2, 3])
    >>> typicality(typicality.fit(at, ids), at, ids, k=2).values.round(2).tolist()
    [0.5, 0.67, 0.4]
    """
    return _known(1 / (_mean(reference.others(embedding, ids, k).distances) + 1e-5))


@metric(
    "data", needs=("embedding", "id"), vectorized=True, direction="low", range=(0.0, 1e10), fit=Neighborhood
)
def density(reference: Neighborhood, embedding: Array, ids: Array, *, k: int = 20) -> Values:
    """Compute the local reachability density, 1 / mean over k neighbors o of max(k-distance(o), d(item, o)).

    Low in empty places; 1e-10 is added to the mean, as scikit-learn does, for an item with k copies.
    Source: Breunig, Kriegel, Ng and Sander 2000, "LOF: identifying density-based local outliers", def. 6.

    >>> at, ids = np.array([[0.0], [1.0], [3.0]]), np.array([1, 2, 3])
    >>> density(density.fit(at, ids), at, ids, k=1).values.round(2).tolist()
    [1.0, 1.0, 0.5]
    """
    return _known(_density(reference, reference.others(embedding, ids, k), k))


@metric(
    "data", needs=("embedding", "id"), vectorized=True, direction="high", range=(0.0, None), fit=Neighborhood
)
def local_outlier_factor(reference: Neighborhood, embedding: Array, ids: Array, *, k: int = 20) -> Values:
    """Compute the mean density of the k neighbors over the item's own: about 1 in a cluster, more outside.

    Source: Breunig, Kriegel, Ng and Sander 2000, def. 7; the same as scikit-learn's `LocalOutlierFactor`.

    >>> at, ids = np.array([[0.0], [1.0], [2.0], [9.0]]), np.array([1, 2, 3, 4])
    >>> local_outlier_factor(local_outlier_factor.fit(at, ids), at, ids, k=1).values.round(2).tolist()
    [1.0, 1.0, 1.0, 7.0]
    """
    near = reference.others(embedding, ids, k)
    own = _density(reference, reference.own(k), k)
    around = _mean(_of(own, near))
    return _known(around / _density(reference, near, k))


def _known(values: FloatArray) -> Values:
    return Values(values, dict.fromkeys(np.flatnonzero(np.isnan(values)).tolist(), "no_neighbor"))


def _farthest(near: Neighbors) -> FloatArray:
    """Give the distance (n,) to the last neighbor that there is."""
    there = np.isfinite(near.distances)
    return np.where(there.any(axis=1), np.max(near.distances, axis=1, initial=0, where=there), np.nan)


def _mean(values: FloatArray) -> FloatArray:
    """Give the mean (n,) over the neighbors that there are."""
    there = np.isfinite(values)
    counts = there.sum(axis=1)
    return np.where(counts > 0, np.sum(values, axis=1, where=there) / np.maximum(counts, 1), np.nan)


def _of(values: FloatArray, near: Neighbors) -> FloatArray:
    """Give what the neighbors (n, k) have of the reference's values; NaN where there is no neighbor."""
    return np.append(values, np.nan)[near.positions]


def _density(reference: Neighborhood, near: Neighbors, k: int) -> FloatArray:
    reach = np.maximum(near.distances, _of(_farthest(reference.own(k)), near))
    return 1 / (_mean(reach) + 1e-10)
