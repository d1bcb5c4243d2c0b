"""Core-Set: ask the items that cover the pool the best, each the farthest from all that is labeled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from activeloop import kernels
from activeloop.arrays import Array, FloatArray
from activeloop.batch import Batch
from activeloop.candidates import Candidates, Labeled
from activeloop.errors import ConfigurationError, InputError, StrategyError, unknown
from activeloop.seeds import Component
from activeloop.strategy import Strategy

SPACES = ("features", "embedding")


def core_set_by(by: str | None = None) -> Strategy:
    """Make the strategy that gives min ‖x − l‖ over the labeled items l as utility (k-center greedy).

    A batch is chosen one by one, each pick the candidate that is the farthest from the labeled items and the
    picks before it (farthest-first): its radius is at most twice that of the best k centers. Distances are
    Euclidean, so scale the features first. Ties fall by a seeded permutation of ids; with nothing labeled
    the first pick is at random, so it may ask the first labels, too. It looks at no model.

    by   "features" as the model gets them, or the "embedding" of the data set, which lies in numbers
         whatever the items are (`Dataset.embedding`, `with_embedding`); None: the features where they are
         rows of numbers, else the embedding

    Cost: O(n (L + b) d) for n candidates, L labeled and b picked; memory O(n d). Source: Sener and Savarese
    (2018), "Active learning for convolutional neural networks: a core-set approach", algorithm 1; the bound
    is that of Gonzalez (1985).

    Raises ConfigurationError for another space, StrategyError where the features are no rows of finite
    numbers.

    >>> import activeloop as al
    >>> from sklearn.svm import SVC
    >>> pool, _ = al.load("digits").split(0.3, seed=0)
    >>> loop = al.Loop(SVC(), pool, strategy="core_set", start="core_set", batch_size=10)
    >>> *_, last = loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(20))
    >>> len(set(loop.labeled.labels.tolist())) > 5
    True
    """
    if by is not None and by not in SPACES:
        raise ConfigurationError(f"core_set: {unknown('space', by, SPACES)}")
    return Strategy(_Distance(by), batch=_Farthest(by), name="core_set", make=core_set_by)


@dataclass(frozen=True)
class _Distance:
    """The acquisition function: how far it is to the nearest labeled item."""

    by: str | None

    def __call__(self, candidates: Candidates) -> FloatArray:
        where = _space(self.by, candidates)
        points, labeled = _points(candidates, where), candidates.labeled
        return kernels.distances_to_nearest(points, _points(labeled, where) if len(labeled) else points[:0])


@dataclass(frozen=True)
class _Farthest:
    """The batch rule: the utilities are distances to what is labeled; each pick shortens those around it."""

    by: str | None

    def __call__(self, utilities: FloatArray, candidates: Candidates) -> Batch:
        if candidates.n == 1:
            at = kernels.top(utilities, 1, candidates.keyed(Component.TIES))
            return Batch(at, utilities=utilities[at])
        points = _points(candidates, _space(self.by, candidates))
        ties = candidates.keyed(Component.TIES)
        positions, distances = kernels.farthest_first(points, candidates.n, utilities, ties)
        return Batch(positions, utilities=distances)


def _space(by: str | None, candidates: Candidates) -> str:
    if by is not None:
        return by
    return "features" if _are_numbers(candidates.rows(np.arange(0))) else "embedding"


def _are_numbers(features: Any) -> bool:
    return isinstance(features, np.ndarray) and features.ndim == 2 and features.dtype.kind in "biuf"


def _points(items: Candidates | Labeled, where: str) -> Array:
    points = items.column(where)
    if not _are_numbers(points):
        raise StrategyError(
            f"core_set needs rows of numbers, and the features are a {type(points).__name__}; take the "
            'embedding: core_set.with_parameters(by="embedding")'
        )
    try:
        return kernels.as_points(points)
    except InputError as error:
        raise StrategyError(f"core_set: distances need finite numbers: {error}") from error


core_set = core_set_by()
"""By the features where they are rows of numbers, by the embedding otherwise."""
