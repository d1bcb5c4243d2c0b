"""The scoreboard: every score on every slice, from one set of predictions, each with n and an interval."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, KeyArray
from activeloop.errors import ConfigurationError, DataError, ModelError, SliceError, unknown
from activeloop.scoring.blocks import BLOCKS, blocks
from activeloop.scoring.classes import Classes
from activeloop.scoring.measured import Measured, nothing, of_called, of_formula, of_proportion, of_weighted
from activeloop.scoring.names import Scoring, scores_of
from activeloop.scoring.parts import Cut, Parts, parts_of
from activeloop.scoring.predictions import Predictions
from activeloop.scoring.resampling import Bootstrap, Jackknife, Resampling, Without
from activeloop.scoring.score import Called, Coded, Formula, Proportion, Score, Weighted
from activeloop.scoring.sums import SliceBlocks, SumsOfRound

Interval: TypeAlias = Literal["jackknife", "bootstrap", "none"]


class ScoreRow(NamedTuple):
    """One score on one slice; `value` None = undefined, and `reason` says why (or why there is no interval).

    n is how many items the value rests on: those of the slice, or the trials of a proportion (for recall of a
    class its true items, for precision its predicted ones).
    """

    slice: str
    score: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str = ""


class Scoreboard:
    """Scores × slices over a fixed set of labeled items, made once and asked each round.

    scoring : scikit-learn's `scoring=` names, `f1[c]` and the like, functions of `Predictions`, pairs
        (name, function). slices : (name, members) pairs; "all" is put before them. labels : (n,) the truth.
    classes : the declared classes; None = regression. keys : (n,) from `seeds.id_keys`; they deal the items
        into jackknife blocks. interval : "jackknife", "bootstrap" (1,000 seeded resamples of the items of
        the slice) or "none" for what is not a proportion; proportions have Wilson's. A score that has to be
        called is called 20 times a slice for the jackknife, 1,000 times for the bootstrap.

    Raises SliceError for a slice with no item or a name that stands twice, DataError for labels outside the
    declared classes, UnknownNameError and ConfigurationError for scores that are unknown or do not fit.

    >>> from activeloop.seeds import id_keys
    >>> labels = np.array(["cat", "cat", "dog", "dog"])
    >>> dark = np.array([True, True, False, False])
    >>> board = Scoreboard(["accuracy"], [("dark", dark)], labels, ("cat", "dog"), id_keys(np.arange(4)))
    >>> rows = board.rows(np.array(["cat", "cat", "cat", "dog"]))
    >>> [(row.slice, row.value, round(row.low, 2), row.n) for row in rows]
    [('all', 0.75, 0.3, 4), ('dark', 1.0, 0.34, 2)]
    """

    def __init__(
        self,
        scoring: Sequence[Scoring],
        slices: Sequence[tuple[str, BoolArray]],
        labels: Array,
        classes: Sequence[Any] | None,
        keys: KeyArray,
        *,
        ids: Array | None = None,
        interval: Interval = "jackknife",
        seed: int = 0,
    ) -> None:
        if interval not in get_args(Interval):
            raise ConfigurationError(unknown("interval", interval, get_args(Interval)))
        self._labels, self._ids = np.asarray(labels), ids
        if not len(self._labels) == len(keys) > 0:
            raise DataError(f"{len(self._labels)} labels, {len(keys)} keys; one each is needed, and an item")
        self._classes = None if classes is None else Classes(classes)
        self.scores = scores_of(scoring, self._classes.sorted if self._classes else None)
        self._truth = self._coded_truth()
        members = [np.ones(len(keys), dtype=bool), *(np.asarray(inside) for _, inside in slices)]
        self.slices = ("all", *(name for name, _ in slices))
        _check_slices(self.slices, members)
        self._blocks = dealt = blocks(keys)
        self._grid = SliceBlocks(members, dealt, BLOCKS)
        sizes = self._grid.sums(np.ones(len(keys)))
        self._n = sizes.sum(axis=1)
        self._of_labels: dict[str, FloatArray] = {}
        self._resampling: Resampling = Without("none was asked for")
        if interval == "jackknife":
            self._resampling = Jackknife(self._grid.rows, dealt, sizes)
        elif interval == "bootstrap":
            self._resampling = Bootstrap(self._grid.rows, seed)

    def rows(self, predicted: Array, probabilities: Array | None = None) -> tuple[ScoreRow, ...]:
        """Score the predictions: slices × scores, "all" first.

        predicted : (n,) labels, or numbers in regression. probabilities : (n, C), columns in the order
        of the declared classes; without them a score that needs them is NULL, and says so.

        Raises ModelError for predictions of another shape or of a class that was not declared, ScoreError for
        a custom score that raises or gives no number.
        """
        return _rows(self.slices, self.scores, self.measured(predicted, probabilities))

    def measured(self, predicted: Array, probabilities: Array | None = None) -> tuple[Measured, ...]:
        """Score as `rows` does, and give arrays over the slices for each score, with what comparing takes."""
        coded = self._coded(np.asarray(predicted), probabilities)
        sums = SumsOfRound(self._grid, coded, self._of_labels)
        return tuple(self._measured(score, coded, sums) for score in self.scores)

    def parts(self, predicted: Array, probabilities: Array | None = None) -> tuple[tuple[Parts, ...], ...]:
        """Give each score, slice by slice ("all" first), as tests of it need it: see `Parts`.

        Takes and raises what `rows` does.
        """
        coded = self._coded(np.asarray(predicted), probabilities)
        cut = Cut(self._grid.rows, self._blocks, self._grid.sums(np.ones(len(self._labels))))
        sums = SumsOfRound(self._grid, coded, self._of_labels)
        return tuple(parts_of(score, coded, sums, cut) for score in self.scores)

    @property
    def needs_probabilities(self) -> bool:
        """Whether some score wants class probabilities, where the model gives them."""
        return any(score.needs_probabilities or isinstance(score, Called) for score in self.scores)

    def undefined(self, reason: str) -> tuple[ScoreRow, ...]:
        """Give every score of every slice as NULL with the reason: no model, no value."""
        return _rows(self.slices, self.scores, [nothing(self._n, reason) for _ in self.scores])

    def _coded_truth(self) -> Coded:
        if self._classes is not None:
            return Coded(Predictions(self._labels, self._labels), self._classes.codes(self._labels))
        numbers = self._labels.astype(np.float64)
        return Coded(Predictions(numbers, numbers), center=float(numbers.mean()))

    def _coded(self, predicted: Array, probabilities: Array | None) -> Coded:
        truth, n = self._truth, len(self._labels)
        if self._classes is None:
            if predicted.shape != (n,):
                raise ModelError(
                    f"predictions of shape {predicted.shape} for {n} items; one number each is needed"
                )
            given = Predictions(truth.given.labels, predicted, ids=self._ids)
            return Coded(given, center=truth.center)
        codes = self._classes.predicted_codes(predicted, n)
        if probabilities is not None:
            probabilities = self._classes.columns(np.asarray(probabilities), n)
        given = Predictions(truth.given.labels, predicted, probabilities, self._classes.sorted, self._ids)
        return Coded(given, truth.true, codes, len(self._classes))

    def _measured(self, score: Score, coded: Coded, sums: SumsOfRound) -> Measured:
        if score.needs_probabilities and coded.given.probabilities is None:
            return nothing(self._n, "needs predict_proba")
        if isinstance(score, Proportion):
            return of_proportion(score, sums)
        if isinstance(score, Formula):
            return of_formula(score, sums, self._resampling, self._n)
        if isinstance(score, Weighted):
            return of_weighted(score, coded, self._grid.rows, self._resampling, self._n)
        resampling = self._resampling if score.has_interval else Without("an extreme value has none")
        return of_called(score, coded.given, self._grid.rows, resampling, self._n)


def _check_slices(names: Sequence[str], members: Sequence[Array]) -> None:
    for at, (name, inside) in enumerate(zip(names, members, strict=True)):
        if name in names[:at]:
            raise SliceError(f"two slices are named {name!r}; give one of them another name")
        if inside.shape != members[0].shape or inside.dtype != bool:
            raise SliceError(
                f"slice {name!r}: {inside.dtype} of shape {inside.shape}; one boolean per item is needed"
            )
        if not inside.any():
            raise SliceError(f"slice {name!r} holds no item of the holdout; leave it out or widen it")


def _rows(
    names: Sequence[str], scores: Sequence[Score], measured: Sequence[Measured]
) -> tuple[ScoreRow, ...]:
    by_score = []
    for score, one in zip(scores, measured, strict=True):
        numbers = map(_or_none, (one.value, one.low, one.high))
        n = one.n.astype(np.int64).tolist()
        reasons = [one.reasons.get(at, "") for at in range(len(names))]
        by_score.append(map(ScoreRow, names, repeat(score.name), *numbers, n, reasons))
    return tuple(chain.from_iterable(zip(*by_score, strict=True)))


def _or_none(numbers: FloatArray) -> list[float | None]:
    return [number if number == number else None for number in numbers.tolist()]
