"""Small real candidates for the tests of strategies and batch rules."""

from __future__ import annotations

from typing import Any

import numpy as np

from activeloop.arrays import Array
from activeloop.candidates import Candidates, Labeled
from activeloop.seeds import id_keys


def made(
    ids: Any,
    n: int,
    *,
    seed: int = 0,
    round: int = 0,
    probabilities: Any = None,
    items: Any = None,
    classes: tuple[Any, ...] | None = (0, 1, 2),
) -> Candidates:
    """Make candidates whose model gives these class probabilities; ids may be a count."""
    known = np.arange(ids) if isinstance(ids, int) else np.asarray(ids)
    given = None if probabilities is None else np.asarray(probabilities, dtype=np.float64)

    def predict_proba(features: Any, at: Array) -> Array:
        assert given is not None
        found: Array = given[features[:, 0].astype(int)]
        return found

    return Candidates(
        ids=known,
        keys=id_keys(known),
        n=n,
        round=round,
        seed=seed,
        classes=classes,
        model=object(),
        labeled=Labeled(np.empty(0), np.empty(0), lambda: np.empty((0, 1))),
        rows=lambda at: np.asarray(at, dtype=np.float64)[:, None],
        columns=lambda name, at: np.asarray(items, dtype=object)[at],
        predict_proba=None if given is None else predict_proba,
    )
