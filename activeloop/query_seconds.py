"""What a query costs in seconds, by strategy: asking apart from training and from all else."""

from __future__ import annotations

import numpy as np
import pandas as pd

from activeloop.comparison.result import SETTING
from activeloop.curves import StudyRuns

PARTS = {"asking": ("rank",), "training": ("fit",)}
"""The phases of the clock that are told apart; the phases that are left make "all else"."""
REST = "all else"


def query_seconds(runs: StudyRuns) -> pd.DataFrame:
    """Give the seconds per round of each part, median and quartiles over the runs that came to a round.

    Columns: data, model, batch_size, oracle, strategy, part, seconds, low, high, runs. A run's seconds per
    round are its sum over its rounds; low and high are the quartiles.
    """
    columns = [*SETTING, "strategy", "part", "seconds", "low", "high", "runs"]
    if not runs.scores or not runs.phases:
        return pd.DataFrame(columns=columns)
    rounds = (~np.isnan(runs.curves().n_labeled)).sum(axis=1)
    groups: dict[tuple[str | int, ...], list[int]] = {}
    for at, run in enumerate(runs.runs):
        if rounds[at]:
            groups.setdefault((*run.setting, run.strategy), []).append(at)
    named = [phase for phases in PARTS.values() for phase in phases]
    parts = {**PARTS, REST: tuple(phase for phase in runs.phases if phase not in named)}
    rows = []
    for who, members in groups.items():
        for part, phases in parts.items():
            wanted = [at for at, phase in enumerate(runs.phases) if phase in phases]
            each = runs.seconds[np.ix_(members, wanted)].sum(axis=1) / rounds[members]
            low, middle, high = np.nanquantile(each, [0.25, 0.5, 0.75])
            rows.append((*who, part, middle, low, high, len(members)))
    return pd.DataFrame(rows, columns=columns)
