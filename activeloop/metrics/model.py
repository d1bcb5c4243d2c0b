"""What a model says of an item, and whether it is right: confidence, loss, correctness, calibration."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.kernels import row_max
from activeloop.metrics.acquisition import Probabilities, per_item
from activeloop.metrics.given import NOT_LABELED, NOT_PREDICTED, of_class, probability_of_given
from activeloop.metrics.metric import Values, metric

_LEAST = float(np.finfo(np.float64).eps)
_SUPPORT = 10


@metric("model", vectorized=True, direction="low", range=(0.0, None))
def confidence(p: Probabilities, *, aggregate: str = "mean") -> FloatArray | Values:
    """Give the largest class probability, max p, from 1/C to 1; low = label first.

    Several predictions in an item are aggregated as for `least_confidence`, which is 1 − this. Source:
    Settles 2009, 3.1.

    >>> confidence(np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])).tolist()
    [0.5, 1.0]
    """
    return per_item(row_max, p, aggregate)


@metric(
    "model",
    needs=("probabilities", "label_code"),
    vectorized=True,
    direction="high",
    range=(0.0, None),
    unit="nats",
)
def loss(p: Array, codes: IntArray) -> Values:
    """Compute the log loss of the given label, −ln p(given), in nats; high = look first.

    p is at least 2.2e-16, as in scikit-learn's `log_loss`, so that the loss ends at 36.04. NULL without a
    label (`not_labeled`) or a prediction (`not_predicted`). Source: Good 1952, "Rational decisions".

    >>> loss(np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([0, 1])).values.round(3).tolist()
    [0.693, 0.0]
    """
    given, reasons = probability_of_given(p, codes)
    return Values(0.0 - np.log(np.clip(given, _LEAST, 1.0)), reasons)


@metric("model", needs=("predicted", "label"), vectorized=True, direction="high", range=(0.0, None))
def squared_error(predicted: Array, labels: Array) -> Values:
    """Compute (predicted − label)² of a regression, in the square of the label's unit; high = look first.

    NULL without a label (`not_labeled`), a prediction (`not_predicted`), and where labels are classes
    (`not_an_amount`). Source: Gauss 1809.

    >>> squared_error(np.array([1.0, 3.0]), np.array([1.5, np.nan])).values.tolist()
    [0.25, nan]
    """
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    if labels.dtype.kind != "f" or predicted.dtype.kind not in "iuf":
        return Values(np.full(len(labels), np.nan), dict.fromkeys(range(len(labels)), "not_an_amount"))
    unpredicted, unlabeled = np.flatnonzero(np.isnan(predicted)), np.flatnonzero(np.isnan(labels))
    reasons = dict.fromkeys(unpredicted.tolist(), NOT_PREDICTED) | dict.fromkeys(
        unlabeled.tolist(), NOT_LABELED
    )
    return Values((predicted - labels) ** 2, reasons)


@metric("model", needs=("predicted", "label"), vectorized=True, direction="low", range=(0.0, 1.0))
def correct(predicted: Array, labels: Array) -> Values:
    """Give 1 where the predicted class is the label, and 0 where it is not; low = look first.

    Its mean over labeled items is the accuracy. NULL without a label (`not_labeled`) or a prediction
    (`not_predicted`), and where the label is an amount (`not_a_class`).

    >>> correct(np.array(["cat", "dog"]), np.array(["cat", "cat"])).values.tolist()
    [1.0, 0.0]
    """
    said, given = np.asarray(predicted).tolist(), np.asarray(labels).tolist()
    values, reasons = of_class(
        np.array([float(one == other) for one, other in zip(said, given, strict=True)]), labels
    )
    silent = {at: NOT_PREDICTED for at, one in enumerate(said) if one is None or one != one}
    values[list(silent)] = np.nan
    return Values(values, silent | dict(reasons))


class _Reliability(NamedTuple):
    """Edges between the bins, and per bin the accuracy and the number of labeled items."""

    edges: FloatArray
    accuracy: FloatArray
    n: IntArray


def _reliability(p: Array, codes: IntArray, *, bins: int = 10) -> _Reliability:
    labeled = np.flatnonzero((np.asarray(codes) >= 0) & np.isfinite(p).all(axis=1))
    sure = row_max(np.asarray(p)[labeled])
    right = np.asarray(p)[labeled].argmax(axis=1) == np.asarray(codes)[labeled]
    held = max(min(bins, len(sure) // _SUPPORT), 1)
    cuts = np.quantile(sure, np.arange(1, held) / held) if held > 1 else np.empty(0)
    edges = np.unique(cuts[cuts > sure.min()]) if len(cuts) else cuts
    bin = np.searchsorted(edges, sure, side="right")
    n = np.bincount(bin, minlength=len(edges) + 1)
    return _Reliability(edges, np.bincount(bin, right, len(n)) / np.maximum(n, 1), n)


@metric(
    "model",
    needs=("probabilities", "label_code"),
    vectorized=True,
    direction="high",
    range=(-1.0, None),
    fit=_reliability,
)
def calibration_gap(known: _Reliability, p: Array, codes: IntArray, *, bins: int = 10) -> Values:
    """Compute max p − the accuracy of the reference items in the same bin of max p; high = overconfident.

    The labeled items of the reference are cut into `bins` bins of equal count by max p (fewer where there are
    fewer than 10 × bins items, or many equal values); bins are half-open [a, b), and the outer ones reach to
    infinity. An item of the reference counts in its own bin. It needs no label of the item itself. NULL
    without a prediction (`not_predicted`), and where the bin holds fewer than 10 items (`too_few_in_bin`).
    Source: the terms of the expected calibration error, Guo et al. 2017, with the equal-mass bins of Nixon et
    al. 2019.

    >>> p, codes = np.tile([0.75, 0.25], (10, 1)), np.array([0] * 5 + [1] * 5)
    >>> calibration_gap(calibration_gap.fit(p, codes), p[:1], codes[:1]).values.tolist()
    [0.25]
    """
    predicted = np.isfinite(p).all(axis=1)
    sure = np.full(len(p), np.nan)
    sure[predicted] = row_max(np.asarray(p)[predicted])
    bin = np.searchsorted(known.edges, sure, side="right")
    bin[~predicted] = 0
    few = known.n[bin] < _SUPPORT
    reasons = dict.fromkeys(np.flatnonzero(few).tolist(), "too_few_in_bin")
    reasons |= dict.fromkeys(np.flatnonzero(~predicted).tolist(), NOT_PREDICTED)
    return Values(np.where(few, np.nan, sure - known.accuracy[bin]), reasons)
