"""How often the verdicts are wrong where nothing differs, and how often they find what does, by simulation.

    python benchmarks/verdicts.py [drift] [domain] [slices] [association] [outliers] [cost] [--runs 1000]

A false alarm is a run with at least one "detected" (or corrected p < 0.05) among all that it tests, on data
that do not differ: the share of such runs is printed, ± its Monte-Carlo standard error.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.statistics import (
    Jackknifed,
    Method,
    domain,
    drift,
    holm,
    jackknifed,
    mutual_information,
    outliers,
    proportions,
    spearman,
)

Random = np.random.Generator
SIZES = (30, 100, 1000, 10_000)
CHANGES: dict[str, Callable[[Random, int], tuple[Array, Array]]] = {
    "mean + 0.1 std": lambda r, n: (r.normal(size=n), r.normal(size=n) + 0.1),
    "mean + 0.2 std": lambda r, n: (r.normal(size=n), r.normal(size=n) + 0.2),
    "mean + 0.5 std": lambda r, n: (r.normal(size=n), r.normal(size=n) + 0.5),
    "mean + 1 std": lambda r, n: (r.normal(size=n), r.normal(size=n) + 1),
    "std × 1.5": lambda r, n: (r.normal(size=n), 1.5 * r.normal(size=n)),
    "category 50 % to 55 %": lambda r, n: (r.random(n) < 0.5, r.random(n) < 0.55),
    "category 50 % to 60 %": lambda r, n: (r.random(n) < 0.5, r.random(n) < 0.6),
    "category 50 % to 70 %": lambda r, n: (r.random(n) < 0.5, r.random(n) < 0.7),
    "category 50 % to 80 %": lambda r, n: (r.random(n) < 0.5, r.random(n) < 0.8),
    "NULL 0 % to 10 %": lambda r, n: (
        r.normal(size=n),
        np.where(r.random(n) < 0.1, np.nan, r.normal(size=n)),
    ),
}


def metrics(random: Random, n: int) -> dict[str, Array]:
    """Draw 20 metrics: ten continuous, three of counts, four of categories, three with NULLs."""
    made: dict[str, Array] = {f"normal{at}": random.normal(size=n) for at in range(6)}
    made |= {f"skewed{at}": random.lognormal(size=n) for at in range(4)}
    made |= {f"count{at}": random.poisson(mean, n) for at, mean in enumerate((1, 5, 50))}
    made |= {"rare": random.random(n) < 0.03, "even": random.random(n) < 0.5}
    made |= {
        "classes": random.choice(10, n).astype(str),
        "names": random.zipf(1.5, n).clip(max=60).astype(str),
    }
    for at, share in enumerate((0.02, 0.2, 0.5)):
        made[f"null{at}"] = np.where(random.random(n) < share, np.nan, random.normal(size=n))
    return made


def head(*cells: str) -> None:
    """Begin a table."""
    print("\n| " + " | ".join(cells) + " |\n|" + "---|" * len(cells), flush=True)


def share(hits: int, runs: int) -> str:
    """Write a share with its Monte-Carlo standard error."""
    p = hits / runs
    return f"{p:.3f} ± {np.sqrt(max(p * (1 - p), 1 / runs) / runs):.3f}"


def of_drift(runs: int) -> None:
    """Per-metric verdicts: false alarms among 20 metrics, and power for one changed metric among 20."""
    head("drift of 20 metrics, n per set", "any false alarm", "any p < .05", "any W1 or V large")
    for n in SIZES:
        times = min(runs, 4_000_000 // n)
        alarms = [0, 0, 0]
        for run in range(times):
            random = np.random.default_rng([1, n, run])
            rows = drift(metrics(random, n), metrics(random, n), permutations=999)
            alarms[0] += any(row.verdict == "detected" for row in rows)
            alarms[1] += any(row.p < 0.05 for row in rows)
            least = {"continuous": 0.1, "categorical": 0.2, "missing": 0.05}
            alarms[2] += any(abs(row.value) >= least[row.kind] for row in rows)
        print(f"| {n:,} | " + " | ".join(share(one, times) for one in alarms) + " |", flush=True)
    head("power: one changed of 20", *(f"{n:,}" for n in SIZES))
    for name, change in CHANGES.items():
        cells = []
        for n in SIZES:
            times = min(runs // 10, 400_000 // n)
            found = 0
            for run in range(times):
                random = np.random.default_rng([2, n, run])
                before, after = metrics(random, n), metrics(random, n)
                before["normal0"], after["normal0"] = change(random, n)
                rows = drift(before, after, permutations=999)
                found += any(row.metric == "normal0" and row.verdict == "detected" for row in rows)
            cells.append(share(found, times))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def of_domain(runs: int) -> None:
    """The domain classifier on 20 metrics."""
    kinds: dict[str, Callable[[FloatArray], object]] = {
        "nothing (false alarms)": lambda x: None,
        "mean of one + 0.5 std": lambda x: x.__iadd__(np.eye(20)[0] * 0.5),
        "mean of all + 0.2 std": lambda x: x.__iadd__(0.2),
        "std of one × 2": lambda x: x.__imul__(1 + np.eye(20)[0]),
        "correlation of two 0 to 0.6": correlate,
    }
    sizes = (30, 100, 1000)
    head("domain classifier, 20 metrics", *map(str, sizes))
    for name, change in kinds.items():
        cells = []
        for n in sizes:
            times = min(runs // (1 if change is kinds["nothing (false alarms)"] else 4), 40_000 // n)
            found = 0
            for run in range(times):
                random = np.random.default_rng([3, n, run])
                before, after = random.normal(size=(2, n, 20))
                change(after)
                found += domain(named(before), named(after), seed=run, permutations=99).verdict == "detected"
            cells.append(share(found, times))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def correlate(x: FloatArray) -> None:
    """Change no metric, but how two go together."""
    x[:, 1] = 0.6 * x[:, 0] + 0.8 * x[:, 1]


def named(x: FloatArray) -> Mapping[str, Array]:
    """Name the columns."""
    return {f"m{at}": column for at, column in enumerate(x.T)}


def of_slices(runs: int) -> None:
    """Slices against their complement: false alarms of 20 slices after Holm, coverage of the intervals."""
    head("20 slices of a tenth, accuracy .9, n", "any false alarm (Holm)", "any p < .05", "interval holds")
    for n in (100, 300, 1000, 10_000):
        alarms, plain, held = 0, 0, 0
        for run in range(runs):
            random = np.random.default_rng([4, n, run])
            right, inside = random.random(n) < 0.9, random.random((20, n)) < 0.1
            inside[:, 0] = True
            found = proportions(*of_slice(inside, right), *of_slice(~inside, right))
            alarms += bool((holm(found.p) < 0.05).any())
            plain += bool((found.p < 0.05).any())
            held += int(((found.low <= 0) & (found.high >= 0)).sum())
        print(
            f"| {n:,} | {share(alarms, runs)} | {share(plain, runs)} | {held / runs / 20:.3f} |", flush=True
        )
    head("jackknifed difference of means, n of 10 n", "interval holds", "p < .05")
    for n in (30, 100, 300):
        held = alarms = 0
        for run in range(runs):
            random = np.random.default_rng([5, n, run])
            values, block = random.exponential(size=10 * n), np.arange(10 * n) % 20
            inside = np.arange(10 * n)[random.permutation(10 * n)] < n
            found = jackknifed(*(of_mean(values[one], block[one]) for one in (inside, ~inside)))
            held += bool(found.low[0] <= 0 <= found.high[0])
            alarms += bool(found.p[0] < 0.05)
        print(f"| {n} | {share(held, runs)} | {share(alarms, runs)} |", flush=True)


def of_slice(inside: Array, right: Array) -> tuple[FloatArray, FloatArray]:
    """Count hits and items of slices."""
    return inside.astype(np.float64) @ right, inside.sum(axis=1).astype(np.float64)


def of_mean(values: FloatArray, block: Array) -> Jackknifed:
    """Jackknife a mean."""
    sums, sizes = np.bincount(block, values, 20), np.bincount(block, minlength=20)
    deleted = (sums.sum() - sums) / np.maximum(sizes.sum() - sizes, 1)
    return Jackknifed(np.array([values.mean()]), deleted[None], sizes[None].astype(np.float64))


def of_association(runs: int) -> None:
    """Coverage of the interval of Spearman's correlation, and false alarms of both measures."""
    kinds: dict[str, Callable[[Random, int], tuple[Array, Array]]] = {
        "normal, ρ 0": lambda r, n: (r.normal(size=n), r.normal(size=n)),
        "normal, r 0.6": lambda r, n: mixed(r, n, 0.6),
        "normal, r 0.9": lambda r, n: mixed(r, n, 0.9),
        "target 0/1, 88 %, none": lambda r, n: (r.normal(size=n), r.random(n) < 0.88),
        "target 0/1, strong": lambda r, n: logistic(r, n, 3.0, 0.0),
        "target 0/1, 80 %, medium": lambda r, n: logistic(r, n, 1.0, 2.0),
        "spread grows, dependent, ρ 0": lambda r, n: spread(r, n),
    }
    sizes = (30, 100, 1000)
    head("Spearman", *(f"{n:,} holds" for n in sizes), *(f"{n:,} p < .05" for n in sizes))
    for name, make in kinds.items():
        random = np.random.default_rng(6)
        truth = spearman(*make(random, 1_000_000)).rho
        held, alarms = [], []
        for n in sizes:
            found = [spearman(*make(random, n)) for _ in range(runs)]
            known = [one for one in found if one.low == one.low]
            held.append(f"{sum(one.low <= truth <= one.high for one in known) / len(known):.3f}")
            alarms.append(share(sum(one.p < 0.05 for one in found), runs))
        print(f"| {name} | {' | '.join(held)} | {' | '.join(alarms)} |", flush=True)
    head("information of what is independent, n", "mean value", "p < .05")
    for n in (30, 100, 1000):
        random = np.random.default_rng([7, n])
        information = [
            mutual_information(random.normal(size=n), random.random(n) < 0.8, seed, 199)
            for seed in range(runs)
        ]
        values = np.array([one.value for one in information])
        print(
            f"| {n:,} | {np.nanmean(values):.3f} | {share(sum(one.p < 0.05 for one in information), runs)} |",
            flush=True,
        )


def mixed(random: Random, n: int, r: float) -> tuple[Array, Array]:
    """Draw two normal columns with correlation r."""
    x = random.normal(size=n)
    return x, r * x + np.sqrt(1 - r**2) * random.normal(size=n)


def logistic(random: Random, n: int, slope: float, level: float) -> tuple[Array, Array]:
    """Draw a column and a target of two values."""
    x = random.normal(size=n)
    return x, random.random(n) < 1 / (1 + np.exp(-level - slope * x))


def spread(random: Random, n: int) -> tuple[Array, Array]:
    """Draw columns that depend on each other with no rank correlation."""
    x = random.normal(size=n)
    return x, x * random.normal(size=n)


def of_outliers(runs: int) -> None:
    """Shares of values that are flagged, mild and extreme together / extreme."""
    kinds: dict[str, Callable[[Random, int], Array]] = {
        "normal": lambda r, n: r.normal(size=n),
        "exponential": lambda r, n: r.exponential(size=n),
        "lognormal": lambda r, n: r.lognormal(size=n),
        "uniform": lambda r, n: r.random(n),
        "Poisson, mean 3": lambda r, n: r.poisson(3, n),
        "two groups, 70/30": lambda r, n: r.normal(size=n) + 6 * (r.random(n) < 0.3),
        "60 % zeros, else exponential": lambda r, n: np.where(r.random(n) < 0.6, 0, r.exponential(size=n)),
        "90 % zeros, else exponential": lambda r, n: np.where(r.random(n) < 0.9, 0, r.exponential(size=n)),
        "two values, 90/10": lambda r, n: r.random(n) < 0.1,
        "two values, 99.5/0.5": lambda r, n: r.random(n) < 0.005,
    }
    methods: tuple[Method, ...] = ("tukey", "adjusted", "auto")
    head("flagged / extreme, %", *(f"{method} {n:,}" for n in (30, 1000) for method in methods))
    for name, make in kinds.items():
        cells = []
        for n in (30, 1000):
            random = np.random.default_rng([8, n])
            drawn = [make(random, n) for _ in range(max(20, runs * 30 // n))]
            for method in methods:
                found = [outliers(one, method=method) for one in drawn]
                extreme = sum(np.count_nonzero(one.severity == "extreme") for one in found)
                total = n * len(drawn) / 100
                cells.append(f"{sum(map(len, found)) / total:.2f} / {extreme / total:.2f}")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def of_cost(runs: int) -> None:
    """CPU seconds on one column, or on 20 for the classifier."""
    random = np.random.default_rng(9)
    x, y = random.normal(size=(2, 1_000_000))
    names = random.choice(["sun", "rain", "snow"], (2, 1_000_000))
    few = random.normal(size=(2, 1000, 20))
    timed: dict[str, Callable[[], object]] = {
        "drift, numbers, 1e6 against 1e6": lambda: drift({"x": x}, {"x": y}),
        "drift, categories, 1e6 against 1e6": lambda: drift({"x": names[0]}, {"x": names[1]}),
        "fences and outliers, 1e6": lambda: outliers(x),
        "spearman, 1e6 pairs": lambda: spearman(x, y),
        "mutual_information, 1e6 pairs, 999 shuffles": lambda: mutual_information(x, y),
        "domain, 1,000 against 1,000, 20 metrics": lambda: domain(named(few[0]), named(few[1])),
    }
    head("what", "CPU seconds")
    for name, call in timed.items():
        began = time.process_time()
        call()
        print(f"| {name} | {time.process_time() - began:.2f} |", flush=True)


PARTS = {
    "drift": of_drift,
    "domain": of_domain,
    "slices": of_slices,
    "association": of_association,
    "outliers": of_outliers,
    "cost": of_cost,
}


def main() -> None:
    """Simulate and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=list(PARTS))
    parser.add_argument("--runs", type=int, default=1000)
    given = parser.parse_args()
    names = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {names}")
    for part in given.parts:
        PARTS[part](given.runs)


if __name__ == "__main__":
    main()
