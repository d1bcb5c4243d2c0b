"""Columns by name, held in memory: what a metric is computed from when there is no data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from activeloop.arrays import Array
from activeloop.errors import DataError, unknown


@dataclass(frozen=True, eq=False)
class Table:
    """One value per item under each name, all of one length.

    >>> Table({"item": ["four", "seven!!"]}).column("item")[1]
    'seven!!'

    Raises DataError for columns of different lengths, and for a name that is not there.
    """

    columns: Mapping[str, Any]

    def __post_init__(self) -> None:
        kept = {name: _array(values) for name, values in self.columns.items()}
        if len({column.shape[0] for column in kept.values()}) != 1:
            sizes = ", ".join(f"{name} {column.shape[0]}" for name, column in kept.items())
            raise DataError(f"columns need one length, and there must be one; given: {sizes or 'no column'}")
        object.__setattr__(self, "columns", kept)

    def __len__(self) -> int:
        return int(next(iter(self.columns.values())).shape[0])

    def column(self, name: str) -> Any:
        """Give a column by name."""
        if name not in self.columns:
            raise DataError(unknown("column", name, self.columns))
        return self.columns[name]

    def take(self, rows: Array) -> Table:
        """Give some rows of every column."""
        return Table({name: _some(values, rows) for name, values in self.columns.items()})


def _some(values: Any, rows: Array) -> Any:
    return values.iloc[rows] if hasattr(values, "iloc") else values[rows]


def _array(values: Any) -> Any:
    if hasattr(values, "shape"):
        return values
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column
