"""Check a simulated oracle: what it says of an item hangs on the item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from activeloop.answering import answers_of
from activeloop.pool import Pool
from activeloop.query import OUTCOMES, Answer, Ask, Query
from activeloop.testing.contract import contract, iris


def check_oracle(make: Callable[[Pool], Any], *, pool: Pool | None = None) -> None:
    """Check a simulated oracle, made by `make(pool)`: it says the same of an item whenever it is asked.

    Every ask gets one answer, whose label is a declared class and whose cost and time are numbers from 0; the
    order of asking, the size of the query and the round change nothing.

    >>> from activeloop import oracles
    >>> check_oracle(lambda pool: oracles.simulated(pool, noise=oracles.uniform_noise(0.2)))
    """
    given = pool or iris()
    ids = given.ids.tolist()
    with contract("oracle"):
        whole = _told(make(given), given, ids, round=0)
        for one, answer in whole.items():
            _well_formed(one, answer, given)
        _agree(whole, _told(make(given), given, ids, round=0), "when it was made and asked again")
        _agree(whole, _told(make(given), given, ids[::-1], round=3), "in another order and round")
        oracle = make(given)
        alone = {one: _told(oracle, given, [one], round=at)[one] for at, one in enumerate(ids[::-3])}
        _agree({one: whole[one] for one in alone}, alone, "asked alone")


def _told(oracle: Any, pool: Pool, ids: list[Any], round: int) -> dict[Any, Answer]:
    query = Query(
        round=round,
        asks=tuple(Ask(f"{round}.{at}", one, None, None) for at, one in enumerate(ids)),
        strategy="check",
        n_trained=0,
        classes=pool.classes,
        items=lambda one: pool.item(int(pool.find([one])[0])),
    )
    by_ask = {ask.ask_id: ask.id for ask in query.asks}
    given = answers_of(oracle, query, by_ask)
    told = {by_ask[one.ask_id]: one._replace(ask_id="") for one in given}
    silent = [one for one in ids if one not in told]
    assert not silent, f"the oracle gave no answer for item {silent[0]!r}"
    assert len(given) == len(told), "the oracle gave two answers for one item"
    return told


def _well_formed(one: Any, answer: Answer, pool: Pool) -> None:
    assert answer.outcome in OUTCOMES, (
        f"the oracle gave the outcome {answer.outcome!r} for item {one!r}; allowed: {', '.join(OUTCOMES)}"
    )
    if answer.outcome == "label" and pool.classes is not None:
        assert answer.value in pool.classes, (
            f"the oracle labeled item {one!r} {answer.value!r}; allowed: {list(pool.classes)}"
        )
    for what, amount in {"cost": answer.cost, "seconds": answer.seconds}.items():
        assert np.isfinite(amount) and amount >= 0, (  # noqa: PT018
            f"the {what} of item {one!r} is {amount}; allowed: a number from 0"
        )


def _agree(one: Mapping[Any, Answer], other: Mapping[Any, Answer], when: str) -> None:
    differ = [item for item in one if one[item] != other[item]]
    assert not differ, (
        f"the oracle answered {one[differ[0]].value!r} for item {differ[0]!r}, "
        f"and {other[differ[0]].value!r} {when}; let what it draws belong to the item's id (seeds.uniforms)"
    )
