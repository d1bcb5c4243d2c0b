"""Runs as learning curves: one score on one slice, round by round, a row a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from activeloop.arrays import BoolArray, FloatArray
from activeloop.errors import UnknownNameError, unknown
from activeloop.setting import Setting as Setting

T = TypeVar("T")

EVERYTHING = "all"
"""The slice that is the whole holdout."""


class Run(NamedTuple):
    """One strategy in one setting under one seed, and how it ended.

    `status` is "complete", "stopped", "failed" or "broken"; `reason` says why, in words.
    """

    setting: Setting
    strategy: str
    seed: int
    status: str = "complete"
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Curves:
    """One score on one slice over the rounds of some runs; row i belongs to `runs[i]`.

    `n_labeled`, `cost` and `values` are (n_runs, n_rounds); a run with fewer rounds ends in NaN in all three.
    `values` are larger where the model is better, as in scikit-learn's `scoring=`; NaN within a run is a
    score that is undefined in that round. `support` (n_runs,) is the fewest holdout items of the slice.

    >>> digits = Setting("digits", "SVC", 10, "exact")
    >>> runs = (Run(digits, "margin", 0), Run(digits, "random", 0))
    >>> labels = np.array([[10.0, 20.0], [10.0, 20.0]])
    >>> both = Curves("accuracy", "all", runs, labels, labels, np.array([[0.5, 0.9], [0.5, 0.7]]), np.ones(2))
    >>> both.where(both.of(strategy="margin")).values
    array([[0.5, 0.9]])
    """

    score: str
    slice: str
    runs: tuple[Run, ...]
    n_labeled: FloatArray
    cost: FloatArray
    values: FloatArray
    support: FloatArray

    def of(self, setting: Setting | None = None, strategy: str | None = None) -> BoolArray:
        """Say which rows belong to a setting, a strategy, or both."""
        return np.array(
            [
                (setting is None or run.setting == setting) and (strategy is None or run.strategy == strategy)
                for run in self.runs
            ],
            dtype=np.bool_,
        )

    def where(self, rows: BoolArray) -> Curves:
        """Give the curves of some rows."""
        kept = tuple(run for run, keep in zip(self.runs, rows, strict=True) if keep)
        arrays = (one[rows] for one in (self.n_labeled, self.cost, self.values, self.support))
        return Curves(self.score, self.slice, kept, *arrays)


@dataclass(frozen=True, eq=False)
class StudyRuns:
    """All runs of a study and what may be asked about them.

    `scores`: the first is the one that the study asks about; `slices`: "all" comes first. `read` gives the
    curves of a score on a slice, rows in the order of `runs`. `seconds` (n_runs, n_phases) sums the time of
    each of `phases`, which are in the order of their names; `asked` holds, per run, the ids that its strategy
    asked for, in order, without those of the start.
    """

    name: str
    question: str
    runs: tuple[Run, ...]
    scores: tuple[str, ...]
    slices: tuple[str, ...]
    read: Callable[[str, str], Curves]
    phases: tuple[str, ...]
    seconds: FloatArray
    asked: tuple[tuple[int | str, ...], ...]

    def curves(self, score: str | None = None, slice: str = EVERYTHING) -> Curves:
        """Give the curves of a score (the first, when none is named) on a slice.

        Raises UnknownNameError for a score or slice that the study does not have.
        """
        score = self.scores[0] if score is None and self.scores else score or ""
        for kind, given, known in (("score", score, self.scores), ("slice", slice, self.slices)):
            if given not in known:
                raise UnknownNameError(unknown(kind, given, known))
        return self.read(score, slice)

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """Every setting, in the order of the runs."""
        return _distinct(run.setting for run in self.runs)

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """Every strategy, in the order of the runs."""
        return _distinct(run.strategy for run in self.runs)

    @cached_property
    def data(self) -> tuple[str, ...]:
        """Every data set, in the order of the runs."""
        return _distinct(run.setting.data for run in self.runs)


def in_memory(given: StudyRuns) -> StudyRuns:
    """Give the same runs with all their curves read, so that where they came from may go."""
    known = {(score, slice): given.read(score, slice) for score in given.scores for slice in given.slices}
    return replace(given, read=lambda score, slice: known[score, slice])


def unscored(given: StudyRuns) -> StudyRuns:
    """Give runs that hold nothing out a score that is nowhere defined: what was asked is still there."""
    shape = (len(given.runs), 1)

    def read(score: str, slice: str) -> Curves:
        labels = np.array([[float(len(asked))] for asked in given.asked]).reshape(shape)
        return Curves(score, slice, given.runs, labels, labels, np.full(shape, np.nan), np.zeros(shape[0]))

    return replace(given, scores=("what was asked",), slices=(EVERYTHING,), read=read)


def called(setting: Setting, among: Iterable[Setting]) -> str:
    """Name a setting by its data set and whatever else differs among some settings.

    >>> one, other = Setting("digits", "SVC", 10, "exact"), Setting("digits", "SVC", 20, "exact")
    >>> called(one, [one, other])
    'digits, batches of 10'
    """
    others = tuple(among)
    words = [
        setting.model if len({one.model for one in others}) > 1 else "",
        f"batches of {setting.batch_size}" if len({one.batch_size for one in others}) > 1 else "",
        setting.oracle if len({one.oracle for one in others}) > 1 else "",
    ]
    return ", ".join([setting.data, *filter(None, words)])


def _distinct(given: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(given))
