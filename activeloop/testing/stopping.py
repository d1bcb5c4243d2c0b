"""Check a stopping rule: a reason or None, from the history alone."""

from __future__ import annotations

from typing import Any

from activeloop.history import History, Round, Signals
from activeloop.scoring import ScoreRow
from activeloop.stopping import as_rule
from activeloop.testing.contract import contract


def check_stopping_rule(rule: Any, *, history: History | None = None) -> None:
    """Check a stopping rule: a reason or None, from the history alone, round by round and from the start.

    A made-up history of ten rounds with the score "accuracy" on "all" is used unless one is given. A rule
    that does not say `peeks=True` may not look at scores.

    >>> from activeloop import stopping
    >>> check_stopping_rule(stopping.plateau("accuracy"))
    >>> check_stopping_rule(lambda history: "enough" if len(history) > 3 else None)
    """
    one = as_rule(rule)
    whole = history or _made_history()
    steps = [whole.before(ago) for ago in range(len(whole), -1, -1)]
    with contract(f"stopping rule {one.name!r}"):
        forward = [one(step) for step in steps]
        for at, step in reversed(list(enumerate(steps))):
            again = one(step)
            assert again == forward[at], (
                f"stopping rule {one.name!r} gave {forward[at]!r} and then {again!r} for the same {at} "
                "rounds; it may remember nothing but the history"
            )


def _made_history() -> History:
    accuracy = [0.5, 0.7, 0.8, 0.85, 0.88, 0.9, 0.905, 0.907, 0.907, 0.907]
    return History(
        tuple(
            Round(
                number=at,
                strategy="made",
                n_labeled=10 * (at + 1),
                asked=10,
                bought=10,
                bought_total=10 * (at + 1),
                cost_total=10.0 * (at + 1),
                seconds_total=0.0,
                scores=(ScoreRow("all", "accuracy", value, value - 0.05, value + 0.05, 100),),
                signals=Signals(0.5 - 0.05 * at, 0.5 + 0.05 * at, None if at == 0 else value),
            )
            for at, value in enumerate(accuracy)
        )
    )
