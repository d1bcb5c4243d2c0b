"""Labeled data as columns of plain types: the item's own first, then what was said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from activeloop.arrays import Array, IntArray
from activeloop.data.columns import as_arrays
from activeloop.data.dataset import Dataset
from activeloop.data.json_lines import as_text
from activeloop.exports.labeled import LabeledData

_WIDEST = 1000
BETWEEN = "; "


class Columns(NamedTuple):
    """`item`: columns of the items themselves and their metadata; `said`: id, label and all about it."""

    item: dict[str, Array]
    said: dict[str, Array]

    def flat(self) -> dict[str, Array]:
        """Give all as one table: id, item, the rest; a column of the item whose name is taken: "item_..."."""
        named: dict[str, Array] = {"id": self.said["id"]}
        for name, values in self.item.items():
            free = name
            while free in self.said or free in named:
                free = f"item_{free}"
            named[free] = values
        return named | {name: values for name, values in self.said.items() if name != "id"}


def columns(labeled: LabeledData) -> Columns:
    """Give the exported rows as columns; each is numbers, booleans, datetimes, or texts with None.

    What is of mixed types becomes text, and half of a surrogate pair U+FFFD: every format can hold it.
    """
    rows, data = labeled.rows, labeled.data
    item = _item(data, labeled.modality, labeled.positions)
    said: dict[str, list[Any]] = {
        "id": [one.id for one in rows],
        "label": [one.label for one in rows],
        "outcome": [one.outcome for one in rows],
        "annotators": [BETWEEN.join(one.annotators) for one in rows],
        "n_annotations": [one.n_annotations for one in rows],
        "agreement": [one.agreement for one in rows],
        "round": [one.round for one in rows],
        "strategy": [one.strategy for one in rows],
        "selection_probability": [one.probability for one in rows],
        "stream": [one.stream for one in rows],
        "first_at": [_moment(one.first) for one in rows],
        "last_at": [_moment(one.last) for one in rows],
        "seconds": [one.seconds for one in rows],
        "guidelines": [one.guidelines for one in rows],
    }
    return Columns(
        {name: typed(values) for name, values in item.items()}, {n: _said(n, v) for n, v in said.items()}
    )


_KINDS: Mapping[str, str] = {
    "n_annotations": "Int64",
    "round": "Int64",
    "agreement": "float64",
    "selection_probability": "float64",
    "seconds": "float64",
    "first_at": "datetime64[us, UTC]",
    "last_at": "datetime64[us, UTC]",
}


def _said(name: str, values: list[Any]) -> Any:
    """Give a column of ours the type that it has in every export, also where all of it is missing."""
    if name in _KINDS:
        return pd.Series(values, dtype=_KINDS[name]).array
    return typed(np.fromiter(values, dtype=object, count=len(values)))


def _moment(at: float | None) -> Any:
    return pd.NaT if at is None else pd.Timestamp(round(at * 1e6), unit="us", tz="UTC")


def _item(data: Dataset, modality: str, at: IntArray) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if modality == "text":
        found["text"] = data.column("features", at)
    elif modality == "image":
        found["image"] = data.ids[at]
    elif isinstance(data.features, pd.DataFrame):
        found |= as_arrays(data.features.iloc[at])
    elif data.kind == "numbers" and data.features.ndim == 2 and data.features.shape[1] <= _WIDEST:
        found |= {f"feature_{number}": data.features[at, number] for number in range(data.features.shape[1])}
    for name, values in as_arrays(data.metadata.iloc[at]).items():
        found[name if name not in found else f"metadata_{name}"] = values
    return found


def typed(values: Array) -> Any:
    """Give a column one type: its own, or of objects the one that all known values share, else text.

    >>> typed(np.array([1, None, 3], dtype=object)).tolist(), typed(np.array([1, "a"], dtype=object)).tolist()
    ([1, None, 3], ['1', 'a'])
    """
    if values.dtype.kind in "biufmM":
        return values
    cells = [None if one is None or one is pd.NaT or one != one else one for one in values.tolist()]
    kinds = {type(one) for one in cells if one is not None}
    if kinds == {int} and all(-(2**63) <= one < 2**63 for one in cells if one is not None):
        return np.fromiter(cells, dtype=object, count=len(cells))
    if kinds in ({bool}, {float}):
        return np.fromiter(cells, dtype=object, count=len(cells))
    return np.fromiter(map(spelled, cells), dtype=object, count=len(cells))


def spelled(cell: Any) -> str | None:
    """Write a cell as text that is UTF-8, or None where it is missing."""
    if cell is None:
        return None
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return as_text(json.dumps(cell, default=str) if isinstance(cell, list | dict | tuple) else str(cell))


def plain(cell: Any) -> Any:
    """Give a cell as JSON has it: text, number, boolean or None; a time as ISO 8601.

    >>> plain(np.float64("nan")), plain(np.int64(3)), plain(pd.Timestamp("2024-12-31", tz="UTC"))
    (None, 3, '2024-12-31T00:00:00+00:00')
    """
    if cell is None or cell is pd.NaT or cell is pd.NA or cell != cell:
        return None
    value = cell.item() if isinstance(cell, np.generic) and cell.dtype.kind not in "mM" else cell
    if isinstance(value, np.datetime64 | np.timedelta64):
        return str(value)
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if isinstance(value, bool | int | str) else spelled(value)
