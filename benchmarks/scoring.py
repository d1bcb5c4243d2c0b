"""Scores by slice: 35 scores on 50 overlapping slices against fairlearn's MetricFrame, and a small round.

    python benchmarks/scoring.py            1e6 predictions; fairlearn takes minutes
    python benchmarks/scoring.py --quick    2e4 predictions

Times are medians of interleaved runs. fairlearn takes one binary feature per overlapping slice, so it is
asked slice by slice, in the way that costs it least: precision, recall and F1 of all classes from one call.
It scores 5 of the 50 slices, from the smallest to the largest, and its time is scaled to 50. Ours gives 95 %
intervals with every value, fairlearn none. Values must be equal, or the benchmark stops.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn import metrics

from activeloop.arrays import Array, BoolArray
from activeloop.scoring import Scoreboard
from activeloop.seeds import id_keys

C = 10
PEER_EVERY = 12  # of the 50 slices, which makes 5
PARTS = ("precision", "recall", "f1")
SCORING = ["accuracy", "balanced_accuracy", *(f"{part}_macro" for part in PARTS)]
SCORING += [f"{part}[{one}]" for part in PARTS for one in range(C)]


def predictions(n: int) -> tuple[Array, Array, list[tuple[str, BoolArray]]]:
    """Draw labels, predictions of them, and slices of 2 to 60 %."""
    random = np.random.default_rng(0)
    labels = random.integers(C, size=n)
    predicted = np.where(random.random(n) < 0.8, labels, random.integers(C, size=n))
    shares = np.linspace(0.02, 0.6, 50)
    return labels, predicted, [(f"slice {at}", random.random(n) < share) for at, share in enumerate(shares)]


def per_class(labels: Array, predicted: Array) -> Array:
    """Give precision, recall and F1 of every class, one after the other."""
    parts = metrics.precision_recall_fscore_support(labels, predicted, labels=range(C), zero_division=0)
    return np.concatenate(parts[:3])


def fairlearn(
    labels: Array, predicted: Array, slices: list[tuple[str, BoolArray]]
) -> dict[tuple[str, str], float]:
    """Score with MetricFrame; the macro averages are the means of its values by class."""
    from fairlearn.metrics import MetricFrame

    asked = {
        "accuracy": metrics.accuracy_score,
        "balanced_accuracy": metrics.balanced_accuracy_score,
        "per_class": per_class,
    }
    values: dict[tuple[str, str], float] = {}
    for name, inside in slices:
        frame = MetricFrame(metrics=asked, y_true=labels, y_pred=predicted, sensitive_features=inside)
        of_slice = frame.by_group.loc[True]
        table = np.asarray(of_slice["per_class"]).reshape(len(PARTS), C)
        row = [of_slice["accuracy"], of_slice["balanced_accuracy"], *table.mean(axis=1), *table.ravel()]
        values |= {(name, score): float(value) for score, value in zip(SCORING, row, strict=True)}
    return values


def ours(board: Scoreboard, predicted: Array) -> dict[tuple[str, str], float | None]:
    """Score with the board."""
    return {(row.slice, row.score): row.value for row in board.rows(predicted) if row.slice != "all"}


def clock(run: Callable[[], Any]) -> tuple[float, Any]:
    """Give the seconds it took, and what it gave."""
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def against_fairlearn(n: int, repeats: int) -> None:
    """Time both on the same predictions, and hold their values together."""
    labels, predicted, slices = predictions(n)
    built, board = clock(lambda: Scoreboard(SCORING, slices, labels, range(C), id_keys(np.arange(n))))
    one_pass, _ = clock(lambda: [predicted[inside].sum() for _, inside in slices])
    print(f"{n:,} predictions, {C} classes, {len(slices)} overlapping slices, {len(SCORING)} scores")
    print(f"  making the board once      {built:10.3f} s")
    print(f"  numpy: gather and sum each {one_pass:10.3f} s")
    ours(board, predicted)
    times: dict[str, list[float]] = {"ours": [], "fairlearn": []}
    for _ in range(repeats):
        took, mine = clock(lambda: ours(board, predicted))
        times["ours"].append(took)
        took, peer = clock(lambda: fairlearn(labels, predicted, slices[::PEER_EVERY]))
        times["fairlearn"].append(took * len(slices) / len(slices[::PEER_EVERY]))
        worst = max(abs(value - (mine[key] or 0.0)) for key, value in peer.items())
        assert worst < 1e-12, f"values differ by {worst}"
    medians = {name: statistics.median(took) for name, took in times.items()}
    print(f"  scoring a round, intervals {medians['ours']:10.3f} s")
    print(f"  fairlearn, no intervals    {medians['fairlearn']:10.3f} s")
    print(f"  {medians['fairlearn'] / medians['ours']:.0f} times faster; values equal to {worst:.0e}")


def small(calls: int) -> None:
    """Time what a loop pays each round."""
    n = 540
    random = np.random.default_rng(0)
    labels = random.integers(C, size=n)
    predicted = np.where(random.random(n) < 0.8, labels, random.integers(C, size=n))
    slices = [(f"class {one}", labels == one) for one in range(C)]
    slices += [("light", random.random(n) < 0.5), ("dark", random.random(n) < 0.3)]
    board = Scoreboard(["accuracy", "f1_macro"], slices, labels, range(C), id_keys(np.arange(n)))
    board.rows(predicted)
    took = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(calls):
            board.rows(predicted)
        took.append((time.process_time() - start) / calls * 1e3)
    print(
        f"{n} predictions, 13 slices, accuracy and f1_macro: {statistics.median(took):.2f} ms of CPU a round"
    )


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="20,000 predictions instead of a million")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    small(200)
    against_fairlearn(20_000 if options.quick else 1_000_000, options.repeats)


if __name__ == "__main__":
    main()
