"""What a model says of the items of an index, beside the labels that are known."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from activeloop.arrays import IntArray
from activeloop.cases import Predicted
from activeloop.data import Dataset
from activeloop.errors import DataError
from activeloop.index import Index
from activeloop.out_of_sample import OutOfSample
from activeloop.scoring import Predictions


class Judged(NamedTuple):
    """What a model said of the items whose labels are known: their rows, and truth beside prediction."""

    rows: IntArray
    predictions: Predictions


def said_in(data: Dataset, given: Predicted) -> OutOfSample:
    """Spread predictions of some items over a data set: None, and NaN, where nothing was predicted.

    Raises DataError for a prediction of an item that is not there.
    """
    place = {str(one): at for at, one in enumerate(data.ids.tolist())}
    foreign = [one for one in given.ids.tolist() if str(one) not in place]
    if foreign:
        raise DataError(
            f"{len(foreign)} predictions are of items that are not in the data (first {foreign[0]!r})"
        )
    rows = np.array([place[str(one)] for one in given.ids.tolist()], dtype=np.int64)
    predicted = np.full(len(data), None, dtype=object)
    predicted[rows] = given.labels
    probabilities = None
    if given.probabilities is not None:
        probabilities = np.full((len(data), given.probabilities.shape[1]), np.nan)
        probabilities[rows] = given.probabilities
    return OutOfSample(predicted, probabilities, np.full(len(data), -1))


def judged(index: Index, predicted: Any, probabilities: Any = None) -> Judged | None:
    """Pair what a model said of each item (None where it said nothing) with the known labels.

    None where no item has both.
    """
    if index.labels is None:
        return None
    pairs = zip(index.labels.tolist(), np.asarray(predicted, dtype=object).tolist(), strict=True)
    rows = np.flatnonzero([not _null(label) and not _null(said) for label, said in pairs])
    if not len(rows):
        return None
    given = np.asarray(predicted, dtype=object)[rows]
    return Judged(
        rows,
        Predictions(
            index.labels[rows],
            np.array(given.tolist()),
            None if probabilities is None else np.asarray(probabilities)[rows],
            index.classes,
            index.ids[rows],
        ),
    )


def _null(one: Any) -> bool:
    return one is None or one != one
