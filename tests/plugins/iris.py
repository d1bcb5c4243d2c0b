"""One plug-in of each kind for a study of irises, as a user writes them beside the study file."""

from typing import Any

import numpy as np
from sklearn.naive_bayes import GaussianNB

from activeloop import Answer, metric
from activeloop.arrays import Array, FloatArray
from activeloop.candidates import Candidates
from activeloop.history import History
from activeloop.oracles import Asked
from activeloop.pool import Pool
from activeloop.query import Query
from activeloop.scoring import Predictions


def central(candidates: Candidates) -> FloatArray:
    """Strategy: ask first what lies nearest to the middle of the pool."""
    features = candidates.features
    return np.asarray(-np.linalg.norm(features - features.mean(axis=0), axis=1))


class Near:
    """Strategy with a parameter: ask first what has petals of about this length."""

    def __init__(self, length: float = 4.0) -> None:
        self.length = length

    def __call__(self, candidates: Candidates) -> FloatArray:
        return np.asarray(-np.abs(candidates.features[:, 2] - self.length))


def second_best(utilities: FloatArray, candidates: Candidates) -> Array:
    """Batch rule: leave out the very best."""
    order = np.argsort(-utilities, kind="stable")
    return np.append(order[1:], order[0])[: candidates.n]


class Hasty:
    """Oracle: tells the truth, but takes every tenth flower for the first species."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def __call__(self, query: Query) -> list[Answer]:
        truth = self.pool.truth(query.ids).tolist()
        first = (query.classes or ())[0]
        said = [first if int(one) % 10 == 0 else label for one, label in zip(query.ids, truth, strict=True)]
        return [Answer(ask.ask_id, label) for ask, label in zip(query.asks, said, strict=True)]


def often_wrong(asked: Asked) -> float:
    """Noise: versicolor is mistaken more often."""
    return 0.5 if asked.label == "versicolor" else 0.0


def dear(asked: Asked) -> float:
    """Cost: versicolor takes an expert."""
    return 3.0 if asked.label == "versicolor" else 1.0


def mistakes(predictions: Predictions) -> float:
    """Score: minus the share of mistakes, so that larger is better."""
    return -float(np.mean(predictions.labels != predictions.predicted))


@metric(kind="data", needs=("features",), direction="low", vectorized=True)
def petal_area(features: Any) -> FloatArray:
    """Metric: length times width of the petal, in square centimeters."""
    return np.asarray(features[:, 2] * features[:, 3])


def three_rounds(history: History) -> str | None:
    """Stopping rule."""
    return "three rounds are enough" if len(history) == 3 else None


def bayes(smoothing: float = 1e-9) -> GaussianNB:
    """Model factory."""
    return GaussianNB(var_smoothing=smoothing)
