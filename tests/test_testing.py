"""The checks for a stranger's plug-ins: all that we ship passes, and each planted fault is found."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, RidgeClassifier

import activeloop as al
from activeloop import oracles, stopping
from activeloop.batch import Batch, mix, power, softmax, softrank, top, uniform
from activeloop.oracles import Annotator
from activeloop.pool import Pool
from activeloop.query import Answer, Query
from activeloop.seeds import Component, id_keys, uniforms
from activeloop.testing import check_metric, check_oracle, check_stopping_rule, check_strategy

MARGIN = al.strategies.margin
_NAMES = ["top", "uniform", "softmax", "power", "softrank", "mix"]


_IDEAS = [name for name in al.strategies.__all__ if not getattr(getattr(al.strategies, name), "wraps", False)]


@pytest.mark.parametrize("name", _IDEAS)
@pytest.mark.parametrize("batch", [top, uniform, softmax(3.0), power(), softrank(), mix(0.3)], ids=_NAMES)
def test_all_our_strategies_and_batch_rules_pass(name: str, batch: Any) -> None:
    given = getattr(al.strategies, name)
    given = given.with_parameters(label="virginica") if name == "certainty" else given
    acquisition = given.acquisition if isinstance(given, al.Strategy) else given
    strategy = al.Strategy(acquisition, batch=batch, name=name)
    check_strategy(strategy, model=RidgeClassifier() if "decisions" in (strategy.needs or ()) else None)


def test_modal_passes_where_nothing_is_tied() -> None:
    pytest.importorskip("modAL")
    from modAL.uncertainty import margin_sampling

    from activeloop.strategies.modal import from_modal

    pool, _ = al.load("wine").split(0.3, seed=0)
    check_strategy(from_modal(margin_sampling), pool=pool)


def test_a_name_another_pool_and_a_regression_pass() -> None:
    check_strategy("random", model=LogisticRegression(max_iter=1000))
    X = np.random.default_rng(0).normal(size=(60, 3))
    pool, _ = al.Dataset(X, X[:, 0]).split(10, seed=0)
    from sklearn.linear_model import Ridge

    check_strategy(lambda candidates: candidates.model.predict(candidates.features), pool=pool, model=Ridge())


def _too_few(utilities: Any, candidates: Any) -> Any:
    return np.arange(candidates.n - 1)


def _twice(utilities: Any, candidates: Any) -> Any:
    return np.zeros(candidates.n, dtype=int)


def _unseeded(candidates: Any) -> Any:
    return np.random.default_rng().random(len(candidates))


def _by_place(candidates: Any) -> Any:
    return candidates.generator().random(len(candidates))


def _refits(candidates: Any) -> Any:
    candidates.model.fit(candidates.labeled.features[::2], candidates.labeled.labels[::2])
    return np.zeros(len(candidates))


def _global(candidates: Any) -> Any:
    np.random.random(3)  # noqa: NPY002
    return np.zeros(len(candidates))


def _only_double(candidates: Any) -> Any:
    as_double = candidates.features.dtype == np.float64
    return np.zeros(len(candidates) if as_double else 1)


@pytest.mark.parametrize(
    ("strategy", "message"),
    [
        (al.Strategy(MARGIN, batch=_too_few, name="s"), "picked 6 items; asked for 7"),
        (al.Strategy(MARGIN, batch=_twice, name="s"), "more than once in a batch"),
        (lambda candidates: np.full(len(candidates), np.nan), "gave NaN as utility"),
        (_unseeded, "under the same seed; draw from"),
        (_by_place, "from the same pool in another order"),
        (al.Strategy(MARGIN, batch=lambda u, c: Batch(np.arange(c.n)), name="s"), "in another order"),
        (_refits, "changed the fitted model; work on a copy"),
        (_global, "changed numpy's global generator"),
        (_only_double, r"gave utilities of shape \(1,\)"),
    ],
)
def test_a_faulty_strategy_is_found(strategy: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_strategy(strategy)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"noise": oracles.uniform_noise(0.3), "abstain": 0.2, "cost": lambda asked: float(len(asked.label))},
        {"annotators": [Annotator("a", oracles.uniform_noise(0.5)), Annotator("b")]},
        {"annotators": [Annotator(noise=oracles.uniform_noise(0.5))] * 3, "votes": 3},
    ],
)
def test_all_our_oracles_pass(options: dict[str, Any]) -> None:
    check_oracle(lambda pool: oracles.simulated(pool, **options))


def test_an_oracle_of_ones_own_passes_when_it_draws_by_id() -> None:
    def careless(pool: Pool) -> Any:
        def answer(query: Query) -> Any:
            drawn = uniforms(id_keys(np.asarray(query.ids)), 1, Component.ORACLE)
            truth = pool.truth(query.ids).tolist()
            return ["setosa" if u < 0.3 else label for u, label in zip(drawn, truth, strict=True)]

        return answer

    check_oracle(careless)


def _in_order(pool: Pool) -> Any:
    rng = np.random.default_rng(0)
    return lambda query: rng.choice(list(pool.classes or ()), size=len(query)).tolist()


def _with_a_memory(pool: Pool) -> Any:
    asked: list[Any] = []

    def answer(query: Query) -> Any:
        asked.append(query)
        return pool.truth(query.ids).tolist() if len(asked) < 5 else ["setosa"] * len(query)

    return answer


def _answers(**changed: Any) -> Any:
    return lambda pool: lambda query: [Answer(ask.ask_id, "setosa")._replace(**changed) for ask in query.asks]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_in_order, "in another order and round; let what it draws belong to the item's id"),
        (_with_a_memory, "asked alone; let what it draws"),
        (lambda pool: lambda query: ["setosa"], "gave 1 labels for"),
        (lambda pool: lambda query: [Answer(query.asks[0].ask_id, "setosa")], "gave no answer for item"),
        (
            lambda pool: lambda query: [Answer(one.ask_id, "setosa") for one in (*query.asks, query.asks[0])],
            "gave two answers for one item",
        ),
        (_answers(value="rose"), "labeled item .* 'rose'; allowed: "),
        (_answers(outcome="dunno"), "gave the outcome 'dunno' for item"),
        (_answers(cost=-1.0), "the cost of item .* is -1.0; allowed"),
        (_answers(seconds=float("nan")), "the seconds of item .* is nan; allowed"),
    ],
)
def test_a_faulty_oracle_is_found(make: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_oracle(make)


@pytest.mark.parametrize(
    "metric", [al.metrics.entropy, al.metrics.least_confidence, al.metrics.margin, al.metrics.variance]
)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_all_our_acquisition_functions_pass(metric: al.Metric, kind: Any) -> None:
    rows = np.random.default_rng(0).dirichlet(np.ones(4), size=30).astype(kind)
    check_metric(metric, {"probabilities": rows})


def test_a_metric_may_be_null() -> None:
    @al.metric("data")
    def words(item: str) -> int | None:
        return len(item.split()) or None

    check_metric(words, {"item": ["one word", "", "x"]})


def _metric(function: Any, **more: Any) -> al.Metric:
    return al.Metric(function, name="m", kind="data", **more)


def _counter() -> Any:
    calls = itertools.count(1)
    return lambda item: next(calls)


def _scales(item: Any) -> Any:
    item /= item.max()
    return item[:, 0]


@pytest.mark.parametrize(
    ("metric", "columns", "message"),
    [
        (_metric(lambda item: 1 / item), {"item": [1, 0]}, "item 1 failed: ZeroDivisionError"),
        (_metric(lambda item: float("inf")), {"item": [1, 0]}, "item 0 failed: gave inf"),
        (_metric(_counter()), {"item": [1, 2, 3]}, "item 0 has 1.0, and 4.0 when computed again"),
        (
            _metric(lambda item: item[:, 0] - item[:, 0].mean(), vectorized=True),
            {"item": np.arange(8.0).reshape(4, 2)},
            "among fewer items",
        ),
        (
            _metric(lambda item: np.arange(len(item)), vectorized=True),
            {"item": np.ones((6, 2))},
            "in another order",
        ),
        (_metric(_scales, vectorized=True), {"item": np.ones((4, 2)) * 3}, "changed the columns"),
        (
            _metric(lambda item: item, range=(0, 1)),
            {"item": [0.5, 1.5]},
            "item 1 has 1.5, beyond the bound 1",
        ),
        (
            _metric(lambda item: item, range=(0, 1)),
            {"item": [-0.5, 1]},
            "item 0 has -0.5, beyond the bound 0",
        ),
        (_metric(lambda item: 1, needs=("colour",)), {"item": [1]}, "unknown column 'colour'. Allowed: item"),
        (_metric(lambda item: [1], vectorized=True), {"item": [1, 2]}, r"values of shape \(1,\) for 2 items"),
    ],
)
def test_a_faulty_metric_is_found(metric: al.Metric, columns: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_metric(metric, columns)


def _to_first(items: Any, *, shift: float = 0.0) -> float:
    return float(items[0, 0]) + shift


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (
            _metric(lambda mean, item: item[:, 0] - item[:, 0].mean(), vectorized=True, fit=np.mean),
            "among fewer items",
        ),
        (
            _metric(lambda first, item: item[:, 0] - first, vectorized=True, fit=_to_first),
            "with its reference in another order",
        ),
        (_metric(lambda state, item: item[:, 0], vectorized=True, fit=_scales), "changed the columns"),
        (
            _metric(lambda item: al.metrics.Values(item[:, 0], {2: "odd"}), vectorized=True),
            "item 2 has a reason, 'odd', and is not NULL",
        ),
        (
            _metric(lambda item: al.metrics.Values(item[:, 0] * np.nan, {1: ""}), vectorized=True),
            "item 1 is NULL without a reason",
        ),
        (
            _metric(
                lambda item: al.metrics.Values(
                    item[:, 0] * np.nan, dict.fromkeys(range(len(item)), f"{len(item)}")
                ),
                vectorized=True,
            ),
            "item 0 is NULL by '6', and by '3' among fewer items",
        ),
    ],
)
def test_a_faulty_fit_or_reason_is_found(metric: al.Metric, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_metric(metric, {"item": np.arange(12.0).reshape(6, 2) + 1})


def test_a_fitted_metric_passes() -> None:
    check_metric(_metric(lambda mean, item: item / mean, fit=np.mean), {"item": np.arange(1.0, 9.0)})


@pytest.mark.parametrize(
    "rule",
    [
        stopping.budget(55),
        stopping.budget(cost=55.0),
        stopping.target("accuracy", 0.8),
        stopping.plateau("accuracy", rounds=2),
        stopping.stabilizing_predictions(0.9, rounds=2),
        stopping.maximum_confidence(0.7),
        stopping.overall_uncertainty(0.3),
        stopping.patience(stopping.budget(55), 2),
        stopping.any_of(stopping.budget(55), stopping.target("accuracy", 0.8)),
        stopping.all_of(stopping.budget(55), stopping.target("accuracy", 0.8)),
    ],
    ids=lambda one: one.name,
)
def test_all_our_stopping_rules_pass(rule: Any) -> None:
    check_stopping_rule(rule)


def _impatient() -> Any:
    calls: list[Any] = []

    def rule(history: Any) -> str | None:
        calls.append(history)
        return "bored" if len(calls) > 8 else None

    return rule


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (lambda history: True, "gave True; allowed: a reason"),
        (
            lambda history: history.last.score("accuracy") and None if history.last else None,
            "looked at holdout",
        ),
        (_impatient(), "for the same 7 rounds; it may remember nothing but the history"),
        (stopping.target("f1_macro", 0.5), "unknown score 'f1_macro'"),
    ],
)
def test_a_faulty_stopping_rule_is_found(rule: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_stopping_rule(rule)


def test_a_stopping_rule_may_be_tried_on_a_history_of_ones_own() -> None:
    pool, holdout = al.load("iris").split(0.3, seed=0)
    loop = al.Loop(LogisticRegression(max_iter=1000), pool, strategy="random", holdout=holdout, batch_size=20)
    for _ in loop.run(oracles.simulated(pool), stop=stopping.budget(60)):
        pass
    check_stopping_rule(stopping.target("accuracy", 0.8), history=loop.history)
