"""The values of one metric, and why some are NULL, while they are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from activeloop.arrays import BoolArray, FloatArray, IntArray

NOT_COMPUTED = "not_computed"


@dataclass(frozen=True, eq=False)
class Column:
    """The values of one metric, to be filled: NaN is NULL, and the code of its row says why, in `texts`."""

    numbers: FloatArray
    codes: IntArray
    texts: list[str]

    @classmethod
    def empty(cls, n: int) -> Column:
        """Give a column of which nothing is computed."""
        return cls(np.full(n, np.nan), np.ones(n, dtype=np.int64), ["", NOT_COMPUTED])

    @property
    def computed(self) -> BoolArray:
        """Which rows have been computed."""
        return np.asarray(self.codes != 1)

    @property
    def failed(self) -> BoolArray:
        """Which rows have failed."""
        failures = [at for at, text in enumerate(self.texts) if text.startswith("failed")]
        return np.asarray(np.isin(self.codes, failures))

    @property
    def reasons(self) -> dict[int, str]:
        """Why rows have no value, by row."""
        nulls = np.flatnonzero(self.codes)
        return {
            at: self.texts[code] for at, code in zip(nulls.tolist(), self.codes[nulls].tolist(), strict=True)
        }

    def put(self, rows: IntArray, numbers: FloatArray, reasons: Mapping[int, str]) -> None:
        """Fill in computed rows; `reasons` by row."""
        self.numbers[rows], self.codes[rows] = numbers, 0
        for row, reason in reasons.items():
            self.codes[row] = self.code(reason)

    def code(self, text: str) -> int:
        """Give the code of a reason."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)


def gathered(column: Column, places: IntArray) -> Column:
    """Give a column in another order: of old places, or not computed where the old place is -1."""
    known = places >= 0
    moved = replace(Column.empty(len(places)), texts=column.texts)
    moved.numbers[known] = column.numbers[places[known]]
    moved.codes[known] = column.codes[places[known]]
    return moved
