"""Which scores are means of a loss per item, and the loss of each item: what can be weighted without bias."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray
from activeloop.audit.said import SaidOf
from activeloop.errors import ModelError
from activeloop.scoring import Predictions
from activeloop.scoring.classes import Classes
from activeloop.scoring.parts import bounds_of, item_by_item
from activeloop.scoring.score import Coded, Formula, Proportion, Score, as_it_is
from activeloop.scoring.sums import STATISTICS
from activeloop.statistics.intervals import Bounds

NO_MEAN = "no mean over items, so single items cannot be weighted; the audit stream can tell it"
_NEGATIVE_MEANS = {
    "neg_log_loss": "log_loss",
    "neg_brier_score": "brier",
    "neg_mean_absolute_error": "|error|",
    "neg_mean_squared_error": "error²",
    "neg_mean_absolute_percentage_error": "relative",
}


class Losses(NamedTuple):
    """Loss (n,) of each item, and which of them count; score = `best` − mean loss of those that count."""

    loss: FloatArray
    counts: BoolArray
    best: float
    bounds: Bounds


def coded(said: SaidOf, labels: Array, classes: Sequence[Any] | None) -> Coded:
    """Put labels and predictions side by side; raises DataError and ModelError for what is not declared."""
    n = len(labels)
    if classes is None:
        numbers = np.asarray(labels, np.float64)
        return Coded(Predictions(numbers, np.asarray(said.predicted, np.float64)))
    known = Classes(classes)
    given = None if said.probabilities is None else known.columns(said.probabilities, n)
    predictions = Predictions(labels, said.predicted, given, known.sorted)
    return Coded(predictions, known.codes(labels), known.predicted_codes(said.predicted, n), len(known))


def losses_of(score: Score, given: Coded) -> Losses | str:
    """Give the losses of a score, or why it has none.

    A share (accuracy, recall and precision of a class) has loss 0 or 1 on the items that it counts; log loss,
    Brier score and the mean errors of regression count every item.
    """
    if isinstance(score, Proportion) and score.of_share is as_it_is:
        hits, tried = item_by_item(score, given)
        return Losses((tried & ~hits).astype(np.float64), tried, 1.0, bounds_of(score))
    if not isinstance(score, Formula) or score.name not in _NEGATIVE_MEANS:
        return NO_MEAN
    if score.needs_probabilities and given.given.probabilities is None:
        return "needs predict_proba"
    loss = STATISTICS[_NEGATIVE_MEANS[score.name]](given)
    if not isinstance(loss, np.ndarray):
        raise ModelError(f"score {score.name!r} has no loss per item")
    return Losses(loss, np.ones(len(loss), dtype=bool), 0.0, score.bounds)
