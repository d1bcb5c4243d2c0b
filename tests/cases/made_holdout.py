"""Labeled items by hand: so many right, so many wrong, in a slice that is dark and one that is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import activeloop as al
from activeloop.cases import Judge, Predicted, TestCase, Verdict
from activeloop.pool import Holdout

CLASSES = ("cat", "dog")


def held(dark: int, light: int = 0) -> Holdout:
    """Give items, half of them cats, the dark ones first."""
    n = dark + light
    labels = [CLASSES[at % 2] for at in range(n)]
    data = al.Dataset(
        np.arange(n, dtype=float)[:, None],
        labels,
        metadata={"dark": [at < dark for at in range(n)], "lux": [float(at >= dark) for at in range(n)]},
        classes=CLASSES,
    )
    return Holdout(data, np.arange(n)).slice_where("night", "lux < 0.5")


def said(holdout: Holdout, wrong: int | Sequence[int]) -> Predicted:
    """Predict all items, the first `wrong` ones (or those at the given places) wrongly."""
    labels = holdout.labels.tolist()
    for at in range(wrong) if isinstance(wrong, int) else wrong:
        labels[at] = CLASSES[CLASSES.index(labels[at]) ^ 1]
    return Predicted(holdout.ids, np.array(labels))


def verdict(
    holdout: Holdout, wrong: int | Sequence[int], before: int | Sequence[int] | None = None, **case: Any
) -> Verdict:
    """Judge one case."""
    baseline = None if before is None else said(holdout, before)
    judge = Judge([TestCase("c", **case)], holdout, baseline)
    (found,) = judge.verdicts(said(holdout, wrong).labels)
    return found
