"""Items in the order of a value: one end first, NULL last, ties by id."""

from __future__ import annotations

from typing import Literal

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray

End = Literal["high", "low"]


def ordered(ids: Array, values: FloatArray, first: End) -> IntArray:
    """Give the rows in order; the same whatever the order of the items was.

    >>> ordered(np.array(["b", "a", "c"]), np.array([1.0, 1.0, np.nan]), "low").tolist()
    [1, 0, 2]
    """
    ranks = np.empty(len(ids), dtype=np.int64)
    ranks[np.argsort(ids, kind="stable")] = np.arange(len(ids))
    return np.lexsort((ranks, values if first == "low" else -values, np.isnan(values)))
