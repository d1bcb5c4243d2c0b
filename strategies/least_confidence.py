"""Least-confidence sampling: ask where the best class is the least sure."""

from activeloop.arrays import FloatArray
from activeloop.candidates import Candidates
from activeloop.metrics import acquisition
from activeloop.strategy import needing


@needing("probabilities")
def least_confidence(candidates: Candidates) -> FloatArray:
    """Give 1 − max p of the class probabilities as utility.

    High values are asked first.

    Cost: one pass over the (n, C) probabilities. Source: Lewis and Gale (1994), "A sequential algorithm for
    training text classifiers".
    """
    return candidates.score(acquisition.least_confidence)
