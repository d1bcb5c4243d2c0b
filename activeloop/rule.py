"""A stopping rule: a function of the history that gives a reason to stop, or None; rules made of rules."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from activeloop.errors import ConfigurationError, PeekingError, StoppingError
from activeloop.history import History

Decision: TypeAlias = Callable[[History], str | None]


@dataclass(frozen=True)
class Rule:
    """A stopping rule with what it must be given.

    `peeks`: it looks at holdout scores, so it is refused when people label; `watches`: it looks at what the
    model says of the pool (`Round.signals`); `remaining`: how many labels may still be bought.
    """

    decide: Decision
    name: str
    peeks: bool = False
    watches: bool = False
    remaining: Callable[[History], int | None] = lambda history: None

    def __call__(self, history: History) -> str | None:
        """Give the reason to stop, or None; a rule that does not peek is shown a history without scores.

        Raises StoppingError when the function gives anything else.
        """
        reason = self.decide(history if self.peeks else history.blind())
        if reason is not None and not isinstance(reason, str):
            raise StoppingError(
                f"stopping rule {self.name!r} gave {reason!r}; allowed: a reason (text) or None"
            )
        return reason or None


def rule(*, peeks: bool = False, watches: bool = False) -> Callable[[Decision], Rule]:
    """Make a `Rule` of a function History -> reason or None.

    >>> @rule()
    ... def ten_rounds(history):
    ...     return "ten rounds are over" if len(history) >= 10 else None
    >>> ten_rounds(History()) is None
    True
    """

    def wrap(decide: Decision) -> Rule:
        name = getattr(decide, "__name__", type(decide).__name__)
        return Rule(decide, name, peeks=peeks, watches=watches)

    return wrap


def as_rule(given: Any) -> Rule:
    """Make a Rule of a rule or a plain function, which is then shown no scores."""
    if isinstance(given, Rule):
        return given
    if not callable(given):
        raise ConfigurationError(f"{given!r} is no stopping rule; allowed: a function of the history")
    return rule()(given)


def allowed_for_people(one: Rule) -> Rule:
    """Raise PeekingError for a rule that looks at holdout scores."""
    if one.peeks:
        raise PeekingError(
            f"stopping rule {one.name!r} looks at holdout scores, so it cannot be used when people label: "
            "the score at which it stops would be too good; use budget, stabilizing_predictions or another "
            "that does not peek"
        )
    return one


def patience(given: Any, rounds: int) -> Rule:
    """Stop when a rule gives a reason in so many rounds on end.

    >>> patience(lambda history: "always", 3)(History()) is None
    True
    """
    one = as_rule(given)
    whole("patience", "rounds", rounds, 1)

    def decide(history: History) -> str | None:
        if len(history) < rounds:
            return None
        reasons = [one(history.before(ago)) for ago in range(rounds)]
        return f"{reasons[0]}, {rounds} rounds on end" if all(reasons) else None

    return replace(one, decide=decide, name=f"patience({one.name})", remaining=lambda history: None)


def any_of(*given: Any) -> Rule:
    """Stop when one of the rules does; of several reasons the first is told.

    >>> any_of(lambda history: None, lambda history: "enough")(History())
    'enough'
    """
    rules = tuple(as_rule(one) for one in given)

    def decide(history: History) -> str | None:
        return next((reason for one in rules if (reason := one(history))), None)

    def remaining(history: History) -> int | None:
        left = [value for one in rules if (value := one.remaining(history)) is not None]
        return min(left, default=None)

    return _combined("any_of", rules, decide, remaining)


def all_of(*given: Any) -> Rule:
    """Stop when all of the rules do.

    >>> all_of(lambda history: "enough", lambda history: "late")(History())
    'enough and late'
    """
    rules = tuple(as_rule(one) for one in given)

    def decide(history: History) -> str | None:
        reasons = [one(history) for one in rules]
        return " and ".join(str(reason) for reason in reasons) if rules and all(reasons) else None

    return _combined("all_of", rules, decide, lambda history: None)


def whole(rule: str, key: str, value: Any, least: int) -> int:
    """Give a whole number, or raise ConfigurationError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigurationError(f"{rule}: {key} is {value!r}; allowed: a whole number from {least}")
    return value


def _combined(
    name: str, rules: tuple[Rule, ...], decide: Decision, remaining: Callable[[History], int | None]
) -> Rule:
    names = ", ".join(one.name for one in rules)
    return Rule(
        decide,
        f"{name}({names})",
        peeks=any(one.peeks for one in rules),
        watches=any(one.watches for one in rules),
        remaining=remaining,
    )


def number(rule: str, key: str, value: Any, *, least: float = -math.inf, most: float = math.inf) -> float:
    """Give a number that a rule was given, or raise ConfigurationError."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not least <= value <= most:
        lower = f" from {least:g}" if least > -math.inf else ""
        upper = f" to {most:g}" if most < math.inf else ""
        raise ConfigurationError(f"{rule}: {key} is {value!r}; allowed: a number{lower}{upper}")
    return float(value)
