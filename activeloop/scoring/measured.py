"""One score on all slices: its values, intervals, supports and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.scoring.predictions import Predictions
from activeloop.scoring.resampling import Resampling
from activeloop.scoring.score import Called, Coded, Formula, Proportion, Weighted
from activeloop.scoring.sums import SumsOfRound
from activeloop.statistics.comparison import Difference, proportions
from activeloop.statistics.disjoint import disjoint, hybrid
from activeloop.statistics.intervals import Bounds, Estimate, Interval, wilson


class Measured(NamedTuple):
    """Arrays over the slices, NaN = none; `reasons` says why, by the number of the slice.

    A proportion has `hits` among its n; anything else has an `estimate`.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    n: FloatArray
    reasons: dict[int, str]
    estimate: Estimate | None = None
    hits: FloatArray | None = None

    def of(self, places: slice) -> Measured:
        """Give some of the slices, the reasons left out."""
        estimate = None if self.estimate is None else self.estimate.of(places)
        hits = None if self.hits is None else self.hits[places]
        return Measured(
            self.value[places], self.low[places], self.high[places], self.n[places], {}, estimate, hits
        )


def apart(one: Measured, rest: Measured) -> Difference:
    """Compare one score on slices and on sets that share no item with them: (S,) each.

    A proportion, or what rises with one: Newcombe's interval and the p of `proportions`; else `disjoint`.
    """
    if one.estimate is not None and rest.estimate is not None:
        return disjoint(one.estimate, rest.estimate)
    p = np.full(len(one.n), np.nan)
    if one.hits is not None and rest.hits is not None:
        p = proportions(one.hits, one.n, rest.hits, rest.n).p
    intervals = (Interval(side.low, side.high) for side in (one, rest))
    return Difference(one.value - rest.value, *hybrid(one.value, rest.value, *intervals), p)


def nothing(n: FloatArray, reason: str) -> Measured:
    """Give a score that is undefined everywhere."""
    none = np.full(len(n), np.nan)
    return Measured(none, none, none, n, dict.fromkeys(range(len(n)), reason))


def of_proportion(score: Proportion, sums: SumsOfRound) -> Measured:
    """Measure a share, or what rises with it, by Wilson's interval; its n are the trials."""
    whole = sums.whole(score.needs)
    hits, trials = score.hits(whole), score.trials(whole)
    share = hits / np.where(trials > 0, trials, np.nan)
    reasons = dict.fromkeys(np.flatnonzero(trials == 0).tolist(), score.undefined)
    value, low, high = map(score.of_share, (share, *wilson(hits, trials)))
    return Measured(value, low, high, trials, reasons, hits=hits)


class OnParts(NamedTuple):
    """A score on each slice (S,) and on the parts of it (S, R), before an interval is made of them."""

    values: FloatArray
    on_parts: FloatArray
    reasons: dict[int, str]


def of_formula(score: Formula, sums: SumsOfRound, resampling: Resampling, n: FloatArray) -> Measured:
    """Measure a formula of sums."""
    given = formula_on_parts(score, sums, resampling)
    return _with_interval(given, resampling, score.bounds, n, score.floor)


def formula_on_parts(score: Formula, sums: SumsOfRound, resampling: Resampling) -> OnParts:
    """Compute a formula of sums on the slices and their parts."""
    values, on_parts = resampling.of_formula(score, sums)
    return OnParts(
        values, on_parts, dict.fromkeys(np.flatnonzero(np.isnan(values)).tolist(), score.undefined)
    )


def of_weighted(
    score: Weighted, coded: Coded, rows: Sequence[Array], resampling: Resampling, n: FloatArray
) -> Measured:
    """Measure a value under weights."""
    return _with_interval(weighted_on_parts(score, coded, rows, resampling), resampling, score.bounds, n)


def weighted_on_parts(
    score: Weighted, coded: Coded, rows: Sequence[Array], resampling: Resampling
) -> OnParts:
    """Compute a value under weights: all 1 on each slice, then those of its parts."""
    assert coded.given.probabilities is not None  # the board asks only where it has them
    values, on_parts = [], []
    for at, one in enumerate(rows):
        true, probabilities = coded.true[one], coded.given.probabilities[one]
        values.append(score.value(true, probabilities, np.ones((1, len(one)))))
        parts = [score.value(true, probabilities, weights) for weights in resampling.weights(at)]
        on_parts.append(np.concatenate([np.empty(0), *parts]))
    whole = np.concatenate(values)
    reasons = dict.fromkeys(np.flatnonzero(np.isnan(whole)).tolist(), score.undefined)
    return OnParts(whole, np.stack(on_parts), reasons)


def of_called(
    score: Called, given: Predictions, rows: Sequence[Array], resampling: Resampling, n: FloatArray
) -> Measured:
    """Measure a score that has to be called."""
    return _with_interval(called_on_parts(score, given, rows, resampling), resampling, score.bounds, n)


def called_on_parts(
    score: Called, given: Predictions, rows: Sequence[Array], resampling: Resampling
) -> OnParts:
    """Call a score on each slice, then on each part of it."""
    results = [score.function(given.rows(one)) for one in rows]
    reasons = {at: one for at, one in enumerate(results) if isinstance(one, str)}
    on_parts = [
        [
            _number(score.function(given.rows(part))) if len(part) and at not in reasons else np.nan
            for part in resampling.parts(at)
        ]
        for at in range(len(rows))
    ]
    return OnParts(np.array([_number(one) for one in results]), np.array(on_parts), reasons)


def _with_interval(
    given: OnParts, resampling: Resampling, bounds: Bounds, n: FloatArray, floor: bool = False
) -> Measured:
    """Add the interval: none without a value, and nothing beyond what the score can be."""
    values, on_parts, reasons = given
    undefined = np.isnan(values)
    estimate = resampling.estimate(values, on_parts, bounds, floor)
    low, high = resampling.interval(estimate, on_parts)
    for at in np.flatnonzero(np.isnan(low) & ~undefined).tolist():
        reasons[at] = resampling.why_none(at, on_parts[at])
    low, high = np.maximum(low, bounds[0]), np.minimum(high, bounds[1])
    low[undefined] = high[undefined] = np.nan
    return Measured(values, low, high, n, reasons, estimate)


def _number(result: float | str) -> float:
    return np.nan if isinstance(result, str) else result
