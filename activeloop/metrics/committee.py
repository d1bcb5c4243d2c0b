"""On which items does a committee of models disagree? Votes apart, or probabilities apart."""

from __future__ import annotations

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.kernels import row_entropy
from activeloop.metrics.metric import metric


@metric("model", needs="committee", vectorized=True, direction="high", range=(0.0, None), unit="bits")
def vote_entropy(committee: Array, *, normalize: bool = False) -> FloatArray:
    """Compute the entropy of the members' votes, −Σ_c V_c/M log2 V_c/M, in bits; high = label first.

    `committee` is (n items, M members, C classes) of probabilities; a member votes for its most probable
    class, the first of equals. 0 where all vote alike (and with one member), at most log2 min(M, C).
    `normalize` divides by log2 min(M, C). Source: Dagan and Engelson 1995, "Committee-based sampling".

    >>> sure = [[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.75, 0.25]]]
    >>> vote_entropy(np.array(sure)).tolist()
    [1.0, 0.0]
    """
    committee = np.asarray(committee)
    _, M, C = committee.shape
    votes = committee.argmax(axis=2)
    shares = np.stack([(votes == one).mean(axis=1) for one in range(C)], axis=1)
    shares[np.isnan(committee).any(axis=(1, 2))] = np.nan
    return row_entropy(shares) / (np.log2(max(2, min(M, C))) if normalize else 1.0)


@metric("model", needs="committee", vectorized=True, direction="high", range=(0.0, None), unit="bits")
def kl_disagreement(committee: Array) -> FloatArray:
    """Compute the mean divergence of the members from their mean, 1/M Σ_m KL(p_m ‖ p̄), in bits; high first.

    `committee` is (n items, M members, C classes) of probabilities. It is H(p̄) − 1/M Σ_m H(p_m): 0 where all
    members say the same, however unsure, and at most log2 min(M, C). Source: McCallum and Nigam 1998,
    "Employing EM and pool-based active learning"; of samples of one Bayesian model it is BALD (Houlsby 2011).

    >>> kl_disagreement(np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.5, 0.5], [0.5, 0.5]]])).tolist()
    [1.0, 0.0]
    """
    committee = np.asarray(committee)
    n, M, C = committee.shape
    alone = row_entropy(committee.reshape(n * M, C)).reshape(n, M).mean(axis=1)
    together = row_entropy(committee.mean(axis=1, dtype=np.float64))
    return np.asarray(np.maximum(together - alone, 0.0))
