"""Plug-ins that fail, as plug-ins do."""

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.candidates import Candidates


def in_round_2(candidates: Candidates) -> FloatArray:
    """Strategy: raises in its second round of ranking."""
    if candidates.round == 2:
        raise ZeroDivisionError("no such luck")
    return np.asarray(-candidates.features[:, 0])
