"""Margin sampling: ask where the two best classes are the nearest."""

from activeloop.arrays import FloatArray
from activeloop.candidates import Candidates
from activeloop.metrics import acquisition
from activeloop.strategy import needing


@needing("probabilities")
def margin(candidates: Candidates) -> FloatArray:
    """Give −(p(1) − p(2)) of the class probabilities as utility.

    A low margin is asked first, so the utility is its negative.

    Cost: one pass over the (n, C) probabilities. Source: Scheffer, Decomain, Wrobel (2001), "Active hidden
    Markov models for information extraction".
    """
    return candidates.score(acquisition.margin)
