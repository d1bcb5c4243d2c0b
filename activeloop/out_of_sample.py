"""What would a model say of each item that has not learned that item's label? By cross-validation."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from activeloop import models
from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.data import Dataset, default_model
from activeloop.errors import ConfigurationError, NotTrainableError
from activeloop.items import Items
from activeloop.models import Said
from activeloop.seeds import Component, id_keys, integer, uniforms


class OutOfSample(NamedTuple):
    """What models said of items whose labels they had not learned.

    `predicted` is (n,): a class or None, in a regression a number or NaN. `probabilities` is (n, C) in the
    order of the declared classes, a row of NaN where there is no prediction; None where the model gives none.
    `fold` is (n,): in which fold an item was held out, -1 where it was in none.
    """

    predicted: Array
    probabilities: FloatArray | None
    fold: IntArray


def out_of_sample(data: Dataset, model: Any = None, *, folds: int = 5, seed: int = 0) -> OutOfSample:
    """Predict every item by a model that has not learned its label; `default_model` when none is given.

    The labeled items are dealt into folds, class by class, so that a class of two or more items is learned
    every time; each fold is predicted by a fresh model that learned the others. Items without a label are
    predicted by one that learned all labels. The only item of a class is always learned and never predicted:
    a model without it could not know the class. All hangs on ids and seed, not on the order of the items.

    >>> from activeloop.data import load
    >>> from activeloop.metrics.label_quality import label_quality
    >>> iris = load("iris")
    >>> said = out_of_sample(iris)
    >>> bool((said.predicted == iris.labels).mean() > 0.9)
    True
    >>> label_quality(said.probabilities, iris.column("label_code")).values.shape
    (150,)

    Raises ConfigurationError for fewer than two folds, NotTrainableError where fewer than two items, or one
    class, are labeled, and ModelError where the model cannot be fitted. Source: Stone 1974.
    """
    if folds < 2:
        raise ConfigurationError(f"folds is {folds}; allowed: a whole number from 2")
    rows = np.flatnonzero(data.known)
    if len(rows) < 2:
        raise NotTrainableError(f"{len(rows)} items are labeled; two are needed to hold one out")
    labels = _labels(data, rows)
    fold = np.full(len(data), -1)
    fold[rows] = _dealt(data.ids[rows], labels, folds, seed, is_classifier=data.classes is not None)
    predicted, probabilities = _nothing(data)
    untrained = models.untrained(default_model(data) if model is None else model)
    rows = rows[np.argsort(id_keys(data.ids[rows]), kind="stable")]  # what is learned hangs on no other order
    for at in [*range(folds), folds]:
        held = np.flatnonzero(fold == at if at < folds else ~data.known)
        if len(held) == 0:
            continue
        said = _said(data, untrained, rows[fold[rows] != at], held, integer(seed, Component.MODEL, at))
        predicted[held] = said.labels.tolist()
        if said.probabilities is not None:
            probabilities[held] = said.probabilities
    return OutOfSample(predicted, probabilities if _has(probabilities) else None, fold)


def _labels(data: Dataset, rows: IntArray) -> Array:
    assert data.labels is not None
    return np.array(data.labels[rows].tolist())  # of one type, as gaps no longer make them objects


def _dealt(ids: Array, labels: Array, folds: int, seed: int, *, is_classifier: bool) -> IntArray:
    """Deal items like cards, sorted by class and shuffled within; the only one of a class gets -1."""
    keys = id_keys(ids)
    _, codes = np.unique(labels, return_inverse=True) if is_classifier else (None, np.zeros(len(ids), int))
    alone = np.bincount(codes)[codes] == 1 if is_classifier else np.zeros(len(ids), dtype=bool)
    order = np.lexsort((keys, uniforms(keys, seed, Component.FOLDS), codes))
    order = order[~alone[order]]
    fold = np.full(len(ids), -1)
    fold[order] = np.arange(len(order)) % folds
    return fold


def _nothing(data: Dataset) -> tuple[Array, FloatArray]:
    if data.classes is None:
        return np.full(len(data), np.nan), np.empty((len(data), 0))
    return np.full(len(data), None, dtype=object), np.full((len(data), len(data.classes)), np.nan)


def _said(data: Dataset, untrained: Any, learned: IntArray, held: IntArray, seed: int) -> Said:
    fitted = models.fit(
        untrained,
        data.rows(learned),
        _labels(data, learned),
        ids=data.ids[learned],
        seed=seed,
        is_classifier=data.classes is not None,
    )
    return models.predictions(fitted, Items(data, held), probabilities=True)


def _has(probabilities: FloatArray) -> bool:
    return bool(np.isfinite(probabilities).any())
