"""Bad input: each kind is refused with one clear sentence, or has a meaning that is held here."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

import activeloop as al
from activeloop.batch import Batch
from activeloop.candidates import Candidates
from activeloop.errors import (
    DataError,
    ModelError,
    SliceError,
    StrategyError,
    UnknownNameError,
)
from activeloop.loop import Loop
from activeloop.pool import Holdout, Pool
from activeloop.store import MemoryStore

from .conftest import LoopMaker


def broken_iris(value: float, form: Callable[[Any], Any]) -> al.Dataset:
    known = al.load("iris")
    features = known.features.copy()
    features[70, 1] = value
    return al.Dataset(form(features), known.labels, ids=[f"flower {at}" for at in range(150)])


@pytest.mark.parametrize("form", [np.asarray, pd.DataFrame, sparse.csr_matrix])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_features_that_the_model_refuses_are_named_by_id(value: float, form: Callable[[Any], Any]) -> None:
    data = broken_iris(value, form)
    pool = Pool(data, np.arange(0, 150, 5))
    loop = Loop(LogisticRegression(), pool, strategy="random", batch_size=30)
    query = loop.ask()
    truth = dict(zip(query.ids, pool.truth(query.ids).tolist(), strict=True))
    with pytest.raises(
        ModelError,
        match=r"LogisticRegression cannot be fitted: the features of 1 items are NaN or infinite "
        r"\(ids 'flower 70'\); impute them, or name a model that takes them",
    ):
        loop.tell(truth)
    assert len(loop.labeled) == 30, "the answers of people are kept"


def test_features_refused_in_the_holdout_and_among_the_candidates_are_named_too() -> None:
    data = broken_iris(np.nan, np.asarray)
    others = np.setdiff1d(np.arange(150), [70])
    scored = Loop(
        LogisticRegression(max_iter=500),
        Pool(data, others[:140]),
        strategy="random",
        holdout=Holdout(data, np.append(others[140:], 70)),
        initial=data.ids[[0, 60, 120]],
    )
    with pytest.raises(ModelError, match=r"LogisticRegression cannot predict: .*\(ids 'flower 70'\)"):
        scored.ask()
    ranked = Loop(
        LogisticRegression(max_iter=500),
        Pool(data, np.arange(150)),
        strategy="margin",
        initial=data.ids[[0, 60, 120]],
    )
    with pytest.raises(ModelError, match=r"LogisticRegression cannot predict: .*\(ids 'flower 70'\)"):
        ranked.ask()


def test_a_model_that_takes_nan_is_given_it() -> None:
    data = broken_iris(np.nan, np.asarray)
    pool, holdout = data.split(0.3, seed=0)
    loop = Loop(DecisionTreeClassifier(), pool, strategy="margin", holdout=holdout, batch_size=20)
    assert len(list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(60)))) == 3


class Twisted(GaussianNB):  # type: ignore[misc]
    """A real model whose probabilities are then spoiled."""

    def __init__(self, twist: str = "") -> None:
        super().__init__()
        self.twist = twist

    def predict_proba(self, X: Any) -> Any:
        given = super().predict_proba(X)
        if self.twist == "nan":
            given[len(X) // 2, 0] = np.nan
        elif self.twist == "sum":
            given *= 1.5
        elif self.twist == "negative":
            given[0] = [-0.5, 0.5, 1.0][: given.shape[1]]
        elif self.twist == "flat":
            given = given[:, 0]
        elif self.twist == "narrow":
            given = np.ones((len(X), 1))
        return given


@pytest.mark.parametrize(
    ("twist", "words"),
    [
        ("nan", r"a probability of item \d+ is NaN; allowed: 0 to 1"),
        ("sum", r"the probabilities of item \d+ sum to 1.5; allowed: 1 within 0.001"),
        ("negative", r"a probability of item \d+ is -0.5; allowed: 0 to 1"),
        ("flat", r"Twisted.predict_proba gave an array of shape \(\d+,\) for \d+ items"),
        ("narrow", r"Twisted.predict_proba gave 1 columns for [23] classes"),
    ],
)
def test_probabilities_that_are_none_are_refused(new_loop: LoopMaker, twist: str, words: str) -> None:
    store = MemoryStore()
    loop = new_loop(Twisted(twist), batch_size=20, store=store)
    next(loop.run(al.oracles.simulated(loop.pool)))
    before = store._runs["run"][1].copy()
    with pytest.raises(ModelError, match=words):
        loop.ask()
    assert store._runs["run"][1] == before, "nothing was asked"


def test_a_model_without_predict_proba_works_where_none_is_needed(new_loop: LoopMaker) -> None:
    model = LinearSVC(dual=False)
    loop = new_loop(model, strategy="random", scoring=["accuracy", "neg_log_loss"], batch_size=20)
    *_, last = loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(60))
    assert (last.score("accuracy") or 0) > 0.8
    row = last.row("neg_log_loss")
    assert (row.value, row.reason) == (None, "needs predict_proba")
    with pytest.raises(
        StrategyError,
        match="strategy 'margin' needs class probabilities, and LinearSVC has no predict_proba; "
        "strategies that need none: core_set, random",
    ):
        new_loop(LinearSVC(dual=False))


def test_while_only_one_class_is_labeled_the_start_rule_asks_on(new_loop: LoopMaker) -> None:
    pool = new_loop().pool
    setosas = pool.ids[pool.truth(pool.ids) == "setosa"].tolist()
    loop = new_loop(initial=setosas[:5])
    query = loop.ask()
    (initial,) = loop.history.rounds
    assert initial.notes == (
        "the model is not trained: only class setosa is labeled so far (5 items); two are needed",
    )
    assert initial.score("accuracy") is None
    assert "only class setosa is labeled" in initial.row("accuracy").reason
    assert (query.strategy, query.n_trained) == ("random", 0)


class SeesLate:
    """A strategy that asks about one class only from round 7 on."""

    def __init__(self, pool: Pool, late: str) -> None:
        self.late = set(pool.ids[pool.truth(pool.ids) == late].tolist())

    def __call__(self, candidates: Candidates) -> Any:
        wanted = np.array([one in self.late for one in candidates.ids.tolist()], dtype=float)
        assert candidates.probabilities.shape == (len(candidates), 3)
        if candidates.round <= 7:
            assert not candidates.probabilities[:, 2].any(), "a class that was never seen has chance 0"
            return candidates.uniforms() + (10.0 if candidates.round == 7 else -10.0) * wanted
        assert candidates.probabilities[:, 2].any()
        return candidates.uniforms()


def test_a_class_seen_for_the_first_time_in_round_7_is_aligned(iris: tuple[Pool, Holdout]) -> None:
    pool, holdout = iris
    early = [one for one in pool.ids.tolist() if pool.truth([one])[0] != "virginica"]
    loop = Loop(
        GaussianNB(),
        pool,
        strategy=SeesLate(pool, "virginica"),
        holdout=holdout,
        scoring=["accuracy", "neg_log_loss", "f1[virginica]"],
        batch_size=3,
        initial=early[::10],
    )
    rounds = list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(30)))
    assert rounds[6].score("f1[virginica]") in (0.0, None)
    assert (rounds[7].score("f1[virginica]") or 0) > 0
    assert all(one.score("accuracy") is not None for one in rounds)
    assert rounds[7].row("neg_log_loss").n == len(holdout)


def test_labels_outside_the_declared_classes_are_named() -> None:
    with pytest.raises(DataError, match="the label 'fox' of item 'b' is outside the declared classes"):
        al.Dataset(np.eye(3), ["cat", "fox", "cow"], ids=["a", "b", "c"], classes=["cat", "cow"])


def test_duplicate_ids_are_named() -> None:
    with pytest.raises(DataError, match="'a'"):
        al.Dataset(np.eye(3), ["x", "y", "x"], ids=["a", "b", "a"])
    with pytest.raises(DataError, match="item 3 stands in the pool twice; ids must be unique"):
        Pool(al.load("iris"), np.array([1, 3, 5, 3]))
    with pytest.raises(DataError, match="item 3 stands in the holdout twice"):
        Holdout(al.load("iris"), np.array([3, 3]))


def test_an_empty_pool_and_an_empty_holdout_say_so() -> None:
    nothing = np.array([], dtype=np.int64)
    with pytest.raises(DataError, match="the pool is empty: there is no item to ask about"):
        Pool(al.load("iris"), nothing)
    with pytest.raises(DataError, match="the holdout is empty: nothing can be scored"):
        Holdout(al.load("iris"), nothing)


def test_a_batch_larger_than_the_pool_shrinks_and_says_so(new_loop: LoopMaker) -> None:
    loop = new_loop(batch_size=1000)
    (only,) = loop.run(al.oracles.simulated(loop.pool))
    assert only.n_labeled == len(loop.pool) == 105
    assert only.notes == ("asked 105 instead of 1000: no more were left",)


def chosen(pick: Callable[[Candidates], Any]) -> al.Strategy:
    return al.Strategy(
        lambda candidates: candidates.uniforms(),
        batch=lambda utilities, candidates: pick(candidates),
        name="mine",
    )


def scored(utilities: Callable[[Candidates], Any]) -> al.Strategy:
    return al.Strategy(utilities, name="mine")


BROKEN: dict[str, tuple[al.Strategy, str]] = {
    "too few": (chosen(lambda c: np.arange(c.n - 1)), "'mine' picked 3 items; asked for 4"),
    "too many": (chosen(lambda c: np.arange(c.n + 1)), "'mine' picked 5 items; asked for 4"),
    "repeated": (chosen(lambda c: [0, 1, 1, 2]), r"'mine' picked item \d+ more than once in a batch"),
    "foreign": (
        chosen(lambda c: [0, 1, 2, len(c)]),
        "'mine' picked position 101, which is no candidate; allowed: 0 to 100",
    ),
    "negative": (chosen(lambda c: [0, 1, 2, -1]), "picked position -1, which is no candidate"),
    "no numbers": (chosen(lambda c: ["a"] * 4), "allowed: a flat array of whole numbers"),
    "two-dimensional": (chosen(lambda c: [[0, 1], [2, 3]]), "allowed: a flat array of whole numbers"),
    "a batch too few": (chosen(lambda c: Batch(np.arange(2))), "picked 2 items; asked for 4"),
    "NaN": (
        scored(lambda c: np.where(np.arange(len(c)) == 7, np.nan, 0.5)),
        "'mine' gave NaN as utility, first for item 13; allowed: a number",
    ),
    "wrong shape": (
        scored(lambda c: np.zeros((len(c), 3))),
        r"'mine' gave utilities of shape \(101, 3\); allowed: one per candidate, \(101,\)",
    ),
    "wrong length": (scored(lambda c: np.zeros(5)), r"shape \(5,\); allowed: one per candidate, \(101,\)"),
    "words": (scored(lambda c: ["much"] * len(c)), "'mine' gave utilities that are no numbers"),
    "nothing": (scored(lambda c: None), r"shape \(\)"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_strategy_that_breaks_its_contract_asks_nothing(new_loop: LoopMaker, case: str) -> None:
    strategy, words = BROKEN[case]
    store = MemoryStore()
    loop = new_loop(strategy=strategy, store=store)
    first = loop.ask()
    loop.tell(dict(zip(first.ids, loop.pool.truth(first.ids).tolist(), strict=True)))
    before = len(store._runs["run"][1])
    with pytest.raises(StrategyError, match=words):
        loop.ask()
    assert len(store._runs["run"][1]) == before


def test_what_a_strategy_raises_passes_as_it_is_and_it_is_called_once(new_loop: LoopMaker) -> None:
    calls = []

    def failing(candidates: Candidates) -> Any:
        calls.append(candidates.round)
        return candidates.model.__dict__["no such key"]

    loop = new_loop(strategy=failing)
    with pytest.raises(KeyError, match="no such key") as raised:
        list(loop.run(al.oracles.simulated(loop.pool)))
    assert len(calls) == 1
    assert traceback.extract_tb(raised.tb)[-1].name == "failing"
    assert raised.value.__cause__ is raised.value.__context__ is None


def test_a_slice_without_items_is_refused(iris: tuple[Pool, Holdout]) -> None:
    with pytest.raises(SliceError, match="slice 'nobody' holds none of the 45 items of the holdout"):
        iris[1].slice_where("nobody", "label == 'setosa' and label == 'virginica'")


def test_an_unknown_name_gives_the_nearest(new_loop: LoopMaker) -> None:
    with pytest.raises(
        UnknownNameError, match=r"unknown strategy 'margn'; did you mean 'margin'\? Allowed: "
    ):
        new_loop(strategy="margn")
    with pytest.raises(UnknownNameError, match=r"unknown score 'accurcy'; did you mean 'accuracy'\?"):
        new_loop(scoring=["accurcy"])


def test_a_simulation_of_unknown_labels_names_the_item() -> None:
    data = al.Dataset(np.arange(6.0)[:, None], ["x", "y", None, "x", "y", "x"], ids=list("abcdef"))
    pool = Pool(data, np.arange(6))
    with pytest.raises(DataError, match="the label of item 'c' is not known, so it cannot be simulated"):
        list(Loop(GaussianNB(), pool, strategy="random", batch_size=6).run(al.oracles.simulated(pool)))
    with pytest.raises(DataError, match="the label of item 'c' is not known"):
        Loop(GaussianNB(), pool, strategy="random", initial=["a", "c"])
