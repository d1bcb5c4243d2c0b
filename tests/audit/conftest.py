"""A short run on digits, with all that its models said, and an audit of its own."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop import batch
from activeloop.audit import Draws, SaidOf
from activeloop.history import History
from activeloop.strategies import margin
from activeloop.strategy import Strategy


@dataclass(frozen=True, eq=False)
class Run:
    """A run whose every label is known."""

    history: History
    said: list[SaidOf]
    draws: list[Draws]
    truth: dict[Any, Any]
    pool: list[Any]
    rest: list[Any]
    labeled: list[list[Any]]
    classes: tuple[Any, ...]


def labeled(rule: Any, rounds: int = 4, seed: int = 0) -> Run:
    """Label digits 0 to 4 by margin under a batch rule, and keep what every model says of every item."""
    whole = al.load("digits")
    labels = np.asarray(whole.labels)
    rows = np.flatnonzero(labels < 5)
    data = al.Dataset(whole.rows(rows)[:, ::4], labels[rows])
    pool, _ = data.split(0.5, seed=seed)
    strategy = Strategy(margin, batch=rule)
    loop = al.Loop(
        GaussianNB(var_smoothing=0.1), pool, strategy=strategy, batch_size=15, start_size=25, seed=seed
    )
    oracle, said, draws, told = al.oracles.simulated(pool), [], [], []
    features = data.rows(np.arange(len(data)))
    for number in range(rounds):
        query = loop.ask()
        draws.append(Draws.of(query, len(pool) - len(loop.labeled)))
        loop.tell(oracle(query))
        fitted = loop.fitted
        said.append(SaidOf(number, data.ids, fitted.predict(features), fitted.predict_proba(features)))
        told.append(loop.labeled.ids.tolist())
    truth = dict(zip(data.ids.tolist(), labels[rows].tolist(), strict=True))
    mine = pool.ids.tolist()
    rest = [one for one in truth if one not in set(mine)]
    return Run(loop.history, said, draws, truth, mine, rest, told, tuple(data.classes or ()))


@pytest.fixture(scope="session")
def softly() -> Run:
    """A run under a rule with chances."""
    return labeled(batch.softmax(2.0))


@pytest.fixture(scope="session")
def greedily() -> Run:
    """A run under a rule without chances."""
    return labeled(batch.top, rounds=3)
