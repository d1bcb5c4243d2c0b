"""The tables of a study, as everyone reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from activeloop.errors import DataError
from activeloop.history import CASE_COLUMNS

EVERYTHING = "all"
"""The slice that is the whole holdout."""

ENOUGH = 10
"""Items a slice needs in the holdout before anything is concluded from it."""

COLUMNS = {
    "history": (
        "strategy",
        "seed",
        "round",
        "n_labeled",
        "slice",
        "score",
        "value",
        "low",
        "high",
        "n",
        "reason",
    ),
    "bought": (
        "strategy",
        "seed",
        "round",
        "slice",
        "bought",
        "n_labeled_in_slice",
        "labeled_share",
        "pool_share",
    ),
    "timings": ("strategy", "seed", "round", "phase", "seconds"),
    "cases": ("strategy", "seed", *CASE_COLUMNS),
    "runs": ("strategy", "seed", "status", "reason", "n_labeled", "rounds"),
}


_OF_CASES = {"bound", "baseline_value", "difference", "diff_low", "diff_high"}
_REAL = {"value", "low", "high", "n_labeled_in_slice", "labeled_share", "pool_share", "seconds"} | _OF_CASES
_WHOLE = {"round", "n_labeled", "n", "bought", "rounds"}


@dataclass(frozen=True, eq=False)
class Results:
    """What a study found, one tidy table a subject; `configuration` is the study file as it was run.

    `history`: a row per run, round, slice and score. `value` is larger where the model is better (as
    scikit-learn's `scoring=` has it) and NaN where undefined, with the `reason`; `low` and `high` are the
    95 % interval over the `n` holdout items of that single run.
    `bought`: what each round bought in each slice (items), and the slice's share of all labeled items and
    of the whole pool (0 to 1, NaN where unknown).
    `cases`: the verdict of every test-case in every round. `timings`: seconds per round and phase. `runs`:
    how each run ended ("complete", "stopped", "failed", "broken") and why.

    Raises DataError for a table that lacks a column.

    >>> nothing = {name: pd.DataFrame(columns=list(columns)) for name, columns in COLUMNS.items()}
    >>> Results("digits", "Is margin better than random?", **nothing, configuration="").strategies
    ()
    """

    name: str
    question: str
    history: pd.DataFrame
    bought: pd.DataFrame
    timings: pd.DataFrame
    runs: pd.DataFrame
    cases: pd.DataFrame
    configuration: str

    def __post_init__(self) -> None:
        for table, columns in COLUMNS.items():
            lacking = [column for column in columns if column not in getattr(self, table)]
            if lacking:
                raise DataError(
                    f"the table {table!r} lacks {', '.join(lacking)}; its columns are: {', '.join(columns)}"
                )
            # A table without rows has columns of no kind, which cannot be summed.
            object.__setattr__(self, table, getattr(self, table).astype(_kinds(columns)))

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """Every strategy, in the order in which the runs name them."""
        return _in_order(self.runs["strategy"], self.history["strategy"])

    @cached_property
    def scores(self) -> tuple[str, ...]:
        """Every score, in the order of the history; the first is the one that is asked about."""
        return _in_order(self.history["score"])

    @cached_property
    def slices(self) -> tuple[str, ...]:
        """Every slice but the whole, in the order of the history, then of what was bought."""
        return tuple(
            name for name in _in_order(self.history["slice"], self.bought["slice"]) if name != EVERYTHING
        )

    @cached_property
    def seeds(self) -> Mapping[str, tuple[int, ...]]:
        """The seeds of each strategy that were scored, without its failed runs unless all have failed."""
        pairs = self.history[["strategy", "seed"]].drop_duplicates()
        failed = self.runs[self.runs["status"] == "failed"]
        found = {}
        for name in self.strategies:
            scored = _in_order(pairs["seed"][pairs["strategy"] == name])
            left_out = set(failed["seed"][failed["strategy"] == name])
            found[name] = tuple(seed for seed in scored if seed not in left_out) or scored
        return found


def _kinds(columns: tuple[str, ...]) -> dict[str, type]:
    return {name: float if name in _REAL else int for name in columns if name in _REAL | _WHOLE}


def _in_order(*columns: pd.Series[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for column in columns for value in column.unique().tolist()))
