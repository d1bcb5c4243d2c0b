"""What slice_aware gains and costs: paired differences to the strategy it wraps, from the results of a study.

    activeloop run experiments/slice_aware.toml --workers 2
    python benchmarks/slice_aware.py results/slice_aware [--by class]

Two comparisons, each of the last round of `slice_aware(x)` with x under the same seed: for the same bill (x
spent on training what the guide cost), and on the same training labels (as if the guide were free). Prints
mean and 95 % t interval over seeds of the overall score, of the worst slice (at least 10 items) and of the
gap from the best slice to the worst.
"""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from activeloop import tables
from activeloop.results import ENOUGH, EVERYTHING
from activeloop.store import read
from activeloop.study import recalled

MEASURES = ("overall", "worst slice", "gap")


def measured(history: pd.DataFrame, by: str) -> pd.DataFrame:
    """Give overall score, worst slice and gap of each strategy, seed and label count."""
    keys = ["strategy", "seed", "n_labeled"]
    whole = history[history["slice"] == EVERYTHING].set_index(keys)["value"]
    chosen = history["slice"].str.startswith(f"{by} ") & (history["n"] >= ENOUGH)
    worst = history[chosen].groupby(keys)["value"].agg(["min", "max"])
    columns = (whole, worst["min"], worst["max"] - worst["min"])
    return pd.DataFrame(dict(zip(MEASURES, columns, strict=True)))


def at(every: pd.DataFrame, strategy: str, n_labeled: int) -> pd.DataFrame:
    """Give the measures of a strategy at a label count, by seed."""
    return every.query("strategy == @strategy and n_labeled == @n_labeled").droplevel(
        ["strategy", "n_labeled"]
    )


def intervals(apart: pd.DataFrame) -> list[str]:
    """Write mean ± half the width of the 95 % t interval of each measure."""
    values = apart[list(MEASURES)].dropna().to_numpy(dtype=float)
    half = stdtrit(len(values) - 1, 0.975) * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return [f"{mean:+.4f} ± {one:.4f}" for mean, one in zip(values.mean(axis=0), half, strict=True)]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("--by", default="class", help="the slices to compare [class]")
    given = parser.parse_args()
    study = recalled(given.results)
    with closing(read(study.database)) as store:
        found = tables.results(study, store)
    score = found.scores[0]
    every = measured(found.history[found.history["score"] == score], given.by)
    last = found.history.groupby("strategy")["n_labeled"].max()
    ends = {name: int(last[name]) for name in found.strategies}
    print(f"{score}, slices by {given.by}, {len(found.seeds[found.strategies[0]])} seeds\n")
    print(f"| strategy | trained on | {' | '.join(MEASURES)} |\n|---|---|---|---|---|")
    for name, end in ends.items():
        means = at(every, name, end)[list(MEASURES)].to_numpy(dtype=float).mean(axis=0)
        print(f"| {name} | {end} | " + " | ".join(f"{one:.4f}" for one in means) + " |")
    print(f"\n| difference | {' | '.join(MEASURES)} |\n|---|---|---|---|")
    for name, end in ends.items():
        inner = name.removeprefix("slice_aware(").removesuffix(")")
        for words, other in (("for the same bill", ends[inner]), (f"both trained on {end}", end)):
            if inner != name:
                apart = at(every, name, end) - at(every, inner, other)
                print(f"| {name} − {inner}, {words} | {' | '.join(intervals(apart))} |")


if __name__ == "__main__":
    main()
