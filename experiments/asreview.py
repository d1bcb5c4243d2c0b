"""Screening as ASReview simulates it: words of the texts, two first labels, a balanced classifier."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.utils import check_random_state

from activeloop import Dataset, screening
from activeloop.arrays import FloatArray
from activeloop.comparison import Measure, SettingRuns
from activeloop.pool import Pool
from activeloop.seeds import Component, generator

RELEVANT = "relevant"


def by_words(dataset: Dataset, seed: int, *, longest: int) -> tuple[Pool, None]:
    """Give all abstracts as TF-IDF of word sequences, one relevant and one irrelevant known, none held out.

    Features are fitted on all texts, as the review has them before anything is read; no label is looked at
    but the two that the seed draws.
    """
    words = _words(dataset, longest)
    draw = generator(seed, Component.START)
    labels = dataset.column("label")
    first = [int(draw.choice(np.flatnonzero((labels == RELEVANT) == relevant))) for relevant in (True, False)]
    return words.pool().starting_with(words.ids[first]), None


unigrams = partial(by_words, longest=1)
bigrams = partial(by_words, longest=2)
trigrams = partial(by_words, longest=3)


@lru_cache(maxsize=4)
def _words(dataset: Dataset, longest: int) -> Dataset:
    made = make_pipeline(CountVectorizer(ngram_range=(1, longest)), TfidfTransformer())
    features = made.fit_transform(dataset.features)
    return Dataset(features, dataset.labels, ids=dataset.ids, metadata=dataset.metadata, name=dataset.name)


def _work_saved(runs: SettingRuns) -> FloatArray:
    """Give WSS@95: recall less the share that was read, when 95 % of the relevant were found."""
    return _of_order(runs, screening.work_saved)


def _found(runs: SettingRuns) -> FloatArray:
    """Give RRF@10: the share of the relevant that was found when 10 % were read."""
    return _of_order(runs, screening.found_by)


def _time_to_discovery(runs: SettingRuns) -> FloatArray:
    """Give ATD: the mean share read when a relevant abstract was found."""
    return _of_order(runs, screening.time_to_discovery)


wss95 = Measure("WSS@95", _work_saved, per_cost=False, score_free=True)
rrf10 = Measure("RRF@10", _found, per_cost=False, score_free=True)
atd = Measure("ATD", _time_to_discovery, lower_is_better=True, per_cost=False, score_free=True)


def _of_order(runs: SettingRuns, measure: Callable[..., float]) -> FloatArray:
    """Measure the order in which each run asked; a run asks about all but the two first labels."""
    items = len(runs.labels) - 2
    orders = ([runs.labels[one] == RELEVANT for one in asked] for asked in runs.asked)
    return np.array([measure(order, items=items) for order in orders])


class DoubleBalance(ClassifierMixin, BaseEstimator):
    """A classifier of two classes that is fitted on as many rows as were read, the relevant ones weighted up.

    Of n rows, n1 are relevant and n0 are not; w1 = a (n1/n0)^−alpha, w0 = 1 − (1 − b)(1 + ln n)^−beta. Of the
    n that are fitted, w1 n1 n / (w1 n1 + w0 n0) are relevant, rounded at random and held to [1, n − 2].
    Each side is taken whole as often as it fits in, and the rest is a sample of it without replacement. A row
    that is taken k times has the weight k. The relevant class is the greater label.

    Source: ASReview 0.9, the balance strategy "double".
    """

    def __init__(
        self,
        model: Any = None,
        a: float = 2.155,
        alpha: float = 0.94,
        b: float = 0.789,
        beta: float = 1.0,
        random_state: Any = None,
    ) -> None:
        self.model, self.a, self.alpha, self.b, self.beta = model, a, alpha, b, beta
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> DoubleBalance:
        """Fit the model on the balanced rows."""
        draw, relevant = check_random_state(self.random_state), np.asarray(y) == np.unique(y)[-1]
        times = np.zeros(len(relevant), dtype=np.int64)
        n_relevant = self._relevant(int(relevant.sum()), len(relevant), draw)
        for side, n in ((relevant, n_relevant), (~relevant, len(relevant) - n_relevant)):
            times[side] = _taken(int(side.sum()), n, draw)
        kept = np.flatnonzero(times)
        self.model_ = clone(self.model).fit(X[kept], np.asarray(y)[kept], sample_weight=times[kept])
        self.classes_ = self.model_.classes_
        return self

    def _relevant(self, n_one: int, n: int, draw: np.random.RandomState) -> int:
        """Give how many of n rows are to be relevant."""
        one = self.a * (n_one / (n - n_one)) ** -self.alpha
        zero = 1 - (1 - self.b) * (1 + np.log(n)) ** -self.beta
        exact = one * n_one * n / (one * n_one + zero * (n - n_one))
        return max(1, min(n - 2, int(exact) + int(draw.random_sample() < exact % 1)))

    def predict_proba(self, X: Any) -> Any:
        """Give the class probabilities of the model."""
        return self.model_.predict_proba(X)

    def predict(self, X: Any) -> Any:
        """Give the labels of the model."""
        return self.model_.predict(X)


def _taken(size: int, n: int, draw: np.random.RandomState) -> Any:
    """Give how often each of some rows is taken, n times in all."""
    times = np.full(size, n // size)
    times[draw.choice(size, n % size, replace=False)] += 1
    return times


def naive_bayes(smoothing: float, **balance: float) -> DoubleBalance:
    """Make the classifier NB: multinomial naive Bayes."""
    return DoubleBalance(MultinomialNB(alpha=smoothing), **balance)
