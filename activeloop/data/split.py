"""Which rows are held out: a seeded, stratified share, whole groups, a later time, or an official part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from activeloop.arrays import Array, BoolArray, IntArray, KeyArray
from activeloop.errors import DataError, unknown
from activeloop.seeds import Component, id_keys, uniforms


class Split(NamedTuple):
    """Positions of the pool and of the holdout, both ascending, together all that was split."""

    pool: IntArray
    holdout: IntArray


class Splittable(Protocol):
    """What a split sees of a data set."""

    @property
    def ids(self) -> Array:
        """Ids, in row order."""
        ...

    @property
    def known(self) -> BoolArray:
        """Which labels are known."""
        ...

    @property
    def task(self) -> str:
        """Classification or regression."""
        ...

    def column(self, name: str, positions: IntArray | None = None) -> Any:
        """Give a column of some rows."""
        ...


def split(data: Splittable, holdout: Any, *, seed: int, by: str | None, at: Any, stratify: Any) -> Split:
    """Split as `Dataset.split` says; by chance only what has a label, when any has one."""
    if by is not None:
        if stratify:
            raise DataError(f"stratify= and by={by!r} do not go together; leave one away")
        return by_column(data.column(by), data.ids, holdout, at=at, seed=seed)
    if at is not None:
        raise DataError(f"at={at!r} needs by=, the column that it is a point of")
    eligible = np.flatnonzero(data.known if data.known.any() else ~data.known)
    if stratify is None:
        stratify = data.task == "classification" and data.known.any()
    strata = None
    if stratify:
        strata = data.column(stratify if isinstance(stratify, str) else "label", eligible)
    chosen = by_chance(data.ids[eligible], holdout, seed=seed, strata=strata)
    held = eligible[chosen.holdout]
    return Split(np.setdiff1d(np.arange(len(data.ids)), held), held)


def by_chance(ids: Array, holdout: Any, *, seed: int, strata: Array | None = None) -> Split:
    """Hold out a share in (0, 1), or a count, of the items.

    Every item has a number of its own, drawn from its id and the seed, and those with the smallest are held
    out: the order of the items changes nothing, and a larger holdout contains a smaller one.
    With strata, stratum c of n_c items gives n_c · m / n of the m held out, rounded down or up so that they
    sum to m. A stratum always keeps one item in the pool, so one with a single member is never held out (the
    others then make up for it, as far as they can).

    >>> by_chance(np.arange(6), 2, seed=0, strata=np.array(["a", "a", "a", "b", "b", "b"])).holdout.size
    2

    Raises DataError for a share outside (0, 1), and for a count that leaves no item on one of the sides.
    """
    wanted = _count(holdout, len(ids))
    keys = id_keys(ids)
    codes, names = _coded(np.zeros(len(ids), dtype=np.int64) if strata is None else strata)
    if strata is None:
        allotted = np.array([wanted])
    else:
        allotted = _allot(np.bincount(codes), wanted, len(ids), uniforms(names, seed, Component.SPLIT))
    order = np.lexsort((keys, uniforms(keys, seed, Component.SPLIT), codes))
    starts = np.concatenate(([0], np.bincount(codes).cumsum()[:-1]))
    rank_in_stratum = np.arange(len(ids)) - starts[codes[order]]
    held = np.zeros(len(ids), dtype=bool)
    held[order] = rank_in_stratum < allotted[codes[order]]
    return _sides(held)


def by_column(values: Array, ids: Array, holdout: Any, *, at: Any = None, seed: int = 0) -> Split:
    """Hold out by a column: from a point on (`at`), whole groups (a share or count), or the parts named."""
    if at is not None:
        return by_time(values, at, ids)
    if isinstance(holdout, int | float | np.integer | np.floating):
        return by_group(values, holdout, seed=seed)
    return by_part(values, [holdout] if isinstance(holdout, str) else list(holdout))


def by_group(groups: Array, holdout: Any, *, seed: int) -> Split:
    """Hold out whole groups, in a seeded order, until their size is as near to the share or count as it gets.

    Raises DataError when there are fewer than two groups, and as `by_chance`.
    """
    wanted = _count(holdout, len(groups))
    codes, names = _coded(groups)
    if len(names) < 2:
        raise DataError(
            "all items are of one group, so none can be held out whole; allowed: two groups or more"
        )
    order = np.lexsort((names, uniforms(names, seed, Component.SPLIT)))
    sizes = np.bincount(codes)[order].cumsum()[:-1]
    taken = order[: int(np.abs(sizes - wanted).argmin()) + 1]
    return _sides(np.isin(codes, taken))


def by_time(times: Array, at: Any, ids: Array) -> Split:
    """Hold out what is at or after a point of a numeric or datetime column (strings in ISO order serve too).

    Raises DataError for an item without a time, a point of another type, and when one side stays empty.
    """
    missing = np.asarray(pd.isna(times), dtype=bool)
    if missing.any():
        raise DataError(f"item {ids[missing].tolist()[0]!r} has no time, so it is on neither side of {at!r}")
    try:
        held: BoolArray = times >= (_moment(at) if times.dtype.kind == "M" else at)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"at={at!r} cannot be compared with {times[:1].tolist()[0]!r}, the first time"
        ) from error
    _refuse_empty(held, f"at or after {at!r}", f"the times go from {times.min()} to {times.max()}")
    return _sides(held)


def by_part(parts: Array, names: Sequence[Any]) -> Split:
    """Hold out the items whose part (train, test, fold 3) is one of the named ones.

    Raises DataError for a part that does not occur, with the nearest, and when nothing is left for the pool.
    """
    present = pd.unique(parts).tolist()
    for name in names:
        if name not in present:
            raise DataError(unknown("part", name, map(str, present)))
    held = (
        np.isin(parts, list(names)) if parts.dtype.kind != "O" else np.array([one in names for one in parts])
    )
    _refuse_empty(held, f"of part {', '.join(map(str, names))}", f"parts: {', '.join(map(str, present))}")
    return _sides(held)


def _moment(at: Any) -> np.datetime64:
    moment = pd.Timestamp(at)
    return (moment.tz_convert(None) if moment.tz else moment).to_datetime64()


def _count(holdout: Any, n: int) -> int:
    if n < 2:
        raise DataError(f"there are {n} items to split; a pool and a holdout need two or more")
    if isinstance(holdout, bool) or not isinstance(holdout, int | float | np.integer | np.floating):
        raise DataError(
            f"holdout={holdout!r}; allowed: a share between 0 and 1, a count, or a part of the column by="
        )
    if isinstance(holdout, int | np.integer):
        if not 1 <= holdout < n:
            raise DataError(f"holdout={holdout} of {n} items; allowed: a count from 1 to {n - 1}, or a share")
        return int(holdout)
    if not 0 < holdout < 1:
        raise DataError(f"holdout={holdout}; allowed: a share between 0 and 1, or a count as an integer")
    return min(max(int(holdout * n + 0.5), 1), n - 1)


def _coded(values: Array) -> tuple[IntArray, KeyArray]:
    """Number the distinct values, and give each a key that hangs on nothing but itself."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    return codes.astype(np.int64), id_keys(np.array([str(one) for one in distinct]))


def _allot(sizes: IntArray, wanted: int, n: int, ties: Array) -> IntArray:
    """Share out a count over strata by largest remainder; in integers, so that no rounding error decides."""
    capacity = sizes - 1
    allotted = np.minimum(sizes * wanted // n, capacity)
    while (left := wanted - int(allotted.sum())) > 0 and (allotted < capacity).any():
        open_ones = np.flatnonzero(allotted < capacity)
        owed = sizes[open_ones] * wanted - allotted[open_ones] * n
        allotted[open_ones[np.lexsort((ties[open_ones], -owed))[:left]]] += 1
    if not allotted.any():
        raise DataError("every class has a single item, so none can be held out; use stratify=False")
    return allotted


def _refuse_empty(held: BoolArray, what: str, hint: str) -> None:
    if held.all() or not held.any():
        side = "all items are" if held.all() else "no item is"
        raise DataError(f"{side} {what}, so one side of the split would be empty; {hint}")


def _sides(held: BoolArray) -> Split:
    return Split(np.flatnonzero(~held).astype(np.int64), np.flatnonzero(held).astype(np.int64))
