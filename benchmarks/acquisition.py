"""The four acquisition functions against modAL, scikit-activeml and the time of reading the array once.

    python benchmarks/acquisition.py [--quick] [--cpu]

Times are medians in milliseconds of interleaved runs: every contender has one run, then every contender has
its next. With --cpu they are processor time, for a machine that does other work too; then look at "1 thread",
for "all" adds up the threads. "read" is the faster of sum and max over the array on one core. "extra" is the
peak of memory allocated during the call, less the result, as a share of the array. "compiled" is
ACTIVELOOP_FAST=1.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np

from activeloop.arrays import Array
from activeloop.kernels import compiled, row_entropy, row_margin, row_max, row_variance
from activeloop.kernels.threads import available

Call = Callable[[], object]
OURS = {"entropy": row_entropy, "least_confidence": row_max, "margin": row_margin, "variance": row_variance}
SHAPES = [(1_000_000, 10), (1_000_000, 100), (100_000, 1000)]
COLUMNS = (
    "operation", "shape", "dtype", "ours", "1 thread", "all", "modAL", "skactiveml", "numpy",
    "x modAL", "x skactiveml", "read", "all/read", "extra",
)  # fmt: skip


class Fixed:
    """A classifier that already knows: what it is asked about is the answer."""

    def predict_proba(self, X: Array) -> Array:
        """Give the array back."""
        return X


def peers() -> dict[str, dict[str, Callable[[Array], object]]]:
    """Give each peer's function for each operation; a peer that is not installed is named and left out."""
    found: dict[str, dict[str, Callable[[Array], object]]] = {
        "numpy": {"variance": lambda p: np.var(p, axis=1)}
    }
    try:
        from modAL import uncertainty as modal

        found["modAL"] = {
            "entropy": partial(modal.classifier_entropy, Fixed()),
            "least_confidence": partial(modal.classifier_uncertainty, Fixed()),
            "margin": partial(modal.classifier_margin, Fixed()),
        }
    except ImportError:
        print("modAL is not installed: skipped (pip install modAL-python)")
    try:
        from skactiveml.pool import uncertainty_scores

        methods = {"entropy": "entropy", "least_confidence": "least_confident", "margin": "margin_sampling"}
        found["skactiveml"] = {
            name: partial(uncertainty_scores, method=method) for name, method in methods.items()
        }
    except ImportError:
        print("scikit-activeml is not installed: skipped (pip install scikit-activeml)")
    return found


def compiling(call: Call, fast: str) -> Call:
    """Give a call that runs with the compiled loops switched on ("1") or off ("0")."""

    def run() -> object:
        os.environ["ACTIVELOOP_FAST"] = fast
        return call()

    return run


def interleaved(calls: dict[str, Call], rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """Give each call's median time in milliseconds over runs that take turns, after one uncounted."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds + 1):
        for name, call in calls.items():
            begin = clock()
            call()
            times[name].append((clock() - begin) * 1e3)
    return {name: statistics.median(taken[1:]) for name, taken in times.items()}


def extra(call: Callable[[], Array], p: Array) -> float:
    """Give the memory that a call holds at its peak beside its result, as a share of the array."""
    tracemalloc.start()
    result = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - result.nbytes) / p.nbytes


def measure(
    p: Array, others: dict[str, dict[str, Callable[[Array], object]]], rounds: int, clock: Callable[[], float]
) -> None:
    """Print the lines of one array."""
    ways = {"numpy": "0", "compiled": "1"} if compiled.INSTALLED else {"numpy": "0"}
    for name, score in OURS.items():
        calls: dict[str, Call] = {"sum": p.sum, "max": p.max}
        for way, fast in ways.items():
            calls[f"{way} one"] = compiling(partial(score, p, threads=1), fast)
            calls[f"{way} all"] = compiling(partial(score, p), fast)
        calls |= {peer: partial(made[name], p) for peer, made in others.items() if name in made}
        took = interleaved(calls, rounds, clock)
        read = min(took["sum"], took["max"])
        for way, fast in ways.items():
            all_cores = took[f"{way} all"]
            share = extra(compiling(partial(score, p), fast), p)  # type: ignore[arg-type]
            cells = [name, f"{p.shape[0]}x{p.shape[1]}", p.dtype.name, way]
            cells += [f"{took[f'{way} one']:.1f}", f"{all_cores:.1f}"]
            cells += [
                f"{took[peer]:.0f}" if peer in took else "-" for peer in ("modAL", "skactiveml", "numpy")
            ]
            cells += [
                f"{took[peer] / all_cores:.1f}" if peer in took else "-" for peer in ("modAL", "skactiveml")
            ]
            cells += [f"{read:.1f}", f"{all_cores / read:.2f}", f"{share:.1%}"]
            print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Measure every shape in both precisions."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, three rounds")
    parser.add_argument("--cpu", action="store_true", help="processor time instead of time on the clock")
    options = parser.parse_args()
    rounds, clock = (3 if options.quick else 5), (time.process_time if options.cpu else time.perf_counter)
    others = peers()
    print(f"numpy {np.__version__}, {available()} threads, load {os.getloadavg()[0]:.1f}")
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for n, C in SHAPES:
        draws = np.random.default_rng(0).exponential(size=(n // 10 if options.quick else n, C))
        draws /= draws.sum(axis=1, keepdims=True)
        measure(draws, others, rounds, clock)
        measure(draws.astype(np.float32), others, rounds, clock)


if __name__ == "__main__":
    main()
