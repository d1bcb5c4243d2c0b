"""How a simulated annotator errs: the chance of each class as the answer, given one item with its label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.errors import ConfigurationError, OracleError, unknown


@dataclass(frozen=True, eq=False)
class Asked:
    """What a noise, cost, latency or abstention function is given: one item with its true label.

    `classes` are the declared ones; `item`, the raw item, is read when it is looked at.
    """

    id: int | str
    label: Any
    classes: tuple[Any, ...]
    items: Callable[[int | str], Any]

    @cached_property
    def item(self) -> Any:
        """The raw item."""
        return self.items(self.id)


Noise: TypeAlias = Callable[[Asked], FloatArray]


def uniform_noise(rate: float) -> Noise:
    """Answer with a wrong class, each as likely, with chance `rate`.

    >>> uniform_noise(0.2)(Asked("a", "cat", ("cat", "cow", "dog"), str)).round(2).tolist()
    [0.8, 0.1, 0.1]
    """
    share("uniform_noise: rate", rate)
    return lambda asked: _wrong(asked, rate)


def item_noise(rate: Callable[[Asked], float]) -> Noise:
    """Answer with a wrong class, each as likely, with a chance that depends on the item.

    >>> long_is_hard = item_noise(lambda asked: min(len(asked.item) / 100, 1.0))
    >>> long_is_hard(Asked("a", "good", ("bad", "good"), lambda id: "ten chars.")).round(2).tolist()
    [0.1, 0.9]
    """
    if not callable(rate):
        raise ConfigurationError(f"item_noise: rate is {rate!r}; allowed: a function of one asked item")
    return lambda asked: _wrong(asked, share(f"item_noise: the rate of item {asked.id!r}", rate(asked)))


def _wrong(asked: Asked, rate: float) -> FloatArray:
    others = len(asked.classes) - 1
    given = np.full(len(asked.classes), rate / others if others else 0.0)
    given[asked.classes.index(asked.label)] = 1.0 - rate if others else 1.0
    return given


@dataclass(frozen=True)
class confusion:  # noqa: N801 - it is used as a function, as the other kinds of noise are
    """Answer by a confusion matrix: row = true class, column = answer, in the order of the classes.

    Each row sums to 1. As a mapping it names classes, and what is left of a row falls on the true class:
    `{"cat": {"cow": 0.3}}` says cow instead of cat with chance 0.3. Raises ConfigurationError for a matrix or
    a class that does not fit.

    >>> confusion({"cat": {"cow": 0.3}})(Asked("a", "cat", ("cat", "cow"), str)).tolist()
    [0.7, 0.3]
    """

    matrix: Sequence[Sequence[float]] | Mapping[Any, Mapping[Any, float]]

    def __post_init__(self) -> None:
        if isinstance(self.matrix, Mapping):
            for true, row in self.matrix.items():
                said = [share(f"confusion: {true!r} told as {one!r}", chance) for one, chance in row.items()]
                share(f"confusion: the sum of the row of {true!r}", round(sum(said), 12))
            return
        table = np.asarray(self.matrix, dtype=np.float64)
        if table.ndim != 2 or table.shape[0] != table.shape[1]:
            raise ConfigurationError(f"confusion: the matrix has shape {table.shape}; allowed: square")
        bad = np.flatnonzero((table < 0).any(axis=1) | ~np.isclose(table.sum(axis=1), 1.0))
        if len(bad):
            raise ConfigurationError(
                f"confusion: row {bad[0]} is {table[bad[0]].tolist()}; allowed: chances from 0, summing to 1"
            )

    def check(self, classes: tuple[Any, ...]) -> None:
        """Raise ConfigurationError where the matrix and the declared classes do not fit."""
        if not isinstance(self.matrix, Mapping):
            if len(self.matrix) != len(classes):
                raise ConfigurationError(
                    f"confusion: the matrix has {len(self.matrix)} rows for {len(classes)} classes"
                )
            return
        for named in (one for true, row in self.matrix.items() for one in (true, *row)):
            if named not in classes:
                raise ConfigurationError("confusion: " + unknown("class", named, map(str, classes)))

    def __call__(self, asked: Asked) -> FloatArray:
        """Give the chance of each class as the answer."""
        true = asked.classes.index(asked.label)
        if not isinstance(self.matrix, Mapping):
            return np.asarray(self.matrix[true], dtype=np.float64)
        given = np.zeros(len(asked.classes))
        for said, chance in self.matrix.get(asked.label, {}).items():
            given[asked.classes.index(said)] = chance
        given[true] = 0.0
        given[true] = max(1.0 - given.sum(), 0.0)
        return given


def told(noise: Noise, asked: Asked, draw: float) -> Any:
    """Give the class that a uniform number draws; raises OracleError when the noise gives no distribution."""
    chances = np.asarray(noise(asked), dtype=np.float64)
    fits = chances.shape == (len(asked.classes),) and bool((chances >= 0.0).all())
    if not fits or not abs(chances.sum() - 1.0) < 1e-6:
        raise OracleError(
            f"the noise of item {asked.id!r} is {chances.tolist()}; "
            f"allowed: one chance per class ({len(asked.classes)}), summing to 1"
        )
    reached = chances.cumsum()
    return asked.classes[min(int(reached.searchsorted(draw * reached[-1], side="right")), len(reached) - 1)]


def number(what: str, given: Any) -> float:
    """Give a finite number, or raise ConfigurationError."""
    if isinstance(given, bool) or not isinstance(given, int | float | np.number) or not np.isfinite(given):
        raise ConfigurationError(f"{what} is {given!r}; allowed: a number from 0")
    return float(given)


def share(what: str, given: Any) -> float:
    """Give a number from 0 to 1, or raise ConfigurationError."""
    if not 0.0 <= number(what, given) <= 1.0:
        raise ConfigurationError(f"{what} is {given!r}; allowed: from 0 to 1")
    return float(given)


def amount(what: str, given: Any) -> float:
    """Give a number from 0, or raise ConfigurationError."""
    if number(what, given) < 0.0:
        raise ConfigurationError(f"{what} is {given!r}; allowed: a number from 0")
    return float(given)


def whole(what: str, given: Any, least: int, *, most: int | None = None) -> None:
    """Raise ConfigurationError for what is no whole number between these bounds."""
    fits = isinstance(given, int | np.integer) and not isinstance(given, bool)
    if not fits or given < least or (most is not None and given > most):
        bound = f"from {least}" if most is None else f"from {least} to {most}"
        raise ConfigurationError(f"{what} is {given!r}; allowed: a whole number {bound}")
