"""A strategy: an acquisition function scores every candidate, a batch rule picks; both keep a contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import FloatArray, IntArray
from activeloop.batch import Batch, BatchRule, top
from activeloop.candidates import Candidates, GuideScores
from activeloop.errors import StrategyError
from activeloop.metrics.metric import Metric
from activeloop.metrics.predictions import fill_missing

Acquisition: TypeAlias = Callable[[Candidates], Any]


class Picked(NamedTuple):
    """What a strategy decided: positions, most wanted first, with the utility and chance of each."""

    positions: IntArray
    utilities: FloatArray
    probabilities: FloatArray | None


@dataclass(frozen=True)
class Strategy:
    """An acquisition function and a batch rule under one name.

    `needs` names what must be there before the first round ("probabilities", "decisions", "guide"), so that
    a strategy that cannot run says so at the start. One that needs a guide may look at its rows before they
    have values (`ready`), and raise a StrategyError. `make` gives the same with other
    parameters.

    >>> from activeloop.strategies import margin
    >>> Strategy(margin, name="margin").needs
    ('probabilities',)
    """

    acquisition: Acquisition
    batch: BatchRule = top
    name: str = ""
    needs: tuple[str, ...] | None = None
    ready: Callable[[GuideScores], None] | None = None
    make: Callable[..., Strategy] | None = None

    def __post_init__(self) -> None:
        for role, given in {"acquisition": self.acquisition, "batch": self.batch}.items():
            if not callable(given):
                raise StrategyError(f"strategy {self.name!r}: {role} is {given!r}; allowed: a function")
        if not self.name:
            object.__setattr__(self, "name", _name(self.acquisition))
        if self.needs is None:
            object.__setattr__(self, "needs", tuple(getattr(self.acquisition, "needs", ())))

    def with_parameters(self, **parameters: Any) -> Strategy:
        """Give the same strategy with other parameters; raises StrategyError where it takes none.

        >>> from activeloop.strategies import certainty
        >>> certainty.with_parameters(label="malignant").name
        'certainty'
        """
        if self.make is None:
            raise StrategyError(f"strategy {self.name!r} takes no parameters; given: {', '.join(parameters)}")
        return self.make(**parameters)

    def pick(self, candidates: Candidates) -> Picked:
        """Pick exactly `candidates.n` different candidates.

        Raises StrategyError when the acquisition does not give one number per candidate, or the batch rule
        gives too few, too many, repeated or foreign positions. What a strategy itself raises passes as it is.
        """
        utilities = self._checked_utilities(self.acquisition(candidates), candidates)
        given = self.batch(utilities, candidates)
        batch = given if isinstance(given, Batch) else Batch(given)
        rows = self._checked_positions(batch.positions, candidates)
        chances = self._beside(rows, "probabilities", batch.probabilities)
        if chances is not None and not ((chances >= 0.0) & (chances <= 1.0 + 1e-9)).all():
            raise StrategyError(
                f"strategy {self.name!r} gave selection probabilities from {chances.min()} "
                f"to {chances.max()}; allowed: from 0 to 1"
            )
        worth = self._beside(rows, "utilities", batch.utilities)
        return Picked(rows, utilities[rows] if worth is None else worth, chances)

    def _beside(self, rows: IntArray, what: str, given: Any) -> FloatArray | None:
        if given is None:
            return None
        column = np.asarray(given, dtype=np.float64)
        if column.shape != rows.shape:
            raise StrategyError(
                f"strategy {self.name!r}: its batch rule gave {what} of shape {column.shape} "
                f"for {len(rows)} positions"
            )
        return column

    def _checked_utilities(self, given: Any, candidates: Candidates) -> FloatArray:
        n = len(candidates)
        try:
            utilities = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise StrategyError(
                f"strategy {self.name!r} gave utilities that are no numbers: {error}"
            ) from error
        if utilities.shape != (n,):
            raise StrategyError(
                f"strategy {self.name!r} gave utilities of shape {utilities.shape}; "
                f"allowed: one per candidate, ({n},)"
            )
        if np.isnan(utilities).any():
            first = candidates.ids[np.flatnonzero(np.isnan(utilities))[0]].tolist()
            raise StrategyError(
                f"strategy {self.name!r} gave NaN as utility, first for item {first!r}; allowed: a number, "
                "-inf for what is to come last"
            )
        return utilities

    def _checked_positions(self, given: Any, candidates: Candidates) -> IntArray:
        what = f"strategy {self.name!r} picked"
        try:
            rows = np.asarray(given)
        except ValueError as error:
            raise StrategyError(f"{what} what is no flat array of whole numbers: {error}") from error
        if rows.ndim == 1 and len(rows) != candidates.n:
            raise StrategyError(f"{what} {len(rows)} items; asked for {candidates.n}")
        if rows.ndim != 1 or rows.dtype.kind not in "iu":
            raise StrategyError(
                f"{what} {type(given).__name__} of {rows.dtype} of shape {rows.shape}; "
                "allowed: a flat array of whole numbers, or Batch(positions, probabilities)"
            )
        foreign = rows[(rows < 0) | (rows >= len(candidates))]
        if len(foreign):
            raise StrategyError(
                f"{what} position {foreign[0]}, which is no candidate; allowed: 0 to {len(candidates) - 1}"
            )
        if len(set(rows.tolist())) < len(rows):
            unique, counts = np.unique(rows, return_counts=True)
            twice = candidates.ids[unique[counts > 1]].tolist()[0]
            raise StrategyError(f"{what} item {twice!r} more than once in a batch")
        return rows.astype(np.int64)


@dataclass(frozen=True)
class _ByMetric:
    """A metric as acquisition function; NULL comes last, unless the policy says otherwise."""

    metric: Metric
    empty: str | float = "last"

    @property
    def needs(self) -> tuple[str, ...]:
        model = self.metric.kind in ("label", "model") and "probabilities" in self.metric.needs
        return ("probabilities",) if model else ()

    def __call__(self, candidates: Candidates) -> FloatArray:
        return candidates.score(self.metric, empty=self.empty)


def by_metric(metric: Metric, *, empty: str | float = "last") -> Acquisition:
    """Make an acquisition function of a metric of any kind: its direction says which end is asked first.

    Items where the metric is NULL are ranked by `empty`: "last", "first", "random", or as if they had that
    value.
    Raises StrategyError for a metric without direction, ConfigurationError for another policy.

    >>> from activeloop.metrics.metric import metric
    >>> @metric("data", direction="low")
    ... def length(item):
    ...     return len(item)
    >>> as_strategy(by_metric(length, empty="first")).name
    'length'
    """
    if metric.direction is None:
        raise StrategyError(f"metric {metric.name!r} has no direction, so it cannot rank; set direction=")
    fill_missing(np.zeros(1), empty, np.zeros(1))
    return _ByMetric(metric, empty)


def as_strategy(given: Any, *, name: str = "", batch: BatchRule | None = None) -> Strategy:
    """Make a Strategy of a strategy, a metric or an acquisition function."""
    if getattr(given, "wraps", False):
        word = given.__name__
        raise StrategyError(
            f'{word!r} is no strategy but makes one of another: {word}(margin), or of = "margin" in a study'
        )
    if isinstance(given, Strategy):
        made = given
    elif isinstance(given, Metric):
        made = Strategy(by_metric(given), name=given.name)
    elif callable(given):
        made = Strategy(given)
    else:
        raise StrategyError(
            f"{given!r} is no strategy; allowed: a name, a metric, an acquisition function, a Strategy"
        )
    if batch is not None:
        made = replace(made, batch=batch)
    return replace(made, name=name) if name else made


def needing(*needs: str) -> Callable[[Acquisition], Acquisition]:
    """Say beside an acquisition function what it needs, so that its lack is told before the first round."""

    def mark(acquisition: Acquisition) -> Acquisition:
        acquisition.needs = needs  # type: ignore[attr-defined]
        return acquisition

    return mark


def wrapper(make: Callable[..., Strategy]) -> Callable[..., Strategy]:
    """Say of a function that it makes a strategy of another, so that it is not taken for one."""
    make.wraps = True  # type: ignore[attr-defined]
    return make


def _name(acquisition: Acquisition) -> str:
    if isinstance(acquisition, _ByMetric):
        return acquisition.metric.name
    return str(getattr(acquisition, "__name__", type(acquisition).__name__))
