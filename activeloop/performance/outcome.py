"""How wrong was the model, item by item: what a metric may explain."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.errors import ModelError
from activeloop.scoring import Predictions
from activeloop.scoring.classes import Classes
from activeloop.scoring.losses import STATISTICS
from activeloop.scoring.score import Coded


class Outcome(NamedTuple):
    """A number per item (n,), larger = worse, and its name in the plural, as the subject of a sentence."""

    name: str
    values: FloatArray


def outcome(predictions: Predictions, kind: Literal["loss", "error"] = "loss") -> Outcome:
    """Give the loss of each item, or its error.

    loss : log loss, -ln p of the true class in nats, where there are probabilities; in regression the squared
    error (in squared units of the label). error : 1 for a wrong class, 0 for the right one, which is the loss
    too where there are no probabilities; in regression |label - prediction|. Raises DataError and ModelError
    for labels and predictions outside the declared classes.

    >>> given = Predictions(np.array([0, 1]), np.array([0, 0]), np.array([[0.5, 0.5], [0.75, 0.25]]), (0, 1))
    >>> outcome(given).name, outcome(given).values.round(3).tolist(), outcome(given, "error").values.tolist()
    ('log losses', [0.693, 1.386], [0.0, 1.0])
    """
    if predictions.classes is None:
        name, statistic = ("squared errors", "error²") if kind == "loss" else ("errors", "|error|")
        return Outcome(name, np.asarray(STATISTICS[statistic](Coded(predictions)), np.float64))
    classes = Classes(predictions.classes)
    true = classes.codes(np.asarray(predictions.labels))
    if kind == "error" or predictions.probabilities is None:
        said = classes.predicted_codes(np.asarray(predictions.predicted), len(true))
        return Outcome("errors", (true != said).astype(np.float64))
    table = classes.columns(np.asarray(predictions.probabilities), len(true))
    if np.isnan(table).any():
        raise ModelError("a probability is NaN; the log loss needs a number for every class")
    coded = Coded(Predictions(true, true, table), true, true, len(classes))
    return Outcome("log losses", np.asarray(STATISTICS["log_loss"](coded), np.float64))
