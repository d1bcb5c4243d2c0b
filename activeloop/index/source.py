"""A data set whose columns are its own, those given with it, the tags, and the values of metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import DataError, UnknownNameError, unknown
from activeloop.index import marks
from activeloop.index.column import Column
from activeloop.index.file import IndexFile
from activeloop.items import read_only
from activeloop.metrics.built_in import built_in
from activeloop.metrics.metric import Values


@dataclass(frozen=True, eq=False)
class Given:
    """The columns that metrics are computed from: given with a data set, computed before, the data set's own.

    Raises DataError for columns of another length.
    """

    data: Any
    own: Mapping[str, Any]
    computed: dict[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, values in self.own.items():
            if len(values) != len(self.data):
                raise DataError(f"column {name!r} has {len(values)} values for {len(self.data)} items")

    def column(self, name: str, positions: IntArray | None = None) -> Any:
        """Give a column of some rows."""
        if name in self.computed and name not in self.own:
            return self.computed[name] if positions is None else self.computed[name][positions]
        if name not in self.own:
            return self.data.column(name, positions)
        values = self.own[name]
        if positions is None:
            return values
        return values[positions] if hasattr(values, "shape") else [values[at] for at in positions.tolist()]


class Indexed:
    """A source of items over a data set and the file of its index."""

    def __init__(self, data: Any, file: IndexFile, own: Mapping[str, Any]) -> None:
        self.data, self._file, self._given = data, file, Given(data, dict(own))
        self._columns: dict[str, Column] = {}

    def __len__(self) -> int:
        return len(self.data)

    @property
    def ids(self) -> Array:
        """The ids, in row order."""
        return np.asarray(self.data.ids)

    @property
    def labels(self) -> Array | None:
        """The labels, where they are known."""
        labels: Array | None = self.data.labels
        return labels

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """The declared classes; None for regression."""
        classes: tuple[Any, ...] | None = self.data.classes
        return classes

    def rows(self, positions: IntArray) -> Any:
        """Give the features of some rows."""
        return self.data.rows(positions)

    def item(self, position: int) -> Any:
        """Give one raw item."""
        return self.data.item(position)

    def fingerprint(self) -> str:
        """Give the fingerprint of the data set."""
        return str(getattr(self.data, "fingerprint", lambda: "")())

    def column(self, name: str, positions: IntArray | None = None) -> Any:
        """Give the values of a metric (NaN is NULL), the tags, a given column, or one of the data set."""
        rows: Any = slice(None) if positions is None else positions
        if name in self._given.own:
            return self._given.column(name, positions)
        if name in self._columns or name in self.metrics:
            return read_only(self._series(name).numbers[rows])
        if name == "tags":
            return marks.tag_column(self._file, self.ids)[rows]
        try:
            return self.data.column(name, positions)
        except DataError as error:
            if name in built_in():
                waiting = f"metric {name!r} is not computed yet; compute([{name!r}]) does it"
                raise DataError(waiting) from error
            raise

    @property
    def metrics(self) -> Mapping[str, Mapping[str, Any]]:
        """The metrics that have values, by name: kind, scope, direction, range, unit, version, parameters."""
        return {name: one.described for name, one in self._file.series().items()}

    def values(self, name: str) -> Values:
        """Give the values of a metric by row, and the reasons of its NULLs; raises UnknownNameError."""
        column = self._series(name)
        return Values(read_only(column.numbers), column.reasons)

    def _series(self, name: str) -> Column:
        if name not in self._columns:
            known = self._file.series()
            if name not in known:
                raise UnknownNameError(unknown("metric", name, known))
            self._columns[name] = self._file.column(known[name].number, len(self))
        return self._columns[name]
