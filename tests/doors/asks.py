"""Queries for doors, made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from activeloop.query import Ask, Query


def query(items: Mapping[Any, Any], round: int = 0, classes: Any = ("good", "bad")) -> Query:
    """A query of these items, as a loop would make it."""
    asks = tuple(Ask(f"{round}.{at}", one, 0.5, None) for at, one in enumerate(items))
    return Query(round, asks, "margin", 0, classes, items.__getitem__)
