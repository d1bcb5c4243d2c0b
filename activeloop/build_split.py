"""Which items are held out in a study: by chance, by a column, none, or by a function of one's own."""

from __future__ import annotations

from activeloop.data import Dataset
from activeloop.errors import ConfigurationError
from activeloop.plugins import Place, named
from activeloop.pool import Holdout, Pool
from activeloop.study_tables import Data


def split(given: Data, dataset: Dataset, seed: int, folder: Place) -> tuple[Pool, Holdout | None]:
    """Split as a study says; nothing is held out where `holdout` is 0, and then nothing is scored.

    >>> from pathlib import Path
    >>> from activeloop.data import load
    >>> pool, holdout = split(Data(name="iris", holdout=0), load("iris"), 0, Path())
    >>> len(pool), holdout
    (150, None)
    """
    if given.split is not None:
        return _by_function(given.split, dataset, seed, folder)
    if given.holdout == 0:
        return dataset.pool(), None
    if given.at is not None:
        return dataset.split(by=given.by, at=given.at)
    return dataset.split(given.holdout, seed=seed, by=given.by)


def _by_function(name: str, dataset: Dataset, seed: int, folder: Place) -> tuple[Pool, Holdout | None]:
    """Split by a function of one's own, which may also make other features and give the first labels."""
    given = named("split", name, {}, folder)(dataset, seed)
    match given:
        case (Pool() as pool, Holdout() | None as holdout):
            return pool, holdout
    raise ConfigurationError(
        f"data.split {name!r} gave a {type(given).__name__}; allowed: (Pool, Holdout), or (Pool, None)"
    )
