"""The declared classes: their order, and labels as positions in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from activeloop.arrays import Array, IntArray
from activeloop.errors import DataError, ModelError


class Classes:
    """The declared classes, sorted as scikit-learn sorts them; columns of probabilities are brought to it."""

    def __init__(self, declared: Sequence[Any]) -> None:
        given = np.array(list(declared))
        self._sorted, self._order = np.unique(given, return_index=True)
        if len(self._sorted) < len(given) or len(given) < 2:
            raise DataError(f"classes {list(declared)}: at least two are needed, each once")
        self.sorted: tuple[Any, ...] = tuple(self._sorted.tolist())
        self._as_declared = bool((np.diff(self._order) == 1).all())

    def __len__(self) -> int:
        return len(self.sorted)

    def codes(self, labels: Array) -> IntArray:
        """Give the position of each true label; raise DataError naming the first that is not declared.

        >>> Classes(["dog", "cat"]).codes(np.array(["cat", "dog", "cat"])).tolist()
        [0, 1, 0]
        """
        codes, foreign = self._codes(labels)
        if foreign.size:
            (wrong,) = labels[foreign[:1]].tolist()
            raise DataError(f"label {wrong!r} is not a declared class; allowed: {self._allowed()}")
        return codes

    def predicted_codes(self, predicted: Array, n: int) -> IntArray:
        """Give the position of each predicted class; raise ModelError for a wrong shape or another class."""
        if predicted.shape != (n,):
            raise ModelError(
                f"predictions of shape {predicted.shape} for {n} items; one label each is needed"
            )
        codes, foreign = self._codes(predicted)
        if foreign.size:
            (wrong,) = predicted[foreign[:1]].tolist()
            raise ModelError(
                f"the model predicted {wrong!r}, not a declared class; allowed: {self._allowed()}"
            )
        return codes

    def columns(self, probabilities: Array, n: int) -> Array:
        """Bring the columns from the declared to the sorted order; raise ModelError for a wrong shape."""
        if probabilities.shape != (n, len(self)):
            raise ModelError(
                f"probabilities of shape {probabilities.shape} for {n} items and {len(self)} classes; "
                "one column for each declared class is needed"
            )
        return probabilities if self._as_declared else probabilities[:, self._order]

    def _codes(self, labels: Array) -> tuple[IntArray, IntArray]:
        if labels.dtype.kind == "O":
            labels = np.array(labels.tolist())
        if (labels.dtype.kind in "US") != (self._sorted.dtype.kind in "US"):
            return np.zeros(len(labels), dtype=np.int64), np.arange(len(labels))
        codes = np.searchsorted(self._sorted, labels).astype(np.int64, copy=False)
        codes[codes == len(self)] = 0
        return codes, np.flatnonzero(self._sorted[codes] != labels)

    def _allowed(self) -> str:
        return ", ".join(repr(one) for one in self.sorted)
