"""From settings to data sets: one block a data set, for ranks and for the Bayesian test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from activeloop.arrays import BoolArray, FloatArray, IntArray
from activeloop.comparison.bayesian import bayesian_signed_rank
from activeloop.comparison.measured import Measured
from activeloop.comparison.paired import mean_and_deviation
from activeloop.comparison.ranks import ranks
from activeloop.comparison.result import PRACTICAL, Ranks
from activeloop.wording import count, isolated, listed


class Blocks(NamedTuple):
    """A value per data set and strategy, larger = better, none missing; and what was left out, in words."""

    values: FloatArray
    data: tuple[str, ...]
    strategies: tuple[str, ...]
    warnings: tuple[str, ...]


def blocks(of: Measured, about: IntArray, lower_is_better: bool) -> Blocks:
    """Average each strategy over seeds, then over the settings of a data set, in the layers of a question.

    Only seeds that all strategies of a setting share count. A strategy without a value on any data set is
    left out; then data sets, where a strategy is missing in one of the settings.
    """
    data = tuple(dict.fromkeys(one.data for one in of.settings))
    table = np.full((len(data), len(of.strategies)), np.nan)
    layers = {of.questions[q].setting: of.values[q] for q in about}
    some = np.array([(~np.isnan(one)).any(axis=1) for one in layers.values()]).reshape(-1, len(of.strategies))
    kept: BoolArray = np.asarray(some.any(axis=0))
    for i, name in enumerate(data):
        mine = [_shared(one, kept) for setting, one in layers.items() if setting.data == name]
        if mine:
            table[i] = np.mean(mine, axis=0)
    whole: BoolArray = np.asarray(~np.isnan(table[:, kept]).any(axis=1))
    names = tuple(one for one, keep in zip(of.strategies, kept, strict=True) if keep)
    sign = -1.0 if lower_is_better else 1.0
    return Blocks(
        sign * table[whole][:, kept],
        tuple(one for one, keep in zip(data, whole, strict=True) if keep),
        names,
        _left_out(of.strategies, kept, data, whole, table),
    )


def ranked(given: Blocks) -> tuple[Ranks | None, tuple[str, ...]]:
    """Rank the strategies over data sets, or say why that cannot be."""
    n, k = given.values.shape
    if k < 3 or n < 2:
        return None, (
            f"No ranks over data sets: they take at least 2 data sets and 3 strategies; "
            f"there are {count(n, 'data set')} and {count(k, 'strategy')} that can be ranked.",
        )
    found = ranks(given.values, given.strategies, given.data)
    if n >= 5:
        return found, ()
    return found, (
        f"Ranks rest on {count(n, 'data set')}: the chi-square and F of Friedman's test are rough below 5.",
    )


def practical(given: Blocks, baseline: str, rope: float, seed: int) -> pd.DataFrame:
    """Give the posterior of every strategy against the baseline; see `Comparison.practical`."""
    if baseline not in given.strategies or not len(given.data):
        return pd.DataFrame(columns=PRACTICAL)
    base = given.values[:, given.strategies.index(baseline)]
    rows = [
        (name, len(given.data), rope, *bayesian_signed_rank(given.values[:, k] - base, rope, seed))
        for k, name in enumerate(given.strategies)
        if name != baseline
    ]
    return pd.DataFrame(rows, columns=PRACTICAL)


def _shared(values: FloatArray, kept: BoolArray) -> FloatArray:
    """Average over the seeds under which all kept strategies have a value; NaN where there is none."""
    seeds = ~np.isnan(values[kept]).any(axis=0)
    means = mean_and_deviation(values[:, seeds])[0] if seeds.any() else np.full(len(values), np.nan)
    return np.where(kept, means, np.nan)


def _left_out(
    strategies: Sequence[str], kept: BoolArray, data: Sequence[str], whole: BoolArray, table: FloatArray
) -> tuple[str, ...]:
    told = []
    lost = [isolated(one) for one, keep in zip(strategies, kept, strict=True) if not keep]
    if lost:
        told.append(f"Left out of the ranks, without a value on any data set: {listed(lost)}.")
    missing = [isolated(one) for one, keep in zip(data, whole, strict=True) if not keep]
    if missing:
        told.append(
            f"Left out of the ranks, as a strategy has no value there under a shared seed: {listed(missing)}."
        )
    return tuple(told)
