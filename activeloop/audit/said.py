"""What the model of one round said of some items: kept when the round closed, scored whenever labels come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import DataError


@dataclass(frozen=True, eq=False)
class SaidOf:
    """Predictions of one round's model for items that it was not trained on.

    ids : (n,). predicted : (n,) labels, or numbers in regression. probabilities : (n, C), columns as the
    declared classes; None where they were not kept. Raises DataError for other shapes.
    """

    round: int
    ids: Array
    predicted: Array
    probabilities: FloatArray | None = None

    def __post_init__(self) -> None:
        n = len(self.ids)
        if self.predicted.shape != (n,) or (self.probabilities is not None and len(self.probabilities) != n):
            raise DataError(f"round {self.round}: predictions for {len(self.predicted)} of {n} items")

    def of(self, wanted: Sequence[int | str]) -> SaidOf:
        """Give what was said of some items, in their order; raises DataError for an item that is not here."""
        place = {one: at for at, one in enumerate(self.ids.tolist())}
        missing = [one for one in wanted if one not in place]
        if missing:
            raise DataError(f"round {self.round} has no prediction for item {missing[0]!r}")
        rows: IntArray = np.array([place[one] for one in wanted], dtype=np.int64)
        given = None if self.probabilities is None else self.probabilities[rows]
        return replace(self, ids=self.ids[rows], predicted=self.predicted[rows], probabilities=given)
