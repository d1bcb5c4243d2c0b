"""From a name to a metric: built in, a plug-in, or none."""

from __future__ import annotations

from pathlib import Path

from activeloop.errors import MetricError
from activeloop.metrics.built_in import built_in
from activeloop.metrics.metric import Metric
from activeloop.names import entry_points, resolve


def named(name: str, folder: Path | None = None) -> Metric | None:
    """Give the metric of a name; None where no metric is called so.

    A name is a built-in one, `package.module:attribute`, `file.py:attribute`, or an entry point of the group
    `activeloop.metric`. Raises UnknownNameError as `names.resolve` does, MetricError for what is no metric.

    >>> named("entropy").unit, named("entropie")
    ('bits', None)
    """
    if name in built_in():
        return built_in()[name]
    if ":" not in name and all(one.name != name for one in entry_points("metric")):
        return None
    found = resolve("metric", name, {}, folder)
    if not isinstance(found, Metric):
        raise MetricError(
            f"{name!r} is a {type(found).__name__}, not a metric; make one with @activeloop.metric"
        )
    return found
