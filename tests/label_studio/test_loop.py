"""A run that people label in Label Studio, from the first ask to the last round, and through a crash."""

from __future__ import annotations

from pathlib import Path

from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.loop import Loop

from .conftest import Desk


def made(path: Path) -> Loop:
    pool, holdout = al.load("iris").split(0.3, seed=0)
    return Loop(
        GaussianNB(),
        pool,
        strategy="margin",
        holdout=holdout,
        scoring=["accuracy"],
        batch_size=6,
        seed=0,
        store=path,
    )


def test_a_run_goes_on_where_it_was_and_learns_what_people_said(desk: Desk, tmp_path: Path) -> None:
    rounds = 0
    for _ in range(3):
        loop, oracle = made(tmp_path / "run.db"), desk.oracle(kind="row")
        assert list(loop.run(oracle, stop=al.stopping.budget(18))) == []  # nobody has said anything
        asked = loop.ask()
        lying = desk.ada.tasks(desk.number(oracle))
        for ask in asked.asks:
            desk.ada.choose(lying[ask.ask_id], str(loop.pool.truth([ask.id])[0]))
        oracle.close()  # the process ends here, before it was told anything
        loop, oracle = made(tmp_path / "run.db"), desk.oracle(kind="row")
        rounds += sum(1 for _ in loop.run(oracle, stop=al.stopping.budget(18)))
        oracle.retire(asked)
    assert rounds == 3
    last = loop.history.rounds[-1]
    assert last.n_labeled == 18
    assert (last.score("accuracy") or 0.0) > 0.8
