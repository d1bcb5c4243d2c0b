"""The protocol of Lu, Li and Lin 2023: split, scaling, first labels, and the order they call uniform."""

from __future__ import annotations

import numpy as np
from sklearn.preprocessing import StandardScaler

from activeloop import Dataset
from activeloop.arrays import FloatArray
from activeloop.candidates import Candidates
from activeloop.errors import DataError
from activeloop.pool import Holdout, Pool

TRAINING = 0.6
LABELED = 20


def split(dataset: Dataset, seed: int) -> tuple[Pool, Holdout]:
    """Split as they do: 60 % for training, of which 20 are labeled; features scaled by the training items.

    Rows are shuffled, the training rows once more by a generator begun anew. An item's id is its place in
    this order, its row in the published file stands in the metadata: a support vector machine is fitted to
    within a tolerance, so what it learns hangs a little on the order of its rows, and the loop gives them in
    the order of their ids.

    Raises DataError for a seed whose 20 labels are of one class; the authors leave such seeds out.
    """
    rows = np.arange(len(dataset))
    np.random.default_rng(seed).shuffle(rows)
    training, test = np.split(rows, [int(len(rows) * TRAINING)])
    np.random.default_rng(seed).shuffle(training)
    order = np.concatenate([training, test])
    scaler = StandardScaler().fit(dataset.rows(training))
    labels = dataset.column("label", order)
    if len(set(labels[:LABELED].tolist())) < 2:
        raise DataError(f"the first {LABELED} labels of seed {seed} are of one class; leave the seed out")
    scaled = Dataset(
        scaler.transform(dataset.rows(order)), labels, metadata={"row": order}, name=dataset.name
    )
    places = np.arange(len(order))
    pool = Pool(scaled, places[: len(training)]).starting_with(places[:LABELED])
    return pool, Holdout(scaled, places[len(training) :])


def uniform(candidates: Candidates) -> FloatArray:
    """Ask in the order in which the pool was shuffled: their uniform sampling."""
    return -candidates.ids.astype(np.float64)
