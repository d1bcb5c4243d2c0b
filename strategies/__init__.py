"""The ideas: one published query strategy a file."""

from activeloop.strategies.certainty import certainty as certainty
from activeloop.strategies.core_set import core_set as core_set
from activeloop.strategies.entropy import entropy as entropy
from activeloop.strategies.least_confidence import least_confidence as least_confidence
from activeloop.strategies.margin import margin as margin
from activeloop.strategies.query_model import query_model as query_model
from activeloop.strategies.random import random as random
from activeloop.strategies.simple_margin import simple_margin as simple_margin
from activeloop.strategies.slice_aware import slice_aware as slice_aware
from activeloop.strategies.variance import variance as variance

__all__ = [
    "certainty",
    "core_set",
    "entropy",
    "least_confidence",
    "margin",
    "query_model",
    "random",
    "simple_margin",
    "slice_aware",
    "variance",
]
