"""All metrics that come with the package, by name: every `Metric` that a room beside this file makes."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from activeloop.metrics.metric import Metric


@cache
def built_in() -> dict[str, Metric]:
    """Give the built-in metrics, by name, room by room.

    >>> built_in()["entropy"].unit
    'bits'
    """
    found: dict[str, Metric] = {}
    for room in sorted(one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)])):
        module = importlib.import_module(f"activeloop.metrics.{room}")
        made = [one for one in vars(module).values() if isinstance(one, Metric)]
        found |= {one.name: one for one in made if _made_in(one, module.__name__)}
    return found


def _made_in(metric: Metric, module: str) -> bool:
    return getattr(metric.function, "__module__", module) == module
