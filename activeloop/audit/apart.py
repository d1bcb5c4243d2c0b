"""Items set apart before labeling: a random sample of all, never trained on, shown in random order."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from activeloop.arrays import Array
from activeloop.errors import ConfigurationError, DataError
from activeloop.seeds import Component, id_keys, uniforms


class Apart(NamedTuple):
    """The ids set apart, in the order in which they are to be asked; any first k are a random sample too.

    probability : the chance that an item had to be among them, n / N, the same for all. of : N.
    """

    ids: tuple[int | str, ...]
    probability: float
    of: int

    def __len__(self) -> int:
        return len(self.ids)


def set_apart(ids: Any, amount: float | int = 0.2, *, seed: int = 0) -> Apart:
    """Draw a share in (0, 1), or a count, of the items, without replacement and with equal chances.

    Each id draws a number of its own by the seed, and the lowest come first: the order of the data set, and
    which other items it has, cannot change which of two items comes sooner.

    >>> chosen = set_apart(["a", "b", "c", "d"], 2, seed=1)
    >>> chosen == set_apart(["d", "c", "b", "a"], 2, seed=1), chosen.probability
    (True, 0.5)

    Raises ConfigurationError for another share or count, DataError for ids that stand there twice.
    """
    every: Array = np.asarray(ids)
    total = len(every)
    n = int(amount * total + 0.5) if isinstance(amount, float) and 0 < amount < 1 else amount
    if isinstance(n, bool) or not isinstance(n, int) or not 0 < n < total:
        raise ConfigurationError(
            f"amount is {amount!r} of {total} items; allowed: a share between 0 and 1 that gives an item, "
            f"or a count from 1 to {total - 1}"
        )
    unique, times = np.unique(every, return_counts=True)
    if len(unique) < total:
        raise DataError(f"item {unique[times > 1].tolist()[0]!r} stands there twice; ids must be unique")
    lots = uniforms(id_keys(every), seed, Component.AUDIT)
    # Two ids with one number are as good as impossible; the id itself then decides, whatever the order.
    order = np.lexsort((every, lots))[:n]
    return Apart(tuple(every[order].tolist()), n / total, total)
