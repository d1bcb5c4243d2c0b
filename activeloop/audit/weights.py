"""LURE: weights that make the mean loss of actively chosen items that of the pool, and its error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from activeloop.arrays import BoolArray, FloatArray
from activeloop.errors import DataError


class Mean(NamedTuple):
    """A mean loss over the pool with its standard error; `effective` even draws would weigh as much."""

    value: float
    error: float
    effective: float


class Drawn(NamedTuple):
    """Draws without replacement: the chance of each, given those before it, (M,), out of N items."""

    chances: FloatArray
    n_candidates: int

    def weights(self) -> FloatArray:
        """Give v_m = 1 + (N − M) / (N − m) · (1 / ((N − m + 1) q_m) − 1), for m = 1 … M, all 1 where M = N.

        With them (1/M) Σ v_m L_m is an unbiased estimate of the mean loss of the N items, whatever was drawn.
        Source: Farquhar, Gal, Rainforth (2021), "On statistical bias in active learning"; Kossen, Farquhar,
        Gal, Rainforth (2021), "Active testing".

        >>> Drawn(np.full(3, [1 / 5, 1 / 4, 1 / 3]), 5).weights().tolist()
        [1.0, 1.0, 1.0]
        """
        m, left = self._counted()
        farther = np.divide(self.n_candidates - len(m), left, out=np.zeros(len(m)), where=left > 0)
        weights: FloatArray = 1 + farther * (1 / ((left + 1) * self.chances) - 1)
        return weights

    def mean(self, losses: FloatArray, inside: BoolArray) -> Mean:
        """Estimate the mean loss of the pool items of a group, from the losses (M,) of the draws inside it.

        With all draws inside it is LURE. With some, as for a slice, or where some draws got no label, it is
        the ratio Σ v_m L_m / Σ v_m over those inside, whose bias vanishes with more draws.

        The error is that of a martingale: LURE = Σ c_m a_m, where each a_m = L_m / (N q_m) + Σ_{t<m} L_t / N
        is unbiased given the draws before it, so that Σ c_m² (a_m − LURE)² / (1 − Σ c_m²) estimates its
        variance, with c_m = N (N − M) / (M (N − m) (N − m + 1)). Of a ratio, the same of its residuals.

        Raises DataError where no draw is inside.
        """
        if not inside.any():
            raise DataError("no draw is inside the group; a mean needs one")
        weights = self.weights() * inside
        whole = bool(inside.all())
        share = 1.0 if whole else float(weights.mean())
        value = float((weights * losses)[inside].sum()) / (len(weights) * share)
        terms = losses if whole else np.where(inside, losses - value, 0.0)
        error = self._error(terms, value if whole else 0.0) / share
        return Mean(value, error, float(weights.sum() ** 2 / (weights**2).sum()))

    def _error(self, terms: FloatArray, center: float) -> float:
        n, (m, left) = self.n_candidates, self._counted()
        if len(m) >= n:
            return 0.0
        parts = n * (n - len(m)) / (len(m) * left * (left + 1))
        before = np.concatenate([[0.0], np.cumsum(terms)[:-1]])
        alone = (terms / self.chances + before) / n
        squares = parts**2
        freedom = 1 - squares.sum()
        return float(np.sqrt((squares * (alone - center) ** 2).sum() / freedom)) if freedom > 1e-9 else np.nan

    def _counted(self) -> tuple[FloatArray, FloatArray]:
        """Give m = 1 … M and what is left after each, N − m."""
        m = np.arange(1, len(self.chances) + 1, dtype=np.float64)
        return m, self.n_candidates - m
