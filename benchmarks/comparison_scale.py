"""A large comparison: 10,000 runs x 50 rounds x 20 slices, kept, asked, compared and reported.

    python benchmarks/comparison_scale.py [runs] [rounds] [slices]

The runs are made up (nothing is trained), everything after that is what `activeloop compare` does with them.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from activeloop import comparison_report, study_file
from activeloop.comparing import compared
from activeloop.curve_file import CurveFile, Drawn, Kept
from activeloop.events import Event
from activeloop.grid import Cell
from activeloop.store import SqliteStore
from activeloop.study import Study, begin
from activeloop.study_runs import study_runs

STRATEGIES = ("random", "margin", "entropy", "least_confidence", "certainty")
DATA = 20


def main() -> None:
    """Make the runs, then do what is done with them, and say what each step took."""
    parser = argparse.ArgumentParser()
    for name, usual in (("runs", 10_000), ("rounds", 50), ("slices", 20)):
        parser.add_argument(name, type=int, nargs="?", default=usual)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = _study(Path(folder), given.runs // (len(STRATEGIES) * DATA))
        print(f"{len(study.cells):,} runs x {given.rounds} rounds x {given.slices} slices")
        begin(study)
        with timed("runs kept (what their processes do, one by one)"):
            _fill(study, given.rounds, [f"slice {at}" for at in range(given.slices - 1)])
        print(f"  curves.db {(study.out / 'curves.db').stat().st_size / 2**20:.0f} MiB")
        with timed("runs read"):
            runs = study_runs(study)
        with timed("one score on one slice of all runs"):
            curves = runs.curves("accuracy", "slice 3")
        assert curves.values.shape == (len(study.cells), given.rounds)
        with timed("compared"):
            found = compared(study, runs)
        with timed("report, pictures and tables written"):
            comparison_report.write(found, study.out)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"  most memory {peak:.2f} GiB")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long a step took."""
    begin = time.perf_counter()
    yield
    print(f"  {what:<50} {time.perf_counter() - begin:8.2f} s", flush=True)


def _study(folder: Path, seeds: int) -> Study:
    tables = "".join(f'[[data]]\ncalled = "data {at}"\nname = "iris"\n' for at in range(DATA))
    names = ", ".join(f'"{name}"' for name in STRATEGIES)
    text = f'[study]\nname = "large"\n{tables}[loop]\nstrategies = [{names}]\nseeds = {seeds}\nbudget = 500\n'
    return Study(study_file.parse(text), text, folder, folder / "out")


def _fill(study: Study, rounds: int, slices: list[str]) -> None:
    labels, rng = np.arange(1.0, rounds + 1) * 10, np.random.default_rng(0)
    with (
        closing(SqliteStore(study.database, durable=False)) as store,
        CurveFile(study.out / "curves.db") as file,
    ):
        for cell in study.cells:
            store.open(cell.run, "{}")
            store.append(cell.run, [Event(0, rounds, "stopped", {"reason": "the budget is spent"})])
            file.keep(_kept(cell, labels, slices), _curves(cell, labels, slices, rng))


def _kept(cell: Cell, labels: np.ndarray, slices: list[str]) -> Kept:
    seconds = {"fit": 1.0, "rank": 0.2, "predict": 0.3}
    return Kept(
        cell.run, 1, "complete", "the budget is spent", labels, labels, ("accuracy",), ("all", *slices),
        seconds, tuple(range(len(labels) * 10)),
    )  # fmt: skip


def _curves(cell: Cell, labels: np.ndarray, slices: list[str], rng: np.random.Generator) -> list[Drawn]:
    speed = 60 + 10 * STRATEGIES.index(cell.strategy)
    rise = 0.9 - 0.6 * np.exp(-labels / speed) + rng.normal(0, 0.01)
    return [
        Drawn("accuracy", slice, 40, rise + rng.normal(0, 0.02, len(labels)) - 0.01 * at)
        for at, slice in enumerate(["all", *slices])
    ]


if __name__ == "__main__":
    main()
