"""Scores that are formulas of sums of a loss per row: log loss, Brier, absolute and squared error, R²."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.scoring.counts import divided
from activeloop.scoring.score import Coded, Formula, Statistic, Sums

_NEGATIVE = (float("-inf"), 0.0)
_AT_MOST_ONE = (float("-inf"), 1.0)


def loss(name: str, classification: bool) -> Formula | None:
    """Give the score of a scikit-learn name, or None where it is not a formula of losses."""
    return (_CLASSIFICATION if classification else _REGRESSION).get(name)


def _log_loss(coded: Coded) -> FloatArray:
    """-ln p of the true class, p clipped to the precision of its type as scikit-learn does."""
    p = _of_truth(coded)
    smallest = np.finfo(p.dtype).eps
    return np.asarray(-np.log(np.clip(p, smallest, 1 - smallest)), dtype=np.float64)


def _of_truth(coded: Coded) -> Array:
    given = _probabilities(coded)
    if coded.n_classes == 2:  # scikit-learn reads one column only: the class that sorts last
        return np.where(coded.true == 1, given[:, 1], 1 - given[:, 1])
    return np.asarray(given[np.arange(len(given)), coded.true])


def _brier(coded: Coded) -> FloatArray:
    """Σ (p - y)² over classes; half of it for two classes (Brier 1950 and its later binary form)."""
    given = _probabilities(coded)
    if coded.n_classes == 2:
        return np.asarray((given[:, 1] - coded.true) ** 2, dtype=np.float64)
    p = given[np.arange(len(given)), coded.true]
    return np.asarray((given**2).sum(axis=1) - p**2 + (1 - p) ** 2, dtype=np.float64)


def _probabilities(coded: Coded) -> Array:
    assert coded.given.probabilities is not None  # the board asks for these sums only where it has them
    return coded.given.probabilities


def _error(coded: Coded) -> FloatArray:
    return np.asarray(coded.given.labels, np.float64) - np.asarray(coded.given.predicted, np.float64)


def _relative(coded: Coded) -> FloatArray:
    size = np.abs(np.asarray(coded.given.labels, np.float64))
    return np.abs(_error(coded)) / np.maximum(size, np.finfo(np.float64).eps)


def _centered(coded: Coded) -> FloatArray:
    return np.asarray(coded.given.labels, np.float64) - coded.center


STATISTICS: dict[str, Statistic] = {
    "items": lambda coded: np.ones(len(coded.given)),
    "label": _centered,
    "label²": lambda coded: _centered(coded) ** 2,
    "log_loss": _log_loss,
    "brier": _brier,
    "error": _error,
    "|error|": lambda coded: np.abs(_error(coded)),
    "error²": lambda coded: _error(coded) ** 2,
    "relative": _relative,
}


def _mean(of: str, sums: Sums) -> FloatArray:
    return -divided(sums[of], sums["items"], np.nan)


def _root(of: str, sums: Sums) -> FloatArray:
    return -np.sqrt(divided(sums[of], sums["items"], np.nan))


def _spread(sums: Sums, of: str, of_square: str) -> FloatArray:
    """Σ (x - mean)²; what is left of rounding counts as 0."""
    spread = sums[of_square] - divided(sums[of] ** 2, sums["items"], 0.0)
    return np.where(spread > 1e-12 * sums[of_square], spread, 0.0)


def _r2(sums: Sums) -> FloatArray:
    """1 - Σ e² / Σ (y - mean y)²."""
    return 1 - divided(sums["error²"], _spread(sums, "label", "label²"), np.nan)


def _explained_variance(sums: Sums) -> FloatArray:
    """1 - Var e / Var y."""
    return 1 - divided(_spread(sums, "error", "error²"), _spread(sums, "label", "label²"), np.nan)


def _mean_loss(name: str, of: str, value: Callable[[str, Sums], FloatArray] = _mean) -> Formula:
    probabilities = of in ("log_loss", "brier")
    return Formula(name, ("items", of), partial(value, of), _NEGATIVE, needs_probabilities=probabilities)


def _explained(name: str, value: Callable[[Sums], FloatArray], *errors: str) -> Formula:
    undefined = "needs at least two different labels"
    return Formula(name, ("items", "label", "label²", *errors), value, _AT_MOST_ONE, undefined)


_CLASSIFICATION = {
    "neg_log_loss": _mean_loss("neg_log_loss", "log_loss"),
    "neg_brier_score": _mean_loss("neg_brier_score", "brier"),
}
_REGRESSION = {
    "neg_mean_absolute_error": _mean_loss("neg_mean_absolute_error", "|error|"),
    "neg_mean_squared_error": _mean_loss("neg_mean_squared_error", "error²"),
    "neg_root_mean_squared_error": _mean_loss("neg_root_mean_squared_error", "error²", _root),
    "neg_mean_absolute_percentage_error": _mean_loss("neg_mean_absolute_percentage_error", "relative"),
    "r2": _explained("r2", _r2, "error²"),
    "explained_variance": _explained("explained_variance", _explained_variance, "error", "error²"),
}
