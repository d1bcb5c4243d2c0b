"""Slices that nobody named: the worst are searched on one half of the items, and judged on the other."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, KeyArray
from activeloop.errors import ConfigurationError, DataError, MissingDependencyError
from activeloop.metrics.metric import Columns
from activeloop.performance import Verdict, compare, outcome
from activeloop.performance.scored import board_of, keys_of, usual
from activeloop.scoring import Predictions
from activeloop.scoring.names import Custom
from activeloop.seeds import Component, uniforms
from activeloop.slices import Category, Missing, Range, Slice, Where, by_column, memberships
from activeloop.slices.column import as_column
from activeloop.slices.rules import Rule

# One level of each of some columns: places in the levels of all columns.
_Joint: TypeAlias = tuple[tuple[int, int], ...]

_ALPHA = 0.95  # of SliceLine, as in its paper: nearly all for the error, a little for the size
_LOSSES = ("neg_log_loss", "neg_brier_score", "neg_mean_squared_error", "neg_root_mean_squared_error")


class Found(NamedTuple):
    """A slice, what it scored on the items it was found on, and the verdict on items that had no say in it.

    `searched_value` on `searched_n` items is optimistic about how bad the slice is: it was picked for it.
    """

    slice: Slice
    searched_value: float | None
    searched_n: int
    held_out: Verdict

    @property
    def confirmed(self) -> bool:
        """Whether it is worse than the rest on the held-out half, corrected for all slices found."""
        return self.held_out.verdict == "worse"


def discover(
    predictions: Predictions,
    columns: Columns,
    by: Iterable[str],
    *,
    score: str | Custom | None = None,
    keys: KeyArray | None = None,
    half: float = 0.5,
    bins: int = 4,
    most: int = 10,
    depth: int = 2,
    support: int = 20,
    seed: int = 0,
) -> tuple[Found, ...]:
    """Find the slices with the largest errors, first the worst on the half that was searched.

    predictions : a row per item, in the order of the columns. by : the columns to slice by: numbers are cut
    into `bins` quantile bins of the searched half, other columns by value, and what is missing is a level of
    its own. A slice is one level of each of up to `depth` columns; those with the same members are one, the
    shortest. At most `most` are given, of `support` or more searched items each.

    An item is searched, with the chance `half`, or held out by its key and `seed` alone (keys : as in
    `compare`). SliceLine (Sagadeeva and Boehm 2021) searches by the error of each item, or by its loss
    where `score` is one of a loss; the verdicts are those of `compare` on the held-out items, with Holm's
    correction for all slices found. score : None = accuracy, in regression the mean absolute error.

    Each slice is a `Slice` to be saved and used anywhere. Raises ConfigurationError for an option out of its
    range or no column, SliceError for a column that cannot be sliced, DataError for too few items, and
    MissingDependencyError without sliceline (the extra "discovery").
    """
    _check(half, bins=(bins, 2), most=(most, 1), depth=(depth, 1), support=(support, 1))
    keys = keys_of(predictions, keys)
    if len(columns) != len(predictions):
        raise DataError(f"{len(predictions)} predictions for {len(columns)} items; one each is needed")
    searched = uniforms(keys, seed, Component.HALVES) < half
    if min(np.count_nonzero(searched), np.count_nonzero(~searched)) < support:
        raise DataError(
            f"{len(searched)} items are too few to search {half:.0%} of them and judge on the rest"
        )
    score = score or usual(predictions.classes)
    worse = outcome(predictions, "loss" if score in _LOSSES else "error").values
    levels = [made for name in by if len(made := _levels(columns, name, searched, bins)) > 1]
    if not levels:
        raise ConfigurationError("by=[]: at least one column with two different values is needed")
    inside = [[members for _, members in memberships(of_column, columns)] for of_column in levels]
    joints = _search(_codes(inside, searched), worse[searched], depth, 3 * most, support)
    found = _distinct(joints, inside)[:most]
    if not found:
        return ()
    slices = [_joined([levels[column][level] for column, level in joint]) for joint in found]
    held = [(one.name, _members(joint, inside)) for one, joint in zip(slices, found, strict=True)]
    return _judged(predictions, slices, held, searched, score, keys)


def _check(half: float, **options: tuple[int, int]) -> None:
    if not 0 < half < 1:
        raise ConfigurationError(f"half={half}: the share of items to search must lie between 0 and 1")
    for name, (value, least) in options.items():
        if value < least:
            raise ConfigurationError(f"{name}={value}: at least {least} is needed")


def _levels(columns: Columns, name: str, searched: BoolArray, bins: int) -> tuple[Slice, ...]:
    """Cut one column by the values of its searched items; one of NULLs alone has no levels."""
    name = "label" if name == "class" else name
    values = columns.column(name)
    some = (
        values[searched]
        if hasattr(values, "dtype")
        else [one for one, taken in zip(values, searched, strict=True) if taken]
    )
    if as_column(name, some).null.all():
        return ()
    cut = by_column(name, some)
    return by_column(name, some, bins) if isinstance(cut[0].rule, Range) else cut


def _codes(inside: Sequence[Sequence[BoolArray]], searched: BoolArray) -> Array:
    """Give (searched items, columns): the level of each, from 1."""
    return np.stack(
        [sum((at + 1) * one[searched] for at, one in enumerate(of_column)) for of_column in inside], axis=1
    )


def _search(codes: Array, errors: FloatArray, depth: int, most: int, support: int) -> list[_Joint]:
    """Give the levels of the worst slices, the worst first."""
    try:
        from sliceline import Slicefinder
    except ImportError as error:
        raise MissingDependencyError.of("sliceline", "discovery", "to search for slices") from error
    finder = Slicefinder(alpha=_ALPHA, k=most, max_l=depth, min_sup=support, verbose=False)
    return [
        tuple((column, int(level) - 1) for column, level in enumerate(one) if level)
        for one in finder.fit(codes, errors).top_slices_.tolist()
    ]


def _members(joint: _Joint, inside: Sequence[Sequence[BoolArray]]) -> BoolArray:
    held: BoolArray = np.logical_and.reduce([inside[column][level] for column, level in joint])
    return held


def _distinct(joints: Iterable[_Joint], inside: Sequence[Sequence[BoolArray]]) -> list[_Joint]:
    """Give one slice for each set of members, the one with the fewest levels, in the order given."""
    shortest: dict[bytes, _Joint] = {}
    for joint in joints:
        members = _members(joint, inside).tobytes()
        shortest[members] = min(shortest.get(members, joint), joint, key=len)
    return list(shortest.values())


def _joined(levels: Sequence[Slice]) -> Slice:
    """Make one slice of several; their rules become one expression.

    >>> from activeloop.slices import by_class, by_edges
    >>> dark, eight = by_edges("ink", [-1, 0.25])[0], by_class([8])[0]
    >>> _joined([dark, eight]).name, _joined([dark, eight]).rule.expression
    ('ink [-1, 0.25] and class 8', 'ink >= -1.0 and ink <= 0.25 and label == 8')
    """
    if len(levels) == 1:
        return levels[0]
    rule = Where(" and ".join(_text(one.rule) for one in levels))
    return Slice(" and ".join(one.name for one in levels), rule)


def _text(rule: Rule) -> str:
    (column,) = rule.columns
    name = column if column.isidentifier() and not keyword.iskeyword(column) else f"`{column}`"
    if isinstance(rule, Category):
        return f"{name} == {rule.value!r}"
    if isinstance(rule, Range):
        bounds = ((">=", rule.low), ("<=" if rule.closed else "<", rule.high))
        return " and ".join(f"{name} {sign} {bound!r}" for sign, bound in bounds if bound is not None)
    assert isinstance(rule, Missing)  # `by_column` makes no other
    return f"{name} is None"


def _judged(
    predictions: Predictions,
    slices: Sequence[Slice],
    members: Sequence[tuple[str, BoolArray]],
    searched: BoolArray,
    score: str | Custom,
    keys: KeyArray,
) -> tuple[Found, ...]:
    def of(half: BoolArray) -> list[tuple[str, BoolArray]]:
        return [(name, inside[half]) for name, inside in members]

    first, held = predictions.rows(searched), ~searched
    board = board_of(first, of(searched), score, keys[searched])
    before = board.rows(first.predicted, first.probabilities)[1:]
    after = compare(predictions.rows(held), of(held), score, keys[held], many="holm")
    return tuple(
        Found(one, row.value, row.n, verdict) for one, row, verdict in zip(slices, before, after, strict=True)
    )
