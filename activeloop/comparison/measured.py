"""Every run measured: one array of numbers, a layer a question, a row a strategy, a column a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import BoolArray, FloatArray, IntArray
from activeloop.comparison.measures import Measure
from activeloop.comparison.setting_runs import Per, SettingRuns, shared_range
from activeloop.curves import EVERYTHING, Curves, Setting, StudyRuns

Labels: TypeAlias = Callable[[str], Mapping[int | str, Any]]
COUNTED = ("complete", "stopped")


class Question(NamedTuple):
    """What is measured, and on what."""

    setting: Setting
    score: str
    slice: str
    measure: str
    per: Per


class Group(NamedTuple):
    """The runs of one setting that count, as rows of the study, with the place of each in the array."""

    setting: Setting
    rows: IntArray
    strategies: IntArray
    seeds: IntArray
    baseline: BoolArray


@dataclass(frozen=True, eq=False)
class Measured:
    """The measures of all runs.

    `values` (n_questions, n_strategies, n_seeds) holds NaN where a run is missing, does not count, or has no
    value; `support` (n_questions, n_strategies) the fewest holdout items, NaN
    for a measure that reads no scores. `ran` and `counts` (n_settings,
    n_strategies, n_seeds) say which runs there are, and which count: complete or stopped ones.
    """

    questions: tuple[Question, ...]
    settings: tuple[Setting, ...]
    strategies: tuple[str, ...]
    seeds: tuple[int, ...]
    baseline: str
    values: FloatArray
    support: FloatArray
    ran: BoolArray
    counts: BoolArray

    @cached_property
    def base(self) -> int:
        """The row of the baseline."""
        return self.strategies.index(self.baseline)

    @cached_property
    def of_setting(self) -> IntArray:
        """The number of each question's setting."""
        number = {one: i for i, one in enumerate(self.settings)}
        return np.array([number[one.setting] for one in self.questions], dtype=np.int64)

    def about(self, score: str, slice: str, measure: str, per: Per = "labels") -> IntArray:
        """Give the layers that ask one thing, a layer a setting."""
        wanted = (score, slice, measure, per)
        return np.array([i for i, one in enumerate(self.questions) if one[1:] == wanted], dtype=np.int64)


def measured(
    runs: StudyRuns, baseline: str, measures: Sequence[Measure], labels: Labels | None = None
) -> Measured:
    """Measure every run by every measure, score and slice, one slice in memory at a time."""
    strategies, seeds = runs.strategies, tuple(sorted({run.seed for run in runs.runs}))
    ran = np.zeros((len(runs.settings), len(strategies), len(seeds)), dtype=np.bool_)
    counts = ran.copy()
    groups = tuple(grouped(runs, baseline, strategies, seeds))
    number = {one: i for i, one in enumerate(runs.settings)}
    row, column = ({one: i for i, one in enumerate(names)} for names in (strategies, seeds))
    for run in runs.runs:
        place = number[run.setting], row[run.strategy], column[run.seed]
        ran[place], counts[place] = True, run.status in COUNTED
    truths = {name: labels(name) for name in runs.data} if labels else {}
    free = {one.name for one in measures if one.score_free}
    questions, layers, supports = [], [], []
    for curves in _read(runs):
        support = np.nan_to_num(curves.support)
        for group in groups:
            if curves.slice != EVERYTHING and not support[group.rows].any():
                continue  # a slice of other data sets
            for question, values in _answers(runs, curves, group, measures, truths):
                layer = np.full((len(strategies), len(seeds)), np.nan)
                layer[group.strategies, group.seeds] = values
                fewest = np.full(len(strategies), np.inf)
                np.minimum.at(fewest, group.strategies, support[group.rows])
                questions.append(question)
                layers.append(layer)
                supports.append(np.where(np.isinf(fewest) | (question.measure in free), np.nan, fewest))
    shape = (len(questions), len(strategies), len(seeds))
    return Measured(
        tuple(questions), runs.settings, strategies, seeds, baseline,
        np.array(layers).reshape(shape), np.array(supports).reshape(shape[:2]), ran, counts,
    )  # fmt: skip


def grouped(
    runs: StudyRuns, baseline: str, strategies: Sequence[str], seeds: Sequence[int]
) -> Iterator[Group]:
    """Give the runs that count, setting by setting; a setting without any is given too, with no rows."""
    row, column = ({one: i for i, one in enumerate(names)} for names in (strategies, seeds))
    found: dict[Setting, list[tuple[int, int, int]]] = {one: [] for one in runs.settings}
    for i, run in enumerate(runs.runs):
        if run.status in COUNTED:
            found[run.setting].append((i, row[run.strategy], column[run.seed]))
    for setting, places in found.items():
        rows, mine, under = np.array(places, dtype=np.int64).reshape(-1, 3).T
        yield Group(setting, rows, mine, under, np.array([strategies[i] == baseline for i in mine], np.bool_))


def setting_runs(
    runs: StudyRuns, curves: Curves, group: Group, per: Per, labels: Mapping[int | str, Any] | None = None
) -> SettingRuns:
    """Cut the runs of one setting out of the curves of a study."""
    x = (curves.n_labeled if per == "labels" else curves.cost)[group.rows]
    values = curves.values[group.rows]
    start, end = shared_range(x, values)
    own = tuple(curves.runs[i] for i in group.rows)
    asked = tuple(runs.asked[i] for i in group.rows) if runs.asked else ()
    return SettingRuns(
        group.setting, curves.score, curves.slice, per, own, x, values,
        start, end, group.baseline, asked, labels or {},
    )  # fmt: skip


def _read(runs: StudyRuns) -> Iterator[Curves]:
    return (runs.curves(score, slice) for score in runs.scores for slice in runs.slices)


def _answers(
    runs: StudyRuns,
    curves: Curves,
    group: Group,
    measures: Sequence[Measure],
    truths: Mapping[str, Mapping[int | str, Any]],
) -> Iterator[tuple[Question, FloatArray]]:
    first = curves.score == runs.scores[0] and curves.slice == EVERYTHING
    ways: tuple[Per, ...] = ("labels",) if in_step(curves, group.rows) else ("labels", "cost")
    for per in ways:
        one = setting_runs(runs, curves, group, per, truths.get(group.setting.data))
        for measure in measures:
            if (per == "labels" or measure.per_cost) and (first or not measure.score_free):
                values = measure(one) if len(group.rows) else np.empty(0)
                yield Question(group.setting, curves.score, curves.slice, measure.name, per), values


def in_step(curves: Curves, rows: IntArray) -> bool:
    """Say whether the cost of some runs rises in step with their labels, so that both tell the same."""
    labels, cost = curves.n_labeled[rows], curves.cost[rows]
    bought, spent = np.diff(labels, axis=1), np.diff(cost, axis=1)
    if not np.nansum(bought) > 0:
        return True
    price = np.nansum(spent) / np.nansum(bought)
    started = np.ptp(cost[:, 0] - price * labels[:, 0]) if len(rows) else 0.0
    same = np.abs(spent - price * bought) <= 1e-9 * max(abs(price), 1e-300)
    return bool((same | np.isnan(spent)).all() and started <= 1e-9 * abs(price))
