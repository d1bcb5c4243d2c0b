"""The top 1,000 of ten million utilities against a full sort, a partition, and one pass over them.

    python benchmarks/top.py [--quick]

Medians in milliseconds of interleaved runs. "ties" has a thousand different values only, so that thousands of
items share the last place.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from activeloop.arrays import FloatArray, IntArray
from activeloop.kernels import top
from activeloop.seeds import Component, uniforms

N_WANTED = 1000


def tie_break(positions: IntArray) -> FloatArray:
    """Give each position its number, as a loop gives one to each id."""
    return uniforms(positions.astype(np.uint64), 0, Component.TIES)


def medians(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Give each call's median time in milliseconds over runs that take turns."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            begin = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - begin) * 1e3)
    return {name: statistics.median(taken) for name, taken in times.items()}


def main() -> None:
    """Measure random, tied and rising utilities; rising ones have all that is wanted in one place."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the utilities")
    n = 1_000_000 if parser.parse_args().quick else 10_000_000
    random = np.random.default_rng(0).random(n)
    print("| utilities | one pass (max) | top | top / pass | argpartition | argsort |\n|" + "---|" * 6)
    for name, utilities in (
        ("random", random),
        ("ties", np.floor(random * 1000)),
        ("rising", np.sort(random)),
    ):
        calls: dict[str, Callable[[], object]] = {
            "pass": utilities.max,
            "top": partial(top, utilities, N_WANTED, tie_break),
            "argpartition": partial(np.argpartition, utilities, n - N_WANTED),
            "argsort": partial(np.argsort, utilities),
        }
        took = medians(calls, 5)
        cells = [name, f"{took['pass']:.1f}", f"{took['top']:.1f}", f"{took['top'] / took['pass']:.2f}"]
        cells += [f"{took['argpartition']:.0f}", f"{took['argsort']:.0f}"]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
