"""Random sampling: the baseline that every other strategy has to beat."""

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.batch import uniform
from activeloop.candidates import Candidates
from activeloop.strategy import Strategy


def _all_alike(candidates: Candidates) -> FloatArray:
    return np.zeros(len(candidates))


random = Strategy(_all_alike, batch=uniform, name="random")
"""Every candidate has the same chance, 1/left at each pick; the draw hangs on ids, not on their order."""
