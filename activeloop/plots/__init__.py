"""Pictures of a study: each a function of its tables that gives a matplotlib figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure

from activeloop.plots.bought import (
    describe_slice_purchases,
    describe_slice_shares,
    slice_purchases,
    slice_shares,
)
from activeloop.plots.curves import describe_learning_curves, learning_curves
from activeloop.plots.gaps import describe_slice_gaps, slice_gaps
from activeloop.plots.paper import Description, Format, to_bytes
from activeloop.plots.scores import describe_slice_scores, slice_scores
from activeloop.plots.timings import describe_seconds_per_round, seconds_per_round
from activeloop.results import Results


class Picture(NamedTuple):
    """A picture by its name, as drawn and as told to those who cannot see it."""

    name: str
    heading: str
    draw: Callable[[Results], Figure]
    describe: Callable[[Results], Description]


PICTURES = (
    Picture("learning_curves", "Learning curves", learning_curves, describe_learning_curves),
    Picture("slice_scores", "Score of every slice", slice_scores, describe_slice_scores),
    Picture("slice_gaps", "Gap between slices", slice_gaps, describe_slice_gaps),
    Picture("slice_shares", "Labels against pool", slice_shares, describe_slice_shares),
    Picture("slice_purchases", "What each slice was bought", slice_purchases, describe_slice_purchases),
    Picture("seconds_per_round", "Time per round", seconds_per_round, describe_seconds_per_round),
)

__all__ = [
    "PICTURES",
    "Description",
    "Format",
    "Picture",
    "learning_curves",
    "seconds_per_round",
    "slice_gaps",
    "slice_purchases",
    "slice_scores",
    "slice_shares",
    "to_bytes",
]
