"""A run that people label: rounds are closed by a policy, and the model trains while they go on."""

from activeloop.labeling.closing import Closing, Standing, after, any_of, every, everything, manual, quorum
from activeloop.labeling.labeling import Labeling
from activeloop.labeling.replay import replay

__all__ = [
    "Closing",
    "Labeling",
    "Standing",
    "after",
    "any_of",
    "every",
    "everything",
    "manual",
    "quorum",
    "replay",
]
