"""Measures of a whole run: the area under its curve, where it ends, how far it lags behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.comparison.setting_runs import SettingRuns, at, ends, integral
from activeloop.errors import ConfigurationError, PluginError
from activeloop.plugins import named

MeasureFunction: TypeAlias = Callable[[SettingRuns], FloatArray]


@dataclass(frozen=True)
class Measure:
    """A number for a whole run: a plain function of `SettingRuns`, one number a run, NaN = undefined.

    A plug-in ("file.py:attribute", "package.module:attribute") is such a function, larger = better, or a
    Measure of it that says otherwise. `per_cost`: whether it means anything over cost in place of labels.
    `score_free`: it does not read `values` (it reads what was asked), so slices and further scores are
    left out.

    >>> first = Measure("first", lambda runs: runs.values[:, 0])
    >>> first.lower_is_better
    False
    """

    name: str
    function: MeasureFunction
    lower_is_better: bool = False
    per_cost: bool = True
    score_free: bool = False

    def __call__(self, runs: SettingRuns) -> FloatArray:
        """Measure every run; raises PluginError where it does not give one number a run."""
        found = np.asarray(self.function(runs), dtype=np.float64)
        if found.shape != (len(runs.runs),):
            raise PluginError(
                f"measure {self.name!r} gave an array of shape {found.shape} for {len(runs.runs)} runs; "
                "it must give one number a run"
            )
        return np.where(np.isinf(found), np.nan, found)


def area(runs: SettingRuns) -> FloatArray:
    """AUBC, normalized: the mean height of the curve, 1/(b - a) ∫ value dx from a = start to b = end.

    By trapezoids over the range that all compared runs share, the first round included; in the unit of
    the score. Undefined where the runs share no more than a point.
    """
    if not runs.end > runs.start:
        return np.full(len(runs.runs), np.nan)
    return integral(runs.x, runs.values, runs.start, runs.end) / (runs.end - runs.start)


def final(runs: SettingRuns) -> FloatArray:
    """The value at the end of the range that all compared runs share."""
    return at(runs.x, runs.values, runs.end)


def deficiency(runs: SettingRuns) -> FloatArray:
    """Say how far a run stays below the baseline's best: Σ (m - value) / Σ (m - baseline's mean).

    Sums go over the rounds of the baseline within the shared range; m is the largest value of the baseline's
    mean curve. The baseline's mean deficiency is 1, less is better. Undefined where that curve is flat.
    Source: Baram, El-Yaniv, Luz 2004, whose m is the accuracy of passive learning with all labels.
    """
    undefined = np.full(len(runs.runs), np.nan)
    if not runs.baseline.any() or not runs.end > runs.start:
        return undefined
    grid = np.unique(runs.x[runs.baseline])
    grid = grid[(grid >= runs.start) & (grid <= runs.end)]
    values = np.stack([at(runs.x, runs.values, place) for place in grid], axis=1)
    mine = values[runs.baseline]
    mine = mine[~np.isnan(mine).any(axis=1)]
    if not len(mine):
        return undefined
    mean = mine.mean(axis=0)
    lag = float((mean.max() - mean).sum())
    return (mean.max() - values).sum(axis=1) / lag if lag > 0 else undefined


def area_lu2023(runs: SettingRuns) -> FloatArray:
    """AUBC as Lu, Li, Lin 2023 compute it: trapezoid of the values after query 1..Q, divided by Q.

    The value before the first query is left out, so Q values span Q - 1 intervals and the number is low by
    about 1/Q of itself. Each run is taken over its own length. Q is the number of labels bought (or their
    cost).
    """
    x, values = runs.x[:, 1:], runs.values[:, 1:]
    if x.shape[1] < 2:
        return np.full(len(runs.runs), np.nan)
    bought = ends(runs.x) - runs.x[:, 0]
    inside = x[:, 1:] > x[:, :-1]
    pieces = np.where(inside, (x[:, 1:] - x[:, :-1]) * (values[:, 1:] + values[:, :-1]) / 2, 0.0)
    return np.asarray(pieces.sum(axis=1) / np.where(bought > 0, bought, np.nan), dtype=np.float64)


MEASURES = {
    "area": Measure("area", area),
    "final": Measure("final", final),
    "deficiency": Measure("deficiency", deficiency, lower_is_better=True),
    "area_lu2023": Measure("area_lu2023", area_lu2023),
}


def measure(given: str | Measure | MeasureFunction, folder: Path | None = None) -> Measure:
    """Give a measure by its name, as a plug-in, or as the function itself.

    >>> measure("deficiency").lower_is_better
    True

    Raises UnknownNameError for a name that resolves to nothing, ConfigurationError for what is no function.
    """
    found = named("measure", given, MEASURES, folder or Path()) if isinstance(given, str) else given
    if isinstance(found, Measure):
        return found
    if not callable(found):
        raise ConfigurationError(f"measure {given!r} is no function of the runs of a setting: {found!r}")
    name = given if isinstance(given, str) else getattr(found, "__name__", repr(found))
    return Measure(name, found)


def resolved(given: Sequence[str | Measure | MeasureFunction], folder: Path | None) -> tuple[Measure, ...]:
    """Give measures, each under a name of its own; raises ConfigurationError for none, or for one twice."""
    found = tuple(measure(one, folder) for one in given)
    names = [one.name for one in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if not found or twice is not None:
        raise ConfigurationError(f"measure {twice!r} is named twice" if found else "no measure is named")
    return found
