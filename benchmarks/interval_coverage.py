"""How often 95 % intervals hold the truth: Wilson and the delete-block jackknife, by simulation.

    python benchmarks/interval_coverage.py [--trials 1000] [--sizes 30 100 300]

Each population of 200,000 predictions has the true score; each trial draws n of it. "holdout" scores all n,
whose blocks are equal; "slice" scores a slice of n within a holdout of 4n, whose blocks are as they fall.
"missed below" and "above" are the shares in which the truth lies there. A trial without an interval (column
"none") is left out of the shares.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array
from activeloop.scoring import Scoreboard, Scoring
from activeloop.seeds import id_keys

POPULATION = 200_000
OF_CLASSES: tuple[Scoring, ...] = ("accuracy", "f1_macro", "f1_weighted", "balanced_accuracy", "f1[1]")
OF_CLASSES += ("matthews_corrcoef", "neg_log_loss", "neg_brier_score")
OF_NUMBERS: tuple[Scoring, ...] = ("neg_mean_absolute_error", "neg_root_mean_squared_error", "r2")


class Population(NamedTuple):
    """Labels, predictions and, of classes, probabilities of all its items."""

    labels: Array
    predicted: Array
    probabilities: Array | None = None


def classified(shares: list[float], skill: float, sureness: float, seed: int) -> Population:
    """Draw classes of unequal size, and a model that knows them as well and is as sure as asked."""
    random = np.random.default_rng(seed)
    n_classes = len(shares)
    labels = random.choice(n_classes, size=POPULATION, p=shares)
    logits = 1.2 * random.normal(size=(POPULATION, n_classes)) + skill * np.eye(n_classes)[labels]
    sure = np.exp(sureness * logits)
    probabilities = sure / sure.sum(axis=1, keepdims=True)
    return Population(labels, probabilities.argmax(axis=1), probabilities)


def measured(heavy: bool) -> Population:
    """Draw numbers, and a model whose errors are normal or, heavy-tailed, Student's with 4 degrees."""
    random = np.random.default_rng(int(heavy))
    labels = 2 * random.normal(size=POPULATION)
    errors = 0.7 * random.standard_t(4, size=POPULATION) if heavy else random.normal(size=POPULATION)
    return Population(labels, 0.9 * labels + errors)


POPULATIONS = {
    "four unequal classes": classified([0.4, 0.3, 0.2, 0.1], skill=2.0, sureness=1.3, seed=0),
    "ten classes": classified([0.1] * 10, skill=2.5, sureness=1.0, seed=0),
    "80 and 20 %": classified([0.8, 0.2], skill=1.2, sureness=1.3, seed=0),
    "97 % right": classified([0.4, 0.3, 0.3], skill=4.0, sureness=1.3, seed=0),
    "normal errors": measured(heavy=False),
    "heavy tails": measured(heavy=True),
}


def simulate(population: Population, n: int, held: int, trials: int) -> None:
    """Draw, score and count, and print a line per score."""
    labels, predicted, probabilities = population
    classes = None if probabilities is None else range(probabilities.shape[1])
    scoring = OF_NUMBERS if classes is None else OF_CLASSES
    whole = Scoreboard(scoring, [], labels, classes, id_keys(np.arange(POPULATION)), interval="none")
    truth = [row.value or 0.0 for row in whole.rows(predicted, probabilities)]
    random = np.random.default_rng(1)
    ends = np.full((trials, len(scoring), 2), np.nan)
    for trial in range(trials):
        drawn = random.choice(POPULATION, size=held, replace=False)
        board = Scoreboard(scoring, [("slice", np.arange(held) < n)], labels[drawn], classes, id_keys(drawn))
        some = None if probabilities is None else probabilities[drawn]
        for at, row in enumerate(board.rows(predicted[drawn], some)[-len(scoring) :]):
            if row.low is not None and row.high is not None:
                ends[trial, at] = row.low, row.high
    for at, (score, true) in enumerate(zip(scoring, truth, strict=True)):
        low, high = ends[~np.isnan(ends[:, at, 0]), at].T
        held_it = np.mean((low <= true) & (true <= high))
        print(
            f"{n:5}  {'holdout' if held == n else 'slice':8} {score!s:28} {true:7.3f} {held_it:6.3f} "
            f"{np.mean(true < low):6.3f} {np.mean(true > high):6.3f} {1 - len(low) / trials:6.3f} "
            f"{np.mean(high - low):7.3f}",
            flush=True,
        )


def main() -> None:
    """Simulate and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[30, 100, 300])
    options = parser.parse_args()
    for name, population in POPULATIONS.items():
        print(f"\n{name}; {options.trials} trials")
        heads = "".join(f"{head:>7}" for head in ("true", "held", "below", "above", "none", "width"))
        print(f"{'n':>5}  {'of':8} {'score':27} {heads}")
        for n in options.sizes:
            for held in (n, 4 * n):
                simulate(population, n, held, options.trials)


if __name__ == "__main__":
    main()
