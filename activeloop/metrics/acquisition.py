"""The four acquisition functions of the field: how unsure a model is of an item, in one number.

Each takes class probabilities, (n, C), and gives one value per item, (n,); or `Ragged` predictions, several
or none per item: then each prediction gets its value and `aggregate` makes one of them ("mean", "max", "sum",
"top<k>", "confidence"). An item without predictions has no value, reason `no_predictions`. Probabilities are
not checked here but where they come in (`check_probabilities`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.kernels import row_entropy, row_margin, row_max, row_variance
from activeloop.metrics.metric import Values, metric
from activeloop.metrics.predictions import Ragged
from activeloop.metrics.predictions import aggregate as aggregated

Probabilities: TypeAlias = Array | Ragged


@metric("model", vectorized=True, direction="high", range=(0.0, None), unit="bits")
def entropy(p: Probabilities, *, aggregate: str = "mean", normalize: bool = False) -> FloatArray | Values:
    """Compute the entropy of each item's class probabilities, H = −Σ p log2 p, in bits; high = label first.

    0 where one class is certain, log2 C where all are alike; 0·log 0 = 0. `normalize` divides by log2 C, so
    that values lie in [0, 1] (0 where C = 1). Source: Shannon 1948; as a query rule, Settles 2009, 3.1.

    >>> entropy(np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])).tolist()
    [1.5, 0.0]
    """

    def score(rows: Array) -> FloatArray:
        bits = row_entropy(rows)
        return bits / np.log2(max(2, rows.shape[1])) if normalize else bits

    return per_item(score, p, aggregate)


@metric("model", vectorized=True, direction="high", range=(0.0, None))
def least_confidence(p: Probabilities, *, aggregate: str = "mean") -> FloatArray | Values:
    """Compute 1 − max p of each item's class probabilities; high = label first.

    0 where one class is certain, (C − 1)/C where all are alike. Source: Settles 2009, 3.1.

    >>> least_confidence(np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])).tolist()
    [0.5, 0.0]
    """
    return per_item(lambda rows: 1 - row_max(rows), p, aggregate)


@metric("model", vectorized=True, direction="low", range=(0.0, None))
def margin(p: Probabilities, *, aggregate: str = "mean") -> FloatArray | Values:
    """Compute the largest minus the second largest class probability, p(1) − p(2); low = label first.

    1 where one class is certain (or C = 1), 0 where two share the lead. Source: Scheffer, Decomain and
    Wrobel 2001, "Active hidden Markov models for information extraction".

    >>> margin(np.array([[0.5, 0.125, 0.375], [0.0, 1.0, 0.0]])).tolist()
    [0.125, 1.0]
    """
    return per_item(row_margin, p, aggregate)


@metric("model", vectorized=True, direction="low", range=(0.0, None))
def variance(p: Probabilities, *, aggregate: str = "mean", normalize: bool = False) -> FloatArray | Values:
    """Compute the population variance of the class probabilities, 1/C Σ (p − 1/C)²; low = label first.

    0 where all are alike, (C − 1)/C² where one class is certain: not comparable across C unless `normalize`
    divides by that (0 where C = 1). With the Gini impurity G = 1 − Σ p² it is (1 − 1/C − G)/C, so it ranks
    as G does, in reverse (Breiman et al. 1984).

    >>> variance(np.array([[0.5, 0.5], [0.0, 1.0]])).tolist()
    [0.0, 0.25]
    """

    def score(rows: Array) -> FloatArray:
        spread, C = row_variance(rows), rows.shape[1]
        return spread / max((C - 1) / C**2, np.finfo(np.float64).tiny) if normalize else spread

    return per_item(score, p, aggregate)


def per_item(score: Callable[[Array], FloatArray], p: Probabilities, how: str) -> FloatArray | Values:
    """Score every row, and make one value per item where an item has several."""
    if not isinstance(p, Ragged):
        return score(np.asarray(p))
    values = aggregated(score(p.values), p, how)
    return Values(values, dict.fromkeys(np.flatnonzero(p.counts == 0).tolist(), "no_predictions"))
