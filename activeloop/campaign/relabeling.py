"""Which items are worth a second opinion more than new ones are worth a first: ActiveLab, in a campaign."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from activeloop import models
from activeloop.arrays import FloatArray
from activeloop.consensus.active_lab import active_lab
from activeloop.consensus.votes import Votes
from activeloop.data import Dataset
from activeloop.errors import ActiveloopError
from activeloop.items import Items
from activeloop.loop import Loop
from activeloop.out_of_sample import out_of_sample
from activeloop.people.annotation import Annotation
from activeloop.query import Query

FEWEST = 20
"""Labels below which nobody can tell how sure the model is."""


def worth_asking_again(
    loop: Loop, annotations: Sequence[Annotation], query: Query, most: int, seed: int
) -> list[int | str]:
    """Give up to `most` labeled items of which we are less sure than of half of those asked now, least first.

    How sure we are is ActiveLab's score: of labeled items by what people said and by a model that has not
    learned their label, of new ones by the model alone. Nothing while there are fewer than 20 labels.
    """
    fitted, told = loop.fitted, loop.labeled
    said = [one for one in annotations if one.stream == "active" and one.outcome == "label"]
    known = set(told.ids.tolist())
    votes = Votes.among([one for one in said if one.item in known], loop.pool.classes)
    if most < 1 or len(votes.items) < FEWEST or not models.has_probabilities(fitted):
        return []
    try:
        score = active_lab(votes, _unlearned(loop, votes, seed), _of_asked(loop, query))
    except ActiveloopError:  # one class alone, say: nothing can be held out yet
        return []
    unsure = np.flatnonzero(score.labeled < np.median(score.unlabeled))
    least = unsure[np.argsort(score.labeled[unsure], kind="stable")[:most]]
    return [votes.items[at] for at in least.tolist()]


def _unlearned(loop: Loop, votes: Votes, seed: int) -> FloatArray:
    """Give class probabilities of the items of the votes, each by a model that has not learned its label."""
    told, pool = loop.labeled, loop.pool
    labeled = Dataset(
        pool.rows(pool.find(told.ids)), told.labels, ids=told.ids, classes=pool.classes, task="classification"
    )
    found = out_of_sample(labeled, loop.model, seed=seed).probabilities
    assert found is not None
    place = {one: at for at, one in enumerate(told.ids.tolist())}
    given = found[[place[one] for one in votes.items]]
    return np.where(np.isnan(given), 1.0 / given.shape[1], given)


def _of_asked(loop: Loop, query: Query) -> FloatArray:
    pool = loop.pool
    asked = Items(pool.source, pool.positions[pool.find(query.ids)], pool.metrics)
    found = models.predictions(loop.fitted, asked, probabilities=True).probabilities
    assert found is not None
    return found
