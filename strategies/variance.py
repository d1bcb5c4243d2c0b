"""Variance sampling: ask where the class probabilities differ the least."""

from activeloop.arrays import FloatArray
from activeloop.candidates import Candidates
from activeloop.metrics import acquisition
from activeloop.strategy import needing


@needing("probabilities")
def variance(candidates: Candidates) -> FloatArray:
    """Give −1/C Σ (p − 1/C)² of the class probabilities as utility.

    A low variance is asked first; it ranks as the Gini impurity does, turned round.

    Cost: one pass over the (n, C) probabilities. Source: for the Gini impurity, Breiman, Friedman, Olshen,
    Stone (1984), "Classification and regression trees".
    """
    return candidates.score(acquisition.variance)
