"""Slices made from a reference set: by quantile, by edges, by category, by class, by an expression."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from activeloop.errors import SliceError
from activeloop.slices.column import Column, as_column
from activeloop.slices.rules import Category, Missing, Range, Where
from activeloop.slices.slice import Slice, require

LABEL = "label"
MOST_CATEGORIES = 50


def by_column(
    column: str, values: Any, bins: int | None = None, edges: Sequence[float] | None = None
) -> tuple[Slice, ...]:
    """Slice by a column as suits it: numbers by edges or quantile bins (4), everything else by category.

    The column "class" is another name of "label"; whole numbers there are classes. Raises SliceError for
    bins of something that is not a number, and for more than 50 categories.
    """
    column = LABEL if column == "class" else column
    if bins is not None and edges is not None:
        raise SliceError(f"slice by {column!r}: give bins or edges, not both")
    if edges is not None:
        return by_edges(column, edges)
    read = as_column(column, values)
    numeric = read.kind == "number" and read.values.dtype != bool
    coded = hasattr(getattr(values, "dtype", None), "categories")
    of_class = column == LABEL and read.values.dtype.kind != "f"
    if bins is None and (of_class or coded or not numeric):
        return by_category(column, values)
    return by_quantile(column, values, 4 if bins is None else bins)


def by_quantile(column: str, values: Any, bins: int = 4) -> tuple[Slice, ...]:
    """Cut a numeric column into bins that hold equal shares of the reference values.

    Edges are the quantiles (linear interpolation) of the finite values; an edge that would leave a bin empty
    on the reference is dropped, so duplicates merge. Bins are half-open [a, b). The outer bins reach to
    infinity, so an item outside the reference range still falls into one. Where the reference has NULLs they
    get a slice of their own. Raises SliceError where there is no number to cut.

    >>> [one.name for one in by_quantile("ink", [0.1, 0.2, 0.3, 0.4, None], bins=2)]
    ['ink < 0.25', 'ink >= 0.25', 'ink missing']
    """
    read = _numbers(column, values)
    if bins < 1:
        raise SliceError(f"slice by {column!r}: {bins} bins; at least 1 is needed")
    finite = np.sort(read.values[~read.null & np.isfinite(read.values)].astype(np.float64))
    if not finite.size:
        raise SliceError(f"slice by {column!r}: the reference set holds no number")
    quantiles = np.quantile(finite, np.arange(1, bins) / bins) if bins > 1 else np.empty(0)
    below = np.searchsorted(finite, quantiles)
    below, first = np.unique(below, return_index=True)
    inner = quantiles[first[below > 0]]
    missing = (Slice(f"{column} missing", Missing(column)),) if read.null.any() else ()
    return (*_bins(column, [None, *inner.tolist(), None]), *missing)


def by_edges(column: str, edges: Iterable[float]) -> tuple[Slice, ...]:
    """Cut a numeric column at given edges: [e0, e1), ..., the last bin closed; infinite edges leave it open.

    >>> [one.name for one in by_edges("age", [0, 18, 65])]
    ['age [0, 18)', 'age [18, 65]']
    """
    cuts = [float(edge) for edge in edges]
    if len(cuts) < 2 or not all(a < b for a, b in itertools.pairwise(cuts)):
        raise SliceError(
            f"slice by {column!r}: edges {cuts}; at least two are needed, each above the one before"
        )
    return tuple(_bins(column, [None if np.isinf(edge) else edge for edge in cuts]))


def by_category(column: str, values: Any) -> tuple[Slice, ...]:
    """Make a slice of each value of a column, and one of its NULLs where there are any.

    Raises SliceError for more than 50 values: say what you want with `where`.

    >>> [one.name for one in by_category("domain", ["travel", "banking", None, "travel"])]
    ['domain banking', 'domain travel', 'domain missing']
    """
    read = as_column(column, values)
    try:
        found = set(read.values[~read.null].tolist())
    except TypeError as error:
        raise SliceError(f"slice by {column!r}: its values are collections; use tags or where()") from error
    if len(found) > MOST_CATEGORIES and column != LABEL:
        raise SliceError(
            f"slice by {column!r}: {len(found)} categories, and at most {MOST_CATEGORIES} become slices; "
            f"name the ones you want with where(), e.g. where('some', \"{column} in ['a', 'b']\")"
        )
    if not found and not read.null.any():
        raise SliceError(f"slice by {column!r}: the reference set is empty")
    missing = (Missing(column),) if read.null.any() else ()
    return _categories(column, _sorted(found), missing)


def by_class(classes: Iterable[Any]) -> tuple[Slice, ...]:
    """Make a slice of each declared class, by the true label.

    >>> [one.name for one in by_class([0, 1])]
    ['class 0', 'class 1']
    """
    return _categories(LABEL, list(classes), ())


def where(name: str, expression: str, available: Collection[str] | None = None) -> Slice:
    """Make a slice of an expression; with `available`, refuse a column that is not among these names.

    >>> where("faint eights", "ink < 0.2 and label == '8'").rule.columns == {"ink", "label"}
    True
    """
    made = Slice(name, Where(expression))
    if available is not None:
        require(made, available)
    return made


def _numbers(column: str, values: Any) -> Column:
    read = as_column(column, values)
    if read.kind != "number":
        raise SliceError(f"slice by {column!r}: it holds {read.kind}, and bins need numbers; leave bins out")
    return read


def _bins(column: str, cuts: Sequence[float | None]) -> list[Slice]:
    texts = _texts([cut for cut in cuts if cut is not None])
    made = []
    for low, high in itertools.pairwise(cuts):
        closed = high is not None and high == cuts[-1]
        if low is None and high is None:
            name = f"{column} any"
        elif low is None and high is not None:
            name = f"{column} {'<=' if closed else '<'} {texts[high]}"
        elif high is None and low is not None:
            name = f"{column} >= {texts[low]}"
        elif low is not None and high is not None:
            name = f"{column} [{texts[low]}, {texts[high]}{']' if closed else ')'}"
        made.append(Slice(name, Range(column, low, high, closed)))
    return made


def _texts(cuts: list[float]) -> dict[float, str]:
    """Write each edge with 4 significant digits, or as many more as it takes to tell the edges apart."""
    for digits in range(4, 18):
        texts = {
            cut: str(int(cut)) if cut.is_integer() and abs(cut) < 1e15 else f"{cut:.{digits}g}"
            for cut in cuts
        }
        if len(set(texts.values())) == len(texts):
            break
    return texts


def _categories(column: str, found: list[Any], missing: tuple[Missing, ...]) -> tuple[Slice, ...]:
    shown = "class" if column == LABEL else column
    times = Counter([str(one) for one in found] + ["missing"] * len(missing))
    names = [repr(one) if times[str(one)] > 1 or not str(one).strip() else str(one) for one in found]
    slices = [Slice(f"{shown} {name}", Category(column, one)) for name, one in zip(names, found, strict=True)]
    return (*slices, *(Slice(f"{shown} missing", rule) for rule in missing))


def _sorted(found: set[Any]) -> list[Any]:
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=lambda one: (type(one).__name__, str(one)))
