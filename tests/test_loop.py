"""The loop from end to end: run, resume, replay, determinism, and what plug-ins can and cannot see."""

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
from activeloop.cases import Predicted
from activeloop.errors import ConfigurationError, DataError, PeekingError, StoreError, StrategyError
from activeloop.events import Event
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


def test_a_bigger_budget_goes_on_from_where_the_run_stopped(new_loop: LoopMaker, tmp_path: Path) -> None:
    straight, stepped = new_loop(), new_loop(store=tmp_path / "run.db")
    oracle = al.oracles.simulated(straight.pool)
    list(straight.run(oracle, stop=al.stopping.budget(24)))
    list(stepped.run(oracle, stop=al.stopping.budget(12)))
    again = new_loop(store=tmp_path / "run.db")
    assert again.stopped == "the budget of 12 labels is spent"
    list(again.run(oracle, stop=al.stopping.budget(24)))
    assert again.history == straight.history


def test_a_generator_left_in_the_middle_goes_on_in_a_new_loop(new_loop: LoopMaker, tmp_path: Path) -> None:
    whole = new_loop()
    oracle = al.oracles.simulated(whole.pool, **NOISY)
    stop = al.stopping.budget(30)
    list(whole.run(oracle, stop))
    for _ in range(20):
        part = new_loop(store=tmp_path / "run.db")
        if next(part.run(oracle, stop), None) is None:
            break
    assert part.history == whole.history
    assert part.stopped == whole.stopped


def played(loop: Loop, oracle: Callable[[Query], Any], corrections: dict[int, int]) -> None:
    """Play to the end; before the ask of a round, correct an answer of an earlier one (unless it was)."""
    for _ in range(40):
        loop._catch_up()
        at = len(loop.history)
        if loop._query is None and at in corrections:
            ask_id = f"{corrections[at]}.0"
            if loop._ledger.asks[ask_id].answer != Answer(ask_id, "virginica"):
                loop.tell([Answer(ask_id, "virginica")])
        if at >= 8:
            return
        query = loop.ask()
        open_asks = loop._ledger.open
        loop.tell([one for one in oracle(query) if one.ask_id in open_asks])


def continued(events: list[Event], known: str, new_loop: LoopMaker, **changed: Any) -> Loop:
    store = MemoryStore()
    store._runs["run"] = (known, list(events))
    return new_loop(store=store, **changed)


@pytest.mark.parametrize("corrections", [{}, {3: 1, 6: 0}], ids=["plain", "corrected"])
@pytest.mark.parametrize("oracle", [{}, NOISY], ids=["exact", "noisy"])
def test_every_prefix_of_the_events_leads_to_the_same_end(
    new_loop: LoopMaker, corrections: dict[int, int], oracle: dict[str, Any]
) -> None:
    store = MemoryStore()
    loop = new_loop(store=store, watch=True, seed=5)
    answers = al.oracles.simulated(loop.pool, **oracle)
    played(loop, answers, corrections)
    known, events = store._runs["run"]
    assert len(events) > 20
    assert loop.history.rounds[3].signals is not None
    for length in range(len(events)):
        other = continued(events[:length], known, new_loop, watch=True, seed=5)
        played(other, answers, corrections)
        assert other.history == loop.history, f"after {length} events"
        assert other._store._runs["run"][1] == events, f"after {length} events"  # type: ignore[attr-defined]


def test_every_prefix_of_a_watched_run_stops_at_the_same_round(new_loop: LoopMaker) -> None:
    store = MemoryStore()
    rule = al.stopping.stabilizing_predictions(0.9)
    loop = new_loop(store=store)
    oracle = al.oracles.simulated(loop.pool, **NOISY)
    list(loop.run(oracle, rule))
    known, events = store._runs["run"]
    assert "predictions are stable" in str(loop.stopped)
    for length in range(len(events) + 1):
        other = continued(events[:length], known, new_loop)
        list(other.run(oracle, rule))
        assert (other.history, other.stopped) == (loop.history, loop.stopped), f"after {length} events"


def test_a_round_whose_answers_were_all_in_is_closed_before_a_correction_is_taken(
    new_loop: LoopMaker,
) -> None:
    store = MemoryStore()
    whole = new_loop(store=store, batch_size=10)
    query = whole.ask()
    truth = dict(zip(query.ids, whole.pool.truth(query.ids).tolist(), strict=True))
    correction = {query.ids[0]: next(one for one in truth.values() if one != truth[query.ids[0]])}
    whole.tell(truth)
    known, events = store._runs["run"]
    broken = continued(events[:-1], known, new_loop, batch_size=10)
    for loop in (whole, broken):
        loop.tell(correction)
        loop.ask()
    assert broken._store._runs["run"][1] == events  # type: ignore[attr-defined]


def test_a_late_answer_after_the_stop_makes_the_run_unfinished_until_it_stops_again(
    new_loop: LoopMaker,
) -> None:
    loop = new_loop()
    oracle, stop = al.oracles.simulated(loop.pool), al.stopping.budget(8)
    list(loop.run(oracle, stop))
    item = loop.labeled.ids.tolist()[0]
    other = next(one for one in loop.pool.classes or () if one != loop.pool.truth([item])[0])
    loop.tell({item: other})
    assert loop.stopped is None
    assert list(loop.run(oracle, stop)) == []
    assert loop.stopped == "the budget of 8 labels is spent"


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
    with pytest.raises(StrategyError, match=r"start is 'margin', which needs probabilities.*: random"):
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
