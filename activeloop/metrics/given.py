"""The label that an item was given: is it known, is it a class, and how probable does a model find it?"""

from __future__ import annotations

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import MetricError
from activeloop.metrics.metric import Values

NOT_LABELED, NOT_A_CLASS, NOT_PREDICTED = "not_labeled", "not_a_class", "not_predicted"


def without_class(labels: Array) -> dict[int, str]:
    """Say which labels are no class, and why: None is not labeled, and floats are amounts (a regression).

    >>> without_class(np.array(["cat", None], dtype=object)), without_class(np.array([0.5]))
    ({1: 'not_labeled'}, {0: 'not_a_class'})
    """
    labels = np.asarray(labels)
    if labels.dtype.kind == "f":
        return {at: NOT_LABELED if one != one else NOT_A_CLASS for at, one in enumerate(labels.tolist())}
    if labels.dtype.kind != "O":
        return {}
    return {at: NOT_LABELED for at, one in enumerate(labels.tolist()) if one is None or one != one}


def of_class(values: Array, labels: Array) -> Values:
    """Give the values of the items that have a class; the others are NULL with the reason."""
    reasons = without_class(labels)
    kept = np.array(values, dtype=np.float64)
    kept[list(reasons)] = np.nan
    return Values(kept, reasons)


def probability_of_given(p: Array, codes: IntArray) -> Values:
    """Give the probability of the given label, (n,); `codes` are columns of `p`, (n, C), and -1 is no label.

    Raises MetricError for a code that is no column.
    """
    p, codes = np.asarray(p), np.asarray(codes)
    beyond = np.flatnonzero((codes >= p.shape[1]) | (codes < -1))
    if len(beyond):
        raise MetricError(
            f"the label code of item {beyond[0]} is {codes[beyond[0]]}; allowed: -1 (not labeled), or a "
            f"column of the probabilities, 0 to {p.shape[1] - 1}"
        )
    given = p[np.arange(len(p)), np.maximum(codes, 0)].astype(np.float64)
    reasons = dict.fromkeys(np.flatnonzero(np.isnan(given)).tolist(), NOT_PREDICTED)
    given[codes < 0] = np.nan
    return Values(given, reasons | dict.fromkeys(np.flatnonzero(codes < 0).tolist(), NOT_LABELED))


def largest_other(p: Array, codes: IntArray) -> FloatArray:
    """Give the largest probability of any label but the given one, (n,); 0 where there is no other."""
    others = np.array(p, dtype=np.float64)
    others[np.arange(len(others)), np.maximum(codes, 0)] = 0.0
    return np.asarray(others.max(axis=1))
