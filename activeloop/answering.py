"""What an oracle gave, made into answers to the asks of a query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from activeloop.errors import AnswerError, OracleError
from activeloop.query import Answer, Query


def answers_of(oracle: Any, query: Query, open: Collection[str]) -> list[Answer]:
    """Ask the oracle for what is still open; it may give Answers, or plain labels in the order of the asks.

    Raises OracleError when it gives something else, an answer to another ask, or labels of another number.
    """
    asked = replace(query, asks=tuple(ask for ask in query.asks if ask.ask_id in open))
    given = oracle(asked)
    try:
        answers = list(given)
    except TypeError as error:
        raise OracleError(
            f"the oracle gave {given!r}; allowed: one answer or label per asked item"
        ) from error
    if isinstance(given, str | Mapping):
        raise OracleError(
            f"the oracle gave {given!r}; allowed: one answer or label per asked item, in a list"
        )
    if not all(isinstance(one, Answer) for one in answers):
        if len(answers) != len(asked):
            raise OracleError(f"the oracle gave {len(answers)} labels for {len(asked)} asked items")
        return [_answer(ask.ask_id, one) for ask, one in zip(asked.asks, answers, strict=True)]
    foreign = [one.ask_id for one in answers if one.ask_id not in open]
    if foreign:
        raise OracleError(
            f"the oracle answered ask {foreign[0]!r}, which it was not asked; asked: {list(open)[:20]}"
        )
    return answers


def by_id(asks: Mapping[int | str, str], labels: Mapping[Any, Any]) -> list[Answer]:
    """Make answers of labels by item id, for the newest ask of each item; None means abstain.

    Raises AnswerError for an item that was never asked about.
    """
    foreign = [one for one in labels if one not in asks]
    if foreign:
        newest = ", ".join(map(repr, list(asks)[-20:])) or "none"
        raise AnswerError(f"item {foreign[0]!r} was not asked about; asked: {newest}")
    return [_answer(asks[one], label) for one, label in labels.items()]


def _answer(ask_id: str, label: Any) -> Answer:
    if isinstance(label, Answer):
        return label
    return Answer(ask_id, label) if label is not None else Answer(ask_id, outcome="abstain")
