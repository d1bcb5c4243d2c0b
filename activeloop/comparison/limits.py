"""What cannot be concluded, where and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from activeloop.comparison.measured import COUNTED, Measured, grouped
from activeloop.comparison.result import SETTING
from activeloop.comparison.setting_runs import ends, shared_range
from activeloop.curves import Curves, Run, StudyRuns, called
from activeloop.wording import count, isolated, listed, number

TOLD = 5


def limits(
    runs: StudyRuns, curves: Curves, of: Measured, first: pd.DataFrame, power: pd.DataFrame
) -> Iterator[str]:
    """Say what limits a comparison: failed runs, one seed, missing pairs, unequal lengths, undefined scores.

    `first` holds the rows of `Comparison.against` that answer the question of the study.
    """
    yield from _ended(runs)
    yield from _first(_lengths(runs, curves, of))
    yield from _same(curves, of, runs)
    yield from _first(_missing(of))
    for verdict in ("not comparable", "insufficient"):
        yield from _unjudged(first[first["verdict"] == verdict], verdict)
    yield from _weak(power)


def _first(sentences: Iterable[str]) -> Iterator[str]:
    """Give the first sentences of a kind, and how many more there are."""
    told = list(sentences)
    yield from told[:TOLD]
    if len(told) > TOLD:
        yield f"{count(len(told) - TOLD, 'more sentence')} of this kind, about other settings, left out."


def _ended(runs: StudyRuns) -> Iterator[str]:
    lost = [run for run in runs.runs if run.status not in COUNTED]
    if lost:
        reasons = list(dict.fromkeys(run.reason for run in lost if run.reason))
        instance = "for instance: " if len(reasons) > 1 else ""
        why = f" ({instance}{isolated(reasons[0])})" if reasons else ""
        yield f"{count(len(lost), 'run')} of {len(runs.runs)} left out, not ended: {_named(lost)}{why}."


def _named(lost: list[Run]) -> str:
    words = [
        f"{isolated(run.strategy)} on {isolated(run.setting.data)} seed {run.seed} {run.status}"
        for run in lost[:TOLD]
    ]
    return listed(words) if len(lost) <= TOLD else f"{', '.join(words)} and {len(lost) - TOLD} more"


def _lengths(runs: StudyRuns, curves: Curves, of: Measured) -> Iterator[str]:
    for group in grouped(runs, of.baseline, of.strategies, of.seeds):
        x = curves.n_labeled[group.rows]
        start, end = shared_range(x, curves.values[group.rows])
        if not len(group.rows) or np.isnan(end):
            continue
        place, last = f"On {isolated(called(group.setting, of.settings))}", ends(x)
        if np.nanmax(last) > end:
            early = sorted({of.strategies[k] for k in group.strategies[last <= end]})
            yield (
                f"{place} runs differ in length: all are compared up to {end:g} labels, where the first "
                f"ended ({_some(early)}); the longest has {np.nanmax(last):g}."
            )
        if np.nanmin(x) < start:
            yield f"{place} all are compared from {start:g} labels on: before, a run lacks a defined score."
        if not end > start:
            yield f"{place} the runs share no range of labels, so no area can be given."


def _same(curves: Curves, of: Measured, runs: StudyRuns) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for group in grouped(runs, of.baseline, of.strategies, of.seeds):
        for k in np.unique(group.strategies):
            rows = group.rows[group.strategies == k]
            values = curves.values[rows]
            if len(rows) > 1 and (~np.isnan(values)).any() and _equal(values):
                found.setdefault(of.strategies[k], []).append(called(group.setting, of.settings))
    for strategy, places in found.items():
        yield (
            f"{isolated(strategy)} has the same curve under every seed on {_some(places)}: "
            "its seeds repeat one run, so they say nothing of chance."
        )


def _equal(values: np.ndarray) -> bool:
    return bool(((values == values[0]) | (np.isnan(values) & np.isnan(values[0]))).all())


def _missing(of: Measured) -> Iterator[str]:
    """Name strategies that lack seeds which the baseline has: pairs are made of shared seeds only."""
    for setting, ran, counts in zip(of.settings, of.ran, of.counts, strict=True):
        place = f"On {isolated(called(setting, of.settings))}"
        base = counts[of.base]
        lacking = [
            of.strategies[k]
            for k in range(len(of.strategies))
            if k != of.base and ran[k].any() and (counts[k] != base).any() and counts[k].any()
        ]
        if lacking:
            yield (
                f"{place} {_some(lacking)} and {isolated(of.baseline)} did not end under the same seeds; "
                "only seeds that both have are compared."
            )
        if not base.any():
            yield f"{place} no run of {isolated(of.baseline)} ended: nothing can be compared with it."


def _unjudged(rows: pd.DataFrame, verdict: str) -> Iterator[str]:
    for why, group in rows.groupby("why", sort=False, observed=True):
        names = [f"{row[-1]} on {row[0]}" for row in group[[*SETTING, "strategy"]].itertuples(index=False)]
        yield f"{verdict.capitalize()}: {_some(names)} ({why})."


def _weak(power: pd.DataFrame) -> Iterator[str]:
    rows = power[power["needed_seeds"] > power["seeds"]]
    if len(rows):
        most = f"{rows['needed_seeds'].max():g}"
        yield (
            f"To see a difference of {number(float(rows['difference'].iloc[0]))} with 80 % power, the seeds "
            f"are too few in {count(len(rows), 'comparison')} of {len(power)}: {most} would do."
        )


def _some(names: Iterable[str]) -> str:
    told = [isolated(one) for one in names]
    return listed(told) if len(told) <= TOLD else f"{', '.join(told[:TOLD])} and {len(told) - TOLD} more"
