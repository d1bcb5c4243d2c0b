"""Scores that are formulas of three counts per class: predicted rightly, predicted, true."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.errors import UnknownNameError, unknown
from activeloop.scoring.score import (
    Coded,
    Codes,
    Formula,
    OfShare,
    Proportion,
    Statistic,
    Sums,
    as_it_is,
)
from activeloop.statistics.intervals import Bounds

NEEDS = ("outcome", "true")


def _outcome(coded: Coded) -> Codes:
    """Code what was predicted, rightly (the first C kinds) or wrongly (the other C)."""
    wrong = coded.true != coded.predicted
    return Codes(coded.predicted + wrong * coded.n_classes, 2 * coded.n_classes)


STATISTICS: dict[str, Statistic] = {
    "outcome": _outcome,
    "true": lambda coded: Codes(coded.true, coded.n_classes),
}


class Counts(NamedTuple):
    """Items (..., C) of each class: predicted rightly, predicted, true."""

    right: FloatArray
    predicted: FloatArray
    true: FloatArray


Count: TypeAlias = Callable[[Counts], FloatArray]

# Per class: what is counted, of how many. Their sums over the classes are the micro averages.
_PARTS: dict[str, tuple[Count, Count]] = {
    "precision": (lambda counts: counts.right, lambda counts: counts.predicted),
    "recall": (lambda counts: counts.right, lambda counts: counts.true),
    "f1": (lambda counts: 2 * counts.right, lambda counts: counts.true + counts.predicted),
    "jaccard": (lambda counts: counts.right, lambda counts: counts.true + counts.predicted - counts.right),
}
_NONE_OF_CLASS = {
    "precision": "class {} is never predicted",
    "recall": "no item of class {}",
    "f1": "class {} is neither true nor predicted",
    "jaccard": "class {} is neither true nor predicted",
}


def counted(name: str, classes: tuple[Any, ...]) -> Proportion | Formula | None:
    """Give the score of a name, or None where it is not a formula of counts.

    Names are scikit-learn's, and `precision[c]`, `recall[c]`, `f1[c]`, `jaccard[c]` for one class. Averages
    are scikit-learn's too: over the classes that occur among the labels or the predictions of the rows, a
    class that is never predicted (or never true) counting as 0. For one class 0/0 is undefined.

    Raises UnknownNameError for a class that is not declared. `classes` are sorted.
    """
    if name in _WHOLE:
        return _WHOLE[name]
    part, of_class = re.fullmatch(r"(precision|recall|f1|jaccard)\[(.*)\]", name), None
    base = part[1] if part else name
    if part:
        texts = [str(one) for one in classes]
        if part[2] not in texts:
            raise UnknownNameError(f"score {name!r}: {unknown('class', part[2], texts)}")
        of_class = texts.index(part[2])
    elif name in _PARTS and len(classes) == 2 and 1 in classes:  # scikit-learn's positive label is 1
        of_class = classes.index(1)
    if of_class is None:
        return _averaged(name)
    # F1 is no share of items, but it rises with Jaccard's, which is one: 2J / (1 + J)
    share, value = ("jaccard", _f1_of_jaccard) if base == "f1" else (base, as_it_is)
    hits, trials = (partial(_of_class, count, of_class) for count in _PARTS[share])
    return _proportion(name, hits, trials, _NONE_OF_CLASS[base].format(classes[of_class]), value)


def _averaged(name: str) -> Proportion | Formula | None:
    base, _, average = name.rpartition("_")
    if base not in _PARTS:
        return None
    hits, trials = _PARTS[base]
    if average == "macro":
        return _formula(name, partial(_macro, hits, trials), floor=True)
    if average == "weighted":
        return _formula(name, partial(_weighted, hits, trials))
    if average != "micro":
        return None
    # Of one label per item they all are the accuracy, and Jaccard's is A / (2 - A).
    of_share = _jaccard_of_f1 if base == "jaccard" else as_it_is
    return _proportion(name, _n_right, _n_items, of_share=of_share)


def _counts(sums: Sums) -> Counts:
    n_classes = sums["true"].shape[-1]
    right, wrong = sums["outcome"][..., :n_classes], sums["outcome"][..., n_classes:]
    return Counts(right, right + wrong, sums["true"])


def _on_counts(of: Count, sums: Sums) -> FloatArray:
    return of(_counts(sums))


def _proportion(
    name: str, hits: Count, trials: Count, undefined: str = "no item", of_share: OfShare = as_it_is
) -> Proportion:
    return Proportion(
        name, NEEDS, partial(_on_counts, hits), partial(_on_counts, trials), undefined, of_share
    )


def _formula(name: str, value: Count, bounds: Bounds = (0, 1), floor: bool = False) -> Formula:
    return Formula(name, NEEDS, partial(_on_counts, value), bounds, floor=floor)


def _f1_of_jaccard(share: FloatArray) -> FloatArray:
    return 2 * share / (1 + share)


def _jaccard_of_f1(share: FloatArray) -> FloatArray:
    return share / (2 - share)


def _of_class(count: Count, at: int, counts: Counts) -> FloatArray:
    return count(counts)[..., at]


def _n_right(counts: Counts) -> FloatArray:
    return np.asarray(counts.right.sum(axis=-1))


def _n_items(counts: Counts) -> FloatArray:
    return np.asarray(counts.true.sum(axis=-1))


def _macro(hits: Count, trials: Count, counts: Counts) -> FloatArray:
    occurs = np.count_nonzero(counts.true + counts.predicted, axis=-1)
    return divided(divided(hits(counts), trials(counts), 0.0).sum(axis=-1), occurs, np.nan)


def _weighted(hits: Count, trials: Count, counts: Counts) -> FloatArray:
    per_class = divided(hits(counts), trials(counts), 0.0)
    return divided((per_class * counts.true).sum(axis=-1), _n_items(counts), np.nan)


def _balanced_accuracy(counts: Counts) -> FloatArray:
    occurs = np.count_nonzero(counts.true, axis=-1)
    return divided(divided(counts.right, counts.true, 0.0).sum(axis=-1), occurs, np.nan)


def _matthews(counts: Counts) -> FloatArray:
    """Give the correlation of labels and predictions; 0 where one is constant, as scikit-learn says."""
    n = _n_items(counts)
    joint = _n_right(counts) * n - (counts.true * counts.predicted).sum(axis=-1)
    spread = (n**2 - (counts.true**2).sum(axis=-1)) * (n**2 - (counts.predicted**2).sum(axis=-1))
    return np.where(n > 0, divided(joint, np.sqrt(spread), 0.0), np.nan)


def divided(top: FloatArray, bottom: Any, empty: float) -> FloatArray:
    """Divide, with a value of one's own for 0/0 and without a warning."""
    shape = np.broadcast_shapes(np.shape(top), np.shape(bottom))
    into: FloatArray = np.full(shape, empty)
    np.divide(top, bottom, out=into, where=np.asarray(bottom) > 0)
    return into


_WHOLE: dict[str, Proportion | Formula] = {
    "accuracy": _proportion("accuracy", _n_right, _n_items),
    "balanced_accuracy": _formula("balanced_accuracy", _balanced_accuracy, floor=True),
    "matthews_corrcoef": _formula("matthews_corrcoef", _matthews, (-1, 1)),
}
