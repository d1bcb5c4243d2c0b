"""What a hosted model costs: prices by token, and a purse that is never overdrawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Condition
from typing import Any, NamedTuple

from activeloop.errors import OracleError


class OutOfBudgetError(OracleError):
    """The next request might cost more than what is left."""


class Prices(NamedTuple):
    """What a million tokens cost, of what the model reads and of what it writes, in one's own currency.

    >>> Prices(0.15, 0.60).of(Tokens(1000, 10))
    0.000156
    """

    input: float = 0.0
    output: float = 0.0

    def of(self, tokens: Tokens) -> float:
        """Give the price of tokens."""
        return (tokens.read * self.input + tokens.written * self.output) / 1e6


class Tokens(NamedTuple):
    """How many tokens a model read and wrote."""

    read: int
    written: int


def used(payload: Mapping[str, Any]) -> Tokens | None:
    """Give the tokens that a server says it used, or None where it says nothing that can be believed."""
    usage = payload.get("usage")
    if not isinstance(usage, Mapping):
        return None
    counts: list[Any] = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
    return Tokens(*counts) if all(map(_is_count, counts)) else None


def _is_count(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 10**12


class Purse:
    """What was spent, what requests under way may cost at most, and the limit; threads may share it."""

    def __init__(self, limit: float | None, spent: float = 0.0) -> None:
        self.limit, self.spent = math.inf if limit is None else limit, spent
        self._held, self._under_way, self._changed = 0.0, 0, Condition()

    @contextmanager
    def hold(self, most: float) -> Iterator[None]:
        """Set aside what a request costs at most; raises OutOfBudgetError when that is more than is left.

        It waits for requests that may turn out to cost less than was set aside for them.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._held == 0 or most <= self._left() - self._held)
            if most > self._left() - self._held:
                raise OutOfBudgetError(
                    f"the budget of {self.limit:g} is spent: {self.spent:.6g} so far, and the next request "
                    f"costs up to {most:.3g}; raise it to go on"
                )
            self._held, self._under_way = self._held + most, self._under_way + 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._held = self._held - most if self._under_way else 0.0
                self._changed.notify_all()

    def _left(self) -> float:
        return self.limit - self.spent

    def pay(self, cost: float, *, again: bool = False) -> None:
        """Note what was spent; raises OutOfBudgetError if it is to be paid `again` and is not there."""
        with self._changed:
            self.spent += cost
            if again and self._held > self._left():
                raise OutOfBudgetError(f"the budget of {self.limit:g} is spent; raise it to go on")
