"""Runs the protocol of Lu, Li and Lin 2023 with our loop and holds every area against the published one.

Run: ACTIVELOOP_DATA=FOLDER python benchmarks/lu2023.py OUT.csv --data appendicitis parkinsons heart
One row a run goes into OUT.csv (runs that are in it already are not run again); then the table is printed.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from activeloop import study_file
from activeloop.build import build
from activeloop.grid import Cell, cells
from activeloop.study_tables import StudyFile

EXPERIMENTS = Path(__file__).parents[1] / "experiments"
_HALF = 0.5e-5 + 1e-9  # of the last decimal that they print
FIELDS = ("data", "strategy", "seed", "area", "rounds", "seconds")


def curve(study: StudyFile, cell: Cell) -> list[float]:
    """Run until the pool is empty; give the test accuracy before the first query and after each."""
    made = build(study, cell, EXPERIMENTS, None)
    scores = (round.score("accuracy") for round in made.loop.run(made.oracle, made.stop))
    return [one for one in scores if one is not None]


def area(accuracies: Sequence[float]) -> float:
    """Give the area as they published it: trapezoids over the accuracies after query 1 to Q, divided by Q."""
    after = np.asarray(accuracies[1:])
    return float(np.sum((after[1:] + after[:-1]) / 2) / len(after))


def run(out: Path, names: Sequence[str], wanted: Sequence[str], seeds: int) -> None:
    """Append one row for every run of the study that is asked for and not in the file yet."""
    study = study_file.parse(study_file.text(EXPERIMENTS / "lu2023.toml"))
    known = {(one["data"], one["strategy"], int(one["seed"])) for one in read(out)}
    with out.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if not out.stat().st_size:
            writer.writeheader()
        for cell in cells(study):
            key = (cell.setting.data, cell.strategy, cell.seed)
            if key[0] in names and key[1] in wanted and key[2] < seeds and key not in known:
                begun = time.process_time()
                found = curve(study, cell)
                spent = time.process_time() - begun
                row = (*key, f"{area(found):.7f}", len(found) - 1, f"{spent:.2f}")
                writer.writerow(dict(zip(FIELDS, row, strict=True)))
                file.flush()


def read(out: Path) -> list[dict[str, str]]:
    """Give the rows of a file of results."""
    if not out.is_file():
        return []
    with out.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(out: Path) -> Iterator[str]:
    """Give a line per data set and strategy: own mean and deviation over seeds, the printed, exact areas."""
    import pandas as pd

    own = pd.DataFrame(read(out)).astype({"seed": int, "area": float, "seconds": float})
    folder = Path(os.environ["ACTIVELOOP_DATA"]) / "lu2023"
    printed = pd.read_csv(folder / "published_aubc_mean.csv").set_index("dataset")
    printed.index = printed.index.str.lower()
    seeds = pd.read_csv(folder / "published_aubc_per_seed.csv")
    seeds = seeds[seeds["query_model-task_model"] == "zhan-google-zhan-zhan"]
    yield "| data | strategy | seeds | own area | printed | areas equal to five decimals | CPU s a run |"
    yield "|---|---|---|---|---|---|---|"
    for (data, strategy), rows in own.groupby(["data", "strategy"], sort=False):
        equal = "–"
        if strategy == "US-C":
            both = rows.merge(seeds[seeds.dataset == data], on="seed")
            equal = f"{int(((both.area - both.aubc_test).abs() <= _HALF).sum())} of {len(both)}"
        first = rows[rows.seed < 100].area
        yield (
            f"| {data} | {strategy} | {len(first)} | {first.mean():.4f} ± {first.std():.4f} | "
            f"{float(str(printed.at[str(data), str(strategy)])):.4f} | {equal} | {rows.seconds.mean():.1f} |"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", nargs="*", default=[])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--strategies", nargs="*", default=["Uniform", "US-C", "US-NC", "Core-Set"])
    given = parser.parse_args()
    run(given.out, given.data, given.strategies, given.seeds)
    print("\n".join(table(given.out)))
