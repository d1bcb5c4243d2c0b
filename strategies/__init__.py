"""The ideas: one published query strategy a file."""

from activeloop.strategies.entropy import entropy as entropy
from activeloop.strategies.least_confidence import least_confidence as least_confidence
from activeloop.strategies.margin import margin as margin
from activeloop.strategies.random import random as random
from activeloop.strategies.slice_aware import slice_aware as slice_aware
from activeloop.strategies.variance import variance as variance

__all__ = ["entropy", "least_confidence", "margin", "random", "slice_aware", "variance"]
