"""Verdicts on slices: false alarms without any difference, power where there is one, coverage of differences.

    python benchmarks/slices.py [differences] [power] [discovery] [alarms] [--runs 400]

Alarms: 20 slices of n random items of a holdout, for each score the share of runs in which at least one
verdict is "worse" or "better" (Holm, Benjamini-Hochberg), and the share of p < 0.05. Power: one of 20 slices
has more errors than the others. Differences: how often the interval of a difference of proportions holds it.
Discovery: how often a found slice is confirmed, with and without a slice to be found.
"""

from __future__ import annotations

import argparse

import numpy as np
from interval_coverage import POPULATIONS, Population

from activeloop.arrays import BoolArray
from activeloop.discovery import discover
from activeloop.metrics import Table
from activeloop.performance import Verdict, compare
from activeloop.scoring import Predictions
from activeloop.statistics import benjamini_hochberg, holm, proportions

SLICES = 20
LEVEL = 0.05
SIZES = {30: 600, 100: 1000, 300: 2000, 1000: 5000}
OF_CLASSES = ("accuracy", "f1[1]", "f1_macro", "balanced_accuracy", "matthews_corrcoef", "neg_log_loss")
OF_NUMBERS = ("neg_mean_absolute_error", "neg_root_mean_squared_error", "r2")


def drawn(population: Population, n: int, random: np.random.Generator) -> Predictions:
    """Draw n items."""
    some = random.choice(len(population.labels), size=n, replace=False)
    labels, predicted, probabilities = population
    if probabilities is None:
        return Predictions(labels[some], predicted[some], ids=some)
    classes = tuple(range(probabilities.shape[1]))
    return Predictions(labels[some], predicted[some], probabilities[some], classes, some)


def random_slices(n: int, held: int, random: np.random.Generator) -> list[tuple[str, BoolArray]]:
    """Draw slices of n items, each from all."""
    drawn = (random.choice(held, n, replace=False) for _ in range(SLICES))
    return [(str(at), np.isin(np.arange(held), one)) for at, one in enumerate(drawn)]


def alarm(rows: list[Verdict]) -> tuple[bool, bool, float]:
    """Say whether one score raised an alarm by Holm, by Benjamini-Hochberg, and the share of p below 0.05."""
    p = np.array([np.nan if row.p is None else row.p for row in rows])
    by_holm, by_rate = (bool((adjust(p) < LEVEL).any()) for adjust in (holm, benjamini_hochberg))
    return by_holm, by_rate, float(np.nanmean(p < LEVEL))


def false_alarms(runs: int) -> None:
    """Print the shares of runs with an alarm."""
    print(f"False alarms, {SLICES} slices without any difference, {runs} runs")
    print(f"{'population':22} {'n':>5} {'score':28} {'Holm':>6} {'BH':>6} {'p<.05':>6}")
    for name, population in POPULATIONS.items():
        scoring = OF_NUMBERS if population.probabilities is None else OF_CLASSES
        for n, held in SIZES.items():
            random = np.random.default_rng(n)
            alarms = np.zeros((runs, len(scoring), 3))
            for run in range(runs):
                given = drawn(population, held, random)
                slices = random_slices(n, held, random)
                rows = compare(given, slices, scoring)
                alarms[run] = [alarm(list(rows[at :: len(scoring)])) for at in range(len(scoring))]
            for score, shares in zip(scoring, alarms.mean(axis=0), strict=True):
                print(
                    f"{name:22} {n:5} {score:28} {shares[0]:6.3f} {shares[1]:6.3f} {shares[2]:6.3f}",
                    flush=True,
                )


def power(runs: int) -> None:
    """Print how often a slice that is worse is called so, by Holm over 20 slices."""
    print(f"\nPower: accuracy 0.9, in one of {SLICES} slices less by the difference; {runs} runs")
    differences = (0.05, 0.1, 0.2, 0.3)
    print(f"{'n':>5} {'score':18}" + "".join(f"{one:8.2f}" for one in differences))
    random = np.random.default_rng(0)
    for n in (30, 100, 300, 1000):
        held = SIZES[n]
        for score in ("accuracy", "f1_macro"):
            found = []
            for difference in differences:
                hits = 0
                for _ in range(runs):
                    slices = random_slices(n, held, random)
                    labels = random.integers(3, size=held)
                    wrong = random.random(held) < 0.1 + difference * slices[0][1]
                    given = Predictions(labels, np.where(wrong, (labels + 1) % 3, labels), classes=(0, 1, 2))
                    hits += compare(given, slices, score)[0].verdict == "worse"
                found.append(hits / runs)
            print(f"{n:5} {score:18}" + "".join(f"{one:8.2f}" for one in found), flush=True)


def coverage(trials: int) -> None:
    """Print how often Newcombe's interval holds a difference, and how often p < 0.05 where there is none."""
    print(f"\nDifferences of proportions, {trials} trials")
    print(f"{'n':>5} {'rest':>5} {'p':>5} {'rest':>5} {'held':>6} {'p<.05':>6}")
    random = np.random.default_rng(0)
    for n, rest_n in ((10, 100), (30, 100), (30, 600), (100, 600), (300, 3000)):
        for share, rest in ((0.5, 0.5), (0.9, 0.9), (0.98, 0.98), (0.7, 0.9)):
            sizes = np.full(trials, float(n)), np.full(trials, float(rest_n))
            hits = random.binomial(n, share, trials), random.binomial(rest_n, rest, trials)
            found = proportions(hits[0].astype(float), sizes[0], hits[1].astype(float), sizes[1])
            held = np.mean((found.low <= share - rest) & (share - rest <= found.high))
            alarms = f"{np.mean(found.p < 0.05):6.3f}" if share == rest else ""
            print(f"{n:5} {rest_n:5} {share:5.2f} {rest:5.2f} {held:6.3f} {alarms}")


def discovery(runs: int) -> None:
    """Print how often a slice is confirmed, by the share of errors in the planted one (10 % elsewhere)."""
    print(f"\nDiscovery: 5 columns, one slice of 1/12 of the items; {runs} runs")
    print(f"{'items':>6} {'errors in it':>13} {'any confirmed':>14} {'it, first':>10}")
    random = np.random.default_rng(0)
    for n in (600, 2000):
        for errors in (0.1, 0.25, 0.4, 0.6):
            confirmed = first = 0
            for _ in range(runs):
                labels = random.integers(3, size=n)
                columns = {"ink": random.random(n), "age": random.normal(size=n), "label": labels}
                columns["width"] = np.where(random.random(n) < 0.1, np.nan, random.random(n))
                columns["place"] = random.choice(["north", "south", "west"], n)
                inside = (columns["ink"] < 0.25) & (labels == 2)
                wrong = random.random(n) < np.where(inside, errors, 0.1)
                given = Predictions(labels, np.where(wrong, (labels + 1) % 3, labels), classes=(0, 1, 2))
                found = [one for one in discover(given, Table(columns), list(columns)) if one.confirmed]
                confirmed += bool(found)
                name = found[0].slice.name if found else ""
                first += name.startswith("ink <") and name.endswith("class 2")
            print(f"{n:6} {errors:13.2f} {confirmed / runs:14.3f} {first / runs:10.3f}", flush=True)


def main() -> None:
    """Simulate and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parts = {"differences": coverage, "power": power, "discovery": discovery, "alarms": false_alarms}
    parser.add_argument("parts", nargs="*", choices=[*parts, []], help="all of them unless named")
    parser.add_argument("--runs", type=int, default=400)
    options = parser.parse_args()
    for name in options.parts or parts:
        parts[name](20 * options.runs if name == "differences" else options.runs)


if __name__ == "__main__":
    main()
