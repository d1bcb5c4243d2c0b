"""Check a metric: one number, or NULL, per item, whatever stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import joblib
import numpy as np

from activeloop.arrays import Array, IntArray
from activeloop.metrics.metric import Metric
from activeloop.testing.contract import contract


def check_metric(metric: Metric, columns: Mapping[str, Any]) -> None:
    """Check a metric on columns of your own: one number, or NULL, per item, whatever the items beside it.

    `columns` holds what the metric needs, by name. No item may fail (give None where the metric does not
    apply), the values lie in the declared range, and the columns stay as they were.

    >>> import activeloop
    >>> @activeloop.metric("data", range=(0, None))
    ... def length(item):
    ...     return len(item)
    >>> check_metric(length, {"item": ["four", "seven!!", ""]})
    """
    given = _Columns({name: _column(values) for name, values in columns.items()})
    what = f"metric {metric.name!r}"
    with contract(what):
        before = joblib.hash(given.columns)
        values, reasons = metric.over(given)
        failed = {at: why for at, why in reasons.items() if why.startswith("failed")}
        assert not failed, f"{what}: item {min(failed)} {failed[min(failed)]}"
        assert joblib.hash(given.columns) == before, f"{what} changed the columns that it was given"
        for name, rows in _arrangements(len(given)).items():
            again = metric.over(given.take(rows)).values
            near = np.isclose(again, values[rows], rtol=1e-9, atol=1e-12, equal_nan=True)
            assert near.all(), (
                f"{what}: item {rows[~near][0]} has {values[rows][~near][0]}, and {again[~near][0]} {name}"
            )
        low, high = metric.range
        _within(what, values, low, values < _number(low, -np.inf))
        _within(what, values, high, values > _number(high, np.inf))


def _within(what: str, values: Array, bound: float | None, outside: Array) -> None:
    at = np.flatnonzero(outside)
    assert not len(at), f"{what}: item {at[0]} has {values[at[0]]}, beyond the bound {bound}"


class _Columns:
    def __init__(self, columns: Mapping[str, Array]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def column(self, name: str) -> Any:
        """Give a column by name."""
        assert name in self.columns, f"the metric needs the column {name!r}; given: {list(self.columns)}"
        return self.columns[name]

    def take(self, rows: IntArray) -> _Columns:
        """Give some rows of every column."""
        return _Columns({name: values[rows] for name, values in self.columns.items()})


def _column(values: Any) -> Array:
    if isinstance(values, np.ndarray):
        return values
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def _arrangements(n: int) -> dict[str, IntArray]:
    everything = np.arange(n)
    return {
        "when computed again": everything,
        "in another order": np.random.default_rng(0).permutation(n),
        "among fewer items": everything[: max(n // 2, 1)],
        "alone": everything[:1],
    }


def _number(bound: float | None, otherwise: float) -> float:
    return otherwise if bound is None else bound
