"""ActiveLab: is the next label worth more on an item that has one already, or on a new one?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from activeloop.arrays import BoolArray, FloatArray, IntArray
from activeloop.consensus.votes import Votes
from activeloop.errors import DataError

_LEAST = 1e-6  # a weight is never 0: even the worst annotator and model are heard
_COARSE = (0.1, 0.2, 0.5, 0.8, 1.0, 2.0, 3.0, 5.0, 8.0)
_STEPS = 4


class ActiveLab(NamedTuple):
    """How sure we are of each item's label, from 0 to 1 and on one scale; the **lowest** is labeled next.

    labeled : (N,) of the items of the votes. unlabeled : (U,) of the items without a vote. consensus : (N,)
    codes of the likeliest classes. people : (A,) weights of the annotators; model : weight of the model.
    """

    labeled: FloatArray
    unlabeled: FloatArray
    consensus: IntArray
    people: FloatArray
    model: float


def active_lab(votes: Votes, probabilities: FloatArray, unlabeled: FloatArray | None = None) -> ActiveLab:
    """Score items with labels, and items without, by what one more label would add.

    votes : on N items; probabilities : (N, C) of these items, out of sample, by a model; unlabeled : (U, C).

    With annotators j of weight w_j, their mean w̄, a model of weight w_M and the likelihood of the consensus
    label p(i) by all of them (CROWDLAB, Goh, Tkachenko, Mueller 2022):
    labeled = (p(i) (Σ_j w_j + w_M) + w̄ / C) / (Σ_j w_j + w_M + w̄), over the annotators j of item i, and
    unlabeled = (max_c p_M(i, c) w_M + w̄ / C) / (w_M + w̄).
    The weights are 1 − error / error of the most frequent class; an annotator's error is against the others,
    the model's against the consensus, times √(mean labels an item). Probabilities are first scaled by the
    temperature that fits the votes best. While no item has two labels, all weights are 1.

    Source: Goh, Mueller (2023), "ActiveLab: active learning with re-labeling by multiple annotators". A
    majority that is tied falls to the model, then to the rarer class, then to the more reliable people, then
    to the first class (the paper: to chance).

    Raises DataError without a vote, and for probabilities of another shape.
    """
    kinds = len(votes.classes)
    rest = np.empty((0, kinds)) if unlabeled is None else np.asarray(unlabeled, dtype=np.float64)
    given = np.asarray(probabilities, dtype=np.float64)
    if not len(votes) or given.shape != (len(votes.items), kinds) or rest.shape[1:] != (kinds,):
        raise DataError(
            f"probabilities of shapes {given.shape} and {rest.shape} for {len(votes.items)} labeled items "
            f"and {kinds} classes; at least one label, and one column a class, is needed"
        )
    if (votes.per_item == 1).all():
        consensus = votes.label
        people, model, temperature = np.ones(len(votes.annotators)), 1.0, 1.0
        sure = given[np.arange(len(given)), consensus]
    else:
        temperature = _temperature(votes, given)
        given = _scaled(given, temperature)
        consensus = _likeliest(_weighed(votes, given, _majority(votes, given)), votes, given)
        posterior, people, model = _weighed(votes, given, consensus)
        sure = posterior[np.arange(len(given)), consensus]
    on_item = np.bincount(votes.item, people[votes.annotator], len(votes.items)) + model
    more = float(people.mean())
    top = _scaled(rest, temperature).max(axis=1, initial=0.0)
    return ActiveLab(
        (sure * on_item + more / kinds) / (on_item + more),
        (top * model + more / kinds) / (model + more),
        consensus,
        people,
        model,
    )


class _Weighed(NamedTuple):
    """The posterior (N, C), the weights of the annotators (A,) and of the model."""

    posterior: FloatArray
    people: FloatArray
    model: float


def _weighed(votes: Votes, given: FloatArray, consensus: IntArray) -> _Weighed:
    """Weigh annotators and model against a consensus, and join what they say (CROWDLAB)."""
    counts, per_item, kinds = votes.table(), votes.per_item, len(votes.classes)
    several = per_item > 1
    agreed = (counts[np.arange(len(counts)), consensus] / per_item)[several].mean()
    otherwise = (1 - agreed) / (kinds - 1) if kinds > 1 else 0.0
    shares = np.bincount(consensus[several], minlength=kinds) / np.count_nonzero(several)
    guessing = max(1 - shares.max(), _LEAST)
    people = np.maximum(1 - (1 - _with_others(votes, counts)) / guessing, _LEAST)
    wrong = np.mean(given[several].argmax(axis=1) != consensus[several])
    model = float(max(1 - wrong / guessing, _LEAST) * np.sqrt(per_item.mean()))
    weights = people[votes.annotator]
    total = np.bincount(votes.item, weights, len(per_item))
    cells = votes.item * kinds + votes.label
    backing = np.bincount(cells, weights, counts.size).reshape(counts.shape)
    posterior = given * model + backing * agreed + (total[:, None] - backing) * otherwise
    return _Weighed(posterior / (total + model)[:, None], people, model)


def _with_others(votes: Votes, counts: FloatArray) -> FloatArray:
    """Give the share of the other votes on their items that each annotator agrees with, (A,).

    Who shares no item with anybody gets the mean of those who do.
    """
    people, others = len(votes.annotators), votes.per_item[votes.item] - 1
    alike = np.bincount(votes.annotator, counts[votes.item, votes.label] - 1, people)
    of = np.bincount(votes.annotator, others, people)
    share = np.divide(alike, of, out=np.full(people, np.nan), where=of > 0)
    filled: FloatArray = np.where(of > 0, share, np.nanmean(share))
    return filled


def _majority(votes: Votes, given: FloatArray) -> IntArray:
    """Give the class with the most votes; ties are broken as `active_lab` says."""
    counts = votes.table()
    tied = counts == counts.max(axis=1, keepdims=True)
    clear = tied.sum(axis=1) == 1
    rarer = -counts.sum(axis=0)
    for wanted in (given, np.broadcast_to(rarer, counts.shape)):
        tied = _keeping(tied, wanted)
    if not (tied.sum(axis=1) == 1).all():
        tied = _keeping(tied, _backed(votes, counts, clear))
    return np.asarray(tied.argmax(axis=1), dtype=np.int64)


def _backed(votes: Votes, counts: FloatArray, clear: BoolArray) -> FloatArray:
    """Give the mean reliability of those who gave each class, by the items whose majority is clear."""
    people, winner = len(votes.annotators), counts.argmax(axis=1)
    told = clear[votes.item]
    right = np.bincount(votes.annotator, told & (votes.label == winner[votes.item]), people)
    of = np.bincount(votes.annotator, told, people)
    share = np.divide(right, of, out=np.full(people, np.nan), where=of > 0)
    known = share[of > 0]
    reliable = np.where(of > 0, share, known.mean() if len(known) else 1.0)
    cells = votes.item * counts.shape[1] + votes.label
    sums = np.bincount(cells, reliable[votes.annotator], counts.size).reshape(counts.shape)
    backed: FloatArray = np.divide(sums, counts, out=np.zeros(counts.shape), where=counts > 0)
    return backed


def _keeping(tied: BoolArray, wanted: FloatArray) -> BoolArray:
    best = np.where(tied, wanted, -np.inf)
    kept: BoolArray = tied & (best == best.max(axis=1, keepdims=True))
    return kept


def _likeliest(weighed: _Weighed, votes: Votes, given: FloatArray) -> IntArray:
    """Give the class of the highest posterior; where it has none, the majority's."""
    posterior = weighed.posterior
    alone = (posterior == posterior.max(axis=1, keepdims=True)).sum(axis=1) == 1
    return np.where(alone, posterior.argmax(axis=1), _majority(votes, given)).astype(np.int64)


def _temperature(votes: Votes, given: FloatArray) -> float:
    """Give the temperature with the lowest cross entropy of the votes, on a coarse grid, then a fine one."""
    shares = votes.table() / votes.per_item[:, None]
    at = int(np.argmin([_entropy(shares, given, one) for one in _COARSE]))
    below = np.linspace(_COARSE[max(at - 1, 0)], _COARSE[at], _STEPS, endpoint=False)
    above = np.linspace(_COARSE[at], _COARSE[min(at + 1, len(_COARSE) - 1)], _STEPS + 1)
    fine = np.concatenate([below if at else [], above if at + 1 < len(_COARSE) else []])
    return float(fine[np.argmin([_entropy(shares, given, one) for one in fine.tolist()])])


def _entropy(shares: FloatArray, given: FloatArray, temperature: float) -> float:
    scaled = np.maximum(_scaled(given, temperature), 1e-30)
    return float(-(shares * np.log(scaled)).sum())


def _scaled(given: FloatArray, temperature: float) -> FloatArray:
    logs = np.log(np.maximum(given, 1e-30)) / temperature
    raised = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    scaled: FloatArray = raised / raised.sum(axis=1, keepdims=True)
    return scaled
