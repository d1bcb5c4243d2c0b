"""Labels needed for a target, and labels saved against the baseline, also where some never got there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from activeloop.arrays import BoolArray, FloatArray
from activeloop.comparison.bootstrap import bootstrap_t
from activeloop.comparison.measured import Group, Measured, grouped, setting_runs
from activeloop.comparison.paired import mean_and_deviation
from activeloop.comparison.result import SAVED
from activeloop.comparison.setting_runs import SettingRuns, at
from activeloop.curves import StudyRuns

GAIN = 0.95


class Target(NamedTuple):
    """A score to reach, and how it is called; `why` says why there is none (value NaN)."""

    name: str
    value: float
    why: str = ""


def saved_table(
    runs: StudyRuns, of: Measured, targets: Sequence[float] | None = None, seed: int = 0
) -> pd.DataFrame:
    """Count labels to each target and labels saved, in every setting; see `Comparison.saved`.

    A run needs the labels of the first round whose score is at least the target; a run that does not get
    there is counted with the labels at the end of the shared range: the mean is the restricted mean, as of
    survival times. The rule is the same for both strategies, so two equal ones save nothing. Without
    `targets`: the baseline's final score (mean over its seeds), and its score after 95 % of its gain. They
    are one number a setting: a target of each seed's own would be reached by the baseline by its making,
    and every other strategy would seem to save labels.
    """
    curves = runs.curves()
    rows = []
    for number, group in enumerate(grouped(runs, of.baseline, of.strategies, of.seeds)):
        one = setting_runs(runs, curves, group, "labels")
        present = of.ran[number].any(axis=1)
        for target in _targets(one, of.baseline, targets):
            labels, reached = _to_target(one, target.value)
            needed, got = _by_seed(of, group, labels), _by_seed(of, group, reached.astype(np.float64))
            for k in np.flatnonzero(present):
                if k != of.base:
                    found = _saved(needed[k], needed[of.base], got[k], got[of.base], seed)
                    why = target.why or _why(found, of.strategies[k], of.baseline)
                    row = (*group.setting, of.strategies[k], target.name, target.value, *found, why)
                    rows.append(row)
    return pd.DataFrame(rows, columns=SAVED)


class _Saved(NamedTuple):
    seeds: int
    labels: float
    baseline_labels: float
    saved: float
    saved_share: float
    low: float
    high: float
    reached: int
    baseline_reached: int
    bound: str


def _saved(
    ours: FloatArray, theirs: FloatArray, got: FloatArray, baseline_got: FloatArray, seed: int
) -> _Saved:
    both = ~np.isnan(ours) & ~np.isnan(theirs)
    n = int(both.sum())
    if not n:
        return _Saved(0, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 0, 0, "")
    mine, base = float(ours[both].mean()), float(theirs[both].mean())
    reached, baseline_reached = int(got[both].sum()), int(baseline_got[both].sum())
    open_ends = (baseline_reached < n, reached < n)
    bound = {(True, True): "unknown", (True, False): "at least", (False, True): "at most"}.get(open_ends, "")
    low, high = bootstrap_t(theirs[both] - ours[both], seed)
    share = (base - mine) / base if base else np.nan
    return _Saved(n, mine, base, base - mine, share, low, high, reached, baseline_reached, bound)


def _why(found: _Saved, strategy: str, baseline: str) -> str:
    if not found.seeds:
        return "no seed gave both a curve"
    if not found.reached and not found.baseline_reached:
        return "no run reached the target"
    if not found.reached:
        return f"no run of {strategy} reached the target"
    if not found.baseline_reached:
        return f"no run of {baseline} reached the target"
    if found.seeds < 2:
        return "one seed: no interval"
    return "the same under every seed: no interval" if np.isnan(found.low) else ""


def _targets(one: SettingRuns, baseline: str, given: Sequence[float] | None) -> Iterator[Target]:
    if given is not None:
        yield from (Target(f"{value:g}", float(value)) for value in given)
        return
    rows = one.baseline
    first, last = (
        float(mean_and_deviation(at(one.x[rows], one.values[rows], place)[None])[0][0])
        if rows.any()
        else np.nan
        for place in (one.start, one.end)
    )
    missing = f"{baseline} has no final score" if np.isnan(last) else ""
    yield Target(f"the final score of {baseline}", last, missing)
    gained = last > first
    flat = missing or ("" if gained else f"{baseline} gained nothing")
    yield Target(f"95 % of the gain of {baseline}", first + GAIN * (last - first) if gained else np.nan, flat)


def _to_target(one: SettingRuns, target: float) -> tuple[FloatArray, BoolArray]:
    """Give per run the labels of the first round at the target, cut at the shared end; and who got there."""
    if not one.x.size:
        return np.full(len(one.x), np.nan), np.zeros(len(one.x), dtype=np.bool_)
    near = target - 1e-12 * max(abs(target), 1.0)
    there = (one.values >= near) & (one.x <= one.end)
    reached = there.any(axis=1)
    first = one.x[np.arange(len(one.x)), there.argmax(axis=1)]
    defined = (~np.isnan(one.values)).any(axis=1) & ~np.isnan(target)
    return np.where(defined, np.where(reached, first, one.end), np.nan), reached & defined


def _by_seed(of: Measured, group: Group, values: FloatArray) -> FloatArray:
    table = np.full((len(of.strategies), len(of.seeds)), np.nan)
    table[group.strategies, group.seeds] = values
    return table
