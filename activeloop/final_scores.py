"""The last score of every slice, with its verdict, a table per strategy."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from activeloop.results import ENOUGH, EVERYTHING, Results
from activeloop.spread import at_the_end, gaps, over_seeds


class Cell(NamedTuple):
    """One score of one slice: the value and its 95 % interval, NaN where undefined, with the reason."""

    value: float
    low: float
    high: float
    reason: str


_NOT_SCORED = Cell(math.nan, math.nan, math.nan, "not scored")


class Row(NamedTuple):
    """One slice: its holdout items (fewest in any seed), a cell per score, and what may be concluded."""

    slice: str
    n: int
    cells: tuple[Cell, ...]
    verdict: str


class FinalScores(NamedTuple):
    """One strategy at the last label count that all its seeds reached."""

    strategy: str
    n_labeled: int
    seeds: int
    rows: tuple[Row, ...]


def final_scores(results: Results) -> tuple[FinalScores, ...]:
    """Give a table per strategy that was scored; verdicts go by the first score."""
    means = over_seeds(results)
    if means.empty:
        return ()
    ends, extremes = at_the_end(means), gaps(means, results.scores[0])
    tables = []
    for strategy in results.strategies:
        mine = ends[ends["strategy"] == strategy]
        if not mine.empty:
            n_labeled = int(mine["n_labeled"].iloc[0])
            found = extremes[(extremes["strategy"] == strategy) & (extremes["n_labeled"] == n_labeled)]
            rows = tuple(
                _row(results, str(name), mine[mine["slice"] == name], found)
                for name in (EVERYTHING, *results.slices)
                if (mine["slice"] == name).any()
            )
            tables.append(FinalScores(strategy, n_labeled, int(mine["seeds"].iloc[0]), rows))
    return tuple(tables)


def _row(results: Results, name: str, scored: pd.DataFrame, extremes: pd.DataFrame) -> Row:
    n = int(scored["n"].min())
    rows: Iterable[Any] = scored.itertuples()
    found = {
        row.score: Cell(row.value, row.low, row.high, row.reason if isinstance(row.reason, str) else "")
        for row in rows
    }
    cells = tuple(found.get(score, _NOT_SCORED) for score in results.scores)
    return Row(name, n, cells, _verdict(name, n, cells[0], extremes))


def _verdict(name: str, n: int, first: Cell, extremes: pd.DataFrame) -> str:
    if name == EVERYTHING:
        return "whole holdout"
    if n < ENOUGH:
        return f"insufficient (n < {ENOUGH})"
    if math.isnan(first.value):
        return "undefined"
    if extremes.empty:
        return ""
    return {extremes["worst"].iloc[0]: "worst", extremes["best"].iloc[0]: "best"}.get(name, "")
