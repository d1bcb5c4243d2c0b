"""Scores of a ranking, under many weights of its rows at once: ROC areas, average precision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.scoring.counts import divided
from activeloop.scoring.score import Weighted

# From weights (R, G) of the positives and of the negatives, by groups of equal score, best first, to (R,).
Area: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]


def ranked(name: str, classes: tuple[Any, ...]) -> Weighted | None:
    """Give the score of a scikit-learn name, or None where it is not of a ranking or not of these classes."""
    if len(classes) == 2:
        if name.startswith("roc_auc"):
            return _weighted(name, partial(_binary, _roc))
        # scikit-learn's positive label is 1
        if name == "average_precision" and 1 in classes:
            value = partial(_binary, _precision, positive=classes.index(1))
            return Weighted(name, value, (0, 1), "no item of class 1")
        return None
    area = {
        "roc_auc_ovr": partial(_one_against_rest, _roc, False),
        "roc_auc_ovr_weighted": partial(_one_against_rest, _roc, True),
        "roc_auc_ovo": partial(_one_against_one, False),
        "roc_auc_ovo_weighted": partial(_one_against_one, True),
        "average_precision": partial(_one_against_rest, _precision, False),
    }.get(name)
    return None if area is None else _weighted(name, area)


def _weighted(name: str, value: Callable[[IntArray, Array, FloatArray], FloatArray]) -> Weighted:
    return Weighted(name, value, (0, 1), "needs items of every class")


def _binary(
    area: Area, true: IntArray, probabilities: Array, weights: FloatArray, positive: int = 1
) -> FloatArray:
    return _area(area, probabilities[:, positive], true == positive, weights)


def _one_against_rest(
    area: Area, by_prevalence: bool, true: IntArray, probabilities: Array, weights: FloatArray
) -> FloatArray:
    """Average the area of each class against all others (Provost and Domingos 2000)."""
    areas, shares = [], []
    for one in range(probabilities.shape[1]):
        areas.append(_area(area, probabilities[:, one], true == one, weights))
        shares.append(weights @ (true == one) if by_prevalence else np.ones(len(weights)))
    return _averaged(areas, shares)


def _one_against_one(
    by_prevalence: bool, true: IntArray, probabilities: Array, weights: FloatArray
) -> FloatArray:
    """Average the areas of all pairs of classes, each ranked by either (Hand and Till 2001)."""
    areas, shares = [], []
    for first, second in combinations(range(probabilities.shape[1]), 2):
        pair = (true == first) | (true == second)
        of_pair = weights[:, pair]
        both = [_area(_roc, probabilities[pair, one], true[pair] == one, of_pair) for one in (first, second)]
        areas.append((both[0] + both[1]) / 2)
        shares.append(of_pair.sum(axis=1) if by_prevalence else np.ones(len(weights)))
    return _averaged(areas, shares)


def _averaged(areas: list[FloatArray], shares: list[FloatArray]) -> FloatArray:
    return np.asarray((np.stack(areas) * np.stack(shares)).sum(axis=0) / np.stack(shares).sum(axis=0))


def _area(area: Area, score: Array, positive: BoolArray, weights: FloatArray) -> FloatArray:
    """Group the rows of equal score, best first, and give the area for each row of `weights` (R, m)."""
    if not len(score):
        return np.full(len(weights), np.nan)
    order = np.argsort(-score, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(score[order]) != 0]))
    ordered = weights[:, order]
    of_positives = ordered * positive[order]
    right = np.add.reduceat(of_positives, starts, axis=1)
    wrong = np.add.reduceat(ordered - of_positives, starts, axis=1)
    return area(right, wrong)


def _roc(right: FloatArray, wrong: FloatArray) -> FloatArray:
    """Share of the pairs (positive, negative) in which the positive is ahead; a tie is half."""
    pairs = right.sum(axis=1) * wrong.sum(axis=1)
    behind = wrong.sum(axis=1, keepdims=True) - wrong.cumsum(axis=1)
    return divided((right * (behind + wrong / 2)).sum(axis=1), pairs, np.nan)


def _precision(right: FloatArray, wrong: FloatArray) -> FloatArray:
    """Average, over the positives, of the precision at their place."""
    precision = divided(right.cumsum(axis=1), (right + wrong).cumsum(axis=1), 0.0)
    return divided((right * precision).sum(axis=1), right.sum(axis=1), np.nan)
