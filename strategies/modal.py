"""modAL, both ways: its strategies, learners and committees in our loop, our strategies in its learners."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.batch import Batch
from activeloop.candidates import Candidates, Labeled
from activeloop.errors import MissingDependencyError, StrategyError
from activeloop.models import class_probabilities, decision_values, fit
from activeloop.seeds import Component, id_keys, integer
from activeloop.strategy import Strategy, as_strategy

_RANKING = ("modAL.uncertainty", "modAL.disagreement")  # they rank by the metric that they give back
_LOW_FIRST = ("margin_sampling", "expected_error_reduction")
_NEED_PROBABILITIES = ("modAL.uncertainty", "modAL.batch", "modAL.expected_error")


def from_modal(given: Any, *, name: str = "", **parameters: Any) -> Strategy:
    """Make a strategy of one of modAL's: a query strategy `f(learner, X, n_instances)`, learner or committee.

    A query strategy is given a learner that holds the loop's fitted model and what is labeled. Of a learner
    or committee, fresh clones of the estimators are fitted each round on all that is labeled (so members
    differ by their estimators alone), and its own query strategy is asked; modAL's `teach`, which fails on
    scikit-learn 1.8 and newer, is never called, and what was given stays as it is. Labels that are text are
    given to them as class numbers, since a modAL committee can count no others. Draws of modAL from numpy's
    global generator are seeded by the loop, and the generator is put back.

    `parameters` are passed on to the query strategy. Raises StrategyError for anything else, and when it is
    asked before the model is trained.

    >>> from modAL.uncertainty import margin_sampling
    >>> from_modal(margin_sampling).name
    'margin_sampling'

    Source: Danka and Horvath (2018), "modAL: A modular active learning framework for Python".
    """
    base, _ = _modal_models()
    own = isinstance(given, base.BaseLearner | base.BaseCommittee)
    asked: Callable[..., Any] = given.query_strategy if own else given
    if not callable(asked):
        raise StrategyError(f"{given!r} is no modAL query strategy, learner or committee")
    called = name or str(getattr(asked, "__name__", type(asked).__name__))
    by_probabilities = not own and getattr(asked, "__module__", "") in _NEED_PROBABILITIES

    def choose(utilities: FloatArray, candidates: Candidates) -> Batch:
        if candidates.model is None:
            raise StrategyError(f"strategy {called!r} needs a trained model; use another as start rule")
        wanted = {"n_instances": candidates.n} if _takes(asked, "n_instances") else {}
        with _seeded(integer(candidates.seed, Component.STRATEGY, candidates.round)):
            learner = _refitted(given, candidates) if own else _around(candidates, asked)
            chosen = asked(learner, candidates.features, **wanted, **parameters)
        if isinstance(chosen, tuple) and len(chosen) != 2:
            raise StrategyError(
                f"strategy {called!r} gave a tuple of {len(chosen)}; "
                "allowed: positions, or (positions, metric)"
            )
        return _batch(chosen, asked)

    return Strategy(_equal, batch=choose, name=called, needs=("probabilities",) if by_probabilities else ())


def _batch(chosen: Any, asked: Callable[..., Any]) -> Batch:
    """Read what a query strategy gave: positions, or the tuple (positions, metric).

    Only a tuple is a pair: an array of exactly two positions is two positions.
    """
    positions, metric = chosen if isinstance(chosen, tuple) else (chosen, None)
    rows = np.atleast_1d(np.asarray(positions))
    worth = None if metric is None else np.atleast_1d(np.asarray(metric))
    if worth is None or worth.dtype.kind not in "iuf" or worth.shape != rows.shape:
        return Batch(rows)
    utilities = -worth if getattr(asked, "__name__", "") in _LOW_FIRST else worth
    known = getattr(asked, "__module__", "") in _RANKING
    order = np.argsort(-utilities, kind="stable") if known else np.arange(len(rows))
    return Batch(rows[order], utilities=utilities[order])


def to_modal(given: Any, *, seed: int = 0) -> Callable[..., tuple[Array, FloatArray]]:
    """Make a modAL `query_strategy` of any strategy, metric or acquisition function of ours.

    modAL knows neither ids nor rounds: an item's place in the pool is its id, and the number of labels so far
    is the round. Raises what the strategy raises, as in a loop.

    >>> from activeloop.strategies import margin
    >>> to_modal(margin).__name__
    'margin'
    """
    strategy = as_strategy(given)

    def query_strategy(learner: Any, X: Any, n_instances: int = 1) -> tuple[Array, FloatArray]:
        picked = strategy.pick(_candidates(learner, X, n_instances, seed))
        return picked.positions, picked.utilities

    query_strategy.__name__ = strategy.name
    return query_strategy


def _candidates(learner: Any, X: Any, n: int, seed: int) -> Candidates:
    """Say what a strategy may know, out of what a modAL learner or committee knows."""
    pool = np.asarray(X) if isinstance(X, list) else X
    ids = np.arange(pool.shape[0])
    first = getattr(learner, "learner_list", [learner])[0]
    trained = getattr(first, "y_training", None)
    labels = np.empty(0) if trained is None else np.asarray(trained)
    found = getattr(learner, "classes_", getattr(getattr(learner, "estimator", None), "classes_", None))
    classes = None if found is None else tuple(np.asarray(found).tolist())

    def rows(at: Any) -> Any:
        return pool.iloc[at] if hasattr(pool, "iloc") else pool[at]

    return Candidates(
        ids=ids,
        keys=id_keys(ids),
        n=n,
        round=len(labels),
        seed=seed,
        classes=classes,
        model=learner,
        labeled=Labeled(np.arange(len(labels)), labels, lambda: first.X_training),
        rows=rows,
        columns=lambda name, at: rows(at) if name == "item" else rows(at)[name],
        predict_proba=lambda features, at: class_probabilities(learner, features, classes or (), at),
        decide=lambda features, at: decision_values(
            getattr(learner, "estimator", learner), features, classes or (), at
        ),
    )


def _equal(candidates: Candidates) -> FloatArray:
    return np.zeros(len(candidates))


def _around(candidates: Candidates, asked: Callable[..., Any]) -> Any:
    """Make a learner that holds the loop's fitted model and what is labeled."""
    _, active_learner = _modal_models()
    learner = active_learner(estimator=candidates.model, query_strategy=asked)
    learner.X_training, learner.y_training = candidates.labeled.features, candidates.labeled.labels
    return learner


def _refitted(given: Any, candidates: Candidates) -> Any:
    """Copy a learner or committee, its estimators fitted anew on what is labeled."""
    labels = candidates.labeled.labels
    if labels.dtype.kind not in "iufb":
        place = {value: code for code, value in enumerate(candidates.classes or ())}
        labels = np.array([place[value] for value in labels.tolist()])
    made = copy.copy(given)
    if not hasattr(given, "learner_list"):
        return _trained(made, candidates, labels, 0)
    made.learner_list = [
        _trained(copy.copy(one), candidates, labels, at) for at, one in enumerate(given.learner_list)
    ]
    if hasattr(made, "_set_classes"):
        made._set_classes()
    return made


def _trained(learner: Any, candidates: Candidates, labels: Array, at: int) -> Any:
    labeled = candidates.labeled
    learner.estimator = fit(
        learner.estimator,
        labeled.features,
        labels,
        ids=labeled.ids,
        seed=integer(candidates.seed, Component.MODEL, candidates.round) + at,
        is_classifier=candidates.classes is not None,
    )
    learner.X_training, learner.y_training = labeled.features, labels
    if hasattr(learner, "_set_max"):
        learner.y_max = -np.inf
        learner._set_max(labeled.features, labels)
    return learner


def _takes(function: Callable[..., Any], name: str) -> bool:
    found = inspect.signature(function).parameters
    return name in found or any(one.kind is inspect.Parameter.VAR_KEYWORD for one in found.values())


def _modal_models() -> tuple[Any, Any]:
    try:
        from modAL.models import base, learners
    except ImportError as error:
        raise MissingDependencyError.of("modAL-python", "modal", "to run modAL's strategies") from error
    return base, learners.ActiveLearner


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    before = np.random.get_state()  # noqa: NPY002 - modAL draws from this generator
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
