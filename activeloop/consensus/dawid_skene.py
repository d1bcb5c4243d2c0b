"""Dawid and Skene: who confuses which classes, and what the label then is, each learned from the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from activeloop.arrays import FloatArray
from activeloop.consensus.ballots import Ballots, Resolution, decided
from activeloop.consensus.votes import Opinion, Votes
from activeloop.errors import ConfigurationError

_SKILL = 0.9  # how often people are taken to be right until they are heard


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """What the votes come to when each person errs in a way of their own.

    probabilities : (N, C) of each class for each item. confusion : (A, C, C), `confusion[a, true, given]` is
    the chance that person a gives class `given` where `true` is right. prior : (C,) shares of the classes.
    converged : whether the last step changed no probability by more than the tolerance.
    """

    votes: Votes
    probabilities: FloatArray
    confusion: FloatArray
    prior: FloatArray
    steps: int
    converged: bool

    @classmethod
    def fit(
        cls, votes: Votes, *, smoothing: float = 1.0, most_steps: int = 1000, tolerance: float = 1e-6
    ) -> DawidSkene:
        """Fit by expectation and maximization, from the shares of the votes on.

        In turns: confusion[a, t, g] ∝ s(t, g) + Σ_i p(i, t) over the items that a gave g; prior[t] ∝ Σ_i
        p(i, t); p(i, t) ∝ prior[t] Π confusion[a, t, g] over the votes on i. The pseudo-votes s are 0.9
        `smoothing` where t = g and share 0.1 `smoothing` among the wrong classes: as if everybody had been
        seen so many times in each class, those never met too, and been right nine times out of ten; the prior
        then stays at the shares of the votes, for if it were free too, items that few people share would run
        into one class. With `smoothing=0` all is as published. A step costs (votes × C) operations.

        Source: Dawid, Skene (1979), "Maximum likelihood estimation of observer error-rates using the EM
        algorithm". Raises ConfigurationError for a smoothing that is no number from 0.

        >>> items, people = ["a"] * 3 + ["b"] * 3 + ["c"] * 3, ["ann", "bob", "eve"] * 3
        >>> said = DawidSkene.fit(Votes.of(items, people, [0, 0, 1, 1, 1, 0, 1, 1, 0]))
        >>> said.probabilities.argmax(axis=1).tolist()
        [0, 1, 1]
        """
        if not (np.isfinite(smoothing) and smoothing >= 0):
            raise ConfigurationError(f"smoothing is {smoothing!r}; allowed: a number from 0")
        kinds = len(votes.classes)
        given = votes.annotator * kinds + votes.label
        shape = (len(votes.items), len(votes.annotators) * kinds)
        cast = sparse.csr_matrix((np.ones(len(votes)), (votes.item, given)), shape=shape)
        counts = votes.table()
        probabilities = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
        steps, converged = 0, len(votes) == 0
        prior, confusion = _shares(cast, probabilities, smoothing)
        of_votes = prior
        while steps < most_steps and not converged:
            before, steps = probabilities, steps + 1
            probabilities = _expected(cast, prior, confusion)
            prior, confusion = _shares(cast, probabilities, smoothing)
            prior = of_votes if smoothing else prior
            converged = bool(np.abs(probabilities - before).max(initial=0.0) <= tolerance)
        people = len(votes.annotators)
        by_person = confusion.reshape(people, kinds, kinds).transpose(0, 2, 1)
        return cls(votes, probabilities, by_person, prior, steps, converged)


def _shares(cast: Any, probabilities: FloatArray, smoothing: float) -> tuple[FloatArray, FloatArray]:
    """Give the prior (C,) and the chances (A × given, true)."""
    kinds = probabilities.shape[1]
    # Where nothing is smoothed an unseen vote is as unlikely as a float allows, and never impossible.
    counts = np.maximum(cast.T @ probabilities, np.finfo(np.float64).eps)
    by_person = counts.reshape(-1, kinds, kinds) + smoothing * _SKILL * np.eye(kinds)
    by_person += smoothing * (1 - _SKILL) / max(kinds - 1, 1) * (1 - np.eye(kinds))
    confusion = (by_person / by_person.sum(axis=1, keepdims=True)).reshape(-1, kinds)
    prior = probabilities.sum(axis=0) + np.finfo(np.float64).eps
    return prior / prior.sum(), confusion


def _expected(cast: Any, prior: FloatArray, confusion: FloatArray) -> FloatArray:
    logs = np.log(prior) + cast @ np.log(confusion)
    chances = np.exp(logs - logs.max(axis=1, keepdims=True))
    expected: FloatArray = chances / chances.sum(axis=1, keepdims=True)
    return expected


@dataclass(frozen=True)
class dawid_skene:  # noqa: N801 - a consensus is used as a function
    """Take the likeliest class by `DawidSkene`, learned from all that was ever said.

    An ask is disputed where that class has no more than the chance `at_least`; so is one whose classes are as
    likely. What is no label is decided as everywhere (`outcome_of`). As people are learned to know, an answer
    may change after it was given; it is then a correction.

    Raises ConfigurationError for a chance outside [0, 1), and in regression, which has no classes.
    """

    at_least: float = 0.5
    smoothing: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.at_least < 1.0:
            raise ConfigurationError(f"at_least is {self.at_least!r}; allowed: from 0 to below 1")

    def __call__(self, ballots: Ballots) -> Resolution:
        """Decide the asks of which enough people have spoken."""
        if ballots.classes is None:
            raise ConfigurationError("dawid_skene needs classes; this task is regression")
        votes = Votes.among(ballots.opinions, ballots.classes)
        fitted = DawidSkene.fit(votes, smoothing=self.smoothing)
        row = {item: at for at, item in enumerate(votes.items)}

        def likeliest(said: Sequence[Opinion]) -> tuple[Any, str]:
            chances = fitted.probabilities[row[said[0].item]]
            best = int(chances.argmax())
            ties = np.count_nonzero(chances >= chances[best] - 1e-9)
            if chances[best] <= self.at_least or ties > 1:
                return None, f"probability {chances[best]:.2f}"
            return votes.classes[best], ""

        return decided(ballots, likeliest)
