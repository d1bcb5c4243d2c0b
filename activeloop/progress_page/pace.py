"""How fast people label: by person, by the hour, by class and slice. Pauses are not work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median, quantiles

from activeloop.people.annotation import Annotation
from activeloop.progress_page.progress import Hour, Pace, Seconds

HOUR = 3600.0


def people(annotations: Iterable[Annotation], idle: float) -> tuple[Pace, ...]:
    """Give the pace of every person, by name."""
    own: dict[str, list[Annotation]] = {}
    for one in annotations:
        own.setdefault(one.annotator, []).append(one)
    return tuple(_pace(name, told, worked(told, idle)) for name, told in sorted(own.items()))


def team(annotations: Sequence[Annotation], persons: Iterable[Pace]) -> Pace:
    """Give the pace of all together: labels in an hour of one person's work."""
    return _pace("", annotations, sum(one.hours for one in persons) * HOUR)


def worked(told: Iterable[Annotation], idle: float) -> float:
    """Give the seconds that one person was at work: between annotations, each gap cut at `idle`.

    Before the first one there is nothing to measure from but the time that its item was looked at.

    >>> from activeloop.people.annotation import Annotation
    >>> told = [Annotation(0, "", "0.0", 7, "ann", "label", "cat", 4.0, at, 0, "active", 0, "never", "", "",
    ...                    False, False) for at in (100.0, 110.0, 5000.0)]
    >>> worked(told, idle=300.0)
    314.0
    """
    ordered = sorted(told, key=lambda one: one.at)
    if not ordered:
        return 0.0
    return min(ordered[0].seconds, idle) + sum(min(b.at - a.at, idle) for a, b in pairwise(ordered))


def _pace(name: str, told: Sequence[Annotation], seconds: float) -> Pace:
    outcomes = Counter(one.outcome for one in told)
    looked = [one.seconds for one in told if one.outcome == "label" and one.seconds > 0]
    return Pace(
        annotator=name,
        labels=outcomes["label"],
        abstained=outcomes["abstain"],
        skipped=outcomes["skip"],
        bad=outcomes["bad"],
        hours=seconds / HOUR,
        per_hour=outcomes["label"] / (seconds / HOUR) if seconds > 0 else None,
        seconds=median(looked) if looked else None,
    )


def hours(annotations: Iterable[Annotation]) -> tuple[Hour, ...]:
    """Give what was told in every hour of the clock in which something was."""
    labels: Counter[float] = Counter()
    persons: dict[float, set[str]] = {}
    for one in annotations:
        start = one.at // HOUR * HOUR
        labels[start] += one.outcome == "label"
        persons.setdefault(start, set()).add(one.annotator)
    return tuple(Hour(start, labels[start], len(persons[start])) for start in sorted(persons))


def seconds(
    annotations: Iterable[Annotation], slices_of: Callable[[int | str], Iterable[str]], idle: float
) -> tuple[Seconds, ...]:
    """Give median seconds per label by class, then by slice, the slowest first.

    Times above `idle` are counted as `idle`; labels whose time no door measured take no part.
    """
    by_class: dict[str, list[float]] = {}
    by_slice: dict[str, list[float]] = {}
    for one in annotations:
        if one.outcome == "label" and one.seconds > 0:
            taken = min(one.seconds, idle)
            by_class.setdefault(str(one.value), []).append(taken)
            for name in slices_of(one.item):
                by_slice.setdefault(name, []).append(taken)
    return (*_medians("class", by_class), *_medians("slice", by_slice))


def _medians(of: str, groups: Mapping[str, list[float]]) -> list[Seconds]:
    rows = []
    for name, taken in groups.items():
        low, middle, high = quantiles(taken, n=4, method="inclusive") if len(taken) > 1 else taken * 3
        rows.append(Seconds("class" if of == "class" else "slice", name, middle, low, high, len(taken)))
    return sorted(rows, key=lambda row: (-row.median, row.name))
