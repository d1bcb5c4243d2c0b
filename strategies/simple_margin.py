"""Simple margin: ask what lies the nearest to the decision boundary, for models without probabilities."""

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.candidates import Candidates
from activeloop.strategy import needing


@needing("decisions")
def simple_margin(candidates: Candidates) -> FloatArray:
    """Give −|f(x)| as utility, f the model's decision function; for more classes, −(f(1) − f(2)).

    f is in units of the margin: of a linear model the distance to the hyperplane times ‖w‖, of a support
    vector machine ±1 on its margin. f(1) and f(2) are the two largest decision values of an item, as those
    of one class against the rest. Items of low distance are asked first.

    Cost: one pass of the decision function over the candidates. Source: Tong and Koller (2001), "Support
    vector machine active learning with applications to text classification", 3.2; Campbell, Cristianini,
    Smola (2000), "Query learning with large margin classifiers"; also called uncertainty or margin sampling.

    >>> import activeloop as al
    >>> from sklearn.svm import SVC
    >>> pool, holdout = al.load("breast_cancer").split(0.3, seed=0)
    >>> loop = al.Loop(SVC(), pool, strategy=simple_margin, start_size=10)
    >>> oracle = al.oracles.simulated(pool)
    >>> [round.strategy for round in loop.run(oracle, stop=al.stopping.budget(12))]
    ['random', 'simple_margin', 'simple_margin']
    """
    values = candidates.decisions
    if values.ndim == 1:
        return -np.abs(values)
    second, first = np.partition(values, (-2, -1), axis=1)[:, -2:].T
    return np.asarray(second - first)
