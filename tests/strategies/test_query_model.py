"""Another model asks: what it says, and not what the task model says, decides; and it is fitted as told."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC

import activeloop as al
from activeloop import study_file
from activeloop.build import build
from activeloop.candidates import Candidates
from activeloop.errors import ConfigurationError, StrategyError, UnknownNameError
from activeloop.grid import cells
from activeloop.testing import check_strategy

query_model, entropy = al.strategies.query_model, al.strategies.entropy
REGRESSION = LogisticRegression(C=0.1)


def begun(strategy: object, model: object) -> al.Loop:
    pool, _ = al.load("iris").split(0.3, seed=0)
    loop = al.Loop(model, pool, strategy=strategy, start_size=15, batch_size=5)
    loop.tell({one: pool.truth([one])[0] for one in loop.ask().ids})
    return loop


def test_it_keeps_the_contract() -> None:
    check_strategy(query_model(entropy, model=GaussianNB()), model=SVC())
    check_strategy(query_model(al.strategies.simple_margin, model=SVC()), model=GaussianNB())


def test_it_asks_what_a_loop_with_the_query_model_would_ask() -> None:
    other = begun(query_model(entropy, model=REGRESSION), SVC()).ask()
    own = begun(entropy, REGRESSION).ask()
    assert other.ids == own.ids
    assert [one.utility for one in other.asks] == [one.utility for one in own.asks]
    assert other.ids != begun(entropy, GaussianNB()).ask().ids


def test_the_task_model_is_what_is_scored() -> None:
    loop = begun(query_model(entropy, model=REGRESSION), SVC())
    loop.ask()
    assert type(loop.fitted) is SVC


def test_the_query_model_stays_as_it_was_given() -> None:
    model = LogisticRegression(C=0.1)
    before = pickle.dumps(model)
    begun(query_model(entropy, model=model), SVC()).ask()
    assert pickle.dumps(model) == before


def test_a_batch_rule_of_the_inner_strategy_is_kept() -> None:
    wrapped = query_model(al.strategies.core_set, model=GaussianNB())
    assert begun(wrapped, SVC()).ask().ids == begun("core_set", SVC()).ask().ids


def test_a_query_model_that_lacks_what_is_needed_is_told_at_once() -> None:
    with pytest.raises(
        StrategyError, match="'entropy' needs probabilities, and the query model SVC has none"
    ):
        query_model(entropy, model=SVC())
    with pytest.raises(StrategyError, match="needs decisions, and the query model GaussianNB"):
        query_model(al.strategies.simple_margin, model=GaussianNB())
    with pytest.raises(
        StrategyError, match=r"wraps a strategy, not a name; write activeloop.strategies.entropy"
    ):
        query_model("entropy", model=REGRESSION)


def test_it_cannot_ask_the_first_labels() -> None:
    pool = al.load("iris").pool()
    made = query_model(entropy, model=REGRESSION)
    with pytest.raises(StrategyError, match="needs a trained model while no model is trained"):
        al.Loop(SVC(), pool, strategy="random", start=made)


STUDY = """
[study]
name = "two models"
[data]
name = "iris"
[model]
name = "sklearn.svm:SVC"
[loop]
strategies = [{{ acquisition = "query_model", of = "entropy", parameters = {{ model = {model} }} }}]
start_size = 15
batch_size = 5
budget = 20
"""


def test_a_study_names_the_query_model_as_it_names_the_model() -> None:
    named = '{ name = "sklearn.linear_model:LogisticRegression", parameters = { C = 0.1 } }'
    study = study_file.parse(STUDY.format(model=named))
    cell = next(one for one in cells(study) if one.strategy == "query_model(entropy)")
    made = build(study, cell, Path(), None)
    first, second = [round.number for round in made.loop.run(made.oracle, made.stop)]
    assert (first, second) == (0, 1)
    for wrong, error in (
        ('{ name = "sklearn.linear_model:LogisticRegresion" }', UnknownNameError),
        ('{ name = "sklearn.linear_model:LogisticRegression", parameters = { c = 1 } }', ConfigurationError),
    ):
        with pytest.raises(error, match=r"did you mean '(LogisticRegression|C)'|parameter 'c'"):
            build(study_file.parse(STUDY.format(model=wrong)), cell, Path(), None)


def test_labels_of_text_are_learned_as_they_are() -> None:
    data = al.Dataset(np.random.default_rng(0).normal(size=(40, 2)), ["no", "yes"] * 20)
    pool = data.pool().starting_with([0, 1, 2, 3])
    loop = al.Loop(SVC(), pool, strategy=query_model(entropy, model=REGRESSION), batch_size=3)
    assert len(loop.ask()) == 3


def test_the_inner_strategy_sees_the_query_model_and_no_other() -> None:
    seen = []

    def looking(candidates: Candidates) -> object:
        seen.append((type(candidates.model), candidates.decide is None, candidates.predicted))
        return np.zeros(len(candidates))

    loop = begun(query_model(looking, model=GaussianNB()), SVC())
    query = loop.ask()
    (model, undecided, predicted) = seen[0]
    assert (model, undecided, len(query)) == (GaussianNB, True, 5)
    labeled = loop.labeled
    other = GaussianNB().fit(labeled.features, labeled.labels)
    left = np.setdiff1d(loop.pool.ids, labeled.ids)
    assert sorted(predicted) == sorted(other.predict(loop.pool.rows(loop.pool.find(left))))
