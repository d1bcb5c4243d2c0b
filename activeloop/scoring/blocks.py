"""The blocks of items that a jackknife leaves out, dealt by id."""

from __future__ import annotations

import numpy as np

from activeloop.arrays import IntArray, KeyArray
from activeloop.seeds import Component, uniforms

BLOCKS = 20


def blocks(keys: KeyArray) -> IntArray:
    """Deal the items into 20 blocks, as equal as can be, by their keys and by nothing else.

    >>> np.bincount(blocks(np.arange(50, dtype=np.uint64))).tolist() == [3] * 10 + [2] * 10
    True
    """
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[np.argsort(uniforms(keys, 0, Component.BLOCKS), kind="stable")] = np.arange(len(keys))
    return ranks % BLOCKS
