"""Another model asks: a strategy sees what a query model predicts, while the task model is what counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from activeloop import models
from activeloop.arrays import Array, FloatArray
from activeloop.batch import Batch
from activeloop.candidates import Candidates
from activeloop.errors import StrategyError
from activeloop.seeds import Component, integer
from activeloop.strategy import Strategy, as_strategy, wrapper

_OF_MODEL = {"probabilities": models.has_probabilities, "decisions": models.has_decisions}


@wrapper
def query_model(strategy: Any, *, model: Any) -> Strategy:
    """Make a strategy that is told what another model than the loop's says of the candidates.

    Each round a fresh copy of the query model is fitted on all that is labeled, and the given strategy picks
    by its probabilities, decision values and predictions. So an acquisition function that needs class
    probabilities can choose for a task model that has none, or a cheap model for an expensive one. Until the
    task model can be trained, the loop's start rule asks. A guide keeps the scores of the task model.

    model   any scikit-learn estimator, or what behaves as one; in a study a table as [model]

    Cost: one fit of the query model a round, and what the given strategy costs. Source: Lewis and Catlett
    (1994), "Heterogeneous uncertainty sampling for supervised learning"; Tomanek and Morik (2011) on what
    reusing such labels costs.

    Raises StrategyError for a query model without the probabilities or decision values that the strategy
    needs.

    >>> import activeloop as al
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.svm import SVC
    >>> pool, _ = al.load("breast_cancer").split(0.3, seed=0)
    >>> by_regression = query_model(al.strategies.entropy, model=LogisticRegression(C=0.1, max_iter=5000))
    >>> loop = al.Loop(SVC(), pool, strategy=by_regression, start_size=10)
    >>> *_, last = loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(12))
    >>> last.strategy
    'query_model(entropy)'
    """
    if isinstance(strategy, str):
        raise StrategyError(
            f"query_model wraps a strategy, not a name; write activeloop.strategies.{strategy}"
        )
    inner, untrained = as_strategy(strategy), models.untrained(model)
    for need, has in _OF_MODEL.items():
        if need in (inner.needs or ()) and not has(model):
            raise StrategyError(
                f"strategy {inner.name!r} needs {need}, and the query model {models.name_of(model)} has none"
            )

    def choose(utilities: FloatArray, candidates: Candidates) -> Batch:
        picked = inner.pick(_seen_by(untrained, candidates))
        return Batch(picked.positions, picked.probabilities, picked.utilities)

    return Strategy(
        _equal,  # what the query model says is asked for once, by the batch rule
        batch=choose,
        name=f"query_model({inner.name})",
        needs=("a trained model", *(need for need in inner.needs or () if need not in _OF_MODEL)),
        ready=inner.ready,
    )


def _seen_by(untrained: models.Untrained, candidates: Candidates) -> Candidates:
    """Give the candidates as the query model sees them, fitted on all that is labeled."""
    labeled, classes = candidates.labeled, candidates.classes
    fitted = models.fit(
        untrained,
        labeled.features,
        labeled.labels,
        ids=labeled.ids,
        seed=integer(candidates.seed, Component.STRATEGY, candidates.round),
        is_classifier=classes is not None,
    )

    def predict_proba(features: Any, ids: Array) -> FloatArray:
        return models.class_probabilities(fitted, features, classes or (), ids)

    def decide(features: Any, ids: Array) -> FloatArray:
        return models.decision_values(fitted, features, classes or (), ids)

    return replace(
        candidates,
        model=fitted,
        predict_proba=predict_proba if models.has_probabilities(fitted) else None,
        decide=decide if models.has_decisions(fitted) else None,
    )


def _equal(candidates: Candidates) -> FloatArray:
    return np.zeros(len(candidates))
