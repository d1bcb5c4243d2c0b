"""Active learning, end to end: what to label next, who labels it, and where the model got better.

The road through the code: `loop.py` first; then `pool.py`, `strategy.py`, `oracles.py`, `scoring/`,
`store.py`; `study.py` runs many loops, `report.py` shows them; `people/` and `labeling/`
have people answer. Names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from activeloop import agreement as agreement
    from activeloop import audit as audit
    from activeloop import batch as batch
    from activeloop import consensus as consensus
    from activeloop import discovery as discovery
    from activeloop import doors as doors
    from activeloop import errors as errors
    from activeloop import explorer as explorer
    from activeloop import labeling as labeling
    from activeloop import metrics as metrics
    from activeloop import oracles as oracles
    from activeloop import performance as performance
    from activeloop import review as review
    from activeloop import screening as screening
    from activeloop import slices as slices
    from activeloop import statistics as statistics
    from activeloop import stopping as stopping
    from activeloop import strategies as strategies
    from activeloop.cases import TestCase as TestCase
    from activeloop.comparing import compare as compare
    from activeloop.data import Dataset as Dataset
    from activeloop.data import load as load
    from activeloop.index import Index as Index
    from activeloop.loop import Loop as Loop
    from activeloop.metrics import Metric as Metric
    from activeloop.metrics import metric as metric
    from activeloop.people.people import People as People
    from activeloop.query import Answer as Answer
    from activeloop.strategy import Strategy as Strategy

__version__ = "0.1.0"

_ROOMS = (
    "agreement",
    "audit",
    "batch",
    "consensus",
    "discovery",
    "doors",
    "errors",
    "explorer",
    "labeling",
    "metrics",
    "oracles",
    "performance",
    "review",
    "screening",
    "slices",
    "statistics",
    "stopping",
    "strategies",
)
_NAMES = {
    "Answer": "query",
    "Dataset": "data",
    "Index": "index",
    "Loop": "loop",
    "Metric": "metrics",
    "People": "people.people",
    "Strategy": "strategy",
    "TestCase": "cases",
    "compare": "comparing",
    "load": "data",
    "metric": "metrics",
}

__all__ = [
    "Answer",
    "Dataset",
    "Index",
    "Loop",
    "Metric",
    "People",
    "Strategy",
    "TestCase",
    "agreement",
    "audit",
    "batch",
    "compare",
    "consensus",
    "discovery",
    "doors",
    "errors",
    "explorer",
    "labeling",
    "load",
    "metric",
    "metrics",
    "oracles",
    "performance",
    "review",
    "screening",
    "slices",
    "statistics",
    "stopping",
    "strategies",
]


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(f"activeloop.{_NAMES[name]}"), name)
    if name in _ROOMS:
        return importlib.import_module(f"activeloop.{name}")
    from activeloop.errors import nearest

    close = nearest(name, __all__)
    hint = f"; did you mean '{close}'?" if close else f"; it has {', '.join(__all__)}"
    raise AttributeError(f"module 'activeloop' has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
