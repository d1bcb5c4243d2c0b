"""How far people agree: raw agreement, Cohen's and Fleiss' kappa, Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from activeloop.agreement.sums import Blocked, Parts, beyond_chance, ratio
from activeloop.arrays import FloatArray, IntArray
from activeloop.consensus.votes import Votes

NO_OVERLAP = "no item has labels of two people"
ONE_CLASS = "only one class was used, so agreement by chance is certain"


class Measured(NamedTuple):
    """One measure: on which people ("" = all), its parts or the reason why there is none, and n items."""

    annotators: str
    parts: Parts | None
    n: int
    reason: str = ""


def raw(votes: Votes, blocked: Blocked) -> Measured:
    """Give the mean over items of the share of pairs of its labels that agree; items with one label are out.

    With P_i = Σ_c n_ic (n_ic − 1) / (m_i (m_i − 1)) for the m_i labels of item i, n_ic of them class c: P̄.
    """
    votes, blocked = _shared(votes, blocked)
    if not len(votes):
        return Measured("", None, 0, NO_OVERLAP)
    agreed = blocked.summed(_alike(votes))
    items = blocked.summed(np.ones(len(votes.items)))
    return Measured("", Parts(ratio(agreed, items), blocked.sizes(), (0.0, 1.0)), len(votes.items))


def fleiss(votes: Votes, blocked: Blocked) -> Measured:
    """Give Fleiss' kappa, (P̄ − P_e) / (1 − P_e) with P_e = Σ_c p_c², p_c the share of class c of all labels.

    Every item with labels of two people must have as many labels as any other; who gave them does not count.
    Source: Fleiss (1971), "Measuring nominal scale agreement among many raters".
    """
    votes, blocked = _shared(votes, blocked)
    if not len(votes):
        return Measured("", None, 0, NO_OVERLAP)
    n, (fewest, most) = len(votes.items), (int(votes.per_item.min()), int(votes.per_item.max()))
    if fewest < most:
        reason = f"items have {fewest} to {most} labels, and Fleiss' kappa needs the same number of each"
        return Measured("", None, n, f"{reason}; see krippendorff")
    agreed = ratio(blocked.summed(_alike(votes)), blocked.summed(np.ones(n)))
    counts = blocked.counted(votes.label, len(votes.classes), votes.item)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    return _measured("", beyond_chance(agreed, (shares**2).sum(axis=1)), blocked, n)


def krippendorff(votes: Votes, blocked: Blocked) -> Measured:
    """Give Krippendorff's alpha for classes without an order, 1 − D_o / D_e; labels may be missing.

    D_o = 1/n Σ_i Σ_c n_ic (m_i − n_ic) / (m_i − 1) and D_e = Σ_c n_c (n − n_c) / (n (n − 1)), over the n
    labels of items with at least two. It costs as many operations as there are labels.
    Source: Krippendorff (2011), "Computing Krippendorff's alpha-reliability".
    """
    votes, blocked = _shared(votes, blocked)
    if not len(votes):
        return Measured("", None, 0, NO_OVERLAP)
    labels = votes.per_item.astype(np.float64)
    agreed = blocked.summed(_alike(votes) * labels)
    counts = blocked.counted(votes.label, len(votes.classes), votes.item)
    n = counts.sum(axis=1)
    expected = ratio((counts * (counts - 1)).sum(axis=1), n * (n - 1))
    value = beyond_chance(ratio(agreed, n), np.nan_to_num(expected, nan=1.0))
    return _measured("", value, blocked, len(votes.items))


def cohen(votes: Votes, blocked: Blocked) -> Iterator[Measured]:
    """Give Cohen's kappa of every two people, (p_o − p_e) / (1 − p_e), on the items that both labeled.

    p_o is the share of these items on which they agree, p_e = Σ_c p_ac p_bc by their own shares of classes.
    Source: Cohen (1960), "A coefficient of agreement for nominal scales".
    """
    by_person = [np.flatnonzero(votes.annotator == one) for one in range(len(votes.annotators))]
    for a, name in enumerate(votes.annotators):
        for b in range(a + 1, len(votes.annotators)):
            pair = f"{name} & {votes.annotators[b]}"
            yield _of_pair(votes, blocked, pair, by_person[a], by_person[b])


def _of_pair(votes: Votes, blocked: Blocked, pair: str, one: IntArray, other: IntArray) -> Measured:
    both, at, to = np.intersect1d(votes.item[one], votes.item[other], assume_unique=True, return_indices=True)
    if not len(both):
        return Measured(pair, None, 0, "no item was labeled by both")
    ours, theirs = votes.label[one[at]], votes.label[other[to]]
    some = Blocked(blocked.of_item[both])
    n = some.summed(np.ones(len(both)))
    kinds = len(votes.classes)
    chance = (some.counted(ours, kinds) * some.counted(theirs, kinds)).sum(axis=1)
    agreed = ratio(some.summed((ours == theirs).astype(np.float64)), n)
    return _measured(
        pair, beyond_chance(agreed, np.nan_to_num(ratio(chance, n**2), nan=1.0)), some, len(both)
    )


def _shared(votes: Votes, blocked: Blocked) -> tuple[Votes, Blocked]:
    """Keep the items with labels of at least two people."""
    several = votes.per_item > 1
    return (votes, blocked) if several.all() else (votes.where(several), blocked.where(several))


def _alike(votes: Votes) -> FloatArray:
    """Give the share of pairs of labels of each item that agree, (N,)."""
    labels = votes.per_item
    _, starts, times = np.unique(
        votes.item * len(votes.classes) + votes.label, return_index=True, return_counts=True
    )
    pairs = np.bincount(votes.item[starts], times * (times - 1.0), len(labels))
    return np.asarray(pairs / (labels * (labels - 1.0)), dtype=np.float64)


def _measured(annotators: str, values: FloatArray, blocked: Blocked, n: int) -> Measured:
    if np.isnan(values[0]):
        return Measured(annotators, None, n, ONE_CLASS)
    return Measured(annotators, Parts(values, blocked.sizes()), n)
