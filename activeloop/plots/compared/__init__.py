"""Pictures of a comparison: each a function of it that gives a matplotlib figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure

from activeloop.comparison import Comparison
from activeloop.first_asked import Items
from activeloop.plots.compared.curves import describe_learning_curves, learning_curves
from activeloop.plots.compared.differences import (
    describe_differences,
    describe_labels_saved,
    differences,
    labels_saved,
)
from activeloop.plots.compared.first_asked import describe_first_asked, first_asked
from activeloop.plots.compared.matrix import describe_win_matrix, win_matrix
from activeloop.plots.compared.ranks import critical_difference, describe_critical_difference
from activeloop.plots.compared.seconds import describe_seconds_per_query, seconds_per_query
from activeloop.plots.compared.slices import describe_slice_effects, slice_effects
from activeloop.plots.paper import Description


class ComparedPicture(NamedTuple):
    """A picture by its name, as drawn and as told to those who cannot see it."""

    name: str
    heading: str
    draw: Callable[[Comparison], Figure]
    describe: Callable[[Comparison], Description]


def pictures(compared: Comparison, items: Items | None = None) -> tuple[ComparedPicture, ...]:
    """Give the pictures that a comparison has: ranks and slices only where there are any."""
    given = [
        ComparedPicture("learning_curves", "Learning curves", learning_curves, describe_learning_curves),
        ComparedPicture("differences", "Difference from the baseline", differences, describe_differences),
        ComparedPicture("labels_saved", "Labels saved", labels_saved, describe_labels_saved),
        ComparedPicture("win_matrix", "Wins, ties and losses", win_matrix, describe_win_matrix),
    ]
    if compared.ranks is not None:
        given.append(
            ComparedPicture("ranks", "Mean ranks", critical_difference, describe_critical_difference)
        )
    if len(compared.runs.slices) > 1:
        given.append(ComparedPicture("slices", "Slices", slice_effects, describe_slice_effects))
    given += [
        ComparedPicture("seconds", "Seconds per query", seconds_per_query, describe_seconds_per_query),
        ComparedPicture("first_asked", "What was asked first", first_asked(items), describe_first_asked),
    ]
    return tuple(given)


__all__ = ["ComparedPicture", "pictures"]
