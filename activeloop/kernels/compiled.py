"""The row scores as compiled loops, for those who have numba and ask for it (ACTIVELOOP_FAST=1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.errors import MissingDependencyError
from activeloop.kernels.blocks import Name

try:
    from llvmlite import ir
    from numba import njit, types
    from numba.extending import intrinsic

    INSTALLED = True
except ModuleNotFoundError:  # the functions below then stay plain, and `kernel` refuses to give them out
    INSTALLED = False

    def njit(**_: Any) -> Any:
        """Leave a function as it is."""
        return lambda function: function

    def intrinsic(function: Any) -> Any:
        """Leave a function as it is."""
        return function


Kernel: TypeAlias = Callable[[Array, FloatArray], None]

_CHUNK = 1024  # terms in first-level cache
_LONG = 32  # from so many classes on, a row alone fills the vector registers
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
# Minimax coefficients of log((1+s)/(1-s))/s - 2 in s² (FreeBSD msun, e_log.c): error below 2**-58.
_L1, _L2, _L3 = 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01
_L4, _L5, _L6 = 2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01
_L7 = 1.479819860511658591e-01
_LOG2_E = 1.4426950408889634


def kernel(name: Name) -> Kernel:
    """Give the compiled loop that writes the score of every row of p (n, C) into out (n,).

    Raises MissingDependencyError where numba is not installed.
    """
    if not INSTALLED:
        raise MissingDependencyError.of("numba", "fast", "for ACTIVELOOP_FAST=1")
    loop = {"entropy": _entropy, "max": _max, "margin": _margin, "variance": _variance}[name]
    # One compiled variant a data type: a foreign memory order goes through a copy of the block instead.
    return lambda p, out: _contiguous(loop, p, out)


def _contiguous(loop: Kernel, p: Array, out: FloatArray) -> None:
    if p.flags.c_contiguous:
        loop(p.view(), out)
        return
    rows = max(1, (1 << 15) // p.shape[1])
    for begin in range(0, len(p), rows):
        loop(np.ascontiguousarray(p[begin : begin + rows]), out[begin : begin + rows])


@intrinsic
def _bits(_context: Any, _number: Any) -> Any:
    return types.int64(types.float64), lambda _c, build, _s, given: build.bitcast(given[0], ir.IntType(64))


@intrinsic
def _number(_context: Any, _bits: Any) -> Any:
    return types.float64(types.int64), lambda _c, build, _s, given: build.bitcast(given[0], ir.DoubleType())


@njit(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
def _term(p: float) -> float:
    # p log2 p, with p = 2**k m, m in [sqrt(1/2), sqrt(2)): no branch and no call, so loops of it become
    # vector code (numba's own log does not). p = 0 gives m = 1 and k = -1023, and 0 * k is 0.
    bits = _bits(p)
    k = (bits - _SQRT_HALF_BITS) >> 52
    f = _number(bits - (k << 52)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    tail = z * (_L1 + z * (_L2 + z * (_L3 + z * (_L4 + z * (_L5 + z * (_L6 + z * _L7))))))
    term: float = p * (s * (2.0 + tail) * _LOG2_E + k)
    return term


@njit(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
def _terms(p: Array, terms: FloatArray) -> None:
    for i in range(p.size):
        terms[i] = _term(p[i])


@njit(nogil=True, cache=True, fastmath={"reassoc", "nsz"}, error_model="numpy")
def _entropy(p: Array, out: FloatArray) -> None:
    n, C = p.shape
    if C >= _LONG:
        for i in range(n):
            total = 0.0
            for j in range(C):
                total += _term(p[i, j])
            out[i] = 0.0 - total
        return
    rows = _CHUNK // C
    terms = np.empty(rows * C)
    flat = p.reshape(n * C)
    for begin in range(0, n, rows):
        count = min(rows, n - begin)
        _terms(flat[begin * C : (begin + count) * C], terms)
        for i in range(count):
            total = 0.0
            for j in range(C):
                total += terms[i * C + j]
            out[begin + i] = 0.0 - total


@njit(nogil=True, cache=True, fastmath={"reassoc", "nsz", "nnan"})
def _max(p: Array, out: FloatArray) -> None:
    for i in range(p.shape[0]):
        first = p[i, 0]
        for j in range(1, p.shape[1]):
            first = max(first, p[i, j])
        out[i] = first


@njit(nogil=True, cache=True, fastmath={"reassoc", "nsz", "nnan"})
def _margin(p: Array, out: FloatArray) -> None:
    for i in range(p.shape[0]):
        first = p[i, 0]
        second = first * 0
        for j in range(1, p.shape[1]):
            second = max(second, min(first, p[i, j]))
            first = max(first, p[i, j])
        out[i] = np.float64(first) - np.float64(second)


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract", "nsz"}, error_model="numpy")
def _variance(p: Array, out: FloatArray) -> None:
    C = p.shape[1]
    for i in range(p.shape[0]):
        total = 0.0
        for j in range(C):
            deviation = p[i, j] - 1 / C
            total += deviation * deviation
        out[i] = total / C
