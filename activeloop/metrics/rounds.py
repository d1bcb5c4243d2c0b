"""How a model's word on an item changed from round to round: what it forgot, and what it now says otherwise.

The columns are collected by `activeloop.recorder.Recorder`.
"""

from __future__ import annotations

import numpy as np

from activeloop.arrays import Array, BoolArray
from activeloop.metrics.given import NOT_PREDICTED, without_class
from activeloop.metrics.metric import Values, metric


@metric(
    "model",
    needs=("predicted_by_round", "label"),
    vectorized=True,
    direction="high",
    range=(0.0, None),
    unit="events",
)
def forgetting_events(predicted: Array, labels: Array) -> Values:
    """Count the rounds in which the model is wrong on an item that it had right a round before; high first.

    `predicted` is (n items, R rounds) of labels; a round without a prediction (None) is passed over. An item
    that was right in no round has R, above every other count, which is at most R/2: Toneva et al. set it to
    infinity. NULL without a label (`not_labeled`, `not_a_class`) or any prediction (`not_predicted`). Source:
    Toneva et al. 2019, "An empirical study of example forgetting", over rounds instead of epochs.

    >>> by_round = np.array([["cat", "dog", "cat"], ["dog", "cat", "cat"], ["dog", "dog", "dog"]])
    >>> forgetting_events(by_round, np.array(["cat"] * 3)).values.tolist()
    [1.0, 0.0, 3.0]
    """
    predicted = np.asarray(predicted, dtype=object)
    said = _said(predicted)
    right = np.equal(predicted, np.asarray(labels, dtype=object)[:, None], dtype=object).astype(bool) & said
    events, was_right = np.zeros(len(labels)), np.zeros(len(labels), dtype=bool)
    for now, told in zip(right.T, said.T, strict=True):
        events += was_right & ~now & told
        was_right = np.where(told, now, was_right)
    events[~right.any(axis=1)] = predicted.shape[1]
    reasons = dict.fromkeys(np.flatnonzero(~said.any(axis=1)).tolist(), NOT_PREDICTED) | without_class(labels)
    events[list(reasons)] = np.nan
    return Values(events, reasons)


def _said(predicted: Array) -> BoolArray:
    told = [one is not None and one == one for one in predicted.ravel()]
    return np.array(told, dtype=bool).reshape(predicted.shape)


@metric(
    "model",
    needs=("probabilities", "previous_probabilities"),
    vectorized=True,
    direction="high",
    range=(0.0, None),
)
def prediction_change(p: Array, previous: Array) -> Values:
    """Compute the total variation distance to the round before, ½ Σ_c |p_c − q_c|, in [0, 1]; high first.

    It is the largest change of the probability of any set of classes. NULL where one of the two rounds has no
    prediction (`not_predicted`). Source: Levin, Peres and Wilmer 2009, 4.1.

    >>> prediction_change(np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([[0.75, 0.25], [1.0, 0.0]])).values
    array([0.25, 1.  ])
    """
    change = np.abs(np.asarray(p, dtype=np.float64) - previous).sum(axis=1) / 2
    return Values(change, dict.fromkeys(np.flatnonzero(np.isnan(change)).tolist(), NOT_PREDICTED))
