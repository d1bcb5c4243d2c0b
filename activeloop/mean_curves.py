"""Learning curves over seeds: the mean of the runs of a strategy in a setting, and its 95 % band."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from activeloop.arrays import FloatArray, IntArray
from activeloop.curves import Curves, Setting


class MeanCurve(NamedTuple):
    """One strategy in one setting; the arrays are (n_rounds,), and `seeds` says how many runs are in it.

    `n_labeled` is the mean label count of a round. `low` and `high` are NaN with a single seed, and all three
    of value, low and high where the score is undefined in any run.
    """

    setting: Setting
    strategy: str
    seeds: int
    n_labeled: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray


def mean_curves(curves: Curves) -> tuple[MeanCurve, ...]:
    """Give the mean curve of each strategy in each setting, and mean ± t(0.975, k − 1) · s / √k of k seeds.

    A curve ends at the last round that all of its runs reached. Runs that failed or broke off and runs
    without a round are left out; what has no other run has no curve.

    >>> from activeloop.curves import Run
    >>> iris = Setting("iris", "SVC", 10, "exact")
    >>> runs = (Run(iris, "margin", 0), Run(iris, "margin", 1))
    >>> labels = np.array([[10.0, 20.0], [10.0, np.nan]])
    >>> scores = np.array([[0.5, 0.9], [0.7, np.nan]])
    >>> (one,) = mean_curves(Curves("accuracy", "all", runs, labels, labels, scores, np.ones(2)))
    >>> one.seeds, one.n_labeled, one.value.round(2), one.high.round(2)
    (2, array([10.]), array([0.6]), array([1.87]))
    """
    lengths = (~np.isnan(curves.n_labeled)).sum(axis=1)
    groups: dict[tuple[Setting, str], list[int]] = {}
    for at, run in enumerate(curves.runs):
        if run.status not in ("failed", "broken") and lengths[at]:
            groups.setdefault((run.setting, run.strategy), []).append(at)
    return tuple(
        _mean(curves, *who, np.array(rows), int(lengths[rows].min())) for who, rows in groups.items()
    )


def _mean(curves: Curves, setting: Setting, strategy: str, rows: IntArray, rounds: int) -> MeanCurve:
    values, k = curves.values[rows, :rounds], len(rows)
    mean = values.mean(axis=0)
    if k > 1:
        half = stdtrit(k - 1, 0.975) * values.std(axis=0, ddof=1) / np.sqrt(k)
    else:
        half = np.full(rounds, np.nan)
    labels = curves.n_labeled[rows, :rounds].mean(axis=0)
    return MeanCurve(setting, strategy, k, labels, mean, mean - half, mean + half)
