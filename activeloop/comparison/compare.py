"""All of a comparison: measure every run, compare in pairs, rank over data sets, say what cannot be said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from activeloop.arrays import IntArray
from activeloop.comparison.differences import (
    against_table,
    measured_table,
    pairs_table,
    per_seed_table,
    setting_columns,
)
from activeloop.comparison.limits import limits
from activeloop.comparison.measured import Labels, Measured, measured
from activeloop.comparison.measures import Measure, MeasureFunction, resolved
from activeloop.comparison.over_data import blocks, practical, ranked
from activeloop.comparison.paired import Test, paired
from activeloop.comparison.power import detectable, least_seeds, seeds_needed
from activeloop.comparison.result import POWER, Comparison
from activeloop.comparison.saved import saved_table
from activeloop.curves import EVERYTHING, StudyRuns
from activeloop.errors import ConfigurationError, DataError, UnknownNameError, unknown


def compare(
    runs: StudyRuns,
    *,
    baseline: str = "random",
    measures: Sequence[str | Measure | MeasureFunction] = ("area", "final"),
    test: Test = "wilcoxon",
    targets: Sequence[float] | None = None,
    difference: float | None = None,
    rope: float | None = None,
    labels: Labels | None = None,
    folder: Path | None = None,
    seed: int = 0,
) -> Comparison:
    """Compare every strategy of a study with the baseline, with every other, by slice, and over data sets.

    `measures`: names, plug-ins (relative to `folder`) or functions; the first is what the study is judged by.
    `test`: "wilcoxon" (signed-rank, exact) or "t", both paired by seed. `targets`: scores to be reached, for
    labels saved. `difference`: the one that one wants to see, in the unit of the first measure. `rope`:
    differences up to this do not matter (Bayesian test over data sets). `labels` gives, for measures of what
    was asked, what the items of a data set really are, by id. `seed` draws the bootstrap and the posterior;
    nothing else is random.

    Raises UnknownNameError for a baseline or measure that there is not, ConfigurationError for an option that
    cannot be, DataError for a study without runs, PluginError for a measure that gives no numbers.
    """
    _check(runs, baseline, test, targets, difference)
    found = resolved(measures, folder)
    of = measured(runs, baseline, found, labels)
    first = found[0]
    about = of.about(runs.scores[0], EVERYTHING, first.name)
    against = against_table(of, found, test)
    power = power_table(of, about, test, difference)
    given = blocks(of, about, first.lower_is_better)
    ranks, unranked = ranked(given)
    question = against[
        (against["score"] == runs.scores[0])
        & (against["slice"] == EVERYTHING)
        & (against["measure"] == first.name)
        & (against["per"] == "labels")
    ]
    return Comparison(
        runs=runs,
        baseline=baseline,
        measures=tuple(one.name for one in found),
        measured=measured_table(of),
        against=against,
        pairs=pairs_table(of, about, found, test),
        saved=saved_table(runs, of, targets, seed),
        power=power,
        per_seed=per_seed_table(of),
        ranks=ranks,
        practical=None if rope is None else practical(given, baseline, rope, seed),
        warnings=(*limits(runs, runs.curves(), of, question, power), *given.warnings, *unranked),
        lower_is_better=frozenset(one.name for one in found if one.lower_is_better),
    )


def power_table(of: Measured, about: IntArray, test: Test, difference: float | None) -> pd.DataFrame:
    """Say what the seeds at hand can show, and how many a difference takes; see `Comparison.power`."""
    others = np.arange(len(of.strategies)) != of.base
    q, k = np.nonzero(of.ran[of.of_setting[about]].any(axis=2) & others)
    compared = paired(of.values[about[q], k], of.values[about[q], of.base], test)
    strategies = np.bincount(q[compared.n > 0], minlength=len(about))[q]
    rows = [
        _power(int(n), float(spread), int(m), test, difference)
        for n, spread, m in zip(compared.n, compared.spread, strategies, strict=True)
    ]
    numbers = pd.DataFrame(rows, columns=POWER[-7:])
    names = {
        **setting_columns(of, of.of_setting[about[q]]),
        "strategy": np.array(of.strategies, dtype=object)[k],
    }
    return pd.concat([pd.DataFrame(names), numbers], axis=1)[POWER]


def _power(
    n: int, spread: float, strategies: int, test: Test, difference: float | None
) -> tuple[int, int, float, float, float, float, str]:
    wished = math.nan if difference is None else abs(difference)
    least = least_seeds(strategies, test)
    why = "" if n > 1 else "the spread of the differences takes two seeds"
    needed = visible = math.nan
    if n > 1:
        visible = detectable(n, spread, strategies=strategies, test=test)
        if difference is not None:
            seeds = seeds_needed(wished, spread, strategies=strategies, test=test)
            needed, why = (float(seeds), why) if seeds else (math.inf, "more than 100,000 seeds")
    return n, least, spread, wished, needed, visible, why


def _check(
    runs: StudyRuns,
    baseline: str,
    test: str,
    targets: Sequence[float] | None,
    difference: float | None,
) -> None:
    if not runs.runs or not runs.scores:
        raise DataError(f"study {runs.name!r} has no {'runs' if not runs.runs else 'scores'} to compare")
    if baseline not in runs.strategies:
        raise UnknownNameError(unknown("baseline", baseline, runs.strategies))
    if test not in ("wilcoxon", "t"):
        raise ConfigurationError(unknown("test", test, ("wilcoxon", "t")))
    if targets is not None and (not len(targets) or not all(map(math.isfinite, targets))):
        raise ConfigurationError(
            f"targets must be scores to be reached, at least one; given: {list(targets)}"
        )
    if difference is not None and not (math.isfinite(difference) and difference != 0):
        raise ConfigurationError(f"difference must be a number other than 0; given: {difference}")
    pairs = [(run.setting, run.strategy, run.seed) for run in runs.runs]
    if len(set(pairs)) < len(pairs):
        twice = next(one for one in pairs if pairs.count(one) > 1)
        raise DataError(f"there are two runs of {twice[1]!r} on {twice[0].data!r} under seed {twice[2]}")
