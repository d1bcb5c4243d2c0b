"""The last verdict of every test-case in every run, when it first passed, and how it got there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from activeloop.cases import OUTCOMES
from activeloop.results import Results

MARKS = dict(zip(OUTCOMES, "●✕?–", strict=True))
"""One mark a round: pass, fail, inconclusive, insufficient."""


class CaseRow(NamedTuple):
    """One case in one run: its last verdict (a row of `Results.cases`), and its course over the rounds.

    `first_passed`: labels when it passed for the first time, None while it has not. `course` is a mark a
    round, `told` the same in words.
    """

    seed: int
    last: Any
    first_passed: int | None
    course: str
    told: str


class CaseRows(NamedTuple):
    """The cases of one strategy, seed by seed."""

    strategy: str
    rows: tuple[CaseRow, ...]


def verdicts_by_run(results: Results) -> tuple[CaseRows, ...]:
    """Give a table per strategy whose runs have test-cases."""
    made = []
    for strategy in results.strategies:
        mine = results.cases[results.cases["strategy"] == strategy]
        groups: Iterable[Any] = mine.groupby(["case", "seed"], sort=False)
        rows = tuple(_row(int(seed), list(rounds.itertuples())) for (_, seed), rounds in groups)
        if rows:
            order = {name: at for at, name in enumerate(dict.fromkeys(mine["case"]))}
            ordered = sorted(rows, key=lambda one: (order[one.last.case], one.seed))
            made.append(CaseRows(strategy, tuple(ordered)))
    return tuple(made)


def _row(seed: int, rounds: list[Any]) -> CaseRow:
    first = next((int(one.n_labeled) for one in rounds if one.outcome == "pass"), None)
    outcomes = [one.outcome for one in rounds]
    told = ", then ".join(f"{outcome} ({len(list(same))})" for outcome, same in groupby(outcomes))
    return CaseRow(seed, rounds[-1], first, "".join(MARKS[one] for one in outcomes), told)
