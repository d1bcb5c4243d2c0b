"""How often a comparison of strategies errs, by simulation; and how long a large one takes.

    python benchmarks/comparison.py [alarms] [real] [power] [saved] [scale] [--studies 2000]

alarms: studies of k strategies that are all the same as the baseline; the share that tells a winner or loser.
real: runs on a real data set (scikit-learn's wine), two random strategies with different draws.
power: the share of studies that shows a true difference with the number of seeds that was asked for.
saved: how often 95 % intervals of mean labels saved hold the truth.
scale: 10,000 runs x 50 rounds x 20 slices.
"""

from __future__ import annotations

import argparse
import resource
import time
import warnings
from collections.abc import Iterator

import numpy as np
from scipy import stats

from activeloop.arrays import FloatArray
from activeloop.comparison import compare, least_seeds, seeds_needed
from activeloop.comparison.bootstrap import bootstrap_t
from activeloop.comparison.paired import Test, paired
from activeloop.comparison.verdicts import corrected
from activeloop.curves import Curves, Run, Setting, StudyRuns
from activeloop.statistics import holm

LAWS = ("normal", "skewed", "coarse")


def drawn(law: str, shape: tuple[int, ...], random: np.random.Generator) -> FloatArray:
    """Draw areas of runs: with normal noise, with a long tail, or in steps as of a holdout of 50 items."""
    if law == "skewed":
        return np.asarray(0.8 - 0.02 * random.lognormal(0, 1, shape))
    values = random.normal(0.8, 0.02, shape)
    return np.asarray(np.round(values * 50) / 50 if law == "coarse" else values)


def _header(*words: str) -> None:
    print(f"| {' | '.join(words)} |\n|{'---|' * len(words)}")


def alarms(studies: int) -> None:
    """Print how often a study of equal strategies tells one of them apart."""
    _header("seeds", "strategies", "test", "normal", "skewed", "coarse", "uncorrected")
    random = np.random.default_rng(0)
    tests: tuple[Test, ...] = ("wilcoxon", "t")
    for k, seeds in ((1, 6), (1, 10), (1, 30), (4, 10), (4, 30), (19, 12), (19, 30)):
        for test in tests:
            shares, raw = [], 0.0
            for law in LAWS:
                values = drawn(law, (studies, k + 1, seeds), random)
                ours = values[:, 1:].reshape(-1, seeds)
                p = paired(ours, np.repeat(values[:, 0], k, axis=0), test).p
                study = np.repeat(np.arange(studies), k)
                told = corrected(p, study, holm) < 0.05
                shares.append(told.reshape(studies, k).any(axis=1).mean())
                raw = max(raw, (p.reshape(studies, k) < 0.05).any(axis=1).mean())
            cells = " | ".join(f"{100 * one:.1f} %" for one in shares)
            print(f"| {seeds} | {k} | {test} | {cells} | {100 * raw:.0f} % |", flush=True)


def real(studies: int) -> None:
    """Print how often two random strategies with different draws are told apart on a real data set."""
    from sklearn.datasets import load_wine
    from sklearn.naive_bayes import GaussianNB

    import activeloop as al
    from activeloop.strategies import random as uniform
    from activeloop.strategy import Strategy

    X, y = load_wine(return_X_y=True)
    data = al.Dataset(X, y)
    both = (uniform, Strategy(lambda candidates: np.zeros(len(candidates)), name="random by ties"))
    seeds, rounds = 10, 3
    runs, rows = [], []
    for study in range(studies):
        for seed in range(seeds):
            pool, holdout = data.split(holdout=0.5, seed=study * seeds + seed)
            for strategy in both:
                loop = al.Loop(
                    GaussianNB(), pool, strategy=strategy, holdout=holdout, scoring=["accuracy"],
                    batch_size=5, start_size=6, seed=study * seeds + seed,
                )  # fmt: skip
                oracle, stop = al.oracles.simulated(pool), al.stopping.budget(6 + 5 * rounds)
                done = list(loop.run(oracle, stop=stop))
                rows.append([(one.n_labeled, one.score("accuracy")) for one in done])
                runs.append(Run(Setting(f"wine {study}", "GaussianNB", 5, "exact"), strategy.name, seed))
        if study % 20 == 19:
            print(f"  {study + 1} studies", flush=True)
    table = np.array(rows, dtype=np.float64)
    made = _study(tuple(runs), table[..., 0], {"all": table[..., 1]})
    tests: tuple[Test, ...] = ("wilcoxon", "t")
    for test in tests:
        found = compare(made, test=test)
        for measure in ("area", "final"):
            told = found.against[found.against["measure"] == measure]["verdict"].value_counts().to_dict()
            print(f"| {test} | {measure} | {studies} | {told} |")
    area = found.against[found.against["measure"] == "area"]
    print(f"areas {area['mean'].mean():.4f} and {area['baseline_mean'].mean():.4f}")


def power(studies: int) -> None:
    """Print the share of studies that shows a true difference with the seeds that `seeds_needed` names."""
    _header("difference / spread", "strategies", "test", "seeds", "shown", "shown, skewed")
    random = np.random.default_rng(1)
    tests: tuple[Test, ...] = ("wilcoxon", "t")
    for effect in (0.4, 0.7, 1.0, 1.5):
        for k in (1, 5):
            for test in tests:
                seeds = seeds_needed(effect, 1.0, strategies=k, test=test) or 0
                noise = [random.normal(0, 1, (studies, seeds)), random.gamma(4, 0.5, (studies, seeds)) - 2]
                shown = [
                    (paired(effect + one, np.zeros_like(one), test).p * k < 0.05).mean() for one in noise
                ]
                cells = " | ".join(f"{100 * one:.0f} %" for one in shown)
                print(f"| {effect} | {k} | {test} | {seeds} | {cells} |", flush=True)
    print("fewest seeds:", {k: least_seeds(k) for k in (1, 2, 4, 9, 19)})


def _labels(law: str, shape: tuple[int, int], random: np.random.Generator) -> FloatArray:
    """Draw labels saved by runs that reach a target in steps of 10, or stop at the end of the budget."""
    end = {"never cut": 1e9, "some cut at 200": 200.0, "many cut at 100": 100.0}[law]
    ours, theirs = (np.minimum(10 * np.ceil(random.gamma(4, scale, shape)), end) for scale in (2.0, 3.0))
    return np.asarray(theirs - ours)


def saved(studies: int) -> None:
    """Print how often intervals of mean labels saved hold the truth, and how wide they are."""
    _header("labels", "seeds", "bootstrap-t", "t", "BCa", "percentile")
    random = np.random.default_rng(2)
    for law in ("never cut", "some cut at 200", "many cut at 100"):
        truth = _labels(law, (20_000, 100), random).mean()
        for seeds in (5, 10, 20, 50):
            values = _labels(law, (studies, seeds), random)
            cells = [
                f"{100 * ((low <= truth) & (truth <= high)).mean():.1f} % ({np.nanmedian(high - low):.0f})"
                for low, high in _intervals(values)
            ]
            print(f"| {law} | {seeds} | {' | '.join(cells)} |", flush=True)


def _intervals(values: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    n = values.shape[1]
    ends = np.array([bootstrap_t(row) for row in values], dtype=np.float64)
    yield ends[:, 0], ends[:, 1]
    mean, half = values.mean(axis=1), stats.t.ppf(0.975, n - 1) * values.std(axis=1, ddof=1) / np.sqrt(n)
    yield mean - half, mean + half
    for method in ("BCa", "percentile"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = stats.bootstrap(
                (values,), np.mean, axis=1, n_resamples=999, method=method, random_state=0
            )
        yield np.asarray(found.confidence_interval.low), np.asarray(found.confidence_interval.high)


def scale(studies: int) -> None:
    """Print the time and memory of comparing 10,000 runs of 50 rounds on 20 slices."""
    runs = tuple(
        Run(Setting(f"data {d}", "SVC", 10, "exact"), f"strategy {k}" if k else "random", s)
        for d in range(50) for s in range(10) for k in range(20)
    )  # fmt: skip
    shape, rise = (len(runs), 50), 0.9 - 0.4 * 0.9 ** np.arange(50)
    names = ("all", *(f"slice {i}" for i in range(20)))
    labels = np.tile(10.0 * np.arange(1, 51), (len(runs), 1))

    def read(score: str, slice: str) -> Curves:
        random = np.random.default_rng(names.index(slice))
        values = rise + random.normal(0, 0.01, shape) + random.normal(0, 0.01, (len(runs), 1))
        return Curves(score, slice, runs, labels, labels, values, np.full(len(runs), 100.0))

    made = StudyRuns("large", "", runs, ("accuracy",), names, read, (), np.zeros((len(runs), 0)), ())
    before, worked = time.perf_counter(), time.process_time()
    found = compare(made, difference=0.01, rope=0.01)
    taken, worked = time.perf_counter() - before, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(runs):,} runs x 50 rounds x 20 slices: {taken:.1f} s ({worked:.1f} of a core), {peak:.0f} MiB,"
    )
    print(f"{len(found.against):,} comparisons with the baseline, {len(found.pairs):,} between strategies")


def _study(runs: tuple[Run, ...], labels: FloatArray, values: dict[str, FloatArray]) -> StudyRuns:
    def read(score: str, slice: str) -> Curves:
        return Curves(score, slice, runs, labels, labels, values[slice], np.full(len(runs), 89.0))

    return StudyRuns("wine", "", runs, ("accuracy",), tuple(values), read, (), np.zeros((len(runs), 0)), ())


PARTS = {"alarms": alarms, "real": real, "power": power, "saved": saved, "scale": scale}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="part", help=" ".join(PARTS))
    parser.add_argument("--studies", type=int, default=2000)
    given = parser.parse_args()
    for part in given.parts or PARTS:
        print(f"\n{part}", flush=True)
        PARTS[part](given.studies)
