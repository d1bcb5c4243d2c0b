"""When a round is over, though not everything is answered: after n labels, a share, a time, or on demand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from activeloop.errors import ConfigurationError


class Standing(NamedTuple):
    """How far an open round is.

    `seconds` since this process has seen it open; `wished`: somebody has asked for its end.
    """

    asked: int
    answered: int
    labeled: int
    seconds: float
    wished: bool


Closing: TypeAlias = Callable[[Standing], str | None]
"""A closing policy: a plain function that gives the reason to close the round now, or None."""


def everything() -> Closing:
    """Close when every ask is answered."""
    return lambda now: "every ask is answered" if now.answered >= now.asked else None


def every(labels: int) -> Closing:
    """Close after so many labels, or when there is nothing left to answer.

    >>> every(10)(Standing(30, 12, 10, 60.0, False))
    '10 labels are in'
    """
    if labels < 1:
        raise ConfigurationError(f"every: labels is {labels!r}; allowed: a whole number from 1")
    rest = everything()
    return lambda now: f"{now.labeled} labels are in" if now.labeled >= labels else rest(now)


def quorum(share: float) -> Closing:
    """Close when this share of the asks is answered, whatever the answers are.

    >>> quorum(0.8)(Standing(10, 8, 7, 60.0, False))
    '8 of 10 asks are answered'
    """
    if not 0.0 < share <= 1.0:
        raise ConfigurationError(f"quorum: share is {share!r}; allowed: above 0, at most 1")

    def reason(now: Standing) -> str | None:
        enough = math.ceil(share * now.asked - 1e-9)
        return f"{now.answered} of {now.asked} asks are answered" if now.answered >= enough else None

    return reason


def after(seconds: float, *, labels: int = 1) -> Closing:
    """Close when so much time has passed and at least so many labels are in, or nothing is left to answer.

    >>> after(600.0)(Standing(10, 3, 2, 601.0, False))
    '600 seconds are over'
    """
    if not seconds > 0:
        raise ConfigurationError(f"after: seconds is {seconds!r}; allowed: a number above 0")
    rest = everything()

    def reason(now: Standing) -> str | None:
        over = now.seconds >= seconds and now.labeled >= labels
        return f"{seconds:g} seconds are over" if over else rest(now)

    return reason


def manual() -> Closing:
    """Close when somebody asks for it and at least one answer is in."""
    return lambda now: "somebody closed the round" if now.wished and now.answered else None


def any_of(*policies: Closing) -> Closing:
    """Close when one of several policies gives a reason: the first one's is told."""
    return lambda now: next((why for one in policies if (why := one(now)) is not None), None)
