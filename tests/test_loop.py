"""The loop from end to end: run, determinism, and what plug-ins can and cannot see."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

import activeloop as al
from activeloop.candidates import Candidates
from activeloop.errors import ConfigurationError, DataError, PeekingError, StrategyError
from activeloop.history import History
from activeloop.loop import Loop
from activeloop.pool import Holdout, Pool
from activeloop.query import Answer, Query
from activeloop.store import MemoryStore, SqliteStore

from .conftest import LoopMaker

NOISY: dict[str, Any] = {"seed": 3, "noise": al.oracles.uniform_noise(0.2), "abstain": 0.2}


def asked(store: MemoryStore) -> list[list[Any]]:
    _, events = store._runs["run"]
    return [[one[1] for one in event.payload["asks"]] for event in events if event.kind == "asked"]


def test_a_run_asks_learns_and_scores_until_the_budget_is_spent(iris: tuple[Pool, Holdout]) -> None:
    pool, holdout = iris
    loop = Loop(GaussianNB(), pool, strategy="margin", holdout=holdout, batch_size=7, start_size=10)
    rounds = list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(40)))
    assert [one.n_labeled for one in rounds] == [10, 17, 24, 31, 38, 40]
    assert [one.strategy for one in rounds] == ["random"] + ["margin"] * 5
    assert loop.stopped == "the budget of 40 labels is spent"
    assert rounds[-1].score("accuracy") == GaussianNB().fit(loop.labeled.features, loop.labeled.labels).score(
        holdout.rows(np.arange(len(holdout))), holdout.labels
    )
    assert list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(40))) == []


def test_a_run_without_a_rule_asks_about_everything_once(new_loop: LoopMaker) -> None:
    store = MemoryStore()
    loop = new_loop(batch_size=20, store=store)
    rounds = list(loop.run(al.oracles.simulated(loop.pool)))
    assert loop.stopped == "no item is left to ask about"
    assert sorted(chain.from_iterable(asked(store))) == sorted(loop.pool.ids.tolist())
    assert rounds[-1].notes == ("asked 5 instead of 20: no more were left",)
    with pytest.raises(DataError, match="no item is left to ask about"):
        loop.ask()


def test_initial_labels_make_a_round_of_their_own_and_cost_nothing(new_loop: LoopMaker) -> None:
    initial = al.load("iris").split(0.3, seed=0)[0].ids[::12]
    loop = new_loop(initial=initial)
    first, second = (one for one, _ in zip(loop.run(al.oracles.simulated(loop.pool)), range(2), strict=False))
    assert (first.strategy, first.n_labeled, first.asked, first.bought_total) == ("initial", 9, 0, 0)
    assert (second.strategy, second.n_labeled, second.bought_total) == ("margin", 13, 4)
    assert not set(initial.tolist()) & set(asked(loop._store)[0])  # type: ignore[arg-type]


def test_a_regression_runs_with_ridge() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(80, 3))
    data = al.Dataset(features, features @ [1.0, -2.0, 0.5] + 0.01 * random.normal(size=80))
    pool, holdout = data.split(0.3, seed=0)
    loop = Loop(Ridge(), pool, strategy="random", holdout=holdout, batch_size=5)
    scores = [one.score("r2") for one in loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(20))]
    again = Ridge().fit(loop.labeled.features, loop.labeled.labels)
    assert scores[-1] == pytest.approx(again.score(holdout.rows(np.arange(len(holdout))), holdout.labels))
    assert len(scores) == 4
    with pytest.raises(StrategyError, match="needs class probabilities, and the task is a regression"):
        Loop(Ridge(), pool, strategy="margin")


def as_memmap(features: np.ndarray[Any, Any], folder: Path) -> Any:
    np.save(folder / "features.npy", features)
    return np.load(folder / "features.npy", mmap_mode="r")


FORMS: dict[str, Callable[[np.ndarray[Any, Any], Path], Any]] = {
    "DataFrame": lambda features, folder: pd.DataFrame(features, columns=list("abcd")),
    "sparse": lambda features, folder: sparse.csr_matrix(features),
    "memmap": as_memmap,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_the_features_changes_nothing(form: str, tmp_path: Path) -> None:
    known = al.load("iris")
    histories = []
    for features in (known.features, FORMS[form](known.features, tmp_path)):
        data = al.Dataset(features, known.labels)
        pool, holdout = data.split(0.3, seed=0)
        loop = Loop(DecisionTreeClassifier(), pool, strategy="margin", holdout=holdout, batch_size=5)
        histories.append(list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(25))))
    assert histories[0] == histories[1]


def test_texts_are_features() -> None:
    words = ["a good day", "good food", "what a bad day", "bad food", "so good", "so bad"] * 5
    texts = [f"{text} {at}" for at, text in enumerate(words)]
    data = al.Dataset(texts, ["good" if "good" in one else "bad" for one in texts])
    pool, holdout = data.split(0.3, seed=0)
    loop = Loop(
        make_pipeline(TfidfVectorizer(), LogisticRegression()), pool, strategy="entropy", holdout=holdout
    )
    query = loop.ask(6)
    assert query.item(query.asks[0]) in texts
    rounds = list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(15)))
    assert rounds[-1].score("accuracy") == 1.0


# same seed, same run -------------------------------------------------------------------------------------


def history_of(
    data: al.Dataset, strategy: str, seed: int, model: Any
) -> tuple[list[list[Any]], History, list[Any]]:
    pool, holdout = data.split(0.3, seed=seed)
    store = MemoryStore()
    loop = Loop(
        model,
        pool,
        strategy=strategy,
        holdout=holdout.slice_by("class"),
        batch_size=5,
        seed=seed,
        store=store,
    )
    list(loop.run(al.oracles.simulated(pool, **NOISY), stop=al.stopping.budget(30)))
    return asked(store), loop.history, loop.labeled.ids.tolist()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**31),
    shuffle=st.integers(0, 2**31),
    strategy=st.sampled_from(["margin", "random"]),
    text_ids=st.booleans(),
)
def test_the_order_of_the_rows_changes_nothing(
    seed: int, shuffle: int, strategy: str, text_ids: bool
) -> None:
    known = al.load("iris")
    assert known.labels is not None
    ids = np.array([f"flower {at}" for at in range(150)]) if text_ids else np.arange(150)
    order = np.random.default_rng(shuffle).permutation(150)
    straight = al.Dataset(known.features, known.labels, ids=ids)
    permuted = al.Dataset(known.features[order], known.labels[order], ids=ids[order])
    model = DecisionTreeClassifier(max_depth=3)
    one, other = (history_of(data, strategy, seed, model) for data in (straight, permuted))
    assert one[0] == other[0]
    assert one[2] == other[2], "models learn the rows in one order"
    for here, there in zip(one[1].rounds, other[1].rounds, strict=True):
        assert here.slices == there.slices
        assert [row.value for row in here.scores] == pytest.approx([row.value for row in there.scores])


@pytest.mark.parametrize("strategy", ["margin", "random"])
def test_the_same_seed_gives_the_same_run_and_another_seed_another(strategy: str) -> None:
    data = al.load("iris")
    model = DecisionTreeClassifier(max_features=1)
    assert history_of(data, strategy, 1, model) == history_of(data, strategy, 1, model)
    assert history_of(data, strategy, 1, model)[0] != history_of(data, strategy, 2, model)[0]


def test_strategies_under_one_seed_share_start_labels_and_oracle_answers() -> None:
    pool, _ = al.load("iris").split(0.3, seed=4)
    told, starts = [], []
    for strategy in ("margin", "random", "entropy"):
        store = MemoryStore()
        loop = Loop(GaussianNB(), pool, strategy=strategy, batch_size=10, seed=4, store=store)
        list(loop.run(al.oracles.simulated(pool, **NOISY), stop=al.stopping.budget(60)))
        asks = {one[0]: one[1] for event in store._runs["run"][1] for one in event.payload.get("asks", ())}
        answers = [one for event in store._runs["run"][1] for one in event.payload.get("answers", ())]
        told.append({asks[one[0]]: (one[1], one[2]) for one in answers})
        starts.append(asked(store)[0])
    assert starts[0] == starts[1] == starts[2]
    for other in told[1:]:
        both = told[0].keys() & other.keys()
        assert len(both) > 15
        assert {item: told[0][item] for item in both} == {item: other[item] for item in both}
    truth = dict(zip(pool.ids.tolist(), pool.truth(pool.ids).tolist(), strict=True))
    assert any(said == "label" and label != truth[item] for item, (label, said) in told[0].items())


def test_loops_that_share_a_pool_do_not_touch_each_other(new_loop: LoopMaker) -> None:
    alone = new_loop()
    oracle = al.oracles.simulated(alone.pool)
    list(alone.run(oracle, stop=al.stopping.budget(20)))
    one, other = new_loop(), new_loop(strategy="random")
    for _ in zip(
        one.run(oracle, stop=al.stopping.budget(20)),
        other.run(oracle, stop=al.stopping.budget(20)),
        strict=True,
    ):
        pass
    assert one.history == alone.history


# what plug-ins can and cannot see ------------------------------------------------------------------------


def test_a_strategy_sees_predicted_labels_only(new_loop: LoopMaker) -> None:
    seen: list[Candidates] = []

    def curious(candidates: Candidates) -> Any:
        seen.append(candidates)
        assert np.array_equal(candidates.column("label"), candidates.model.predict(candidates.features))
        with pytest.raises(DataError, match="the labels of the pool are not to be seen"):
            candidates.columns("label", np.arange(3))
        return candidates.uniforms()

    loop = new_loop(model=DecisionTreeClassifier(max_depth=1), strategy=curious)
    list(loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(8)))
    (candidates,) = seen
    truth = loop.pool.truth(candidates.ids)
    assert (candidates.column("label") != truth).any(), "else nothing is shown by this test"
    assert len(candidates.labeled) == 4
    assert not set(candidates.labeled.ids.tolist()) & set(candidates.ids.tolist())
    with pytest.raises(DataError, match="not to be seen"):
        loop.pool.blind("label")


def test_a_query_shows_items_and_classes_and_no_label(new_loop: LoopMaker) -> None:
    loop = new_loop()
    query = loop.ask()
    assert set(vars(query)) == {
        "round", "asks", "strategy", "n_trained", "classes", "items", "notes"
    }  # fmt: skip
    item = query.item(query.asks[0])
    assert np.array_equal(item, loop.pool.rows(loop.pool.find([query.asks[0].id]))[0])
    with pytest.raises(ValueError, match="read-only"):
        item[0] = 0.0


def test_a_rule_that_looks_at_scores_unmarked_is_stopped(new_loop: LoopMaker) -> None:
    loop = new_loop()

    def good_enough(history: History) -> str | None:
        last = history.last
        return "good" if last and (last.score("accuracy") or 0) > 0.9 else None

    run = loop.run(al.oracles.simulated(loop.pool), good_enough)
    next(run)
    with pytest.raises(PeekingError, match=r"@stopping.rule\(peeks=True\)"):
        next(run)
    marked = al.stopping.rule(peeks=True)(good_enough)
    list(loop.run(al.oracles.simulated(loop.pool), marked))
    assert loop.stopped == "good"


def test_rules_that_peek_are_refused_when_people_label(new_loop: LoopMaker) -> None:
    loop = new_loop()

    def person(query: Query) -> list[Answer]:
        return []

    rule = al.stopping.any_of(al.stopping.budget(9), al.stopping.target("accuracy", 0.9))
    with pytest.raises(PeekingError, match=r"any_of\(budget, target\).*cannot be used when people label"):
        next(loop.run(person, rule))
    assert list(loop.run(person, al.stopping.budget(9))) == []
    assert loop._query is not None, "the query waits for its answers"


# settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"batch_size": 0}, "batch_size is 0; allowed: a whole number from 1"),
        ({"batch_size": 2.5}, "batch_size is 2.5"),
        ({"start_size": 0}, "start_size is 0; allowed: a whole number from 1"),
        ({"seed": -1}, "seed is -1; allowed: a whole number from 0"),
        ({"seed": True}, "seed is True"),
    ],
)
def test_sizes_and_seeds_are_whole_numbers(new_loop: LoopMaker, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        new_loop(**changed)


def test_a_start_that_needs_a_trained_model_is_refused(new_loop: LoopMaker) -> None:
    with pytest.raises(StrategyError, match=r"start is 'margin', which needs prob.*: core_set, random"):
        new_loop(start="margin")


def test_pool_and_holdout_may_not_share_items(iris: tuple[Pool, Holdout]) -> None:
    pool, holdout = iris
    both = Pool(pool.source, np.append(pool.positions, holdout.positions[:2]))
    with pytest.raises(DataError, match="2 items are in the pool and in the holdout"):
        Loop(GaussianNB(), both, strategy="random", holdout=holdout)


def test_a_bad_initial_leaves_no_trace_in_the_store(new_loop: LoopMaker, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no item has the id 'x'; ids here look like"):
        new_loop(store=tmp_path / "run.db", initial=["x"])
    assert not (tmp_path / "run.db").exists()


def test_a_simulation_gives_the_store_back_as_durable_as_it_was(new_loop: LoopMaker, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "run.db")
    loop = new_loop(store=store)
    during: list[bool] = []
    honest = al.oracles.simulated(loop.pool)

    class Watching:
        simulated = True

        def __call__(self, query: Query) -> Any:
            during.append(store.durable)
            return honest(query)

    rounds = loop.run(Watching(), al.stopping.budget(12))
    next(rounds)
    assert store.durable, "between two rounds the caller may tell answers of people"
    list(rounds)
    assert (during, store.durable) == ([False] * 3, True)


def test_a_simulation_that_fails_or_is_left_gives_the_store_back_as_durable_as_it_was(
    new_loop: LoopMaker, tmp_path: Path
) -> None:
    store = SqliteStore(tmp_path / "run.db")
    loop = new_loop(store=store)
    honest = al.oracles.simulated(loop.pool)

    class Failing:
        simulated = True

        def __call__(self, query: Query) -> Any:
            if query.round == 1:
                raise KeyboardInterrupt
            return honest(query)

    with pytest.raises(KeyboardInterrupt):
        list(loop.run(Failing()))
    assert (len(loop.history), store.durable) == (1, True)
    for _ in loop.run(honest):
        break
    assert (len(loop.history), store.durable) == (2, True)
