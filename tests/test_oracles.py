"""Simulated oracles: the same answer for an item whenever it is asked, and wrong as often as told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.errors import AnswerError, ConfigurationError, DataError, OracleError
from activeloop.oracles import (
    Annotator,
    Asked,
    confusion,
    item_noise,
    simulated,
    simulation,
    uniform_noise,
)
from activeloop.pool import Pool
from activeloop.query import Answer, Ask, Query

from .cost import cost


@pytest.fixture(scope="module")
def digits() -> Pool:
    return al.load("digits").split(0.1, seed=0)[0]


@pytest.fixture(scope="module")
def iris() -> Pool:
    return al.load("iris").split(0.3, seed=0)[0]


def query(pool: Pool, ids: Sequence[Any] | None = None, round: int = 0) -> Query:
    known = pool.ids.tolist() if ids is None else list(ids)
    return Query(
        round=round,
        asks=tuple(Ask(f"{round}.{at}", one, None, None) for at, one in enumerate(known)),
        strategy="made",
        n_trained=0,
        classes=pool.classes,
        items=lambda one: pool.item(int(pool.find([one])[0])),
    )


def told(oracle: Any, pool: Pool, ids: Sequence[Any] | None = None, round: int = 0) -> dict[Any, Answer]:
    """Give what an oracle says, by item id."""
    asked = query(pool, ids, round)
    return {ask.id: answer._replace(ask_id="") for ask, answer in zip(asked.asks, oracle(asked), strict=True)}


def wrong(oracle: Any, pool: Pool) -> Any:
    answers = oracle(query(pool))
    return np.array([one.value for one in answers]) != pool.truth(pool.ids)


def test_an_exact_oracle_tells_the_truth_at_unit_cost(digits: Pool) -> None:
    answers = simulated(digits)(query(digits))
    assert [one.value for one in answers] == digits.truth(digits.ids).tolist()
    assert [one.ask_id for one in answers] == [f"0.{at}" for at in range(len(digits))]
    assert {(one.outcome, one.cost, one.seconds) for one in answers} == {("label", 1.0, 0.0)}


def test_regression_is_exact() -> None:
    pool, _ = al.Dataset(np.eye(10), np.linspace(0.0, 1.0, 10)).split(2, seed=0)
    answers = simulated(pool, cost=3.0)(query(pool))
    assert [one.value for one in answers] == pool.truth(pool.ids).tolist()


EVERYTHING: dict[str, Any] = {
    "noise": uniform_noise(0.3),
    "abstain": 0.2,
    "cost": lambda asked: 1.0 + asked.label,
    "seconds": lambda asked: float(np.sum(asked.item)),
}
PEOPLE = [Annotator("ann", uniform_noise(0.5), abstain=0.3), Annotator("bob", cost=2.0), Annotator("cy")]


@pytest.mark.parametrize(
    "options",
    [EVERYTHING, {"annotators": PEOPLE}, {"annotators": PEOPLE, "votes": 3}],
    ids=["one", "people", "votes"],
)
def test_an_answer_hangs_on_item_and_seed_alone(digits: Pool, options: dict[str, Any]) -> None:
    few = replace(digits, positions=digits.positions[:200])
    ids = few.ids.tolist()
    oracle = simulated(few, seed=4, **options)
    whole = told(oracle, few)
    backwards = told(oracle, few, ids[::-1], round=7)
    alone = {one: told(oracle, few, [one], round=3)[one] for one in ids[:40]}
    assert backwards == whole
    assert {one: whole[one] for one in alone} == alone
    assert told(simulated(few, seed=4, **options), few) == whole
    assert told(simulated(few, seed=5, **options), few) != whole


def test_the_pool_of_another_split_gets_the_same_answers() -> None:
    data = al.load("digits")
    one, other = (data.split(0.5, seed=seed)[0] for seed in (0, 1))
    both = sorted(set(one.ids.tolist()) & set(other.ids.tolist()))
    first, second = (simulated(pool, seed=2, noise=uniform_noise(0.4)) for pool in (one, other))
    assert told(first, one, both) == told(second, other, both)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
def test_uniform_noise_errs_at_its_rate_and_evenly(digits: Pool, rate: float) -> None:
    answers = simulated(digits, noise=uniform_noise(rate))(query(digits))
    truth = digits.truth(digits.ids)
    values = np.array([one.value for one in answers])
    n = len(truth)
    assert abs((values != truth).mean() - rate) <= 3 * np.sqrt(rate * (1 - rate) / n)
    if rate == 1.0:
        shifts = np.bincount((values - truth) % 10, minlength=10)
        assert shifts[0] == 0
        assert abs(shifts[1:] - n / 9).max() < 4 * np.sqrt(n / 9)


def test_a_confusion_matrix_errs_cell_by_cell(digits: Pool) -> None:
    table = np.eye(10)
    table[3, [3, 8, 5]] = [0.5, 0.3, 0.2]
    table[8, [8, 3]] = [0.9, 0.1]
    named = {3: {8: 0.3, 5: 0.2}, 8: {3: 0.1}}
    truth = digits.truth(digits.ids)
    by_table = [one.value for one in simulated(digits, noise=confusion(table.tolist()))(query(digits))]
    by_name = [one.value for one in simulated(digits, noise=confusion(named))(query(digits))]
    assert by_table == by_name
    values = np.array(by_table)
    for true in range(10):
        mine = values[truth == true]
        shares = np.bincount(mine, minlength=10) / len(mine)
        assert np.abs(shares - table[true]).max() < 3.5 * np.sqrt(0.25 / len(mine))
        assert (shares[table[true] == 0] == 0).all()


def test_a_confusion_names_text_classes(iris: Pool) -> None:
    oracle = simulated(iris, noise=confusion({"versicolor": {"virginica": 1.0}}))
    truth = iris.truth(iris.ids)
    values = np.array([one.value for one in oracle(query(iris))])
    assert (values[truth == "versicolor"] == "virginica").all()
    assert (values[truth != "versicolor"] == truth[truth != "versicolor"]).all()


def test_item_noise_errs_where_the_item_is_hard(digits: Pool) -> None:
    faint = {one: float(digits.item(at).sum()) < 300 for at, one in enumerate(digits.ids.tolist())}
    oracle = simulated(digits, noise=item_noise(lambda asked: 0.6 if asked.item.sum() < 300 else 0.05))
    wrongs = wrong(oracle, digits)
    hard = np.array(list(faint.values()))
    assert 100 < hard.sum() < len(hard) - 100
    for mask, rate in ((hard, 0.6), (~hard, 0.05)):
        assert abs(wrongs[mask].mean() - rate) < 3 * np.sqrt(rate * (1 - rate) / mask.sum())


def test_a_noise_of_ones_own_is_a_function_of_one_item(iris: Pool) -> None:
    def always_the_first(asked: Asked) -> Any:
        return np.array([1.0, 0.0, 0.0])

    values = {one.value for one in simulated(iris, noise=always_the_first)(query(iris))}
    assert values == {"setosa"}


def test_abstention_costs_and_takes_time_and_tells_nothing(digits: Pool) -> None:
    oracle = simulated(digits, abstain=0.25, cost=2.0, seconds=4.5)
    answers = oracle(query(digits))
    silent = [one for one in answers if one.outcome == "abstain"]
    assert len(silent) / len(answers) == pytest.approx(0.25, abs=0.035)
    assert {(one.value, one.cost, one.seconds) for one in silent} == {(None, 2.0, 4.5)}
    only_eights = simulated(digits, abstain=lambda asked: float(asked.label == 8))
    quiet = {one for one, said in told(only_eights, digits).items() if said.outcome == "abstain"}
    assert quiet == set(digits.ids[digits.truth(digits.ids) == 8].tolist())


def test_annotators_share_the_items_and_err_as_skilled(digits: Pool) -> None:
    people = [
        Annotator("careful", uniform_noise(0.02), cost=3.0),
        Annotator("hasty", uniform_noise(0.4), cost=1.0, seconds=2.0),
        Annotator("shy", abstain=0.5),
    ]
    answers = simulated(digits, annotators=people)(query(digits))
    truth = dict(zip(digits.ids.tolist(), digits.truth(digits.ids).tolist(), strict=True))
    by_name: dict[str, list[tuple[Any, Answer]]] = {one.name: [] for one in people}
    for one, answer in zip(digits.ids.tolist(), answers, strict=True):
        by_name[answer.annotator].append((truth[one], answer))
    n = len(answers)
    assert all(abs(len(given) - n / 3) < 4 * np.sqrt(n * 2 / 9) for given in by_name.values())
    for name, rate in (("careful", 0.02), ("hasty", 0.4)):
        given = by_name[name]
        errors = np.mean([answer.value != true for true, answer in given])
        assert abs(errors - rate) < 3.5 * np.sqrt(rate * (1 - rate) / len(given))
    assert np.mean([said.outcome == "abstain" for _, said in by_name["shy"]]) == pytest.approx(0.5, abs=0.08)
    assert {(said.cost, said.seconds) for _, said in by_name["hasty"]} == {(1.0, 2.0)}


def test_a_majority_is_better_than_one_and_costs_all(digits: Pool) -> None:
    people = [Annotator(noise=uniform_noise(0.3), cost=at, seconds=10.0 * at) for at in (1.0, 2.0, 3.0)]
    alone = wrong(simulated(digits, annotators=people), digits).mean()
    together = simulated(digits, annotators=people, votes=3)
    assert alone == pytest.approx(0.3, abs=0.04)
    # Three err together where at least two err alike, or all differ and the first is wrong.
    p, q = 0.7, 0.3
    right = p**3 + 3 * p**2 * q + p * q**2 * (8 / 9)
    assert wrong(together, digits).mean() == pytest.approx(1 - right, abs=0.035)
    answers = together(query(digits))
    assert {(one.cost, one.seconds) for one in answers} == {(6.0, 30.0)}
    assert {frozenset(one.annotator.split("+")) for one in answers} == {
        frozenset(["annotator 1", "annotator 2", "annotator 3"])
    }


def test_a_tie_goes_to_the_class_named_first_and_who_abstains_has_no_vote(iris: Pool) -> None:
    always = {
        name: confusion({one: {name: 1.0} for one in iris.classes or () if one != name})
        for name in ("setosa", "virginica")
    }
    people = [
        Annotator("s", always["setosa"]),
        Annotator("v", always["virginica"]),
        Annotator("mute", abstain=1.0),
    ]
    two = simulated(iris, annotators=people[:2], votes=2)(query(iris))
    says = {"s": "setosa", "v": "virginica"}
    assert all(one.value == says[one.annotator[0]] for one in two)
    assert {one.annotator for one in two} == {"s+v", "v+s"}
    with_mute = simulated(iris, annotators=people[1:], votes=2)(query(iris))
    assert {(one.value, one.outcome) for one in with_mute} == {("virginica", "label")}
    silent = simulated(iris, annotators=[people[2], replace(people[2], name="still")], votes=2)
    assert {(one.value, one.outcome, one.cost) for one in silent(query(iris))} == {(None, "abstain", 2.0)}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda pool: uniform_noise(1.5), "uniform_noise: rate is 1.5; allowed: from 0 to 1"),
        (
            lambda pool: uniform_noise("a"),  # type: ignore[arg-type]
            "uniform_noise: rate is 'a'; allowed: a number",
        ),
        (lambda pool: item_noise(0.5), "item_noise: rate is 0.5; allowed: a function of one asked item"),  # type: ignore[arg-type]
        (lambda pool: confusion([[1, 0]]), r"confusion: the matrix has shape \(1, 2\); allowed: square"),
        (lambda pool: confusion([[0.5, 0.4], [0, 1]]), r"confusion: row 0 is \[0.5, 0.4\]; .* summing to 1"),
        (lambda pool: confusion([[1.5, -0.5], [0, 1]]), r"confusion: row 0 is \[1.5, -0.5\]; .* from 0"),
        (
            lambda pool: confusion({"a": {"b": 1.2}}),
            "confusion: 'a' told as 'b' is 1.2; allowed: from 0 to 1",
        ),
        (lambda pool: confusion({"a": {"b": 0.7, "c": 0.7}}), "the sum of the row of 'a' is 1.4; allowed"),
        (
            lambda pool: simulated(pool, noise=confusion({"virginca": {"setosa": 0.1}})),
            "confusion: unknown class 'virginca'; did you mean 'virginica'",
        ),
        (
            lambda pool: simulated(pool, noise=confusion({"virginica": {"setos": 0.1}})),
            "confusion: unknown class 'setos'; did you mean 'setosa'",
        ),
        (
            lambda pool: simulated(pool, noise=confusion([[1, 0], [0, 1]])),
            "confusion: the matrix has 2 rows for 3 classes",
        ),
        (lambda pool: simulated(pool, noise=0.1), r"noise is 0.1; allowed: a function such as oracles.unif"),  # type: ignore[arg-type]
        (lambda pool: simulated(pool, abstain=-0.1), "abstain is -0.1; allowed: from 0 to 1"),
        (lambda pool: simulated(pool, cost=-1), "cost is -1; allowed: a number from 0"),
        (lambda pool: simulated(pool, cost=float("nan")), "cost is nan; allowed: a number from 0"),
        (lambda pool: simulated(pool, seconds="1"), "seconds is '1'; allowed: a number from 0"),  # type: ignore[arg-type]
        (lambda pool: simulated(pool, seed=-1), "seed is -1; allowed: a whole number from 0"),
        (lambda pool: simulated(pool, votes=2), "votes is 2; allowed: a whole number from 1 to 1"),
        (
            lambda pool: simulated(pool, annotators=PEOPLE, votes=1.5),  # type: ignore[arg-type]
            "votes is 1.5; allowed: a whole number",
        ),
        (lambda pool: simulated(pool, annotators=PEOPLE, cost=2.0), "give either annotators, or noise"),
        (
            lambda pool: simulated(pool, annotators=[Annotator("ann"), Annotator("ann")]),
            "two annotators have the name 'ann'; allowed",
        ),
    ],
)
def test_a_wrong_parameter_is_one_sentence_at_once(iris: Pool, make: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        make(iris)


def test_what_a_function_gives_wrongly_is_told_with_the_item(iris: Pool) -> None:
    one = iris.ids.tolist()[:1]
    name = repr(one[0])
    cases: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"cost": lambda asked: -1.0}, ConfigurationError, f"cost of item {name} is -1.0"),
        ({"abstain": lambda asked: 2.0}, ConfigurationError, f"abstain of item {name} is 2.0"),
        ({"noise": item_noise(lambda asked: 1.5)}, ConfigurationError, f"the rate of item {name} is 1.5"),
        ({"noise": lambda asked: [0.5, 0.5]}, OracleError, rf"noise of item {name} is \[0.5, 0.5\]; .*\(3\)"),
        ({"noise": lambda asked: [0.5, 0.5, 0.5]}, OracleError, "summing to 1"),
        ({"noise": lambda asked: [1.5, -0.5, 0.0]}, OracleError, "one chance per class"),
        ({"noise": lambda asked: [np.nan, 1.0, 0.0]}, OracleError, "one chance per class"),
    ]
    for options, kind, message in cases:
        with pytest.raises(kind, match=message):
            simulated(iris, **options)(query(iris, one))


def test_a_regression_knows_no_label_noise_and_no_votes() -> None:
    pool, _ = al.Dataset(np.eye(10), np.linspace(0.0, 1.0, 10)).split(2, seed=0)
    for options in ({"noise": uniform_noise(0.1)}, {"annotators": PEOPLE[1:], "votes": 2}):
        with pytest.raises(ConfigurationError, match="need classes; this data set is a regression"):
            simulated(pool, **options)


def test_a_data_set_without_labels_cannot_be_simulated(iris: Pool) -> None:
    source = al.Dataset(np.eye(4), classes=["a", "b"])
    with pytest.raises(DataError, match="no labels, so nothing can be simulated; people can label it"):
        simulated(Pool(source, np.arange(4)))


def test_the_cost_of_answers_grows_as_their_number() -> None:
    rng = np.random.default_rng(0)
    data = al.Dataset(rng.normal(size=(11_000, 3)), rng.integers(0, 5, 11_000))
    pool, _ = data.split(1_000, seed=0)
    many = query(pool)
    few = query(pool, pool.ids[:1_000].tolist())
    for options in ({}, {"noise": uniform_noise(0.2), "cost": lambda asked: 1.0}):
        oracle = simulated(pool, **options)  # type: ignore[arg-type]
        assert len(oracle(many)) == 10_000
        of_few, of_many = cost(partial(oracle, few)), cost(partial(oracle, many))
        assert of_few.calls < 50 * len(few)
        assert of_many.calls < 11 * of_few.calls
        assert of_many.bytes < 11 * of_few.bytes


def test_the_raw_item_is_read_only_when_it_is_looked_at() -> None:
    reads: list[Any] = []

    def read(one: Any) -> str:
        reads.append(one)
        return "raw"

    asked = Asked("a", 1, (0, 1), read)
    uniform_noise(0.2)(asked)
    assert reads == []
    assert (asked.item, asked.item) == ("raw", "raw")
    assert reads == ["a"]


# a user's own oracle, in a loop ----------------------------------------------------------------------


def run(oracle: Any, pool: Pool, model: Any = None) -> Any:
    loop = al.Loop(model or GaussianNB(), pool, strategy="random", batch_size=4, start_size=4)
    return list(loop.run(oracle, stop=al.stopping.budget(8))), loop


def test_a_function_that_gives_plain_labels_is_an_oracle(iris: Pool) -> None:
    rounds, loop = run(lambda asked: iris.truth(asked.ids), iris)
    assert [one.n_labeled for one in rounds] == [4, 8]
    assert loop.labeled.labels.tolist() == iris.truth(loop.labeled.ids).tolist()
    rounds, _ = run(lambda asked: (label for label in iris.truth(asked.ids).tolist()), iris)
    assert [one.bought_total for one in rounds] == [4, 8]


def test_none_means_that_the_oracle_cannot_say(iris: Pool) -> None:
    first = []

    def shy(asked: Query) -> Any:
        labels = iris.truth(asked.ids).tolist()
        if len(labels) < 4:
            return labels
        first.append(asked.ids[0])
        return [None, *labels[1:]]

    rounds, loop = run(shy, iris)
    assert [one.bought for one in rounds] == [3, 3, 2]
    assert not set(first) & set(loop.labeled.ids.tolist())


@pytest.mark.parametrize(
    ("gave", "message"),
    [
        (lambda asked: ["setosa"], "the oracle gave 1 labels for 4 asked items"),
        (lambda asked: ["setosa"] * 5, "the oracle gave 5 labels for 4 asked items"),
        (lambda asked: dict.fromkeys(asked.ids, "setosa"), "one answer or label per asked item, in a list"),
        (lambda asked: "abcd", "the oracle gave 'abcd'; allowed: one answer or label"),
        (lambda asked: None, "the oracle gave None; allowed: one answer or label"),
        (lambda asked: [Answer("9.9", "setosa")], "the oracle answered ask '9.9', which it was not asked"),
    ],
)
def test_wrong_answers_of_a_users_oracle_are_one_sentence(iris: Pool, gave: Any, message: str) -> None:
    with pytest.raises(OracleError, match=message):
        run(gave, iris)


def test_a_label_outside_the_classes_is_one_sentence(iris: Pool) -> None:
    with pytest.raises(AnswerError, match="was labeled 'rose'; allowed: 'setosa', 'versicolor', 'virginica'"):
        run(lambda asked: ["rose"] * len(asked), iris)


def test_a_marked_oracle_counts_as_a_simulation_and_is_not_changed(iris: Pool) -> None:
    class Clerk:
        def answer(self, asked: Query) -> Any:
            return iris.truth(asked.ids)

    mine = simulation(Clerk().answer)  # a bound method can hold no mark of its own
    assert mine.simulated is True  # type: ignore[attr-defined]
    assert len(run(mine, iris)[0]) == 2

    def plain(asked: Query) -> Any:
        return iris.truth(asked.ids)

    simulation(plain)
    assert not hasattr(plain, "simulated")


def test_noise_reaches_the_model_and_never_the_holdout(digits: Pool) -> None:
    pool, holdout = al.load("digits").split(0.3, seed=0)
    scores = []
    for rate in (0.0, 0.8):
        loop = al.Loop(GaussianNB(), pool, strategy="random", holdout=holdout, batch_size=200)
        rounds = list(loop.run(simulated(pool, noise=uniform_noise(rate)), stop=al.stopping.budget(400)))
        scores.append(rounds[-1].score("accuracy") or 0.0)
    assert scores[0] > scores[1] + 0.1


def test_a_regression_loop_learns_from_an_exact_oracle() -> None:
    X = np.random.default_rng(0).normal(size=(60, 2))
    pool, holdout = al.Dataset(X, X @ [1.0, 2.0]).split(20, seed=0)
    loop = al.Loop(LinearRegression(), pool, strategy="random", holdout=holdout, batch_size=5)
    rounds = list(loop.run(simulated(pool), stop=al.stopping.budget(10)))
    assert rounds[-1].score("r2") == pytest.approx(1.0)
