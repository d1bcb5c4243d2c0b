"""The rules of slices: a range, a category, what is missing, a tag, an expression."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from activeloop.arrays import BoolArray
from activeloop.errors import SliceError
from activeloop.slices.column import Column, Reader, is_null
from activeloop.slices.expression import evaluate, parse


@dataclass(frozen=True)
class Range:
    """[low, high) of a numeric column, [low, high] when `closed`; None = unbounded; NULL is never in it."""

    column: str
    low: float | None = None
    high: float | None = None
    closed: bool = False

    def __post_init__(self) -> None:
        for side in ("low", "high"):
            object.__setattr__(self, side, _bound(self.column, getattr(self, side)))
        if self.low is not None and self.high is not None:
            wrong = self.low > self.high if self.closed else self.low >= self.high
            if wrong:
                raise SliceError(f"the range of {self.column!r} from {self.low} to {self.high} holds nothing")

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the rule reads."""
        return frozenset({self.column})

    def members(self, read: Reader) -> BoolArray:
        """Say which items are in the range."""
        column = read(self.column)
        if column.kind != "number":
            raise SliceError(f"column {self.column!r} holds {column.kind}, which has no numeric range")
        inside = ~column.null
        if self.low is not None:
            inside &= column.values >= self.low
        if self.high is not None:
            inside &= column.values <= self.high if self.closed else column.values < self.high
        return inside


@dataclass(frozen=True)
class Category:
    """The items that have one value in a column."""

    column: str
    value: str | bool | int | float

    def __post_init__(self) -> None:
        value = self.value.item() if isinstance(self.value, np.generic) else self.value
        if not isinstance(value, (str, bool, int, float)) or is_null(value):
            raise SliceError(
                f"the category {value!r} of {self.column!r} is not text, a number, true or false"
            )
        object.__setattr__(self, "value", str(value) if isinstance(value, str) else value)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the rule reads."""
        return frozenset({self.column})

    def members(self, read: Reader) -> BoolArray:
        """Say which items have the value."""
        column = read(self.column)
        if column.kind != "other" and (column.kind == "text") != isinstance(self.value, str):
            raise SliceError(f"column {self.column!r} holds {column.kind}s; {self.value!r} is not one")
        return (
            _each(column, lambda one: bool(one == self.value))
            if column.kind == "other"
            else _same(column, self)
        )


@dataclass(frozen=True)
class Missing:
    """The items whose value in a column is NULL."""

    column: str

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the rule reads."""
        return frozenset({self.column})

    def members(self, read: Reader) -> BoolArray:
        """Say which items have no value."""
        return read(self.column).null.copy()


@dataclass(frozen=True)
class Tag:
    """The items that carry a tag: the column holds a collection of texts per item, or one text."""

    tag: str
    column: str = "tags"

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the rule reads."""
        return frozenset({self.column})

    def members(self, read: Reader) -> BoolArray:
        """Say which items carry the tag."""
        column = read(self.column)
        if column.kind not in ("text", "other"):
            raise SliceError(f"column {self.column!r} holds {column.kind}s, not tags")
        return _each(column, lambda one: one == self.tag if isinstance(one, str) else self.tag in one)


@dataclass(frozen=True)
class Where:
    """The items for which an expression over columns is true; what a NULL leaves open is not a member.

    >>> Where("ink < 0.2 and class == '8'").columns == {"ink", "label"}
    True
    """

    expression: str

    def __post_init__(self) -> None:
        parse(self.expression)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the rule reads."""
        return frozenset(parse(self.expression).names.values())

    def members(self, read: Reader) -> BoolArray:
        """Say for which items the expression is true."""
        return evaluate(parse(self.expression), read)


Rule: TypeAlias = Range | Category | Missing | Tag | Where


def _bound(column: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise SliceError(f"the bound {value!r} of {column!r} is not a number") from error
    if math.isnan(number):
        raise SliceError(f"a bound of {column!r} is NaN; None means unbounded")
    return None if math.isinf(number) else number


def _same(column: Column, rule: Category) -> BoolArray:
    equal: BoolArray = np.asarray(column.values == rule.value, dtype=bool)
    return equal & ~column.null


def _each(column: Column, test: Any) -> BoolArray:
    pairs = zip(column.values, column.null, strict=True)
    return np.fromiter((not null and test(one) for one, null in pairs), dtype=bool, count=len(column.null))
