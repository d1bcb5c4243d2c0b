"""Simulates screening as ASReview does, and holds WSS@95, RRF@10 and ATD against the published ones.

Run: ACTIVELOOP_DATA=FOLDER python benchmarks/asreview.py OUT.csv --runs 15 --reviews wilson nudging
One row a run goes into OUT.csv (runs that are in it already are not run again); then the table is printed.
A run ends when the last relevant abstract is found: what is read after it changes none of the measures.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from activeloop import screening, study_file
from activeloop.build import build
from activeloop.grid import Cell, cells
from activeloop.study_tables import StudyFile

EXPERIMENTS = Path(__file__).parents[1] / "experiments"
FIELDS = ("review", "model", "run", "wss95", "rrf10", "atd", "read", "seconds")
MEASURES = {"wss95": "WSS@95", "rrf10": "RRF@10", "atd_pct": "ATD"}


def read_in_order(study: StudyFile, cell: Cell) -> tuple[list[bool], int]:
    """Screen until all relevant abstracts are found; give what was read in order, and how many there were."""
    loop = build(study, cell, EXPERIMENTS, None).loop
    pool = loop.pool
    relevant: list[bool] = []
    left = int((pool.truth(pool.ids) == "relevant").sum()) - 1
    while sum(relevant) < left:
        query = loop.ask()
        loop.tell(dict(zip(query.ids, pool.truth(query.ids), strict=True)))
        relevant.extend(screening.relevance(pool, query.ids, "relevant").tolist())
    return relevant, len(pool) - len(pool.initial)


def run(out: Path, reviews: Sequence[str], models: Sequence[str], runs: int) -> None:
    """Append one row for every run of the study that is asked for and not in the file yet."""
    study = study_file.parse(study_file.text(EXPERIMENTS / "asreview.toml"))
    known = {(one["review"], one["model"], int(one["run"])) for one in read(out)}
    with out.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if not out.stat().st_size:
            writer.writeheader()
        for cell in cells(study):
            key = (cell.setting.data, cell.setting.model.partition(",")[0], cell.seed)
            asked = key[0] in reviews and key[1] in models and key[2] < runs
            if asked and cell.strategy == "certainty" and key not in known:
                writer.writerow(dict(zip(FIELDS, (*key, *_measured(study, cell)), strict=True)))
                file.flush()


def _measured(study: StudyFile, cell: Cell) -> tuple[str, ...]:
    """Give the measures in percent, how many abstracts were read, and the CPU time."""
    begun = time.process_time()
    relevant, items = read_in_order(study, cell)
    found = (
        screening.work_saved(relevant, items=items),
        screening.found_by(relevant, items=items),
        screening.time_to_discovery(relevant, items=items),
    )
    percents = (f"{100 * one:.2f}" for one in found)
    return (*percents, str(len(relevant)), f"{time.process_time() - begun:.1f}")


def read(out: Path) -> list[dict[str, str]]:
    """Give the rows of a file of results."""
    if not out.is_file():
        return []
    with out.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(out: Path) -> Iterator[str]:
    """Give a line per review and model: own and published mean and deviation over runs, of each measure."""
    import pandas as pd

    own = pd.DataFrame(read(out)).rename(columns={"atd": "atd_pct"})
    own = own.astype(dict.fromkeys((*MEASURES, "seconds"), float))
    theirs = pd.read_csv(Path(os.environ["ACTIVELOOP_DATA"]) / "asreview_sim" / "published_per_run.csv")
    theirs = theirs[theirs["run"] != "all"]
    cells = " | ".join(f"{one}, own | published" for one in MEASURES.values())
    yield f"| review | model | runs | {cells} | CPU s a run |"
    yield "|---" * (4 + 2 * len(MEASURES)) + "|"
    for (review, name), rows in own.groupby(["review", "model"], sort=False):
        published = theirs[(theirs.dataset == review) & (theirs.model == f"{name} + TF-IDF")]
        pairs = [_cell(part[one]) for one in MEASURES for part in (rows, published)]
        yield f"| {review} | {name} | {len(rows)} | {' | '.join(pairs)} | {rows.seconds.mean():.0f} |"


def _cell(values: Any) -> str:
    return f"{values.mean():.1f} ± {values.std():.1f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reviews", nargs="*", default=[])
    parser.add_argument("--models", nargs="*", default=["NB"])
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    run(given.out, given.reviews, given.models, given.runs)
    print("\n".join(table(given.out)))
