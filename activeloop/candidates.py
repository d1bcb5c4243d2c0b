"""All that a strategy may know when it picks: one frozen value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from activeloop import slices as slicing
from activeloop.arrays import Array, BoolArray, FloatArray, IntArray, KeyArray
from activeloop.errors import MetricError, StrategyError
from activeloop.items import read_only
from activeloop.metrics.metric import Metric
from activeloop.metrics.predictions import fill_missing
from activeloop.scoring import ScoreRow
from activeloop.seeds import Component, generator, uniforms
from activeloop.slices import Slice

CHUNK = 65_536
CACHED_BYTES = 256 * 2**20


@dataclass(frozen=True, eq=False)
class Labeled:
    """What has been labeled so far: ids and labels as told; features are read when they are asked for.

    `columns` gives other columns of the labeled items by name, where the source has any.
    """

    ids: Array
    labels: Array
    rows: Callable[[], Any]
    columns: Callable[[str], Any] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", read_only(self.ids))
        object.__setattr__(self, "labels", read_only(self.labels))

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def features(self) -> Any:
        """The features of the labeled items."""
        return read_only(self.rows())

    def column(self, name: str) -> Any:
        """Give a column of the labeled items by name, such as `embedding`; raises StrategyError without."""
        if name == "features":
            return self.features
        if self.columns is None:
            raise StrategyError(
                f"column {name!r} of the labeled items is needed, and only features are known"
            )
        return self.columns(name)


class GuideScores(NamedTuple):
    """How a model scores on the guide: every score on "all" and on each of the slices."""

    rows: tuple[ScoreRow, ...]
    slices: tuple[Slice, ...]


@dataclass(frozen=True, eq=False)
class Candidates:
    """All that a strategy may know when it picks `n` of these items; arrays are read-only.

    `ids` (n_candidates,); `model` is fitted, or None while it cannot be trained; `labeled` holds what was
    told; `guide` holds how the model scores on the guide, where the loop has one; `round` and `seed` make
    `generator()` and `uniforms()`.
    """

    ids: Array
    keys: KeyArray
    n: int
    round: int
    seed: int
    classes: tuple[Any, ...] | None
    model: Any
    labeled: Labeled
    rows: Callable[[IntArray], Any]
    columns: Callable[[str, IntArray], Any]
    predict_proba: Callable[[Any, Array], FloatArray] | None
    score_guide: Callable[[], GuideScores] | None = None
    decide: Callable[[Any, Array], FloatArray] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", read_only(self.ids))
        object.__setattr__(self, "keys", read_only(self.keys))

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def features(self) -> Any:
        """The features of all candidates."""
        return read_only(self.rows(np.arange(len(self))))

    @cached_property
    def probabilities(self) -> FloatArray:
        """Class probabilities, (n_candidates, n_classes), columns as the declared classes; computed once."""
        return read_only(np.concatenate([given for _, given in self._chunks()]))

    @cached_property
    def predicted(self) -> Array:
        """The model's label for each candidate."""
        self._trained("predicted labels")
        return read_only(np.asarray(self.model.predict(self.features)))

    @cached_property
    def decisions(self) -> FloatArray:
        """The model's decision values: (n_candidates,) for two classes, else (n_candidates, n_classes)."""
        self._trained("decision values")
        if self.decide is None:
            raise StrategyError("decision values are needed, and the model has no decision_function")
        given = [self.decide(self.rows(rows), self.ids[rows]) for rows in self._rows_of_chunks()]
        return read_only(np.concatenate(given))

    @cached_property
    def guide(self) -> GuideScores | None:
        """The scores of the model on the guide's slices; None without a guide."""
        return None if self.score_guide is None else self.score_guide()

    def _scored_guide(self) -> GuideScores:
        assert self.guide is not None
        return self.guide

    def members(self, one: Slice) -> BoolArray:
        """Say which candidates lie in a slice; where it is cut by class, the predicted class counts."""
        return slicing.members(one, self)

    def take(self, rows: IntArray, n: int) -> Candidates:
        """Give some of the candidates, `n` of which are to be picked."""
        whole = self
        return replace(
            whole,
            ids=whole.ids[rows],
            keys=whole.keys[rows],
            n=n,
            rows=lambda at: whole.rows(rows[at]),
            columns=lambda name, at: whole.columns(name, rows[at]),
            score_guide=None if whole.score_guide is None else whole._scored_guide,
        )

    def _chunks(self) -> Iterable[tuple[IntArray, FloatArray]]:
        self._trained("class probabilities")
        if self.predict_proba is None:
            raise StrategyError("class probabilities are needed, and the model has no predict_proba")
        for rows in self._rows_of_chunks():
            yield rows, self.predict_proba(self.rows(rows), self.ids[rows])

    def _rows_of_chunks(self) -> Iterable[IntArray]:
        for start in range(0, len(self), CHUNK):
            yield np.arange(start, min(start + CHUNK, len(self)))

    def _trained(self, what: str) -> None:
        if self.model is None:
            raise StrategyError(f"{what} are needed, and the model is not trained yet; use a start rule")

    def column(self, name: str) -> Any:
        """Give a column by name; `label` is the predicted one, since no candidate has another."""
        if name == "probabilities":
            return self.probabilities
        if name in ("label", "predicted"):
            return self.predicted
        if name == "label_code":
            place = {value: code for code, value in enumerate(self.classes or ())}
            return np.array([place.get(one, -1) for one in self.predicted.tolist()], dtype=np.int64)
        if name == "features":
            return self.features
        if name == "id":
            return self.ids
        return self.columns(name, np.arange(len(self)))

    def score(self, metric: Metric, *, empty: str | float = "last") -> FloatArray:
        """Rank by a metric: give one utility per candidate, larger = ask sooner, NULL by the policy `empty`.

        Probabilities that would fill more than 256 MB are computed, scored and dropped chunk by chunk.
        Raises StrategyError when the metric has a value for no candidate at all.
        """
        values = self._values(metric)
        utilities = metric.utilities(values)
        missing = np.isnan(utilities)
        if missing.all():
            raise StrategyError(f"metric {metric.name!r} has no value for any of the {len(self)} candidates")
        if not missing.any():
            return utilities
        if not isinstance(empty, str):
            empty = float(metric.utilities(np.array([float(empty)]))[0])
        return fill_missing(utilities, empty, self.uniforms())[0]

    def _values(self, metric: Metric) -> FloatArray:
        size = len(self) * len(self.classes or ()) * 8
        streams = metric.vectorized and metric.needs == ("probabilities",) and size > CACHED_BYTES
        if not streams or "probabilities" in self.__dict__:
            return metric.over(self).values
        values = np.empty(len(self))
        for rows, given in self._chunks():
            values[rows] = metric(given)
        if not np.isfinite(values).all():
            raise MetricError(f"metric {metric.name!r} gave NaN or infinity for class probabilities")
        return values

    def generator(self, component: Component = Component.STRATEGY) -> np.random.Generator:
        """Give this round's generator; each call starts it anew."""
        return generator(self.seed, component, self.round)

    def uniforms(self, component: Component = Component.STRATEGY) -> FloatArray:
        """Give a uniform number per candidate that hangs on its id, not on its place."""
        return uniforms(self.keys, self.seed, component, self.round)

    def keyed(self, component: Component) -> Callable[[IntArray], FloatArray]:
        """Give a function from positions to the uniforms of those candidates, drawn only where needed."""
        return lambda rows: uniforms(self.keys[rows], self.seed, component, self.round)
