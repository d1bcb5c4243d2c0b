"""Any columns as one table of numbers, made without knowing which set an item is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.statistics.columns import coded, column, is_missing, is_number, mid_ranks

_MOST_CATEGORIES, _MOST_MULTIPLIED = 20, 30


@dataclass(frozen=True, eq=False)
class Encoded:
    """Columns as numbers (n, d); `metric` says of which metric each is, by its place in `metrics`.

    A number becomes its rank, in (-1, 1), with 0 where it is missing; a category a 0/1 column for each of the
    20 most frequent; what is missing in some item has a 0/1 column of its own.
    """

    metrics: tuple[str, ...]
    metric: IntArray
    numbers: FloatArray

    @classmethod
    def of(cls, columns: Mapping[str, Any]) -> Encoded:
        """Encode columns (n,) of numbers or categories, or features (n, d), by name.

        >>> Encoded.of({"size": [3.0, np.nan, 5.0], "kind": ["a", "b", "a"]}).numbers.round(2).tolist()
        [[-0.5, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0], [0.5, 0.0, 1.0, 0.0]]
        """
        parts = [_numbers(name, values) for name, values in columns.items()]
        metric = np.repeat(np.arange(len(parts)), [part.shape[1] for part in parts])
        return cls(tuple(columns), metric, np.hstack(parts))

    def shuffled(self, metric: int, rows: IntArray, order: IntArray) -> FloatArray:
        """Give the numbers of some rows, where one metric has those of other rows."""
        return np.where(self.metric == metric, self.numbers[order], self.numbers[rows])


class Expansion:
    """The numbers, their squares and, for at most 30 columns, their products: (n, d) to (n, D).

    All are standardized. The three blocks weigh the same, so that hundreds of products do not drown a shift
    of one metric, and yet what changed in no metric alone can be seen.
    """

    def __init__(self, numbers: FloatArray) -> None:
        d = numbers.shape[1]
        self._pairs = np.triu_indices(d if d <= _MOST_MULTIPLIED else 0, 1)
        raw = self._raw(numbers)
        spread = raw.std(axis=0)
        self._center, self._kept = raw.mean(axis=0), spread > 1e-9
        sizes = np.array([d, d, max(1, len(self._pairs[0]))])
        weights = np.repeat(np.sqrt(d / sizes), [d, d, len(self._pairs[0])])
        self._scale = (weights / np.where(self._kept, spread, 1.0))[self._kept]

    def __call__(self, numbers: FloatArray) -> FloatArray:
        """Expand some rows."""
        return np.asarray((self._raw(numbers) - self._center)[:, self._kept] * self._scale, dtype=np.float64)

    def _raw(self, numbers: FloatArray) -> FloatArray:
        one, other = self._pairs
        return np.hstack([numbers, numbers**2, numbers[:, one] * numbers[:, other]])


def _numbers(name: str, values: Any) -> FloatArray:
    array = np.asarray(values, dtype=None if hasattr(values, "dtype") else object)
    if array.ndim == 2 and array.shape[1]:
        return np.hstack([_of_column(column(one, name)) for one in array.T])
    return _of_column(column(array, name))


def _of_column(values: Array) -> FloatArray:
    missing = is_missing(values)
    if is_number(values):
        ranks = np.zeros(len(values))
        known = values[~missing]
        ranks[~missing] = (2 * mid_ranks(known) - 1) / max(1, len(known)) - 1
        parts = [ranks[:, None]]
    else:
        codes = coded(values).codes
        parts = [
            (codes[:, None] == np.arange(min(_MOST_CATEGORIES, int(codes.max(initial=-1)) + 1))).astype(float)
        ]
    if missing.any():
        parts.append(missing[:, None].astype(float))
    return np.hstack(parts)
