"""A metric's value of every item of a data set, computed once for pool, guide and holdout alike."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from activeloop.arrays import FloatArray
from activeloop.metrics.metric import Columns, Metric

LABELS = frozenset({"label", "label_code"})
"""The columns that nobody knows of the pool."""

_KEPT: WeakKeyDictionary[Any, list[tuple[Metric, FloatArray]]] = WeakKeyDictionary()


def reads_labels(metric: Metric) -> bool:
    """Say whether a metric is computed from labels, which the items of a pool do not have yet.

    >>> reads_labels(Metric(len, name="length", kind="data"))
    False
    """
    return not LABELS.isdisjoint(metric.needs)


def values_of(source: Columns, metric: Metric) -> FloatArray:
    """Give the value of every item of a source, (n,), NaN = NULL; computed when first asked for, then kept.

    A metric with `fit` is fitted on all items of the source, so what is cut from it (pool, guide, holdout) is
    measured with one ruler, whatever the seed of the cut. The values live as long as the source does.
    """
    try:
        kept = _KEPT.setdefault(source, [])
    except TypeError:  # a source of one's own that cannot be a key
        kept = []
    for known, values in kept:
        if known == metric:
            return values
    values = metric.over(source).values
    values.flags.writeable = False
    kept.append((metric, values))
    return values
