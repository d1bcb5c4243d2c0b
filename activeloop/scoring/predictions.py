"""What a score is computed from: the truth, what was predicted, and how sure the model was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from activeloop.arrays import Array


@dataclass(frozen=True, eq=False)
class Predictions:
    """The one value that a custom score takes: a row per item, all of them from one model.

    labels : (n,) the truth.
    predicted : (n,) what the model says.
    probabilities : (n, C), columns in the order of `classes`; None where the model gives none.
    classes : the declared classes; None in regression.
    ids : (n,) the ids of the items; None where they were not given.

    >>> import numpy as np
    >>> given = Predictions(np.array([0, 1, 1]), np.array([0, 1, 0]), classes=(0, 1))
    >>> given.rows(np.array([True, False, True])).predicted.tolist()
    [0, 0]
    """

    labels: Array
    predicted: Array
    probabilities: Array | None = None
    classes: tuple[Any, ...] | None = None
    ids: Array | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def rows(self, chosen: Array) -> Predictions:
        """Give the rows of a mask or of positions."""
        return Predictions(
            self.labels[chosen],
            self.predicted[chosen],
            None if self.probabilities is None else self.probabilities[chosen],
            self.classes,
            None if self.ids is None else self.ids[chosen],
        )
