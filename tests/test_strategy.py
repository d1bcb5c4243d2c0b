"""A strategy: held to its contract, any metric in its direction, a plain function in a few lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

import activeloop as al
from activeloop.batch import Batch, softmax, top
from activeloop.candidates import Candidates
from activeloop.errors import ConfigurationError, MetricError, StrategyError
from activeloop.strategy import Strategy, as_strategy, by_metric, needing
from tests.made_candidates import made

SPREAD = np.array([[0.4, 0.3, 0.3], [1.0, 0.0, 0.0], [0.6, 0.4, 0.0]])


def zeros(candidates: Candidates) -> Any:
    return np.zeros(len(candidates))


@pytest.mark.parametrize(
    ("gave", "message"),
    [
        ([0.1, 0.2], r"gave utilities of shape \(2,\); allowed: one per candidate, \(3,\)"),
        ([[0.1], [0.2], [0.3]], r"gave utilities of shape \(3, 1\); allowed: one per candidate"),
        (0.5, r"gave utilities of shape \(\); allowed"),
        (["a", "b", "c"], r"gave utilities that are no numbers: .*'a'"),
        (None, r"'made'"),
        ([0.1, np.nan, 0.3], r"gave NaN as utility, first for item 11; allowed: a number"),
    ],
)
def test_wrong_utilities_are_one_sentence(gave: Any, message: str) -> None:
    with pytest.raises(StrategyError, match=message):
        Strategy(lambda candidates: gave, name="made").pick(made([10, 11, 12], 1))


@pytest.mark.parametrize(
    ("gave", "message"),
    [
        ([0], r"picked 1 items; asked for 2"),
        ([], r"picked 0 items; asked for 2"),
        ([0, 1, 2], r"picked 3 items; asked for 2"),
        ([0, 0], r"picked item 10 more than once"),
        ([0, 3], r"picked position 3, which is no candidate; allowed: 0 to 2"),
        ([0, -1], r"picked position -1, which is no candidate"),
        ([0.0, 1.0], r"picked list of float64 of shape \(2,\); allowed: a flat array of whole numbers"),
        (([0, 1], [0.5, 0.5]), r"picked tuple of float64 of shape \(2, 2\); .* Batch\(positions, prob"),
        (Batch(np.array([0, 1]), np.array([0.5])), r"gave probabilities of shape \(1,\) for 2 positions"),
        (Batch(np.array([0, 1]), np.array([0.5, 1.5])), r"selection probabilities from 0.5 to 1.5; allowed"),
        (Batch(np.array([0, 1]), np.array([0.5, np.nan])), r"selection probabilities from nan to nan"),
        (Batch(np.array([0, 1]), utilities=np.ones(3)), r"gave utilities of shape \(3,\) for 2 positions"),
    ],
)
def test_wrong_positions_are_one_sentence(gave: Any, message: str) -> None:
    strategy = Strategy(zeros, batch=lambda utilities, candidates: gave, name="made")
    with pytest.raises(StrategyError, match=message):
        strategy.pick(made([10, 11, 12], 2))


def test_what_a_strategy_raises_passes_as_it_is_and_it_is_called_once() -> None:
    calls = []

    def broken(candidates: Candidates) -> Any:
        calls.append(candidates)
        raise LookupError("my own fault")

    with pytest.raises(LookupError, match="my own fault"):
        as_strategy(broken).pick(made(3, 1))
    assert len(calls) == 1


def test_a_strategy_cannot_change_what_it_is_given() -> None:
    for name in ("ids", "keys", "features", "probabilities"):

        def vandal(candidates: Candidates, name: str = name) -> Any:
            getattr(candidates, name)[0] = 0
            return np.zeros(len(candidates))

        with pytest.raises(ValueError, match="read-only"):
            as_strategy(vandal).pick(made(3, 1, probabilities=SPREAD))


def test_an_acquisition_is_a_plain_function() -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)

    def widest_petal(candidates: Candidates) -> Any:
        return candidates.features[:, 3]

    loop = al.Loop(GaussianNB(), pool, strategy=widest_petal, initial=pool.ids[::5].tolist(), batch_size=3)
    query = loop.ask()
    left = [one for one in pool.ids.tolist() if one not in pool.ids[::5]]
    widths = dict(zip(pool.ids.tolist(), pool.rows(np.arange(len(pool)))[:, 3].tolist(), strict=True))
    assert query.strategy == "widest_petal"
    assert [ask.utility for ask in query.asks] == sorted(map(widths.get, left), reverse=True)[:3]  # type: ignore[type-var]


def test_a_metric_of_any_kind_ranks_by_its_direction() -> None:
    words = ["three short words", "one", "two words", "a fourth item here"]

    @al.metric("data", direction="low")
    def length(item: str) -> int:
        return len(item.split())

    @al.metric("label", needs="label")
    def code(label: int) -> int:
        return label

    @al.metric("model", direction="low", vectorized=True)
    def surest(probabilities: Any) -> Any:
        return probabilities[:, 0]

    by_length = as_strategy(length).pick(made(4, 4, items=words))
    assert by_length.positions.tolist() == [1, 2, 0, 3]
    assert by_length.utilities.tolist() == [-1, -2, -3, -4]
    by_surest = as_strategy(surest).pick(made(3, 3, probabilities=SPREAD))
    assert by_surest.positions.tolist() == [0, 2, 1]
    pool, _ = al.load("digits").split(0.9, seed=0)
    loop = al.Loop(GaussianNB(), pool, strategy=code, initial=pool.ids[:60].tolist(), batch_size=5)
    fitted, query = loop.fitted, loop.ask()
    predicted = fitted.predict(pool.rows(np.arange(60, len(pool))))
    assert [ask.utility for ask in query.asks] == sorted(predicted.tolist(), reverse=True)[:5]


@pytest.mark.parametrize(
    ("empty", "order"), [("last", [3, 1]), ("first", [0, 2]), (2.5, [3, 0]), (1.5, [3, 1])]
)
def test_null_values_are_ranked_by_the_policy(empty: Any, order: list[int]) -> None:
    @al.metric("data")
    def size(item: Any) -> Any:
        return item

    items = [None, 2.0, None, 3.0]
    found = Strategy(by_metric(size, empty=empty)).pick(made(4, 2, items=items)).positions.tolist()
    if empty == 2.5:
        assert found[0] == 3
        assert found[1] in (0, 2)
    elif empty == "first":
        assert set(found) == {0, 2}
    else:
        assert found == order


def test_a_number_for_null_is_a_value_of_the_metric_also_where_low_comes_first() -> None:
    @al.metric("data", direction="low")
    def size(item: Any) -> Any:
        return item

    strategy = Strategy(by_metric(size, empty=2.5))
    assert strategy.pick(made(3, 3, items=[2.0, None, 3.0])).positions.tolist() == [0, 1, 2]


def test_null_at_random_lands_among_the_others_by_seed() -> None:
    @al.metric("data")
    def size(item: Any) -> Any:
        return item

    strategy = Strategy(by_metric(size, empty="random"))
    items = [None, *np.linspace(0, 1, 20)]
    places = {strategy.pick(made(21, 21, items=items, seed=s)).positions.tolist().index(0) for s in range(30)}
    assert len(places) > 5


def test_a_metric_without_direction_cannot_rank() -> None:
    @al.metric("data", direction=None)
    def size(item: Any) -> float:
        return 1.0

    with pytest.raises(StrategyError, match="metric 'size' has no direction, so it cannot rank"):
        as_strategy(size)


def test_a_misspelt_policy_is_told_at_once() -> None:
    @al.metric("data")
    def size(item: Any) -> float:
        return 1.0

    with pytest.raises(ConfigurationError, match=r"'lst'.*did you mean 'last'"):
        by_metric(size, empty="lst")


def test_a_metric_that_is_null_everywhere_says_so() -> None:
    @al.metric("data")
    def size(item: Any) -> None:
        return None

    with pytest.raises(StrategyError, match="'size' has no value for any of the 3 candidates"):
        as_strategy(size).pick(made(3, 1, items=[1, 2, 3]))


def test_a_metric_of_the_wrong_length_says_so() -> None:
    @al.metric("model", vectorized=True)
    def short(probabilities: Any) -> Any:
        return probabilities[:1, 0]

    with pytest.raises(MetricError, match=r"'short' gave values of shape \(1,\) for 3 items"):
        as_strategy(short).pick(made(3, 1, probabilities=SPREAD))


@pytest.mark.parametrize("strategy", ["entropy", "least_confidence", "margin", "variance"])
@pytest.mark.parametrize("model", [LinearSVC(dual=False), LinearRegression()])
def test_what_a_strategy_needs_is_told_before_the_first_round(strategy: str, model: Any) -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)
    name = type(model).__name__
    expected = f"strategy '{strategy}' needs class probabilities, and {name} has no predict_proba; .*random"
    with pytest.raises(StrategyError, match=expected):
        al.Loop(model, pool, strategy=strategy)


def test_needs_are_said_by_the_function_the_metric_or_the_strategy() -> None:
    @needing("probabilities")
    def mine(candidates: Candidates) -> Any:
        return candidates.probabilities[:, 0]

    assert as_strategy(mine).needs == ("probabilities",)
    assert as_strategy(al.metrics.margin).needs == ("probabilities",)
    assert Strategy(mine, needs=()).needs == ()
    assert as_strategy(zeros).needs == ()


@pytest.mark.parametrize("given", [3, None, "margin", [top]])
def test_what_is_no_strategy_is_refused(given: Any) -> None:
    with pytest.raises(StrategyError, match="is no strategy; allowed: a name, a metric"):
        as_strategy(given)
    with pytest.raises(StrategyError, match=r"strategy 'x': batch is .*; allowed: a function"):
        Strategy(zeros, batch=given, name="x")


def test_a_batch_rule_and_a_name_may_be_put_on_any_strategy() -> None:
    made_strategy = as_strategy(al.strategies.margin, name="soft margin", batch=softmax(2.0))
    assert (made_strategy.name, made_strategy.batch, made_strategy.needs) == (
        "soft margin",
        softmax(2.0),
        ("probabilities",),
    )
