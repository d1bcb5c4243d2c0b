"""What a study found, in sentences that say how sure they are."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from activeloop.results import ENOUGH, EVERYTHING, Results
from activeloop.spread import Difference, at_the_end, gaps, over_seeds, paired
from activeloop.wording import count, interval, isolated, listed, number

TOLD = 5
"""Strategies that get a sentence of their own; the tables have all."""


class Comparison(NamedTuple):
    """One strategy against the baseline, by one score on the whole holdout."""

    score: str
    strategy: str
    baseline: str
    found: Difference

    @property
    def verdict(self) -> str:
        """Say what may be concluded: nothing from one seed, nothing where the interval holds 0."""
        if self.found.seeds < 2:
            return "one seed: no conclusion"
        if self.found.low > 0:
            return "higher"
        return "lower" if self.found.high < 0 else "no difference shown"


def baseline(results: Results) -> str:
    """Give the strategy that all others are compared with: "random" where it ran, else the first."""
    return next((name for name in results.strategies if str(name).lower() == "random"), results.strategies[0])


def comparisons(results: Results) -> tuple[Comparison, ...]:
    """Compare every strategy with the baseline by every score, paired by seed."""
    if len(results.strategies) < 2:
        return ()
    base = baseline(results)
    return tuple(
        Comparison(score, name, base, found)
        for score in results.scores
        for name in results.strategies
        if name != base and (found := paired(results, score, name, base)) is not None
    )


def summary(results: Results) -> tuple[str, ...]:
    """Answer the question of the study in sentences, by its first score."""
    if results.history.empty:
        return (*_unfinished(results), "Nothing has been scored yet.")
    means = over_seeds(results)
    return (
        *_state(results),
        *(_compared(results) if len(results.strategies) > 1 else _alone(results, means)),
        *_slices(results, means),
        *_unfinished(results),
    )


def _state(results: Results) -> list[str]:
    last = int(results.history["round"].max())
    return ["Only the start (round 0) has been scored so far."] if last == 0 else []


def _alone(results: Results, means: pd.DataFrame) -> list[str]:
    score = results.scores[0]
    end = at_the_end(means[(means["slice"] == EVERYTHING) & (means["score"] == score)])
    end = end[end["value"].notna()]
    if end.empty:
        return [_undefined(results, score)]
    row = end.iloc[0]
    chance = "over seeds" if row["seeds"] > 1 else "over holdout items"
    return [
        f"After {count(row['n_labeled'], 'label')} {isolated(row['strategy'])} scored {number(row['value'])} "
        f"{isolated(score)} (mean of {count(row['seeds'], 'seed')}, 95 % interval {chance} "
        f"{interval(row['low'], row['high'])}). One strategy ran, so there is nothing to compare it with."
    ]


def _compared(results: Results) -> list[str]:
    score, base = results.scores[0], baseline(results)
    found = [one for one in comparisons(results) if one.score == score]
    if not found:
        return [_undefined(results, score)]
    found.sort(key=lambda one: -one.found.difference)
    told = [_sentence(one) for one in found[:TOLD]]
    if len(found) > TOLD:
        verdicts = pd.Series([one.verdict for one in found]).value_counts(sort=False)
        tally = listed([f"{n} {verdict}" for verdict, n in verdicts.items()])
        told.append(f"All {len(found)} strategies against {isolated(base)}: {tally} (table below).")
    silent = len(results.strategies) - 1 - len(found)
    if silent:
        told.append(f"{count(silent, 'strategy')} shared no scored label count with {isolated(base)}.")
    if any(one.found.seeds < 2 for one in found):
        told.append("With one seed no comparison can be concluded: run more seeds.")
    elif len(found) > 1:
        told.append(f"Each of these {len(found)} intervals stands alone; none is corrected for the others.")
    return told


def _sentence(one: Comparison) -> str:
    found, name, base = one.found, isolated(one.strategy), isolated(one.baseline)
    start = (
        f"After {count(found.n_labeled, 'label')} {name} scored {number(found.value)} {isolated(one.score)} "
        f"({'mean of ' if found.seeds > 1 else ''}{count(found.seeds, 'seed')}), {base} "
        f"{number(found.other_value)}; difference {number(found.difference, signed=True)}"
    )
    if found.seeds < 2:
        return f"{start}."
    ends = (
        f"{start}, 95 % interval over seeds {interval(found.low, found.high)}, {count(found.seeds, 'seed')}"
    )
    return (
        f"{ends}: {name} was {one.verdict}."
        if one.verdict in ("higher", "lower")
        else f"{ends}: {one.verdict}."
    )


def _undefined(results: Results, score: str) -> str:
    rows = results.history[(results.history["slice"] == EVERYTHING) & (results.history["score"] == score)]
    reasons = rows["reason"][rows["value"].isna()].dropna().unique()
    if rows["value"].notna().any():
        return f"Where {isolated(score)} is defined, no round was reached by all that should be compared."
    why = f": {isolated(reasons[0])}" if len(reasons) else ""
    return (
        f"{isolated(score)} is undefined on the whole holdout in every round{why}. Nothing can be concluded."
    )


def _slices(results: Results, means: pd.DataFrame) -> list[str]:
    score = results.scores[0]
    ends = at_the_end(gaps(means, score))
    told = [
        f"At {count(row['n_labeled'], 'label')} the worst slice of {isolated(row['strategy'])} was "
        f"{isolated(row['worst'])} ({number(row['worst_value'])}), {number(row['gap'])} below the best, "
        f"{isolated(row['best'])} ({number(row['best_value'])})."
        for _, row in ends.head(TOLD).iterrows()
    ]
    few = means["slice"][(means["n"] < ENOUGH) & (means["slice"] != EVERYTHING)].unique()
    if len(few):
        names = listed([isolated(name) for name in few[:TOLD]]) + (" and others" if len(few) > TOLD else "")
        told.append(f"Insufficient for a verdict (fewer than {ENOUGH} holdout items): {names}.")
    return told


def _unfinished(results: Results) -> list[str]:
    runs = results.runs
    told = []
    for status, effect in (
        ("failed", "left out of all means"),
        ("broken", "can be resumed; counted as far as scored"),
        ("stopped", "so means end there"),
    ):
        rows = runs[runs["status"] == status]
        if len(rows):
            named = rows.head(TOLD)[["strategy", "seed"]].itertuples(index=False)
            names = ", ".join(f"{isolated(name)} seed {seed}" for name, seed in named)
            more = f" and {len(rows) - TOLD} more" if len(rows) > TOLD else ""
            told.append(f"{count(len(rows), 'run')} of {len(runs)} {status} ({names}{more}), {effect}.")
    return told
