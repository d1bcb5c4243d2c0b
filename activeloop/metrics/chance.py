"""A value by chance: the baseline that every other metric is to beat."""

from __future__ import annotations

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.metrics.metric import metric
from activeloop.seeds import Component, id_keys, uniforms


@metric("data", needs="id", vectorized=True, direction="high", range=(0.0, 1.0))
def random(ids: Array, *, seed: int = 0) -> FloatArray:
    """Draw a uniform number in (0, 1) per item; it hangs on the id and the seed, and on nothing else.

    >>> bool((random(np.array(["a", "b"]))[::-1] == random(np.array(["b", "a"]))).all())
    True
    """
    return uniforms(id_keys(np.asarray(ids)), seed, Component.METRIC)
