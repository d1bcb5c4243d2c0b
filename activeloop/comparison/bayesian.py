"""Bayesian signed-rank test: how probable it is that a strategy is better by more than matters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.errors import ConfigurationError
from activeloop.seeds import Component, generator

DRAWS = 20_000
CHUNK = 500


class Posterior(NamedTuple):
    """Probabilities that the true difference is below -rope, within it, above it; they sum to 1."""

    worse: float
    same: float
    better: float


def bayesian_signed_rank(differences: FloatArray, rope: float, seed: int = 0) -> Posterior:
    """Give the posterior of the difference over data sets, by a Dirichlet process.

    Weights w ~ Dirichlet(1/2, 1, ..., 1) over a prior point at 0 and the n differences; a draw's verdict is
    the region (below -rope, within, above) that holds most of Σ wᵢ wⱼ over the averages (dᵢ + dⱼ) / 2;
    probabilities are shares of 20,000 draws, and a draw that ties is split. Source: Benavoli, Corani,
    Demšar, Zaffalon 2017 (prior strength 1/2, prior point within the region).

    >>> found = bayesian_signed_rank(np.array([0.05, 0.04, 0.06, 0.03, 0.05, 0.07]), rope=0.01)
    >>> found.better > 0.99
    True

    Raises ConfigurationError for a rope below 0, or differences that are missing.
    """
    if not rope >= 0:
        raise ConfigurationError(f"rope must be a number from 0 on; given: {rope}")
    if not len(differences) or np.isnan(differences).any():
        raise ConfigurationError("a Bayesian signed-rank test takes differences, none missing")
    d = np.concatenate([[0.0], differences])
    walsh = (d[:, None] + d[None, :]) / 2
    regions = np.stack([walsh < -rope, np.abs(walsh) <= rope, walsh > rope]).astype(np.float64)
    draw = generator(seed, Component.POSTERIOR)
    strength = np.concatenate([[0.5], np.ones(len(differences))])
    won = np.zeros(3)
    for _ in range(DRAWS // CHUNK):
        weights = draw.dirichlet(strength, CHUNK)
        mass = ((weights @ regions) * weights).sum(axis=2).T
        most = mass >= mass.max(axis=1, keepdims=True) - 1e-12
        won += (most / most.sum(axis=1, keepdims=True)).sum(axis=0)
    return Posterior(*(won / won.sum()).tolist())
