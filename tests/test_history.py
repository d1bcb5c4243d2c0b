"""The run as tidy tables, and as JSON and back."""

from __future__ import annotations

import json

import pytest

import activeloop as al
from activeloop.clock import Clock
from activeloop.errors import UnknownNameError
from activeloop.history import Round

from .conftest import LoopMaker


def test_every_round_survives_json(new_loop: LoopMaker) -> None:
    loop = new_loop(watch=True, scoring=["accuracy", "roc_auc_ovr"])
    list(loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(20)))
    assert len(loop.history) == 5
    for one in loop.history.rounds:
        assert Round.from_payload(json.loads(json.dumps(one.to_payload(), allow_nan=False))) == one


def test_tables_hold_one_row_per_round_slice_and_score(new_loop: LoopMaker) -> None:
    loop = new_loop(scoring=["accuracy", "f1_macro"], batch_size=20)
    list(loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(60)))
    scores = loop.history.to_frame()
    assert len(scores) == 3 * 4 * 2
    last = loop.history.rounds[-1]
    row = scores[
        (scores["round"] == 2) & (scores["slice"] == "class setosa") & (scores["score"] == "accuracy")
    ]
    assert row["value"].tolist() == [last.score("accuracy", "class setosa")]
    bought = loop.history.bought_frame()
    assert bought.groupby("round")["bought"].sum().tolist() == [20, 20, 20]
    assert bought[bought["round"] == 2]["n_labeled_in_slice"].sum() == 60
    assert bought[bought["round"] == 2]["labeled_share"].sum() == pytest.approx(1.0)
    assert bought["pool_share"].isna().all(), "nobody knows the classes of the pool"
    rounds = loop.history.rounds_frame()
    assert rounds["cost_total"].tolist() == [20.0, 40.0, 60.0]
    assert rounds["uncertainty"].isna().all()


def test_unknown_scores_and_slices_name_the_nearest(new_loop: LoopMaker) -> None:
    loop = new_loop()
    one = next(loop.run(al.oracles.simulated(loop.pool)))
    with pytest.raises(UnknownNameError, match="unknown score 'acuracy'; did you mean 'accuracy'"):
        one.score("acuracy")
    with pytest.raises(UnknownNameError, match="unknown slice 'class setsa'; did you mean 'class setosa'"):
        one.score("accuracy", "class setsa")


def test_an_empty_history_makes_empty_tables(new_loop: LoopMaker) -> None:
    history = new_loop().history
    assert history.last is None
    assert (len(history.to_frame()), len(history.bought_frame()), len(history.rounds_frame())) == (0, 0, 0)


def test_phases_are_charged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(100))
    monkeypatch.setattr("activeloop.clock.time.perf_counter", lambda: float(next(now)))
    clock = Clock()
    with clock.phase("rank"), clock.phase("predict"):
        pass
    with clock.phase("store"):
        taken = clock.take(4)
    assert {one.phase: one.seconds for one in taken} == {"predict": 1.0, "rank": 2.0}
    assert clock.take(5) == ((5, "store", 1.0),)


def test_verdicts_survive_json_and_a_round_of_before_there_were_any_still_opens(new_loop: LoopMaker) -> None:
    loop = new_loop(cases=[al.TestCase("whole", at_least=0.9)], batch_size=20)
    judged = next(loop.run(al.oracles.simulated(loop.pool)))
    stored = json.loads(json.dumps(judged.to_payload(), allow_nan=False))
    assert Round.from_payload(stored) == judged
    assert judged.verdict("whole").case == "whole"
    del stored["verdicts"]
    assert Round.from_payload(stored).verdicts == ()
    assert "verdicts" not in next(new_loop().run(al.oracles.simulated(loop.pool))).to_payload()


def test_the_table_of_cases_holds_one_row_per_round_and_case(new_loop: LoopMaker) -> None:
    cases = [al.TestCase("whole", at_least=0.9), al.TestCase("one", "class setosa", at_least=0.5)]
    loop = new_loop(cases=cases, batch_size=20)
    list(loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(60)))
    table = loop.history.cases_frame()
    assert list(zip(table["round"], table["case"], strict=True)) == [
        (at, name) for at in range(3) for name in ("whole", "one")
    ]
    assert table["value"].tolist()[-2] == loop.history.rounds[-1].score("accuracy")
    assert len(new_loop().history.cases_frame()) == 0
    with pytest.raises(UnknownNameError, match="unknown test-case 'wole'; did you mean 'whole'"):
        loop.history.rounds[-1].verdict("wole")
