"""A row of a table in numbers: how much of it is missing, how easily it is set apart, how much it pulls."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from activeloop.arrays import Array, FloatArray
from activeloop.metrics.metric import Values, metric
from activeloop.seeds import Component, integer

_ROWS = 4096


@metric("data", needs="cells", vectorized=True, direction="high", range=(0.0, 1.0))
def missing_share(cells: Array) -> FloatArray:
    """Compute the share of a row's cells that are missing: None, NaN or NaT; NULL without columns.

    Of `cells`, (n, d), which exist for tables and rows of numbers only. Cost: n d.

    >>> missing_share(np.array([[1.0, np.nan], [2.0, 3.0]])).tolist()
    [0.5, 0.0]
    """
    if cells.shape[1] == 0:
        return np.full(len(cells), np.nan)
    missing: FloatArray = np.asarray(pd.isna(cells), dtype=bool).mean(axis=1)
    return missing


def _forest(design: Array, ids: Array, trees: int = 100, seed: int = 0) -> Any:
    """Fit an isolation forest on rows in the order of their ids; None for fewer than two."""
    from sklearn.ensemble import IsolationForest  # here, as it takes a second to import

    if len(design) < 2 or design.shape[1] == 0:
        return None
    forest = IsolationForest(n_estimators=trees, random_state=integer(seed, Component.METRIC))
    return forest.fit(design[np.argsort(ids)])


@metric("data", needs=("design", "id"), vectorized=True, direction="high", range=(0.0, 1.0), fit=_forest)
def isolation(forest: Any, design: Array, ids: Array) -> Values:
    """Compute the isolation score 2^(−E[h] / c): near 1 where few random cuts set a row apart.

    E[h] is the mean depth of the row in `trees` (100) random trees by `seed`, each on up to 256 rows of the
    reference, c the mean depth for that many rows. NULL, reason `too_few`, with fewer than two of them. Of
    `design`: numbers, with a column per category. Cost: 100 log 256 steps per row, whatever the columns.
    Source: Liu, Ting and Zhou 2008, "Isolation forest"; scikit-learn's `IsolationForest`, sign turned.

    >>> design, ids = np.array([[0.0], [1.0], [2.0], [1.0], [50.0]]), np.arange(5)
    >>> int(isolation(isolation.fit(design, ids), design, ids).values.argmax())
    4
    """
    if forest is None:
        return Values(np.full(len(design), np.nan), dict.fromkeys(range(len(design)), "too_few"))
    return Values(-forest.score_samples(design), {})


class Spread(NamedTuple):
    """The center of the reference rows, and the matrix that makes their leverages of what is left."""

    center: FloatArray
    whitening: FloatArray
    n: int


def _spread(design: Array) -> Spread:
    """Take a QR decomposition row block by row block, and its singular values but those of rounding."""
    n, d = design.shape
    center = design.mean(axis=0, dtype=np.float64) if n else np.zeros(d)
    triangle = np.zeros((0, d))
    for begin in range(0, n, _ROWS):
        rows = design[begin : begin + _ROWS] - center
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, rows]), mode="r"))
    # At one length no column is small for its unit; what is left of a constant one is rounding.
    precision = (16 + d) * np.finfo(design.dtype if design.dtype.kind == "f" else np.float64).eps
    sizes = np.linalg.norm(triangle, axis=0)
    varies = sizes > precision * np.sqrt(n) * np.abs(center)
    scales = np.where(varies, 1 / np.where(varies, sizes, 1), 0)
    _, values, axes = np.linalg.svd(triangle * scales, full_matrices=False)
    kept = values > values.max(initial=0) * precision
    return Spread(center, scales[:, None] * axes[kept].T / values[kept], n)


@metric("data", needs="design", vectorized=True, direction="high", range=(0.0, None), fit=_spread)
def leverage(spread: Spread, design: Array) -> Values:
    """Compute the leverage 1/n + (x − x̄)ᵀ (XᵀX)⁺ (x − x̄): how much a row pulls a linear fit towards itself.

    The hat value of least squares with an intercept on the n reference rows, X centered: 1/n to 1 for these,
    on average (rank + 1)/n, and more for new rows. Constant columns, and columns that others determine, add
    nothing: only directions in which the reference varies count. With n ≤ rank + 1 every row has 1. By QR in
    blocks and SVD; XᵀX is never formed. Cost: n d²; memory: d². NULL, reason `no_reference`, for n = 0.
    Source: Hoaglin and Welsch 1978, "The hat matrix in regression and ANOVA".

    >>> design = np.array([[0.0], [1.0], [2.0], [5.0]])
    >>> leverage(leverage.fit(design), design).values.round(3).tolist()
    [0.536, 0.321, 0.25, 0.893]
    """
    if spread.n == 0:
        return Values(np.full(len(design), np.nan), dict.fromkeys(range(len(design)), "no_reference"))
    values = np.full(len(design), 1 / spread.n)
    for begin in range(0, len(design), _ROWS):
        rows = (design[begin : begin + _ROWS] - spread.center) @ spread.whitening
        values[begin : begin + _ROWS] += np.einsum("ij,ij->i", rows, rows)
    return Values(values, {})
