"""One number per row of class probabilities, at a small multiple of the time of reading them.

An array is (n, C), float32 or float64, in any memory order; the result is (n,) float64. It is worked through
in blocks that stay in cache, so it costs no copy of the array. A row's number hangs on that row alone: it has
the same bits wherever the row stands, in every memory order, and for every number of threads.

Nothing is checked here; probabilities are checked once, where they come in (`metrics.predictions`).
With ACTIVELOOP_FAST=1 the same loops run compiled (needs numba); they agree with these to 1e-12. That is a
switch, and not automatic, so that what happens to be installed never decides between two close items.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.errors import InputError
from activeloop.kernels import blocks
from activeloop.kernels.threads import share_out

_BLOCK_BYTES = 1 << 18  # a block, its scratch and the rows it came from stay in a second-level cache
_LONG = 64  # from so many classes on, rows are long enough to be worked on as they lie
_VERY_LONG = 256


def row_entropy(p: Array, *, threads: int | None = None) -> FloatArray:
    """Compute −Σ p log2 p of each row, in bits, with 0·log 0 = 0 (Shannon 1948).

    >>> row_entropy(np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]])).tolist()
    [1.5, 0.0]
    """
    return _by_rows(p, "entropy", threads)


def row_max(p: Array, *, threads: int | None = None) -> FloatArray:
    """Give the largest value of each row.

    >>> row_max(np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])).tolist()
    [0.5, 1.0]
    """
    return _by_rows(p, "max", threads)


def row_margin(p: Array, *, threads: int | None = None) -> FloatArray:
    """Compute largest minus second largest of each row; the second is 0 where there is one class.

    >>> row_margin(np.array([[0.5, 0.125, 0.375], [0.5, 0.5, 0.0]])).tolist()
    [0.125, 0.0]
    """
    return _by_rows(p, "margin", threads)


def row_variance(p: Array, *, threads: int | None = None) -> FloatArray:
    """Compute 1/C Σ (p − 1/C)² of each row: its population variance, as rows sum to 1.

    >>> row_variance(np.array([[0.5, 0.5], [1.0, 0.0]])).tolist()
    [0.0, 0.25]
    """
    return _by_rows(p, "variance", threads)


def _by_rows(p: Array, score: blocks.Name, threads: int | None) -> FloatArray:
    p = np.asarray(p)
    if p.ndim != 2 or p.shape[1] == 0:
        raise InputError(f"probabilities have shape {p.shape}; allowed: (n items, C classes) with C >= 1")
    if p.dtype not in (np.float32, np.float64):
        p = p.astype(np.float64)
    out = np.empty(len(p))
    vector_already = score == "max" and p.shape[1] >= _VERY_LONG  # numpy's maximum is, numba's is not
    if os.environ.get("ACTIVELOOP_FAST") == "1" and not vector_already:
        from activeloop.kernels import compiled  # here, as numba takes half a second to import

        fill = compiled.kernel(score)
    else:
        long = p.shape[1] >= _LONG
        dtype = p.dtype if score in ("max", "margin") else np.dtype(np.float64)
        fill = _in_blocks((blocks.OF_ROWS if long else blocks.OF_COLUMNS)[score], dtype, turned=not long)
    share_out(len(p), p.size, lambda begin, end: fill(p[begin:end], out[begin:end]), threads)
    return out


def _in_blocks(
    score: blocks.Score, dtype: np.dtype[np.floating], turned: bool
) -> Callable[[Array, FloatArray], None]:
    # Short rows are turned over on their way into the cache: with one class a line, every step of a score
    # is one call over a long contiguous stretch, however few classes there are.
    def fill(p: Array, out: FloatArray) -> None:
        n, C = p.shape
        rows = max(1, min(n, _BLOCK_BYTES // (C * dtype.itemsize)))
        block, scratch = np.empty(C * rows, dtype), np.empty(C * rows, dtype)
        for begin in range(0, n, rows):
            part = p[begin : begin + rows]
            if turned or not part.flags.c_contiguous:
                part = part.T if turned else part
                cached = block[: part.size].reshape(part.shape)
                np.copyto(cached, part)
                part = cached
            score(part, scratch[: part.size].reshape(part.shape), out[begin : begin + rows])

    return fill
