"""Stopping rules at, before and after their threshold; no peeking; the last batch fits the budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import cohen_kappa_score
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

import activeloop as al
from activeloop import stopping
from activeloop.cases import Verdict
from activeloop.errors import ConfigurationError, PeekingError, StoppingError, UnknownNameError
from activeloop.history import History, Round, Signals
from activeloop.scoring import ScoreRow

from .conftest import LoopMaker


def history(
    scores: Any = (),
    *,
    bought: Any = None,
    cost: Any = None,
    signals: Any = None,
    low: float = 0.1,
    slice: str = "all",
) -> History:
    """Make a history of as many rounds as values are given."""
    n = max(len(one) for one in (scores, bought or (), cost or (), signals or ()))
    return History(
        tuple(
            Round(
                number=at,
                strategy="made",
                n_labeled=at,
                asked=10,
                bought=0,
                bought_total=bought[at] if bought else at,
                cost_total=cost[at] if cost else 0.0,
                seconds_total=0.0,
                scores=tuple(
                    ScoreRow(slice, "accuracy", one, None if one is None else one - low, one, 50)
                    for one in (scores[at : at + 1] if scores else ())
                ),
                signals=signals[at] if signals else None,
            )
            for at in range(n)
        )
    )


def unsure(value: float | None) -> Signals:
    return Signals(value, None if value is None else 1 - value, value)


NOTHING = History()


@pytest.mark.parametrize(
    ("rule", "given", "reason"),
    [
        (stopping.budget(20), history(bought=[19]), None),
        (stopping.budget(20), history(bought=[20]), "the budget of 20 labels is spent"),
        (stopping.budget(20), history(bought=[10, 21]), "the budget of 20 labels is spent"),
        (stopping.budget(20), NOTHING, None),
        (stopping.budget(0), NOTHING, "the budget of 0 labels is spent"),
        (stopping.budget(cost=2.5), history(cost=[2.4]), None),
        (stopping.budget(cost=2.5), history(cost=[2.5]), "the budget of 2.5 is spent (2.5)"),
        (stopping.budget(cost=2.5), history(cost=[1.0, 3.0]), "the budget of 2.5 is spent (3)"),
        (stopping.budget(cost=2.5), NOTHING, None),
        (stopping.target("accuracy", 0.8), NOTHING, None),
        (stopping.target("accuracy", 0.8), history([0.79]), None),
        (stopping.target("accuracy", 0.8), history([0.8]), "accuracy on all reached 0.8 (target 0.8)"),
        (stopping.target("accuracy", 0.8), history([0.9, 0.7]), None),
        (stopping.target("accuracy", 0.8), history([None]), None),
        (stopping.target("accuracy", 0.8, certain=True), history([0.89]), None),
        (
            stopping.target("accuracy", 0.8, certain=True),
            history([0.95]),
            "accuracy on all reached 0.85 (target 0.8)",
        ),
        (
            stopping.target("accuracy", 0.8, slice="b"),
            history([0.9], slice="b"),
            "accuracy on b reached 0.9 (target 0.8)",
        ),
        (stopping.plateau("accuracy", rounds=2, delta=0.25), NOTHING, None),
        (stopping.plateau("accuracy", rounds=2, delta=0.25), history([0.5, 0.5]), None),
        (stopping.plateau("accuracy", rounds=2, delta=0.25), history([0.5, 0.5, 0.75]), None),
        (
            stopping.plateau("accuracy", rounds=2, delta=0.25),
            history([0.5, 0.5, 0.7]),
            "accuracy on all gained less than 0.25 in 2 rounds",
        ),
        (stopping.plateau("accuracy", rounds=2, delta=0.25), history([0.5, 0.8, 0.7]), None),
        (
            stopping.plateau("accuracy", rounds=2, delta=0.25),
            history([None, 0.9, 0.7, None, 0.6]),
            "accuracy on all gained less than 0.25 in 2 rounds",
        ),
        (stopping.maximum_confidence(0.75), NOTHING, None),
        (stopping.maximum_confidence(0.75), history(signals=[None]), None),
        (stopping.maximum_confidence(0.75), history(signals=[unsure(0.26)]), None),
        (
            stopping.maximum_confidence(0.75),
            history(signals=[unsure(0.25)]),
            "the least confident prediction reached 0.75 (threshold 0.75)",
        ),
        (stopping.overall_uncertainty(0.25), NOTHING, None),
        (stopping.overall_uncertainty(0.25), history(signals=[unsure(0.26)]), None),
        (
            stopping.overall_uncertainty(0.25),
            history(signals=[unsure(0.25)]),
            "overall uncertainty fell to 0.25 (threshold 0.25)",
        ),
        (stopping.stabilizing_predictions(0.75, rounds=2), NOTHING, None),
        (
            stopping.stabilizing_predictions(0.75, rounds=2),
            history(signals=[unsure(None), unsure(0.9)]),
            None,
        ),
        (stopping.stabilizing_predictions(0.75, rounds=2), history(signals=[unsure(0.5), unsure(0.9)]), None),
        (
            stopping.stabilizing_predictions(0.75, rounds=2),
            history(signals=[unsure(0.1), unsure(0.5), unsure(1.0)]),
            "predictions are stable: mean kappa 0.7500 over 2 rounds (threshold 0.75)",
        ),
        (stopping.stabilizing_predictions(0.75, rounds=2), history(signals=[unsure(1.0), None]), None),
    ],
)
def test_a_rule_before_at_and_after_its_threshold(rule: Any, given: History, reason: str | None) -> None:
    assert rule(given) == reason


def test_rules_of_rules() -> None:
    low, high = stopping.target("accuracy", 0.5), stopping.target("accuracy", 0.9)
    middle = history([0.4, 0.6])
    assert stopping.any_of(high, low)(middle) == "accuracy on all reached 0.6 (target 0.5)"
    assert stopping.all_of(high, low)(middle) is None
    assert stopping.all_of(high, low)(history([0.95])) == (
        "accuracy on all reached 0.95 (target 0.9) and accuracy on all reached 0.95 (target 0.5)"
    )
    assert stopping.any_of()(middle) is None
    assert stopping.all_of()(middle) is None
    twice = stopping.patience(low, 2)
    assert [twice(history(one)) for one in ([0.6], [0.6, 0.4], [0.4, 0.6])] == [None] * 3
    assert twice(history([0.6, 0.6])) == "accuracy on all reached 0.6 (target 0.5), 2 rounds on end"
    assert stopping.any_of(stopping.budget(9), twice).name == "any_of(budget, patience(target))"


def test_a_rule_of_rules_peeks_and_watches_when_one_of_them_does() -> None:
    nested = stopping.any_of(stopping.budget(3), stopping.all_of(stopping.target("accuracy", 1.0)))
    assert (nested.peeks, nested.watches) == (True, False)
    watching = stopping.all_of(stopping.budget(3), stopping.patience(stopping.overall_uncertainty(), 2))
    assert (watching.peeks, watching.watches) == (False, True)


def test_a_rule_that_does_not_peek_stays_blind_beside_one_that_does() -> None:
    def curious(given: History) -> str | None:
        return "good" if given.last and (given.last.score("accuracy") or 0) > 0.5 else None

    together = stopping.any_of(stopping.target("accuracy", 1.0), curious)
    with pytest.raises(PeekingError, match=r"mark it with @stopping.rule\(peeks=True\)"):
        together(history([0.6]))
    assert stopping.any_of(stopping.rule(peeks=True)(curious))(history([0.6])) == "good"


@pytest.mark.parametrize(
    "combine", [lambda one: one, stopping.any_of, stopping.all_of, lambda one: stopping.patience(one, 1)]
)
def test_neither_a_reason_nor_none_is_told_with_the_name_of_the_rule(combine: Any) -> None:
    def enough(given: History) -> Any:
        return True

    with pytest.raises(StoppingError, match="stopping rule 'enough' gave True; allowed: a reason"):
        stopping.as_rule(combine(enough))(history([0.5]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: stopping.budget(), "budget: give either labels or cost"),
        (lambda: stopping.budget(5, cost=2.0), "budget: give either labels or cost"),
        (lambda: stopping.budget(-1), "budget: labels is -1; allowed: a whole number from 0"),
        (lambda: stopping.budget(2.5), "budget: labels is 2.5; allowed: a whole number from 0"),  # type: ignore[arg-type]
        (lambda: stopping.budget(cost="5"), "budget: cost is '5'; allowed: a number from 0"),  # type: ignore[arg-type]
        (lambda: stopping.target("accuracy", float("nan")), "target: value is nan; allowed: a number"),
        (
            lambda: stopping.plateau("accuracy", rounds=0),
            "plateau: rounds is 0; allowed: a whole number from 1",
        ),
        (lambda: stopping.plateau("accuracy", delta="a"), "plateau: delta is 'a'; allowed: a number"),  # type: ignore[arg-type]
        (lambda: stopping.stabilizing_predictions(1.5), "kappa is 1.5; allowed: a number from -1 to 1"),
        (lambda: stopping.stabilizing_predictions(rounds=0), "rounds is 0; allowed: a whole number from 1"),
        (lambda: stopping.maximum_confidence(-1), "threshold is -1; allowed: a number from 0 to 1"),
        (lambda: stopping.overall_uncertainty(2), "threshold is 2; allowed: a number from 0 to 1"),
        (lambda: stopping.patience(stopping.budget(1), 0), "patience: rounds is 0; allowed: a whole number"),
        (lambda: stopping.any_of("budget"), "'budget' is no stopping rule; allowed: a function of the hist"),
    ],
)
def test_a_wrong_parameter_is_one_sentence(make: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        make()


def test_a_misspelt_score_or_slice_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="unknown score 'acuracy'; did you mean 'accuracy'"):
        stopping.target("acuracy", 0.5)(history([0.5]))
    with pytest.raises(UnknownNameError, match="unknown slice 'alle'; did you mean 'all'"):
        stopping.plateau("accuracy", slice="alle")(history([0.5]))


# in a loop -----------------------------------------------------------------------------------


def loop(model: Any = None, *, data: str = "iris", holdout: bool = True, **options: Any) -> Any:
    pool, held = al.load(data).split(0.3, seed=0)
    options = {"strategy": "random", "batch_size": 10, "holdout": held if holdout else None, **options}
    return al.Loop(model or GaussianNB(), pool, **options)


def run(made: Any, stop: Any, **oracle: Any) -> list[Round]:
    return list(made.run(al.oracles.simulated(made.pool, **oracle), stop=stop))


def test_the_last_batch_shrinks_to_the_budget_of_labels() -> None:
    made = loop()
    assert [one.bought for one in run(made, stopping.budget(25))] == [10, 10, 5]
    assert made.stopped == "the budget of 25 labels is spent"
    nested = stopping.any_of(stopping.target("accuracy", 2.0), stopping.any_of(stopping.budget(13)))
    assert [one.bought for one in run(loop(), nested)] == [10, 3]
    assert run(loop(), stopping.budget(0)) == []


def test_the_last_batch_shrinks_to_the_budget_of_cost() -> None:
    made = loop()
    assert [one.asked for one in run(made, stopping.budget(cost=2.5), cost=0.1)] == [10, 10, 5]
    assert made.stopped == "the budget of 2.5 is spent (2.5)"
    rounds = run(loop(), stopping.budget(cost=50.0), cost=lambda asked: 1.0 + 2.0 * (asked.label == "setosa"))
    assert 50.0 <= rounds[-1].cost_total < 53.0  # never a whole batch too much
    free = run(loop(), stopping.any_of(stopping.budget(30), stopping.budget(cost=5.0)), cost=0.0)
    assert [one.bought for one in free] == [10, 10, 10]


def test_abstentions_cost_but_are_no_labels() -> None:
    rounds = run(loop(), stopping.budget(25), abstain=0.5)
    assert rounds[-1].bought_total == 25
    assert rounds[-1].cost_total > 30


@pytest.mark.parametrize(
    "rule",
    [
        stopping.stabilizing_predictions(0.95, rounds=2),
        stopping.maximum_confidence(0.9),
        stopping.overall_uncertainty(0.3),
        stopping.patience(stopping.overall_uncertainty(0.3), 2),
    ],
    ids=lambda one: one.name,
)
def test_rules_without_labels_fire_on_an_easy_set(rule: Any) -> None:
    centers = np.repeat([[-2.0, 0.0], [2.0, 0.0]], 60, axis=0)
    X = centers + np.random.default_rng(0).normal(0, 0.3, size=(120, 2))
    pool, _ = al.Dataset(X, np.repeat(["left", "right"], 60)).split(20, seed=0)
    made = al.Loop(LogisticRegression(), pool, strategy="random", batch_size=8)
    rounds = run(made, rule)
    assert 1 < len(rounds) < 11
    assert made.stopped
    assert rule(made.history) == made.stopped
    assert rule(made.history.before(1)) is None


def test_signals_are_those_of_an_independent_computation() -> None:
    made = loop(watch=True)
    pool = made.pool
    X = pool.rows(np.arange(len(pool)))
    before = None
    for closed in made.run(al.oracles.simulated(pool), stop=stopping.budget(50)):
        fitted = clone(made.model).fit(pool.rows(pool.find(made.labeled.ids)), made.labeled.labels)
        p = np.zeros((len(pool), 3))
        p[:, np.searchsorted(pool.classes, fitted.classes_)] = fitted.predict_proba(X)
        with np.errstate(divide="ignore", invalid="ignore"):
            entropies = -np.nansum(p * np.log(p), axis=1) / np.log(3)
        assert closed.signals.uncertainty == pytest.approx(entropies.mean())
        assert closed.signals.confidence == pytest.approx(p.max(axis=1).min())
        labels = fitted.predict(X)
        if before is None:
            assert closed.signals.agreement is None
        else:
            assert closed.signals.agreement == pytest.approx(cohen_kappa_score(before, labels))
        before = labels


@pytest.mark.parametrize("rule", [stopping.maximum_confidence(), stopping.overall_uncertainty()])
def test_rules_of_probabilities_say_when_the_model_gives_none(rule: Any) -> None:
    with pytest.raises(
        StoppingError, match=f"{rule.name} needs class probabilities, and the model gives none"
    ):
        run(loop(LinearSVC(dual=False)), rule)


def test_stable_predictions_need_classes() -> None:
    pool, held = al.Dataset(np.eye(40), np.linspace(0.0, 1.0, 40)).split(10, seed=0)
    made = al.Loop(LinearRegression(), pool, strategy="random", holdout=held, batch_size=5)
    with pytest.raises(StoppingError, match="needs predicted classes; this task is a regression"):
        run(made, stopping.stabilizing_predictions())
    assert (
        len(run(loop(LinearSVC(dual=False)), stopping.stabilizing_predictions(0.5))) > 2
    )  # labels are enough


def test_a_plain_function_is_a_rule_and_sees_what_needs_no_holdout() -> None:
    def three_rounds(given: History) -> str | None:
        return "three rounds are over" if len(given) == 3 else None

    made = loop()
    assert len(run(made, three_rounds)) == 3
    assert made.stopped == "three rounds are over"


def test_a_plain_function_that_reads_scores_is_stopped() -> None:
    def curious(given: History) -> str | None:
        return "good" if given.last and (given.last.score("accuracy") or 0) > 0.5 else None

    with pytest.raises(PeekingError, match="looked at holdout scores"):
        run(loop(), curious)


def test_a_rule_that_says_that_it_peeks_works_in_simulation_and_is_refused_for_people() -> None:
    @stopping.rule(peeks=True)
    def good(given: History) -> str | None:
        return "good" if given.last and (given.last.score("accuracy") or 0) > 0.5 else None

    made = loop()
    run(made, good)
    assert made.stopped == "good"
    people = loop()
    for rule in (good, stopping.plateau("accuracy"), stopping.any_of(stopping.budget(5), good)):
        with pytest.raises(
            PeekingError, match="looks at holdout scores, so it cannot be used when people label"
        ):
            next(people.run(lambda query: people.pool.truth(query.ids), stop=rule))
    assert len(list(people.run(lambda query: people.pool.truth(query.ids), stop=stopping.budget(20)))) == 2


def test_the_word_of_a_rule_is_the_same_after_a_resume(tmp_path: Path) -> None:
    @stopping.rule(watches=True)
    def calm(given: History) -> str | None:
        known = [one.signals.uncertainty for one in given.rounds if one.signals and one.signals.uncertainty]
        return f"calm at {sum(known):.9f}" if len(known) >= 4 else None

    whole = loop()
    run(whole, calm)
    first = loop(store=tmp_path / "run.db")
    for _, _ in zip(range(2), first.run(al.oracles.simulated(first.pool), stop=calm), strict=False):
        pass
    resumed = loop(store=tmp_path / "run.db")
    run(resumed, calm)
    assert resumed.stopped == whole.stopped
    assert str(whole.stopped).startswith("calm at")
    assert loop(store=tmp_path / "run.db").stopped == whole.stopped


def test_a_rule_that_must_not_peek_cannot_look_at_scores_in_any_way() -> None:
    row = ScoreRow("all", "accuracy", 0.9, 0.8, 1.0, 30)
    shown = History((Round(0, "margin", 5, 5, 5, 5, 5.0, 0.0, scores=(row,)),)).blind()
    ways: list[Callable[[Round], object]] = [
        lambda one: one.score("accuracy"),
        lambda one: list(one.scores),
        lambda one: one.scores[0],
        lambda one: len(one.scores),
        lambda one: bool(one.scores),
    ]
    for look in ways:
        with pytest.raises(PeekingError, match="looked at holdout scores"):
            look(shown.rounds[0])
    with pytest.raises(PeekingError, match="looked at holdout scores"):
        shown.to_frame()


def _scored(*rows: tuple[str, float | None, float | None, int]) -> History:
    scores = tuple(ScoreRow(name, "accuracy", value, low, None, n) for name, value, low, n in rows)
    return History((Round(0, "margin", 10, 10, 10, 10, 10.0, 0.0, scores=scores),))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("a", 0.9, 0.7, 30), ("b", 0.8, 0.6, 30)], "accuracy reached 0.8 on every slice (worst: b, 0.8)"),
        ([("a", 0.9, 0.7, 30), ("b", 0.79, 0.6, 30)], None),
        ([("a", 0.9, 0.7, 30), ("b", 0.1, 0.0, 9)], "accuracy reached 0.8 on every slice (worst: a, 0.9)"),
        ([("a", 0.9, 0.7, 30), ("b", None, None, 30)], None),
        ([("b", 0.9, 0.8, 9)], None),
    ],
)
def test_the_worst_slice_with_enough_items_decides(rows: list[Any], reason: str | None) -> None:
    whole = ("all", 0.5, 0.4, 60)
    assert stopping.worst_slice("accuracy", 0.8)(_scored(whole, *rows)) == reason


def test_worst_slice_may_ask_for_certainty_and_peeks() -> None:
    history = _scored(("all", 0.9, 0.8, 60), ("a", 0.9, 0.79, 30))
    assert stopping.worst_slice("accuracy", 0.8, certain=True)(history) is None
    assert stopping.worst_slice("accuracy", 0.79, certain=True)(history)
    assert stopping.worst_slice("accuracy", 0.8)(History()) is None
    with pytest.raises(UnknownNameError, match="unknown score 'f1'"):
        stopping.worst_slice("f1", 0.8)(history)
    with pytest.raises(PeekingError):
        stopping.allowed_for_people(stopping.worst_slice("accuracy", 0.8))


def judged(*outcomes: tuple[str, str]) -> History:
    verdicts = [
        Verdict(f"c{at}", "all", "accuracy", outcome, 0.9, 0.8, 1.0, 50, "at_least", 0.8, severity=severity)  # type: ignore[arg-type]
        for at, (outcome, severity) in enumerate(outcomes)
    ]
    return History((replace(history([0.9]).rounds[0], verdicts=tuple(verdicts)),))


def test_cases_pass_when_every_one_does_and_warnings_do_not_count() -> None:
    rule = stopping.cases_pass()
    assert rule(judged(("pass", "fail"), ("pass", "fail"))) == "all 2 test-cases pass"
    assert rule(judged(("pass", "fail"), ("fail", "warn"))) == "the test-case passes"
    for outcome in ("fail", "inconclusive", "insufficient"):
        assert rule(judged(("pass", "fail"), (outcome, "fail"))) is None
    assert rule(History()) is None
    with pytest.raises(PeekingError):
        stopping.allowed_for_people(rule)


def test_cases_pass_without_a_case_says_what_to_do() -> None:
    for lacking in (judged(), judged(("pass", "warn"))):
        with pytest.raises(StoppingError, match="cases_pass needs test-cases"):
            stopping.cases_pass()(lacking)


def test_a_loop_stops_when_its_cases_pass(new_loop: LoopMaker) -> None:
    loop = new_loop(cases=[al.TestCase("whole", at_least=0.8)])
    rounds = list(loop.run(al.oracles.simulated(loop.pool), stop=stopping.cases_pass()))
    assert loop.stopped == "the test-case passes"
    assert [one.verdict("whole").passed for one in rounds] == [False] * (len(rounds) - 1) + [True]
