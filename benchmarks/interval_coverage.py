"""How often 95 % intervals hold the truth: Wilson and the delete-block jackknife, by simulation.

    python benchmarks/interval_coverage.py [--trials 2000]

A population of 200,000 predictions (4 unequal classes, an over-confident model) has the true score; each
trial draws n of it. "holdout" scores all n, whose blocks are equal; "slice" scores a slice of n within a
holdout of 4n, whose blocks are as they fall.
"""

from __future__ import annotations

import argparse

import numpy as np

from activeloop.arrays import Array
from activeloop.scoring import Scoreboard
from activeloop.seeds import id_keys

SCORING = ("accuracy", "f1_macro", "neg_log_loss")
SIZES = (30, 100, 300)
POPULATION = 200_000


def population() -> tuple[Array, Array, Array]:
    """Give labels, predictions and probabilities of the population."""
    random = np.random.default_rng(0)
    labels = random.choice(4, size=POPULATION, p=[0.4, 0.3, 0.2, 0.1])
    logits = 1.2 * random.normal(size=(POPULATION, 4)) + 2.0 * np.eye(4)[labels]
    sure = np.exp(1.3 * logits)
    probabilities = sure / sure.sum(axis=1, keepdims=True)
    return labels, probabilities.argmax(axis=1), probabilities


def main() -> None:
    """Simulate and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trials", type=int, default=2000)
    trials = parser.parse_args().trials
    labels, predicted, probabilities = population()
    whole = Scoreboard(SCORING, [], labels, range(4), id_keys(np.arange(POPULATION)), interval="none")
    truth = {row.score: row.value for row in whole.rows(predicted, probabilities)}
    random = np.random.default_rng(1)
    print(f"{trials} trials; true values " + ", ".join(f"{k} {v:.3f}" for k, v in truth.items()))
    print(f"{'n':>5}  {'of':8} {'score':13} {'held':>6} {'none':>6} {'width':>7}")
    for n in SIZES:
        for of, held in (("holdout", n), ("slice", 4 * n)):
            counts = {score: [0, 0, 0.0] for score in SCORING}
            for _ in range(trials):
                drawn = random.choice(POPULATION, size=held, replace=False)
                inside = np.arange(held) < n
                board = Scoreboard(SCORING, [("slice", inside)], labels[drawn], range(4), id_keys(drawn))
                for row in board.rows(predicted[drawn], probabilities[drawn])[-3:]:
                    count, true = counts[row.score], truth[row.score]
                    if row.low is None or row.high is None or true is None:
                        count[1] += 1
                    else:
                        count[0] += row.low <= true <= row.high
                        count[2] += row.high - row.low
            for score, (hits, none, width) in counts.items():
                with_interval = trials - none
                print(
                    f"{n:5}  {of:8} {score:13} {hits / with_interval:6.3f} {none / trials:6.3f} "
                    f"{width / with_interval:7.3f}"
                )


if __name__ == "__main__":
    main()
