"""Which metric explains where the model fails: rank correlation, information, corrected p, a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.errors import ConfigurationError, DataError
from activeloop.metrics.metric import Columns
from activeloop.performance.bins import ENOUGH
from activeloop.performance.outcome import Outcome
from activeloop.statistics import Information, benjamini_hochberg, mutual_information, spearman
from activeloop.statistics.columns import column, is_missing, is_number

LEVEL = 0.05
_PERMUTATIONS = 999


class Importance(NamedTuple):
    """What one metric says about the outcome, over the n items that have the metric.

    `rho` is Spearman's rank correlation with its 95 % interval `low`, `high`; None for categories.
    `information` is the share in [0, 1] of the outcome's entropy that the metric explains, whatever the shape
    of the dependence, corrected for chance. `p` is against no dependence, `p_adjusted` by Benjamini-Hochberg
    over the metrics. None = undefined, and `reason` says why. `sentence` is for people.
    """

    metric: str
    rho: float | None
    low: float | None
    high: float | None
    information: float | None
    p: float | None
    p_adjusted: float | None
    n: int
    sentence: str
    reason: str = ""


def importance(
    columns: Columns, outcome: Outcome, metrics: Iterable[str], *, seed: int = 0
) -> tuple[Importance, ...]:
    """Say for each metric how the outcome hangs on it, what explains most first.

    columns : numbers (n,) with NaN where the metric has none, or categories; pairs with a missing value are
    left out, never filled. outcome : `performance.outcome(predictions)`. seed : of the permutations.

    p is the smaller of the p of rho and the permutation p of the information, doubled for the two looks.
    Where it takes more permutations for one metric to be found among all, more are made. Fewer than 10 items,
    a single value, or an outcome of a single value give no p, and `reason` says so. Nor does a metric that
    restates the outcome (its loss, correct): one by whose order the outcome never falls, or never rises.

    Raises DataError for a column of another length, ConfigurationError for no metric.

    >>> from activeloop.metrics.table import Table
    >>> blur, wrong = np.arange(60.0), (np.arange(60) % 4 < np.arange(60) // 20).astype(float)
    >>> (found,) = importance(Table({"blur": blur}), Outcome("errors", wrong), ["blur"])
    >>> round(found.rho, 2), found.p_adjusted < 0.01, found.sentence
    (0.41, True, 'errors rise with blur')
    """
    names = list(metrics)
    if not names:
        raise ConfigurationError("metrics=[]: give at least one metric")
    found = [_one(name, columns.column(name), outcome, seed, len(names)) for name in names]
    p = np.array([np.nan if one.p is None else one.p for one in found])
    done = [_told(one, of_all, outcome) for one, of_all in zip(found, benjamini_hochberg(p), strict=True)]
    return tuple(sorted(done, key=_strongest_first))


def _one(name: str, given: object, outcome: Outcome, seed: int, looks: int) -> Importance:
    values = column(given, f"metric {name!r}")
    if len(values) != len(outcome.values):
        raise DataError(f"metric {name!r} has {len(values)} values for {len(outcome.values)} outcomes")
    known = ~is_missing(values) & ~np.isnan(outcome.values)
    values, worse = values[known], outcome.values[known]
    nothing = Importance(name, None, None, None, None, None, None, len(values), "")
    reason = _why_not(values, worse)
    if reason:
        return nothing._replace(reason=reason)
    information = _information(values, worse, seed, looks)
    p = information.p
    rho = low = high = None
    if is_number(values):
        rank = spearman(values, worse)
        rho, low, high = map(_or_none, rank[:3])
        p = min(p, rank.p)
    some = nothing._replace(rho=rho, low=low, high=high, information=information.value, p=min(1.0, 2 * p))
    if is_number(values) and _restates(values, worse):
        return some._replace(p=None, reason="it restates the outcome")
    return some


def _information(values: Array, worse: FloatArray, seed: int, looks: int) -> Information:
    """Permute again, and more often, where no permutation came near and yet more are needed to tell."""
    found = mutual_information(values, worse, seed=seed, permutations=_PERMUTATIONS)
    needed = 4 * round(looks / LEVEL)
    if needed <= _PERMUTATIONS or found.p > 1 / _PERMUTATIONS:
        return found
    return mutual_information(values, worse, seed=seed + 1, permutations=needed)


def _why_not(values: Array, worse: FloatArray) -> str:
    if len(values) < ENOUGH:
        return f"insufficient: {len(values)} of the {ENOUGH} items that are needed"
    if len(set(values.tolist())) < 2:
        return "it has a single value"
    return "the outcome has a single value" if worse.min() == worse.max() else ""


def _restates(values: FloatArray, worse: FloatArray) -> bool:
    """Say whether the outcome is a rising, or a falling, function of the values: never a step back."""
    for way in (worse, -worse):
        ordered = way[np.lexsort((way, values))]
        if (np.diff(ordered) >= 0).all():
            return True
    return False


def _told(one: Importance, adjusted: float, outcome: Outcome) -> Importance:
    what, metric = outcome.name, one.metric
    if one.p is None:
        sentence = f"{metric} cannot be judged: {one.reason}"
    elif adjusted >= LEVEL:
        sentence = f"no sign that {what} depend on {metric}"
    elif one.low is not None and one.low > 0:
        sentence = f"{what} rise with {metric}"
    elif one.high is not None and one.high < 0:
        sentence = f"{what} fall as {metric} rises"
    else:
        sentence = f"{what} depend on {metric}, not in one direction"
    return one._replace(p_adjusted=_or_none(adjusted), sentence=sentence)


def _strongest_first(one: Importance) -> tuple[bool, float, str]:
    found = one.p_adjusted is not None and one.p_adjusted < LEVEL
    return not found, -(one.information or 0.0), one.metric


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
