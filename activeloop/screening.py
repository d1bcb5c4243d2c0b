"""How much reading a ranking saves when all items of a rare class are to be found: WSS, RRF, ATD.

A run that screens is one array: for every item in the order in which it was read, whether it was relevant.
Items whose labels were known from the beginning are left out. All three measures need no holdout and look at
no model; they are shares, which the field prints as percents.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from activeloop.arrays import BoolArray, FloatArray
from activeloop.errors import InputError
from activeloop.pool import Pool


def relevance(pool: Pool, asked: Iterable[Any], label: Any) -> BoolArray:
    """Say of the asked ids, in their order, whether their true label is the wanted one.

    >>> from activeloop.data import load
    >>> relevance(load("iris").pool(), [0, 149], "virginica").tolist()
    [False, True]

    Raises DataError for an id that is not in the pool, or whose label is not known.
    """
    return np.asarray(pool.truth(list(asked)) == label)


def work_saved(relevant: ArrayLike, recall: float = 0.95, *, items: int | None = None) -> float:
    """Give the work saved over sampling, WSS@95 by default: r − k / n.

    k is how many items were read when the share r of the relevant that were found reached `recall` first,
    and n all that there were to be read: `items`, where reading was stopped, or else the length of
    `relevant`. A random order saves about 0.

    >>> work_saved([1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    0.8

    NaN where that recall was not reached. Source: Cohen, Hersh, Peterson, Yen (2006), "Reducing workload in
    systematic review preparation using automated citation classification"; r in place of `recall` is how
    ASReview has it (Ferdinands et al. 2023, "Performance of active learning models for screening
    prioritization in systematic reviews"). Raises InputError without a relevant item, and for a recall
    outside (0, 1].
    """
    found, n = _found(relevant, items), _size(relevant, items)
    if not 0 < recall <= 1:
        raise InputError(f"recall is {recall!r}; allowed: above 0, up to 1")
    reached = np.flatnonzero(found >= recall - 1e-12)
    return float(found[reached[0]] - (reached[0] + 1) / n) if len(reached) else float("nan")


def found_by(relevant: ArrayLike, read: float = 0.10, *, items: int | None = None) -> float:
    """Give the share of the relevant items that were found once a share of all was read, RRF@10 by default.

    >>> found_by([1, 0, 1, 0, 0, 0, 0, 0, 0, 0], read=0.2)
    0.5

    Source: Ferdinands et al. (2023), "relevant references found". Raises InputError without a relevant item,
    and for a share outside [0, 1].
    """
    found, n = _found(relevant, items), _size(relevant, items)
    if not 0 <= read <= 1:
        raise InputError(f"read is {read!r}; allowed: from 0 to 1")
    k = min(int(read * n + 1e-9), len(found))
    return float(found[k - 1]) if k else 0.0


def time_to_discovery(relevant: ArrayLike, *, items: int | None = None) -> float:
    """Give the average time to discovery, ATD: the mean over the relevant items of the share read by then.

    An item that is found as number k of n has k / n; 0.5 is what a random order gives on average.

    >>> time_to_discovery([1, 0, 1, 0])
    0.5

    Where reading was stopped before all were found, only those found count. Source: Ferdinands et al. (2023).
    Raises InputError without a relevant item.
    """
    _found(relevant, items)
    return float((np.flatnonzero(np.asarray(relevant)) + 1).mean() / _size(relevant, items))


def _found(relevant: ArrayLike, items: int | None) -> FloatArray:
    """Give the share of the relevant items found after each item that was read."""
    given = np.asarray(relevant)
    if given.ndim != 1 or not np.isin(given, (0, 1)).all():
        raise InputError(f"relevance of shape {given.shape}; allowed: a flat array of 0 and 1")
    if not given.any():
        raise InputError(f"none of the {len(given)} items that were read is relevant: nothing was found")
    return np.asarray(np.cumsum(given) / given.sum())


def _size(relevant: ArrayLike, items: int | None) -> int:
    read = len(np.asarray(relevant))
    if items is not None and items < read:
        raise InputError(f"items is {items}, and {read} were read; allowed: all that there were to be read")
    return items or read
