"""Entropy sampling: ask where the predicted classes are spread the most."""

from activeloop.arrays import FloatArray
from activeloop.candidates import Candidates
from activeloop.metrics import acquisition
from activeloop.strategy import needing


@needing("probabilities")
def entropy(candidates: Candidates) -> FloatArray:
    """Give H = −Σ p log2 p of the class probabilities as utility, in bits.

    High entropy is asked first; 0·log 0 = 0.

    Cost: one pass over the (n, C) probabilities. Source: Shannon (1948); as a query rule, Settles 2009, 3.1.
    """
    return candidates.score(acquisition.entropy)
