"""What has shifted from one set to another: an effect, a corrected p and a verdict for every metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import Array
from activeloop.errors import DataError, unknown
from activeloop.statistics.columns import column, is_missing, is_number
from activeloop.statistics.multiplicity import benjamini_hochberg
from activeloop.statistics.shifts import Shift, of_categories, of_missing, of_numbers

Kind: TypeAlias = Literal["continuous", "categorical", "missing"]
Verdict: TypeAlias = Literal["detected", "not detected", "insufficient"]

FEWEST = 10
MOST_DISTINCT = 5
LEVEL = 0.05


class Least(NamedTuple):
    """The smallest effects that are called drift."""

    continuous: float = 0.1
    categorical: float = 0.2
    missing: float = 0.05


LEAST = Least()


@dataclass(frozen=True)
class Drift:
    """One metric in a reference and in a current set; `value` is the effect, NaN where nothing was tested.

    `kind` "missing" compares the shares of NULL. `n_reference` and `n_current` are the values that were
    compared: those that are not NULL, or, for "missing", all.
    """

    metric: str
    kind: Kind
    effect: str
    value: float
    statistic_name: str
    statistic: float
    p: float
    q: float
    n_reference: int
    n_current: int
    verdict: Verdict
    reason: str


def drift(
    reference: Mapping[str, Any],
    current: Mapping[str, Any],
    *,
    least: Least = LEAST,
    seed: int = 0,
    permutations: int = 9999,
) -> tuple[Drift, ...]:
    r"""Compare every metric of two sets: columns by name, of numbers or categories; NaN and None are NULL.

    Numbers with more than 5 distinct values are "continuous": Wasserstein distance and Kolmogorov-Smirnov
    (`shifts.of_numbers`). Others are "categorical": Cramér's V and chi-square (`shifts.of_categories`). Where
    either set has NULL there is a row "missing", too: the difference of the shares (`shifts.of_missing`).

    "detected" needs both q < 0.05, corrected over all rows (Benjamini, Hochberg), and an effect that is at
    least that of `least`: p alone calls anything drift in large sets, the effect alone calls chance drift in
    small ones. What is "not detected" may yet have drifted. "insufficient": a set has fewer than 10 values;
    nothing was tested. Rows are in the order of `reference`.

    Raises DataError for a metric that only one of the sets has, and where there is none.

    >>> random = np.random.default_rng(0)
    >>> day, night = {"light": random.normal(0.6, 0.1, 200)}, {"light": random.normal(0.4, 0.1, 200)}
    >>> print(drift(day, night)[0].reason.replace("; ", "\n"))
    light: median 0.605 and IQR 0.131, then 0.381 and 0.142
    W1 / std 2.19 is at least 0.1, q 4e-51 is below 0.05
    """
    check_same(reference, current)
    found = []
    for name in reference:
        before, after = column(reference[name], name), column(current[name], name)
        gone = is_missing(before), is_missing(after)
        found.append(_of_values(name, before[~gone[0]], after[~gone[1]], seed, permutations))
        if gone[0].any() or gone[1].any():
            shift = of_missing(*gone) if min(len(before), len(after)) >= FEWEST else None
            found.append(_Found(name, "missing", shift, len(before), len(after)))
    q = benjamini_hochberg(np.array([one.shift.p if one.shift else np.nan for one in found]))
    return tuple(_judged(one, float(of), least) for one, of in zip(found, q, strict=True))


class _Found(NamedTuple):
    metric: str
    kind: Kind
    shift: Shift | None
    n_reference: int
    n_current: int


def _of_values(name: str, before: Array, after: Array, seed: int, permutations: int) -> _Found:
    numbers = is_number(before) and is_number(after)
    both = np.concatenate([before, after])
    continuous = numbers and len(np.unique(both)) > MOST_DISTINCT
    shift = None
    if min(len(before), len(after)) >= FEWEST:
        shift = of_numbers(before, after) if continuous else of_categories(before, after, seed, permutations)
    return _Found(name, "continuous" if continuous else "categorical", shift, len(before), len(after))


def _judged(found: _Found, q: float, least: Least) -> Drift:
    sizes, shift = (found.n_reference, found.n_current), found.shift
    if shift is None:
        what = f"insufficient: {sizes[0]} values, then {sizes[1]}; {FEWEST} each are needed"
        return Drift(
            found.metric, found.kind, "", np.nan, "", np.nan, np.nan, np.nan, *sizes, "insufficient", what
        )
    bound: float = getattr(least, found.kind)
    large, sure = abs(shift.value) >= bound, q < LEVEL
    verdict: Verdict = "detected" if large and sure else "not detected"
    size = f"{shift.effect} {shift.value:.3g} is {'at least' if large else 'below'} {bound:g}"
    doubt = f"q {q:.2g} is {'below' if sure else 'not below'} {LEVEL:g}"
    reason = f"{found.metric}: {shift.seen}; {size}, {doubt}"
    tested = shift.effect, shift.value, shift.statistic_name, shift.statistic, shift.p, q
    return Drift(found.metric, found.kind, *tested, *sizes, verdict, reason)


def check_same(reference: Mapping[str, Any], current: Mapping[str, Any]) -> None:
    """Refuse sets that do not have the same metrics, or none."""
    if not reference:
        raise DataError("no metric to compare; give columns by name")
    for one, other, which in ((reference, current, "current"), (current, reference, "reference")):
        lacking = [name for name in one if name not in other]
        if lacking:
            raise DataError(f"not in the {which} set: {unknown('metric', lacking[0], other)}")
