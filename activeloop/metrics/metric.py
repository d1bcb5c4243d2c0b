"""A quality metric: a function that gives a value to a data point, a label or a prediction."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.errors import MetricError

Kind: TypeAlias = Literal["data", "label", "model"]
Scope: TypeAlias = Literal["item", "object", "prediction"]
Direction: TypeAlias = Literal["high", "low"]
Range: TypeAlias = tuple[float | None, float | None]

_DEFAULT_NEEDS: dict[str, tuple[str, ...]] = {
    "data": ("item",),
    "label": ("label",),
    "model": ("probabilities",),
}


class Columns(Protocol):
    """Whatever can give one value per item by name: a dataset, the candidates, a holdout."""

    def __len__(self) -> int:
        """How many items."""
        ...

    def column(self, name: str) -> Any:
        """Give a column: `item`, `features`, `label`, `predicted`, `probabilities`, or a metadata column."""
        ...


class Values(NamedTuple):
    """One number per item; NaN is NULL, and `reasons` says why, by position."""

    values: FloatArray
    reasons: Mapping[int, str]


@dataclass(frozen=True)
class Metric:
    """A named function with what a reader must know of its values.

    `function` takes the columns that `needs` names, in that order: one value each, or whole columns when
    `vectorized`. It gives a number, None where it does not apply, or a text that says why there is none
    (whole columns: an array, with NaN there, or `Values` with reasons of its own). `direction` says which
    end a person wants to see first ("high", "low"), `range` the bounds of the values where they have any.

    A metric about neighbors, clusters or prototypes has `fit`, too: it takes the same columns of a whole
    reference set and gives whatever `function` then takes before the columns of the items. Each
    parameter goes to whichever of the two takes it. With `scope` "object" or "prediction" a metric of
    `pixels` and `mask` is computed of every region of an item (`activeloop.metrics.regions`).

    >>> length = Metric(len, name="length", kind="data", unit="characters")
    >>> length("four")
    4
    """

    function: Callable[..., Any]
    name: str
    kind: Kind
    scope: Scope = "item"
    direction: Direction | None = "high"
    range: Range = (None, None)
    unit: str = ""
    needs: tuple[str, ...] = ()
    version: str = "1"
    vectorized: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    fit: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in _DEFAULT_NEEDS:
            raise MetricError(f"metric {self.name!r}: kind {self.kind!r}; allowed: data, label, model")
        if self.direction not in ("high", "low", None):
            raise MetricError(f"metric {self.name!r}: direction {self.direction!r}; allowed: high, low, None")
        if not self.needs:
            object.__setattr__(self, "needs", _DEFAULT_NEEDS[self.kind])

    def __call__(self, *columns: Any, **parameters: Any) -> Any:
        """Compute the value, or the column of values, of what is given."""
        given = {**self.parameters, **parameters}
        return self.function(*columns, **{one: given[one] for one in given.keys() - self._of_fit_alone})

    def with_parameters(self, **parameters: Any) -> Metric:
        """Give the same metric with some of its parameters fixed.

        >>> rounded = Metric(round, name="rounded", kind="data")
        >>> rounded.with_parameters(ndigits=1)(2.345)
        2.3
        """
        return replace(self, parameters={**self.parameters, **parameters})

    def fitted(self, reference: Columns) -> Any:
        """Fit on a reference set; None for a metric that has no `fit`.

        >>> from activeloop.metrics.table import Table
        >>> @metric("data", needs="size", vectorized=True, fit=lambda sizes: sizes.mean())
        ... def relative_size(mean, sizes):
        ...     return sizes / mean
        >>> relative_size(relative_size.fitted(Table({"size": np.array([1.0, 3.0])})), np.array([4.0]))
        array([2.])
        """
        if self.fit is None:
            return None
        given = [reference.column(name) for name in self.needs]
        return self.fit(*given, **self.fit_parameters)

    @property
    def fit_parameters(self) -> dict[str, Any]:
        """The parameters that `fit` takes."""
        taken = inspect.signature(self.fit).parameters if self.fit is not None else {}
        return {name: value for name, value in self.parameters.items() if name in taken}

    @cached_property
    def _of_fit_alone(self) -> frozenset[str]:
        if self.fit is None:
            return frozenset()
        own, fitting = (inspect.signature(one).parameters.values() for one in (self.function, self.fit))
        takes_any = any(one.kind is one.VAR_KEYWORD for one in own)
        return frozenset() if takes_any else frozenset(p.name for p in fitting) - {p.name for p in own}

    def over(self, columns: Columns, fitted: Any = None) -> Values:
        """Compute the metric of every item; a failure of one item is NULL with its reason and stops nothing.

        A metric with `fit` uses `fitted`, or fits on these items themselves.
        Raises MetricError where a vectorized metric gives a column of the wrong length.
        """
        before = []
        if self.fit is not None:
            before = [self.fitted(columns) if fitted is None else fitted]
        given = [columns.column(name) for name in self.needs]
        if self.vectorized:
            return self._whole([*before, *given], len(columns))
        values = np.full(len(columns), np.nan)
        reasons: dict[int, str] = {}
        for position in range(len(columns)):
            values[position], reason = self.at(position, given, *before)
            if reason:
                reasons[position] = reason
        return Values(values, reasons)

    def one(self, *given: Any) -> tuple[float, str]:
        """Give the value of one item and "", or NaN and the reason why there is none."""
        try:
            value = self(*given)
            number = np.nan if value is None or isinstance(value, str) else float(value)
        except Exception as error:  # noqa: BLE001 - a stranger's function: its failure is a value here
            return np.nan, _failure(error)
        if value is None:
            return np.nan, "not_applicable"
        if isinstance(value, str):
            return np.nan, value
        return (number, "") if math.isfinite(number) else (np.nan, f"failed: gave {value}")

    def at(self, position: int, columns: Sequence[Any], *before: Any) -> tuple[float, str]:
        """Give the value of one row of the columns, or NaN and the reason; making a cell may fail, too."""
        try:
            cells = [_cell(column, position) for column in columns]
        except Exception as error:  # noqa: BLE001 - an image that cannot be read, say
            return np.nan, _failure(error)
        return self.one(*before, *cells)

    def _whole(self, given: list[Any], n: int) -> Values:
        gave = self(*given)
        known = dict(gave.reasons) if isinstance(gave, Values) else {}
        values = np.array(gave.values if isinstance(gave, Values) else gave, dtype=np.float64)
        if values.shape != (n,):
            raise MetricError(f"metric {self.name!r} gave values of shape {values.shape} for {n} items")
        missing = np.flatnonzero(~np.isfinite(values))
        reasons = {
            int(at): "not_applicable" if np.isnan(values[at]) else f"failed: gave {values[at]}"
            for at in missing
        }
        values[missing] = np.nan
        return Values(values, {**reasons, **known})

    def utilities(self, values: FloatArray) -> FloatArray:
        """Turn values round where low comes first, so that larger always means: ask sooner."""
        if self.direction is None:
            raise MetricError(f"metric {self.name!r} has no direction, so it cannot rank; set direction=")
        return -values if self.direction == "low" else values


def _failure(error: Exception) -> str:
    return f"failed: {type(error).__name__}: {error}"


def _cell(column: Any, position: int) -> Any:
    return column.iloc[position] if hasattr(column, "iloc") else column[position]


def metric(
    kind: Kind,
    *,
    name: str = "",
    scope: Scope = "item",
    direction: Direction | None = "high",
    range: Range = (None, None),
    unit: str = "",
    needs: str | tuple[str, ...] = (),
    version: str = "1",
    vectorized: bool = False,
    fit: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], Metric]:
    """Make a `Metric` of the function below; it registers nothing.

    >>> @metric("data", unit="words")
    ... def words(item):
    ...     return len(item.split())
    >>> words("three short words"), words.name
    (3, 'words')
    """

    def wrap(function: Callable[..., Any]) -> Metric:
        made = Metric(
            function=function,
            name=name or getattr(function, "__name__", "metric"),
            kind=kind,
            scope=scope,
            direction=direction,
            range=range,
            unit=unit,
            needs=(needs,) if isinstance(needs, str) else tuple(needs),
            version=version,
            vectorized=vectorized,
            fit=fit,
        )
        object.__setattr__(made, "__doc__", function.__doc__)
        return made

    return wrap
