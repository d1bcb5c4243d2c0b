"""Can two sets be told apart by all metrics together? A domain classifier, with a p that holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from activeloop.arrays import FloatArray, IntArray
from activeloop.errors import DataError
from activeloop.seeds import Component, generator
from activeloop.statistics.columns import mid_ranks
from activeloop.statistics.drift import FEWEST, LEVEL, Verdict, check_same
from activeloop.statistics.encoding import Encoded, Expansion
from activeloop.statistics.tables import share_as_large

FOLDS = 5
_PENALTY, _SHUFFLES = 10.0, 3


class Importance(NamedTuple):
    """How much the AUC falls when the values of one metric are shuffled."""

    metric: str
    drop: float


@dataclass(frozen=True)
class Domain:
    """How well two sets are told apart: AUC of held-out folds (0.5: not at all), p, and by which metrics.

    `importance` is of the metrics together, the largest first; empty unless "detected".
    """

    auc: float
    p: float
    n_reference: int
    n_current: int
    verdict: Verdict
    reason: str
    importance: tuple[Importance, ...] = ()


def domain(
    reference: Mapping[str, Any],
    current: Mapping[str, Any],
    *,
    least: float = 0.55,
    seed: int = 0,
    permutations: int = 199,
    most: int = 2000,
) -> Domain:
    """Train a classifier to tell the items of two sets apart, by columns (n,) or features (n, d) by name.

    The classifier is ridge regression on ranks, squares and products (`encoding`), penalty 10 per column; the
    AUC is the mean over 5 folds. p = (1 + #{AUC* >= AUC}) / (1 + permutations) is over classifiers that are
    trained and tested on shuffled sets. That holds exactly; a rank test of the held-out scores would not, as
    each item trains the classifiers that score the others, and so the folds vary together. At most `most`
    items of each set are used (a seeded draw); time grows with them and with the columns squared.

    "detected": p < 0.05 and AUC >= `least`; 0.55 is a shift of 0.18 standard deviations in one metric.
    "insufficient": fewer than 10 items in a set. Idea: Lopez-Paz, Oquab 2017.

    Raises DataError for a metric that only one of the sets has, and where there is none.

    >>> random = np.random.default_rng(0)
    >>> x, y, z = random.normal(size=(3, 400))
    >>> found = domain({"x": x[:200], "y": y[:200]}, {"x": x[200:], "y": x[200:] + z[200:] / 2})
    >>> found.verdict, found.p
    ('detected', 0.005)
    """
    check_same(reference, current)
    sets = _length(reference), _length(current)
    if min(sets) < FEWEST:
        why = f"insufficient: {sets[0]} items, then {sets[1]}; {FEWEST} each are needed"
        return Domain(np.nan, np.nan, *sets, "insufficient", why)
    random = generator(seed, Component.PERMUTATION)
    rows = [np.sort(random.permutation(n)[:most]) for n in sets]
    encoded = Encoded.of({name: _joined(name, reference[name], current[name], rows) for name in reference})
    trial = _Trial(encoded, [len(one) for one in rows], random, permutations)
    auc, p = trial.auc, share_as_large(trial.chance, trial.auc)
    large, sure = auc >= least, p < LEVEL
    verdict: Verdict = "detected" if large and sure else "not detected"
    importance = trial.importance(random) if verdict == "detected" else ()
    reason = f"AUC {auc:.3g} is {'at least' if large else 'below'} {least:g}, "
    reason += f"p {p:.2g} is {'below' if sure else 'not below'} {LEVEL:g}"
    if importance:
        reason += f"; most by {importance[0].metric}"
    return Domain(auc, p, *sets, verdict, reason, importance)


class _Trial:
    """Classifiers of the two sets as they are and as shuffling makes them, fold by fold."""

    def __init__(self, encoded: Encoded, sizes: list[int], random: np.random.Generator, times: int) -> None:
        self._encoded, self._expand = encoded, Expansion(encoded.numbers)
        self._folds = np.concatenate([random.permutation(np.arange(n) % FOLDS) for n in sizes])
        self._current = np.repeat([0.0, 1.0], sizes)
        shuffled = np.repeat(self._current[:, None], 1 + times, axis=1)
        for fold in range(FOLDS):  # so that each fold keeps its share of both sets
            rows = self._folds == fold
            shuffled[rows, 1:] = random.permuted(shuffled[rows, 1:], axis=0)
        expanded = self._expand(encoded.numbers)
        self._weights = []
        total = np.zeros(1 + times)
        for fold in range(FOLDS):
            out = self._folds == fold
            weights = _ridge(expanded[~out], shuffled[~out], _PENALTY * encoded.numbers.shape[1])
            total += _auc(expanded[out] @ weights, shuffled[out])
            self._weights.append(weights[:, :1])
        self.auc, self.chance = float(total[0] / FOLDS), total[1:] / FOLDS

    def importance(self, random: np.random.Generator) -> tuple[Importance, ...]:
        """Shuffle one metric after the other within the folds, thrice."""
        left = np.zeros(len(self._encoded.metrics))
        for fold, weights in enumerate(self._weights):
            rows = np.flatnonzero(self._folds == fold)
            for _ in range(_SHUFFLES):
                order = random.permutation(rows)
                for at in range(len(left)):
                    scores = self._expand(self._encoded.shuffled(at, rows, order)) @ weights
                    left[at] += _auc(scores, self._current[rows, None])[0] / (FOLDS * _SHUFFLES)
        found = map(Importance, self._encoded.metrics, (self.auc - left).tolist())
        return tuple(sorted(found, key=lambda one: -one.drop))


def _ridge(x: FloatArray, y: FloatArray, penalty: float) -> FloatArray:
    """Give weights (D, times); x is centered nearly, and a constant does not change an AUC."""
    y = y - y.mean(axis=0)
    if x.shape[1] <= x.shape[0]:
        return np.asarray(np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y), dtype=np.float64)
    return np.asarray(x.T @ np.linalg.solve(x @ x.T + penalty * np.eye(x.shape[0]), y), dtype=np.float64)


def _auc(scores: FloatArray, current: FloatArray) -> FloatArray:
    """Give the AUC of each column of scores; scores that differ by rounding alone are ties."""
    ones = current.sum(axis=0)
    ranks = np.stack([mid_ranks(one) for one in scores.round(10).T], axis=1)
    above = (ranks * current).sum(axis=0) - ones * (ones + 1) / 2
    return np.asarray(above / (ones * (len(current) - ones)), dtype=np.float64)


def _length(columns: Mapping[str, Any]) -> int:
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        sizes = ", ".join(f"{name} {n}" for name, n in lengths.items())
        raise DataError(f"the columns of a set need one length; given: {sizes}")
    return next(iter(lengths.values()))


def _joined(name: str, before: Any, after: Any, rows: list[IntArray]) -> Any:
    """Give the kept rows of both sets, as numbers only if both are."""
    parts = [
        np.asarray(one, dtype=None if hasattr(one, "dtype") else object)[kept]
        for one, kept in zip((before, after), rows, strict=True)
    ]
    if parts[0].shape[1:] != parts[1].shape[1:]:
        raise DataError(f"{name}: {parts[0].shape[1:]} columns, then {parts[1].shape[1:]}; give the same")
    if parts[0].dtype.kind in "biuf" and parts[1].dtype.kind in "biuf":
        return np.concatenate(parts)
    return np.concatenate([one.astype(object) for one in parts])
