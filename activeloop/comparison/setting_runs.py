"""What a measure is given: the runs of one setting on one score and slice, and the range they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from activeloop.arrays import BoolArray, FloatArray
from activeloop.curves import Run, Setting

Per: TypeAlias = Literal["labels", "cost"]


@dataclass(frozen=True, eq=False)
class SettingRuns:
    """The runs of one setting that are compared, a row a run; runs that failed or broke off are not there.

    `x` (n_runs, n_rounds) is the number of labels, or what they cost (`per`); `values` are the scores. A run
    with fewer rounds ends in NaN in both; NaN in `values` alone is a score that is undefined in that round.
    `start` and `end` bound the range of `x` in which every run has values: the latest first value, the
    earliest end. Both are NaN where no run has a value. `baseline` says which rows are the baseline's.
    `asked` holds per run the ids that were asked, in order, and `labels` what the items of the data set
    really are, by id (both empty where the study does not tell).
    """

    setting: Setting
    score: str
    slice: str
    per: Per
    runs: tuple[Run, ...]
    x: FloatArray
    values: FloatArray
    start: float
    end: float
    baseline: BoolArray
    asked: tuple[tuple[int | str, ...], ...] = ()
    labels: Mapping[int | str, Any] = field(default_factory=dict)


def shared_range(x: FloatArray, values: FloatArray) -> tuple[float, float]:
    """Give the range of `x` in which all runs have values: latest first value, earliest end.

    Runs without any value have no say; NaN, NaN where no run has one.

    >>> x = np.array([[10.0, 20.0, 30.0], [10.0, 20.0, np.nan]])
    >>> shared_range(x, np.array([[np.nan, 0.5, 0.6], [0.4, 0.5, np.nan]]))
    (20.0, 20.0)
    """
    defined = ~np.isnan(values) & ~np.isnan(x)
    some = defined.any(axis=1)
    if not some.any():
        return np.nan, np.nan
    first = x[some, defined[some].argmax(axis=1)]
    return float(first.max()), float(ends(x[some]).min())


def ends(x: FloatArray) -> FloatArray:
    """Give the last `x` of every run; NaN for a run without rounds."""
    reached = np.where(np.isnan(x), -np.inf, x).max(axis=1, initial=-np.inf)
    return np.where(np.isinf(reached), np.nan, reached)


def at(x: FloatArray, values: FloatArray, place: float) -> FloatArray:
    """Give every run's value at a place within its range, on the line between the rounds around it.

    Where several rounds have the same `x` (a round that bought nothing) the last counts.

    >>> at(np.array([[10.0, 20.0]]), np.array([[0.5, 0.9]]), 15.0).round(6).tolist()
    [0.7]
    """
    if not x.size:
        return np.full(len(x), np.nan)
    rows = np.arange(len(x))
    before = np.maximum((x <= place).sum(axis=1) - 1, 0)
    after = np.minimum(before + 1, x.shape[1] - 1)
    x0, x1, v0, v1 = x[rows, before], x[rows, after], values[rows, before], values[rows, after]
    inside = (x0 < place) & (x1 > place)
    share = np.where(inside, (place - x0) / np.where(inside, x1 - x0, 1.0), 0.0)
    between = v0 + np.where(inside, share * (v1 - v0), 0.0)
    return np.where(inside | (x0 == place), between, np.nan)


def integral(x: FloatArray, values: FloatArray, start: float, end: float) -> FloatArray:
    """Give the area under every run's curve from `start` to `end`, by trapezoids; NaN where undefined.

    >>> integral(np.array([[10.0, 20.0, 30.0]]), np.array([[0.5, 0.9, 0.9]]), 10.0, 30.0).round(6).tolist()
    [16.0]
    """
    x0, x1, v0, v1 = x[:, :-1], x[:, 1:], values[:, :-1], values[:, 1:]
    left, right = np.clip(x0, start, end), np.clip(x1, start, end)
    inside = right > left
    slope = np.where(inside, (v1 - v0) / np.where(inside, x1 - x0, 1.0), 0.0)
    height = v0 + slope * ((left + right) / 2 - x0)
    sums = np.where(inside, (right - left) * height, 0.0).sum(axis=1)
    return np.where((x[:, 0] <= start) & (ends(x) >= end), sums, np.nan)
