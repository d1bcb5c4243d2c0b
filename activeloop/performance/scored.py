"""Predictions and the groups of their items, as the scoreboard takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from activeloop.arrays import BoolArray, KeyArray
from activeloop.errors import DataError
from activeloop.scoring import Predictions, Scoreboard, Scoring
from activeloop.scoring.names import Custom
from activeloop.seeds import id_keys

Members: TypeAlias = tuple[str, BoolArray]
Scores: TypeAlias = str | Custom | Sequence[Scoring]
"""One score, or several."""


def usual(classes: tuple[Any, ...] | None) -> str:
    """Give the score of slices where none is named: accuracy, in regression the mean absolute error.

    Not R²: within a slice it hangs on how much the labels vary there, more than on how wrong the model is.
    """
    return "accuracy" if classes is not None else "neg_mean_absolute_error"


def board_of(
    predictions: Predictions, slices: Sequence[Members], scoring: Scores | None, keys: KeyArray | None
) -> Scoreboard:
    """Make the board of these items; their keys are those given, those of the ids, or else of the places.

    scoring : None = the usual score of the task.

    Raises DataError where there is not one key per item, and what `Scoreboard` raises.
    """
    scoring = usual(predictions.classes) if scoring is None else scoring
    asked = [scoring] if isinstance(scoring, str) or callable(scoring) else list(scoring)
    dealt = keys_of(predictions, keys)
    return Scoreboard(asked, slices, predictions.labels, predictions.classes, dealt, ids=predictions.ids)


def keys_of(predictions: Predictions, keys: KeyArray | None) -> KeyArray:
    """Give the key of each item: those given, those of the ids, or else of the places."""
    n = len(predictions)
    if keys is None:
        keys = id_keys(np.arange(n) if predictions.ids is None else predictions.ids)
    if len(keys) != n:
        raise DataError(f"{len(keys)} keys for {n} predictions; one each is needed")
    return keys
