"""A test-case: on this slice, this score has to keep this bound."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias, get_args

from activeloop import slices as slicing
from activeloop.errors import ConfigurationError, SliceError, unknown
from activeloop.scoring import Scoring
from activeloop.slices import Slice
from activeloop.slices.expression import parse

DecideOn: TypeAlias = Literal["interval", "point"]
Severity: TypeAlias = Literal["fail", "warn"]
RULES = ("at_least", "at_most", "max_drop")


@dataclass(frozen=True)
class TestCase:
    """A slice, a score and a bound.

    name         unique among the cases that are judged together
    slice        "all", the name of a slice of the holdout, an expression over columns, or a Slice
    score        a `scoring=` name or function; larger is better, always
    at_least     the bound that the score must reach, or
    at_most      the bound that it must not exceed, or
    max_drop     how far it may lie below the baseline, on the same items
    decide_on    "interval": pass when all of the interval keeps the bound, fail when none of it does, else
                 inconclusive; "point": the value alone decides
    min_support  items (trials of a proportion) below which nothing is concluded
    severity     "fail", or "warn" for a case that is told but breaks no build

    Raises ConfigurationError naming the key and the value that cannot be.

    >>> TestCase("eights", "class == 8", "accuracy", at_least=0.9).rule
    'at_least'
    """

    __test__: ClassVar[bool] = False  # pytest would take the class for a test

    name: str
    slice: str | Slice = "all"
    score: Scoring = "accuracy"
    at_least: float | None = None
    at_most: float | None = None
    max_drop: float | None = None
    decide_on: DecideOn = "interval"
    min_support: int = 10
    severity: Severity = "fail"

    def __post_init__(self) -> None:
        if not str(self.name).strip():
            raise ConfigurationError(f"a test-case needs a name; {self.name!r} is none")
        given = [rule for rule in RULES if getattr(self, rule) is not None]
        if len(given) != 1:
            raise self._wrong(
                f"it has {' and '.join(given) or 'no bound'}; one of {', '.join(RULES)} is needed"
            )
        if not _is_number(self.bound) or (self.max_drop is not None and self.bound < 0):
            allowed = "0 or more" if self.max_drop is not None else "a number"
            raise self._wrong(f"{self.rule} is {self.bound!r}; allowed: {allowed}")
        words = {"decide_on": get_args(DecideOn), "severity": get_args(Severity)}
        for key, known in words.items():
            if getattr(self, key) not in known:
                raise self._wrong(unknown(key, getattr(self, key), known))
        if not _is_number(self.min_support) or self.min_support < 1 or self.min_support % 1:
            raise self._wrong(f"min_support is {self.min_support!r}; allowed: a whole number from 1")

    @property
    def rule(self) -> str:
        """Which bound the case has: "at_least", "at_most" or "max_drop"."""
        return next(rule for rule in RULES if getattr(self, rule) is not None)

    @property
    def bound(self) -> float:
        """The number that the score is held to."""
        bound: float = getattr(self, self.rule)
        return bound

    def on(self, known: Sequence[Slice]) -> Slice | None:
        """Give the slice of the case, its definition frozen; None is the whole.

        Raises SliceError for a text that is neither the name of a known slice nor an expression.
        """
        if isinstance(self.slice, Slice):
            return self.slice
        if self.slice == "all":
            return None
        named = {one.name: one for one in known}
        if self.slice in named:
            return named[self.slice]
        if not _is_expression(self.slice):
            raise SliceError(
                f"test-case {self.name!r}: {unknown('slice', self.slice, ['all', *named])}; "
                "or an expression such as ink < 0.2"
            )
        return slicing.where(self.slice, self.slice)

    def _wrong(self, what: str) -> ConfigurationError:
        return ConfigurationError(f"test-case {self.name!r}: {what}")


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def _is_expression(text: str) -> bool:
    """Say whether a text compares something; a word alone is a misspelt name."""
    try:
        return not isinstance(parse(text).tree, ast.Name)
    except SliceError:  # with such a sign it was meant as one, and is told why it cannot be read
        return any(sign in text for sign in ("<", ">", "==", "!="))
