"""What somebody said of an ask, held to what may be said: a declared class, a known outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from activeloop.errors import AnswerError, unknown
from activeloop.query import OUTCOMES, Answer, Query


class Asked(NamedTuple):
    """What may be shown of one ask: neither strategy nor utility is in it, so nothing sways who answers."""

    ask_id: str
    id: int | str
    item: Any
    classes: tuple[Any, ...] | None


def asked_of(query: Query) -> list[Asked]:
    """Give what may be shown of each ask, in its order."""
    return [Asked(ask.ask_id, ask.id, query.item(ask), query.classes) for ask in query.asks]


def checked(said: Answer, item: int | str, classes: Sequence[Any] | None) -> Answer:
    """Give an answer with its value as the declared class, or raise AnswerError with a sentence.

    >>> checked(Answer("0.0", "good"), "a", ["good", "bad"]).value
    'good'
    >>> checked(Answer("0.0", "god"), "a", ["good", "bad"])
    Traceback (most recent call last):
        ...
    activeloop.errors.AnswerError: item 'a': unknown label 'god'; did you mean 'good'? Allowed: bad, good
    """
    if said.outcome not in OUTCOMES:
        raise AnswerError(f"item {item!r}: {unknown('outcome', said.outcome, OUTCOMES)}")
    if said.outcome != "label":
        return said._replace(value=None)
    try:
        return said._replace(value=_number(said.value) if classes is None else _class(said.value, classes))
    except AnswerError as error:
        raise AnswerError(f"item {item!r}: {error}") from None


def as_class(text: str, classes: Sequence[Any] | None) -> Any:
    """Give the class that is written so, case and spaces included; a number may be written in any way.

    Without classes (a regression) any finite number is taken. Raises AnswerError otherwise.

    >>> as_class("1.0", [0, 1]), as_class("2e3", None)
    (1, 2000.0)
    """
    if classes is None:
        return _number(text)
    for one in classes:
        if str(one) == text or (_is_number(one) and _same_number(one, text)):
            return one
    raise AnswerError(unknown("label", text, map(str, classes)))


def _class(value: Any, classes: Sequence[Any]) -> Any:
    plain = value.item() if hasattr(value, "item") else value
    for one in classes:
        if type(one) is type(plain) and one == plain:
            return one
    for one in classes:
        if _is_number(one) and _is_number(plain) and one == plain:
            return one
    raise AnswerError(unknown("label", plain, map(str, classes)))


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise AnswerError(f"{value!r} is no label; allowed: a finite number")
    return number


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same_number(one: float, text: str) -> bool:
    try:
        return float(text) == one
    except ValueError:
        return False
