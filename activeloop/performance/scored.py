"""Predictions and the groups of their items, as the scoreboard takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from activeloop.arrays import BoolArray, KeyArray
from activeloop.errors import DataError
from activeloop.scoring import Predictions, Scoreboard, Scoring
from activeloop.scoring.names import Custom
from activeloop.seeds import id_keys

Members: TypeAlias = tuple[str, BoolArray]
Scores: TypeAlias = str | Custom | Sequence[Scoring]
"""One score, or several."""


def board_of(
    predictions: Predictions, slices: Sequence[Members], scoring: Scores, keys: KeyArray | None
) -> Scoreboard:
    """Make the board of these items; their keys are those given, those of the ids, or else of the places.

    Raises DataError where there is not one key per item, and what `Scoreboard` raises.
    """
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
