"""The n largest of very many numbers, in one pass, with ties broken by a rule and not by where they stand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray

_GROUPS = 1 << 16  # groups of utilities, each first represented by its peak; the peaks stay in cache
_GROUPS_PER_WANTED = 8
_SHALLOW = 8  # groups so small save nothing


def top(utilities: Array, n: int, tie_break: Callable[[IntArray], FloatArray]) -> IntArray:
    """Give the positions of the n largest utilities (m,), the largest first; all of them if n > m.

    `tie_break` is asked about equal utilities only: it takes their positions and gives a key for each, and
    the smaller key comes first. With keys that belong to the items (`seeds.uniforms`) the items chosen do
    not hang on the order of the pool. Equal keys: the lower position. −inf is allowed, NaN is not.

    >>> top(np.array([1.0, 3.0, 2.0, 3.0]), 3, tie_break=lambda positions: -positions).tolist()
    [3, 1, 2]
    """
    n = min(n, len(utilities))
    if n <= 0:
        return np.empty(0, dtype=np.int64)
    positions = _at_least_nth(utilities, n)
    values = utilities[positions]
    keys = np.zeros(len(positions))
    order = np.argsort(values, kind="stable")
    equal = np.flatnonzero(values[order][1:] == values[order][:-1])
    tied = np.union1d(order[equal], order[equal + 1])
    if tied.size:
        keys[tied] = tie_break(positions[tied])
    return positions[np.lexsort((keys, -values))[:n]]


def _at_least_nth(utilities: Array, n: int) -> IntArray:
    """Give, in rising order, the positions of all values that are at least the n-th largest."""
    groups = max(_GROUPS, _GROUPS_PER_WANTED * n)
    depth = len(utilities) // groups
    if depth < _SHALLOW:
        return np.flatnonzero(utilities >= _nth_largest(utilities, n)).astype(np.int64, copy=False)
    # A group is a column of this table, so its peak is found in one pass over contiguous rows. n groups hold
    # a value of at least the n-th largest peak: what lies below that cannot be among the n largest.
    table = utilities[: depth * groups].reshape(depth, groups)
    peaks = table.max(axis=0)
    bound = _nth_largest(peaks, n)
    high = np.flatnonzero(peaks >= bound)
    if len(high) > groups // 8:  # ties: one more pass costs less than picking columns
        positions = np.flatnonzero(utilities >= bound)
    else:
        row, column = np.nonzero(table[:, high] >= bound)
        rest = depth * groups + np.flatnonzero(utilities[depth * groups :] >= bound)
        positions = np.concatenate([row * groups + high[column], rest])
    values = utilities[positions]
    return positions[values >= _nth_largest(values, n)].astype(np.int64, copy=False)


def _nth_largest(values: Array, n: int) -> float:
    return float(np.partition(values, len(values) - n)[len(values) - n])
