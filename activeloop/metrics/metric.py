"""A quality metric: a function that gives a value to a data point, a label or a prediction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
    `vectorized`. It gives a number, or None where it does not apply (whole columns: an array, with NaN there,
    or `Values` with reasons of its own). `direction` says which end a person
    wants to see first ("high", "low"), `range` the bounds of the values where they have any.

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

    def __post_init__(self) -> None:
        if self.kind not in _DEFAULT_NEEDS:
            raise MetricError(f"metric {self.name!r}: kind {self.kind!r}; allowed: data, label, model")
        if self.direction not in ("high", "low", None):
            raise MetricError(f"metric {self.name!r}: direction {self.direction!r}; allowed: high, low, None")
        if not self.needs:
            object.__setattr__(self, "needs", _DEFAULT_NEEDS[self.kind])

    def __call__(self, *columns: Any, **parameters: Any) -> Any:
        """Compute the value, or the column of values, of what is given."""
        return self.function(*columns, **{**self.parameters, **parameters})

    def with_parameters(self, **parameters: Any) -> Metric:
        """Give the same metric with some of its parameters fixed.

        >>> rounded = Metric(round, name="rounded", kind="data")
        >>> rounded.with_parameters(ndigits=1)(2.345)
        2.3
        """
        return replace(self, parameters={**self.parameters, **parameters})

    def over(self, columns: Columns) -> Values:
        """Compute the metric of every item; a failure of one item is NULL with its reason and stops nothing.

        Raises MetricError where a vectorized metric gives a column of the wrong length.
        """
        given = [columns.column(name) for name in self.needs]
        if self.vectorized:
            return self._whole(given, len(columns))
        values = np.full(len(columns), np.nan)
        reasons: dict[int, str] = {}
        for position, one in enumerate(zip(*given, strict=True)):
            try:
                value = self(*one)
                if value is None:
                    reasons[position] = "not_applicable"
                else:
                    values[position] = value
                    if not np.isfinite(values[position]):
                        reasons[position] = f"failed: gave {value}"
                        values[position] = np.nan
            except Exception as error:  # noqa: BLE001 - a stranger's function: its failure is a value here
                reasons[position] = f"failed: {type(error).__name__}: {error}"
        return Values(values, reasons)

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
        )
        object.__setattr__(made, "__doc__", function.__doc__)
        return made

    return wrap
