"""Test-cases in the loop: judged every round, part of what makes two runs the same, hidden from rules."""

from __future__ import annotations

from pathlib import Path

import pytest

import activeloop as al
from activeloop.cases import Predicted
from activeloop.errors import ConfigurationError, PeekingError, StoreError
from activeloop.history import History

from .conftest import LoopMaker

CASES = (
    al.TestCase("whole", at_least=0.8),
    al.TestCase("one", "class virginica", "recall[virginica]", at_least=0.9),
    al.TestCase("few", "class == 'setosa'", at_least=0.9, min_support=1000),
)


def test_every_closed_round_is_judged_and_a_model_that_is_not_trained_is_no_verdict(
    new_loop: LoopMaker,
) -> None:
    loop = new_loop(cases=CASES, batch_size=1)
    rounds = list(loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(30)))
    assert rounds[0].verdict("whole").outcome == "insufficient"
    assert rounds[0].verdict("whole").reason.startswith("not trained: only class")
    assert rounds[-1].verdict("whole").value == rounds[-1].score("accuracy")
    assert rounds[-1].verdict("one").n == rounds[-1].row("accuracy", "class virginica").n
    assert {one.verdict("few").outcome for one in rounds} == {"insufficient"}


def test_a_run_broken_off_and_resumed_has_the_verdicts_of_the_unbroken_one(
    new_loop: LoopMaker, tmp_path: Path
) -> None:
    unbroken = new_loop(cases=CASES)
    oracle, stop = al.oracles.simulated(unbroken.pool), al.stopping.budget(24)
    list(unbroken.run(oracle, stop))
    for at in range(6):
        broken = new_loop(cases=CASES, store=tmp_path / "run.db")
        assert len(broken.history) == at
        next(broken.run(oracle, stop))
    resumed = new_loop(cases=CASES, store=tmp_path / "run.db")
    assert list(resumed.run(oracle, stop)) == []
    assert resumed.history == unbroken.history
    assert resumed.stopped == unbroken.stopped


def test_other_cases_or_another_baseline_are_another_run(new_loop: LoopMaker, tmp_path: Path) -> None:
    store = tmp_path / "run.db"
    new_loop(store=store)
    new_loop(store=store)
    with pytest.raises(StoreError, match="cases is None there"):
        new_loop(store=store, cases=CASES)
    holdout = new_loop().holdout
    assert holdout is not None
    drop, right = [al.TestCase("drop", max_drop=0.1)], Predicted(holdout.ids, holdout.labels)
    new_loop(store=store, name="drop", cases=drop, baseline=right)
    wrong = Predicted(holdout.ids, holdout.labels[::-1])
    with pytest.raises(StoreError, match="baseline is"):
        new_loop(store=store, name="drop", cases=drop, baseline=wrong)


def test_cases_need_a_holdout(new_loop: LoopMaker) -> None:
    with pytest.raises(ConfigurationError, match="no holdout to judge them on"):
        new_loop(holdout=None, cases=CASES)


def test_a_baseline_is_compared_with_each_round(new_loop: LoopMaker) -> None:
    holdout = new_loop().holdout
    assert holdout is not None
    right = Predicted(holdout.ids, holdout.labels)
    loop = new_loop(cases=[al.TestCase("drop", max_drop=0.5)], baseline=right, batch_size=30)
    (last,) = loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(30))
    verdict = last.verdict("drop")
    assert (verdict.outcome, verdict.baseline_value) == ("pass", 1.0)
    assert verdict.difference == pytest.approx((last.score("accuracy") or 0) - 1.0)


def test_a_rule_that_may_not_peek_sees_no_verdict(new_loop: LoopMaker) -> None:
    loop = new_loop(cases=CASES)

    def nosy(history: History) -> str | None:
        return "seen" if history.last and list(history.last.verdicts) else None

    with pytest.raises(PeekingError):
        list(loop.run(al.oracles.simulated(loop.pool), stop=nosy))
