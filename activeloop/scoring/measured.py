"""One score on all slices: its values, intervals, supports and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.scoring.intervals import wilson
from activeloop.scoring.predictions import Predictions
from activeloop.scoring.resampling import Resampling
from activeloop.scoring.score import Bounds, Called, Coded, Formula, Proportion, Weighted
from activeloop.scoring.sums import SumsOfRound


class Measured(NamedTuple):
    """Arrays over the slices, NaN = none; `reasons` says why, by the number of the slice."""

    value: FloatArray
    low: FloatArray
    high: FloatArray
    n: FloatArray
    reasons: dict[int, str]


def nothing(n: FloatArray, reason: str) -> Measured:
    """Give a score that is undefined everywhere."""
    none = np.full(len(n), np.nan)
    return Measured(none, none, none, n, dict.fromkeys(range(len(n)), reason))


def of_proportion(score: Proportion, sums: SumsOfRound) -> Measured:
    """Measure a share, with Wilson's interval; its n are the trials."""
    whole = sums.whole(score.needs)
    hits, trials = score.hits(whole), score.trials(whole)
    value = hits / np.where(trials > 0, trials, np.nan)
    reasons = dict.fromkeys(np.flatnonzero(trials == 0).tolist(), score.undefined)
    return Measured(value, *wilson(hits, trials), trials, reasons)


def of_formula(score: Formula, sums: SumsOfRound, resampling: Resampling, n: FloatArray) -> Measured:
    """Measure a formula of sums."""
    values, on_parts = resampling.of_formula(score, sums)
    reasons = dict.fromkeys(np.flatnonzero(np.isnan(values)).tolist(), score.undefined)
    return _with_interval(values, on_parts, resampling, score.bounds, n, reasons)


def of_weighted(
    score: Weighted, coded: Coded, rows: Sequence[Array], resampling: Resampling, n: FloatArray
) -> Measured:
    """Measure a value under weights: all 1 on each slice, then those of its parts."""
    assert coded.given.probabilities is not None  # the board asks only where it has them
    values, on_parts = [], []
    for at, one in enumerate(rows):
        true, probabilities = coded.true[one], coded.given.probabilities[one]
        values.append(score.value(true, probabilities, np.ones((1, len(one)))))
        parts = [score.value(true, probabilities, weights) for weights in resampling.weights(at)]
        on_parts.append(np.concatenate([np.empty(0), *parts]))
    whole = np.concatenate(values)
    reasons = dict.fromkeys(np.flatnonzero(np.isnan(whole)).tolist(), score.undefined)
    return _with_interval(whole, np.stack(on_parts), resampling, score.bounds, n, reasons)


def of_called(
    score: Called, given: Predictions, rows: Sequence[Array], resampling: Resampling, n: FloatArray
) -> Measured:
    """Measure a score that has to be called: on each slice, then on each part of it."""
    results = [score.function(given.rows(one)) for one in rows]
    reasons = {at: one for at, one in enumerate(results) if isinstance(one, str)}
    on_parts = [
        [
            _number(score.function(given.rows(part))) if len(part) and at not in reasons else np.nan
            for part in resampling.parts(at)
        ]
        for at in range(len(rows))
    ]
    values = np.array([_number(one) for one in results])
    return _with_interval(values, np.array(on_parts), resampling, score.bounds, n, reasons)


def _with_interval(
    values: FloatArray,
    on_parts: FloatArray,
    resampling: Resampling,
    bounds: Bounds,
    n: FloatArray,
    reasons: dict[int, str],
) -> Measured:
    """Add the interval: none without a value, and nothing beyond what the score can be."""
    undefined = np.isnan(values)
    low, high = resampling.interval(values, on_parts)
    for at in np.flatnonzero(np.isnan(low) & ~undefined).tolist():
        reasons[at] = resampling.why_none(at, on_parts[at])
    low, high = np.maximum(low, bounds[0]), np.minimum(high, bounds[1])
    low[undefined] = high[undefined] = np.nan
    return Measured(values, low, high, n, reasons)


def _number(result: float | str) -> float:
    return np.nan if isinstance(result, str) else result
