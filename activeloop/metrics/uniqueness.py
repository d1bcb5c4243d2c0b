"""How far an item is from the nearest that is no copy of it; copies themselves count once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.kernels import Neighbors
from activeloop.metrics.metric import Values, metric
from activeloop.metrics.neighborhood import Neighborhood, itself

_AT_ONCE = 1 << 22  # neighbors in memory


@metric(
    "data",
    needs=("embedding", "id"),
    vectorized=True,
    direction="high",
    range=(0.0, None),
    fit=Neighborhood,
)
def uniqueness(reference: Neighborhood, embedding: Array, ids: Array, *, tolerance: float = 1e-5) -> Values:
    """Compute the distance to the nearest item that is no copy; 0 for every copy but the one that is kept.

    A copy lies no farther away than `tolerance` times the item's length ‖x‖ ("cosine": than `tolerance`),
    which is about what float32 cannot tell apart. Kept is the copy with the smallest id, and a copy in the
    reference set before a new item, so that the order of the items changes nothing. Where all others are
    copies, the kept one is NULL, reason `all_copies`; where there are no others, `no_neighbor`.
    Known as image singularity, too, there with 1e-5 in cosine distance (Encord Active 2023).

    >>> at, ids = np.array([[3.0], [1.0], [1.0]]), np.array(["c", "b", "a"])
    >>> uniqueness(uniqueness.fit(at, ids), at, ids).values.tolist()
    [2.0, 0.0, 2.0]
    """
    items = _Items.of(reference, embedding, ids, tolerance)
    near = reference.others(embedding, ids, 10)
    beyond, copied = items.judged(near, np.arange(len(ids)))
    # With a non-copy among the neighbors, all copies are among them, too; else there may be more.
    unsure = np.flatnonzero(np.isinf(beyond) & (near.positions[:, -1] >= 0))
    k = 64
    while unsure.size:
        k = min(k, len(reference.distinct))
        for part in np.array_split(unsure, -(-len(unsure) * k // _AT_ONCE)):
            beyond[part], copied[part] = items.judged(reference.places(embedding[part], k), part)
        unsure = unsure[np.isinf(beyond[unsure])] if k < len(reference.distinct) else unsure[:0]
        k *= 8
    values = np.where(copied, 0.0, beyond)
    missing = np.flatnonzero(np.isinf(values))
    values[missing] = np.nan
    why = np.where(near.positions[missing, 0] < 0, "no_neighbor", "all_copies")
    return Values(values, dict(zip(missing.tolist(), why.tolist(), strict=True)))


class _Items(NamedTuple):
    """Per item the radius of its copies and its rank in the order of the reference's ids."""

    radius: FloatArray
    rank: IntArray

    @classmethod
    def of(cls, reference: Neighborhood, embedding: Array, ids: Array, tolerance: float) -> _Items:
        lengths = np.sqrt(np.einsum("ij,ij->i", embedding, embedding, dtype=np.float64))
        at = itself(reference.embedding, reference.ids, embedding, ids)
        rank = np.where(at < 0, len(reference), at)
        return cls(tolerance * (lengths**0 if reference.distance == "cosine" else lengths), rank)

    def judged(self, near: Neighbors, rows: IntArray) -> tuple[FloatArray, BoolArray]:
        """Give the distance to the nearest non-copy, infinite without, and whether a copy is earlier."""
        copies = near.distances <= self.radius[rows, None]  # not where there is no neighbor: NaN
        others = (near.positions >= 0) & ~copies
        beyond = np.min(near.distances, axis=1, initial=np.inf, where=others)
        earlier = near.positions < self.rank[rows, None]
        return np.asarray(beyond), np.asarray((copies & earlier).any(axis=1))
