"""Slices against the rest: is the model worse there, and is it more than chance among all that was asked?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from activeloop.arrays import FloatArray, KeyArray
from activeloop.errors import ConfigurationError, SliceError, unknown
from activeloop.performance.bins import ENOUGH
from activeloop.performance.scored import Members, Scores, board_of
from activeloop.scoring import Predictions, Scoreboard
from activeloop.scoring.measured import Measured, apart
from activeloop.statistics import Difference, benjamini_hochberg, holm

Judgment: TypeAlias = Literal["worse", "better", "not different", "insufficient"]
Many: TypeAlias = Literal["holm", "benjamini_hochberg"]
LEVEL = 0.05
_ADJUST: dict[str, Callable[[FloatArray], FloatArray]] = {
    "holm": holm,
    "benjamini_hochberg": benjamini_hochberg,
}


class Verdict(NamedTuple):
    """One score of one slice, against the items that are not in it.

    `value` with its 95 % interval `low`, `high` rests on `n` (items, or the trials of a proportion),
    `rest_value` on `rest_n`. `difference` is the one less the other with its 95 % interval, `p` two-sided,
    `p_adjusted` for all that was asked in one call. None = undefined; where the verdict is "insufficient",
    `reason` says why.
    """

    slice: str
    score: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    rest_value: float | None
    rest_n: int
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    p: float | None
    p_adjusted: float | None
    verdict: Judgment
    reason: str = ""


def compare(
    predictions: Predictions,
    slices: Sequence[Members],
    scoring: Scores | None = None,
    keys: KeyArray | None = None,
    many: Many = "holm",
) -> tuple[Verdict, ...]:
    """Compare every slice with its complement on every score: slices in their order, the scores of each.

    slices : pairs (name, members), as `slices.memberships` gives them; members (n,) booleans. scoring : one
    score, or several; None = accuracy, in regression the mean absolute error. keys : (n,) from
    `seeds.id_keys`, which deal the jackknife's blocks; None = by `predictions.ids`. many : "holm" keeps the
    chance of any false alarm in this call at 5 %, "benjamini_hochberg" their expected share of alarms.

    Proportions (accuracy; precision, recall, F1 and Jaccard of one class): Newcombe's interval and the
    hypergeometric mid-p (`statistics.proportions`). Anything else: the intervals of slice and complement, put
    together in Newcombe's way (`statistics.disjoint`). Larger is better in every score, as in scikit-learn's.
    "worse" and "better" take an adjusted p below 0.05; fewer than 10 items, or trials, on either side are
    "insufficient" and are not tested. The intervals are not adjusted. Raises what `Scoreboard` raises, and
    ConfigurationError for an unknown `many`.

    >>> import numpy as np
    >>> labels, dark = np.zeros(100, dtype=int), np.arange(100) < 30
    >>> given = Predictions(labels, np.where(np.arange(100) < 20, 1, 0), classes=(0, 1))
    >>> (found,) = compare(given, [("dark", dark)])
    >>> round(found.value, 3), found.rest_value, round(found.difference_high, 3), found.verdict
    (0.333, 1.0, -0.48, 'worse')
    """
    if many not in _ADJUST:
        raise ConfigurationError(unknown("correction", many, get_args(Many)))
    board, two_sided = _both_sides(predictions, slices, scoring, keys)
    measured = board.measured(predictions.predicted, predictions.probabilities)
    tested = [_tested(score.name, one) for score, one in zip(board.scores, measured, strict=True)]
    p = np.concatenate([one.p for one in tested])
    adjusted = _ADJUST[many](p).reshape(len(tested), len(two_sided))
    places = {name: at for at, name in enumerate(two_sided)}
    return tuple(
        _verdict(name, places[name], one, of_all)
        if name in places
        else _one_sided(name, bool(inside.any()), one)
        for name, inside in slices
        for one, of_all in zip(tested, adjusted, strict=True)
    )


class _Tested(NamedTuple):
    """A score on all items, on slices and on the rest of each, with p of those that have enough items."""

    score: str
    whole: Measured
    one: Measured
    rest: Measured
    reasons: dict[int, str]
    difference: Difference
    p: FloatArray


def _both_sides(
    predictions: Predictions,
    slices: Sequence[Members],
    scoring: Scores | None,
    keys: KeyArray | None,
) -> tuple[Scoreboard, list[str]]:
    """Make a board of every slice followed by its complement, where both hold an item; give their names."""
    both: list[Members] = []
    for name, inside in slices:
        if np.shape(inside) != (len(predictions),) or inside.dtype != bool:
            raise SliceError(f"slice {name!r}: one boolean for each of {len(predictions)} items is needed")
        if 0 < np.count_nonzero(inside) < len(inside):
            both += [(name, inside), (f"not {name}\n", ~inside)]
    return board_of(predictions, both, scoring, keys), [name for name, _ in both[::2]]


def _tested(score: str, measured: Measured) -> _Tested:
    parts = (measured.of(slice(start, None, step)) for start, step in ((0, None), (1, 2), (2, 2)))
    whole, one, rest = parts
    difference = apart(one, rest)
    enough = (one.n >= ENOUGH) & (rest.n >= ENOUGH)
    p = np.where(enough, difference.p, np.nan)
    return _Tested(score, whole, one, rest, measured.reasons, difference, p)


def _verdict(name: str, at: int, tested: _Tested, adjusted: FloatArray) -> Verdict:
    one, rest, difference = tested.one, tested.rest, tested.difference
    judgment: Judgment = "insufficient"
    reason = _why_insufficient(at, tested)
    if not reason:
        side: Judgment = "worse" if difference.value[at] < 0 else "better"
        judgment = side if adjusted[at] < LEVEL else "not different"
    return Verdict(
        slice=name,
        score=tested.score,
        value=_or_none(one.value[at]),
        low=_or_none(one.low[at]),
        high=_or_none(one.high[at]),
        n=int(one.n[at]),
        rest_value=_or_none(rest.value[at]),
        rest_n=int(rest.n[at]),
        difference=_or_none(difference.value[at]),
        difference_low=_or_none(difference.low[at]),
        difference_high=_or_none(difference.high[at]),
        p=_or_none(tested.p[at]),
        p_adjusted=_or_none(adjusted[at]),
        verdict=judgment,
        reason=reason,
    )


def _why_insufficient(at: int, tested: _Tested) -> str:
    for n, which in ((tested.one.n[at], ""), (tested.rest.n[at], " in the rest")):
        if n < ENOUGH:
            return f"{int(n)} of the {ENOUGH} items that are needed{which}"
    if np.isnan(tested.p[at]):
        own, of_rest = tested.reasons.get(2 * at + 1, ""), tested.reasons.get(2 * at + 2, "")
        return own or (f"the rest: {of_rest}" if of_rest else "no interval")
    return ""


def _one_sided(name: str, holds_all: bool, tested: _Tested) -> Verdict:
    """Give what can be said of a slice with no item, or of one with no rest."""
    whole = tested.whole
    value, low, high = (
        _or_none(one[0]) if holds_all else None for one in (whole.value, whole.low, whole.high)
    )
    n, rest_n = (int(whole.n[0]), 0) if holds_all else (0, int(whole.n[0]))
    reason = "it holds all items" if holds_all else "it holds no item"
    score, none = tested.score, None
    return Verdict(
        name, score, value, low, high, n, none, rest_n, none, none, none, none, none, "insufficient", reason
    )


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
