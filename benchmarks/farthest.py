"""Farthest-first picks (Core-Set) among many points, against measuring every point after every pick.

    python benchmarks/farthest.py [--quick]

Milliseconds a pick: the median of interleaved runs of 50 picks by the kernel and 3 by the plain way, both
begun after 100 labeled points, less what the kernel prepares once (the column "once"). Both choose alike.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.kernels import distances_to_nearest, farthest_first
from activeloop.kernels.space import Space

LABELED, PICKS, PLAIN_PICKS, REPEATS = 100, 50, 3, 3


def plain(points: Array, n: int, distances: FloatArray) -> IntArray:
    """Choose by measuring all points after every pick, in float64."""
    left, chosen = distances.copy(), []
    for _ in range(n):
        chosen.append(int(left.argmax()))
        gaps = np.subtract(points, points[chosen[-1]], dtype=np.float64)
        np.minimum(left, np.sqrt(np.einsum("ij,ij->i", gaps, gaps)), out=left)
        left[chosen[-1]] = -1
    return np.array(chosen)


def took(call: Callable[[], Any]) -> tuple[float, Any]:
    """Give milliseconds, and what came of it."""
    begin = time.perf_counter()
    found = call()
    return (time.perf_counter() - begin) * 1e3, found


def row(n: int, d: int) -> str:
    """Measure one size."""
    points = np.random.default_rng(d).normal(size=(n, d)).astype(np.float32)
    distances = distances_to_nearest(points, points[:LABELED])
    times: dict[str, list[float]] = {"once": [], "kernel": [], "plain": [], "pass": []}
    for _ in range(REPEATS):
        once, _made = took(lambda: Space(points, np.float32))
        kernel, fast = took(
            lambda: farthest_first(points, PICKS, distances, lambda rows: rows.astype(float))[0]
        )
        slow, chosen = took(lambda: plain(points, PLAIN_PICKS, distances))
        assert (fast[:PLAIN_PICKS] == chosen).all()
        times["once"].append(once)
        times["kernel"].append((kernel - once) / (PICKS - 1))  # the last pick moves no point
        times["plain"].append(slow / PLAIN_PICKS)
        times["pass"].append(took(points.max)[0])
    once, kernel, slow, memory = (
        statistics.median(times[key]) for key in ("once", "kernel", "plain", "pass")
    )
    return f"| {n:,} x {d} | {once:.0f} | {kernel:.1f} | {slow:.0f} | {slow / kernel:.0f} | {memory:.1f} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the points")
    rows = 10_000 if parser.parse_args().quick else 100_000
    print("| points | once | a pick | measuring all | times as fast | one pass (max) |\n|" + "---|" * 6)
    for columns in (32, 128, 512):
        print(row(rows, columns), flush=True)
