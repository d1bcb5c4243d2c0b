"""Check a metric: one number, or NULL with its reason, per item, whatever stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import joblib
import numpy as np

from activeloop.arrays import Array, IntArray
from activeloop.metrics.metric import Metric, Values
from activeloop.metrics.table import Table
from activeloop.testing.contract import contract

_ALONE = 50


def check_metric(metric: Metric, columns: Mapping[str, Any]) -> None:
    """Check a metric on columns of your own: one number, or NULL, per item, whatever the items beside it.

    `columns` holds what the metric needs, by name. No item may fail (give None where the metric does not
    apply), a NULL and only a NULL has a reason, the values lie in the declared range, and the columns stay as
    they were. A metric with a `fit` is fitted on all items, and once more with them in another order: what it
    then says of an item is the same wherever and beside whatever it is computed.

    >>> import activeloop
    >>> @activeloop.metric("data", range=(0, None))
    ... def length(item):
    ...     return len(item)
    >>> check_metric(length, {"item": ["four", "seven!!", ""]})
    """
    given = Table(columns)
    what = f"metric {metric.name!r}"
    with contract(what):
        before = joblib.hash(given.columns)
        fitted = metric.fitted(given)
        found = metric.over(given, fitted)
        failed = {at: why for at, why in found.reasons.items() if why.startswith("failed")}
        assert not failed, f"{what}: item {min(failed)} {failed[min(failed)]}"
        assert joblib.hash(given.columns) == before, f"{what} changed the columns that it was given"
        _reasoned(what, found)
        for name, rows in _arrangements(len(given)):
            _agree(what, found, metric.over(given.take(rows), fitted), rows, name)
        if metric.fit is not None:
            everything = np.arange(len(given))
            again = metric.over(given, metric.fitted(given.take(_shuffled(len(given)))))
            _agree(what, found, again, everything, "with its reference in another order")
        low, high = metric.range
        _within(what, found.values, low, found.values < _number(low, -np.inf))
        _within(what, found.values, high, found.values > _number(high, np.inf))


def _reasoned(what: str, found: Values) -> None:
    null = set(np.flatnonzero(np.isnan(found.values)).tolist())
    told = {at for at, why in found.reasons.items() if why}
    assert null <= told, f"{what}: item {min(null - told)} is NULL without a reason"
    other = set(found.reasons) - null
    assert not other, (
        f"{what}: item {min(other)} has a reason, {found.reasons[min(other)]!r}, and is not NULL"
    )


def _agree(what: str, found: Values, again: Values, rows: IntArray, when: str) -> None:
    first, second = found.values[rows], again.values
    near = np.isclose(second, first, rtol=1e-9, atol=1e-12, equal_nan=True)
    assert near.all(), f"{what}: item {rows[~near][0]} has {first[~near][0]}, and {second[~near][0]} {when}"
    for at, row in enumerate(rows.tolist()):
        before, now = found.reasons.get(row), again.reasons.get(at)
        assert before == now, f"{what}: item {row} is NULL by {before!r}, and by {now!r} {when}"


def _within(what: str, values: Array, bound: float | None, outside: Array) -> None:
    at = np.flatnonzero(outside)
    assert not len(at), f"{what}: item {at[0]} has {values[at[0]]}, beyond the bound {bound}"


def _arrangements(n: int) -> Iterator[tuple[str, IntArray]]:
    everything = np.arange(n)
    yield "when computed again", everything
    yield "in another order", _shuffled(n)
    yield "among fewer items", everything[: max(n // 2, 1)]
    for at in everything[:: max(n // _ALONE, 1)]:
        yield "alone", np.array([at])


def _shuffled(n: int) -> IntArray:
    return np.random.default_rng(0).permutation(n)


def _number(bound: float | None, otherwise: float) -> float:
    return otherwise if bound is None else bound
