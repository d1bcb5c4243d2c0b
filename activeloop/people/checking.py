"""What a door hands in, held to what is allowed, before anything is stored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from activeloop.errors import AnswerError, nearest
from activeloop.people.annotation import Said
from activeloop.query import OUTCOMES

LONGEST_NOTE = 10_000
LONGEST_KEY = 200


def checked(said: Said, classes: Sequence[Any] | None) -> Said:
    """Give what was said with its value as the classes have it; raises AnswerError for what cannot be kept.

    >>> checked(Said("key", "0.0", "god"), ("good", "bad"))
    Traceback (most recent call last):
    activeloop.errors.AnswerError: ask '0.0' was labeled 'god'; did you mean 'good'? Allowed: 'good', 'bad'
    """
    for name, longest in (
        ("key", LONGEST_KEY),
        ("ask_id", LONGEST_KEY),
        ("lease", LONGEST_KEY),
        ("note", LONGEST_NOTE),
    ):
        value = getattr(said, name)
        if not isinstance(value, str) or len(value) > longest or (name == "key" and not value):
            raise AnswerError(f"{name} is {_short(value)}; allowed: a text of up to {longest:,} characters")
    if said.outcome not in OUTCOMES:
        raise AnswerError(
            f"ask {said.ask_id!r}: outcome is {_short(said.outcome)}; allowed: {', '.join(OUTCOMES)}"
        )
    if not _is_time(said.seconds):
        raise AnswerError(f"ask {said.ask_id!r}: seconds is {_short(said.seconds)}; allowed: 0 or more")
    value = _label(said, classes) if said.outcome == "label" else None
    return said._replace(value=value, seconds=float(said.seconds), flagged=bool(said.flagged))


def _label(said: Said, classes: Sequence[Any] | None) -> Any:
    what = f"ask {said.ask_id!r} was labeled {_short(said.value)}"
    if classes is None:
        number = said.value
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise AnswerError(f"{what}; allowed: a finite number")
        return float(number)
    for one in classes:
        if one == said.value and isinstance(one, bool) == isinstance(said.value, bool):
            return one
    close = nearest(str(said.value), map(str, classes))
    hint = f"; did you mean {close!r}?" if close else "."
    allowed = ", ".join(map(repr, classes[:20])) + (
        f" and {len(classes) - 20} more" if len(classes) > 20 else ""
    )
    raise AnswerError(f"{what}{hint} Allowed: {allowed}")


def _is_time(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value >= 0


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
