"""A metric that was fitted for good: what it says of an item hangs on that item alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from activeloop.metrics.metric import Columns, Metric


@dataclass(frozen=True)
class Frozen:
    """The function of a metric together with what it learned of a reference set."""

    metric: Metric
    state: Any

    def __call__(self, *columns: Any, **parameters: Any) -> Any:
        """Compute the metric of some items."""
        return self.metric.function(self.state, *columns, **parameters)


def freeze(metric: Metric, reference: Columns) -> Metric:
    """Fit a metric on a reference set, once and for all; one that has no `fit` is given back as it is.

    >>> import numpy as np
    >>> from activeloop.metrics.table import Table
    >>> relative = Metric(lambda mean, item: item / mean, name="relative", kind="data", fit=np.mean)
    >>> float(freeze(relative, Table({"item": np.array([1.0, 3.0])}))(4.0))
    2.0
    """
    if metric.fit is None:
        return metric
    return replace(metric, function=Frozen(metric, metric.fitted(reference)), fit=None)


def unfrozen(metric: Metric) -> Metric:
    """Give the metric as it was before it was fitted for good."""
    return metric.function.metric if isinstance(metric.function, Frozen) else metric
