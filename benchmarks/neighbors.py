"""Exact nearest neighbors against faiss and scikit-learn: wall time, CPU time, peak memory, precision.

    python benchmarks/neighbors.py [--n 50000] [--rounds 3]

Points are standard normal, (n, 384) float32, and each looks for its 10 nearest. Runs take turns, each in a
process of its own, so that its peak of memory is its own; medians are shown. "worst error" is the largest
difference of a distance from float64 arithmetic, over 200 queries: relative to it, but absolute where it is
0, that is, of a point from itself.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.kernels import nearest
from activeloop.kernels.threads import available

K, D = 10, 384


class Run(NamedTuple):
    """What one search took: seconds, CPU seconds, megabytes beyond the points, and its error."""

    wall: float
    cpu: float
    memory: float
    error: float


def ours(points: Array) -> FloatArray:
    """Give the distances by activeloop."""
    return nearest(points, k=K).distances


def faiss_flat(points: Array) -> FloatArray:
    """Give the distances by faiss, an index without any compression."""
    import faiss

    faiss.omp_set_num_threads(available())
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    squares: FloatArray = index.search(points, K)[0].astype(np.float64)
    return np.sqrt(np.maximum(squares, 0))


def scikit_learn(points: Array) -> FloatArray:
    """Give the distances by scikit-learn, without a tree."""
    from sklearn.neighbors import NearestNeighbors

    distances: FloatArray = NearestNeighbors(algorithm="brute").fit(points).kneighbors(points, K)[0]
    return distances


PEERS: dict[str, Callable[[Array], FloatArray]] = {
    "activeloop": ours,
    "faiss IndexFlatL2": faiss_flat,
    "scikit-learn brute": scikit_learn,
}


def measure(name: str, n: int) -> Run:
    """Search once, after a search of a few points that loads all that is needed."""
    points = np.random.default_rng(0).standard_normal((n, D), dtype=np.float32)
    PEERS[name](points[:1000])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    distances = PEERS[name](points)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Run(wall, cpu, peak / 1024, worst_error(points, distances))


def worst_error(points: Array, distances: FloatArray) -> float:
    """Compare some queries with differences in float64."""
    worst = 0.0
    for at in range(0, len(points), max(1, len(points) // 200)):
        squares = np.zeros(len(points))
        for begin in range(0, len(points), 4096):
            part = points[begin : begin + 4096] - points[at].astype(np.float64)
            squares[begin : begin + 4096] = np.einsum("ij,ij->i", part, part)
        true = np.sqrt(np.sort(np.partition(squares, K)[:K]))
        error = np.abs(distances[at] - true) / np.where(true > 0, true, 1)
        worst = max(worst, float(error.max()))
    return worst


def main() -> None:
    """Let the peers take turns and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    runs: dict[str, list[Run]] = {name: [] for name in PEERS}
    context: Any = multiprocessing.get_context("spawn")
    for _ in range(given.rounds):
        for name in PEERS:
            with context.Pool(1) as process:
                runs[name].append(process.apply(measure, (name, given.n)))
    python = sys.version.split()[0]
    print(f"{given.n} x {D}, k = {K}, {available()} threads, {platform.machine()}, Python {python}")
    print(f"load while measured: {os.getloadavg()[0]:.1f}")
    print("| | seconds | CPU seconds | MB beyond the points | worst error |\n|---|---|---|---|---|")
    for name, taken in runs.items():
        wall, cpu, memory, error = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"| {name} | {wall:.1f} | {cpu:.1f} | {memory:.0f} | {error:.1e} |")


if __name__ == "__main__":
    main()
