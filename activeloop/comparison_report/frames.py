"""The tables of a comparison as data, for CSV and Parquet: every row, every digit, names uncut."""

from __future__ import annotations

import numpy as np
import pandas as pd

from activeloop.comparison import Comparison
from activeloop.comparison.result import SETTING
from activeloop.curves import StudyRuns
from activeloop.mean_curves import mean_curves
from activeloop.query_seconds import query_seconds
from activeloop.reading import records

FIRST = 50
"""Items that the table of what was asked holds of each run; the store has all."""


def frames(compared: Comparison) -> dict[str, pd.DataFrame]:
    """Give each table by the name of its file; what the comparison does not have is not there."""
    found = {
        "measured": compared.measured,
        "against": compared.against,
        "pairs": compared.pairs,
        "wins": records(compared),
        "labels_saved": compared.saved,
        "power": compared.power,
        "per_seed": compared.per_seed,
        "runs": _runs(compared.runs),
        "curves": _curves(compared.runs),
        "seconds": query_seconds(compared.runs),
        "asked": _asked(compared.runs),
    }
    if len(compared.runs.slices) > 1:
        found["slices"] = compared.by_slice().assign(
            better=lambda table: table["better"].map("; ".join),
            worse=lambda table: table["worse"].map("; ".join),
        )
    if compared.ranks is not None:
        ranks = compared.ranks
        found["ranks"] = pd.DataFrame({"strategy": ranks.strategies, "mean_rank": ranks.mean})
        found["nemenyi"] = pd.DataFrame(
            ranks.nemenyi, index=pd.Index(ranks.strategies, name="strategy"), columns=list(ranks.strategies)
        ).reset_index()
    if compared.practical is not None:
        found["practical"] = compared.practical
    return found


def _runs(runs: StudyRuns) -> pd.DataFrame:
    rows = [(*run.setting, run.strategy, run.seed, run.status, run.reason) for run in runs.runs]
    return pd.DataFrame(rows, columns=[*SETTING, "strategy", "seed", "status", "reason"])


def _curves(runs: StudyRuns) -> pd.DataFrame:
    """Give the mean curve of every strategy in every setting, by every score on the whole holdout."""
    columns = [*SETTING, "strategy", "score", "seeds", "round", "n_labeled", "value", "low", "high"]
    parts = []
    for score in runs.scores:
        for one in mean_curves(runs.curves(score)):
            head = dict(zip(columns[:7], (*one.setting, one.strategy, score, one.seeds), strict=True))
            numbers = {name: getattr(one, name) for name in columns[8:]}
            parts.append(pd.DataFrame({**head, "round": np.arange(len(one.value)), **numbers}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _asked(runs: StudyRuns) -> pd.DataFrame:
    """Give what was asked first, at most `FIRST` a run, a row an item; ids as texts, as kinds may differ."""
    rows = [
        (*run.setting, run.strategy, run.seed, place, str(id))
        for run, ids in zip(runs.runs, runs.asked, strict=True)
        for place, id in enumerate(ids[:FIRST])
    ]
    return pd.DataFrame(rows, columns=[*SETTING, "strategy", "seed", "place", "id"])
