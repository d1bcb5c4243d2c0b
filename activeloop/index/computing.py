"""Which values of an index are missing or out of date, and how they are computed and kept, block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import BoolArray, IntArray
from activeloop.index.column import Column
from activeloop.index.file import BLOCK, IndexFile
from activeloop.index.given import Given
from activeloop.metrics.metric import Metric, Values
from activeloop.metrics.work import Task, Work, done

Progress: TypeAlias = Callable[[int, int], None]


class Wanted(NamedTuple):
    """A metric, the column that is to be filled, its number in the file, and the rows that are stale."""

    metric: Metric
    series: int
    column: Column
    rows: IntArray


class Counted:
    """How many values have been computed, of how many that are expected so far."""

    def __init__(self, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, 0, progress

    def expect(self, n: int) -> None:
        """Expect some values more."""
        self._total += n

    def add(self, n: int) -> None:
        """Count some values, and tell."""
        self._done += n
        if self._progress is not None:
            self._progress(self._done, self._total)


def fill(file: IndexFile, given: Given, wanted: Sequence[Wanted], workers: int, counted: Counted) -> None:
    """Compute all stale rows; each finished block is kept at once.

    Metrics of single items go through the items once, all together; then come those of whole columns, and
    those that are fitted, each set of which shares one fit.
    """
    counted.expect(sum(len(one.rows) for one in wanted))
    single = [one for one in wanted if not one.metric.vectorized and one.metric.fit is None]
    _of_items(file, given, [one for one in single if len(one.rows)], workers, counted)
    fits: dict[Any, Any] = {}
    for one in wanted:
        if len(one.rows) and one not in single:
            _of_column(file, given, one, fits)
            counted.add(len(one.rows))


def _of_items(
    file: IndexFile, given: Given, wanted: Sequence[Wanted], workers: int, counted: Counted
) -> None:
    if not wanted:
        return
    stale = np.zeros((len(wanted[0].column.numbers), len(wanted)), dtype=bool)
    for at, one in enumerate(wanted):
        stale[one.rows, at] = True
    rows = np.flatnonzero(stale.any(axis=1))
    parts = np.split(rows, np.flatnonzero(np.diff(rows // BLOCK)) + 1)
    tasks = [Task(int(part[0]) // BLOCK, part, stale[part]) for part in parts]
    named = dict.fromkeys(name for one in wanted for name in one.metric.needs)
    needs = sorted(named, key=lambda name: name != "pixels")  # decoded, it has the dimensions, too
    work = Work({name: given.column(name) for name in needs}, [one.metric for one in wanted])
    for task, numbers, reasons in done(work, tasks, workers):
        with file.writing():
            for at, one in enumerate(wanted):
                asked = task.wanted[:, at]
                if asked.any():
                    why = {int(task.rows[row]): reason for (row, of), reason in reasons.items() if of == at}
                    one.column.put(task.rows[asked], numbers[asked, at], why)
                    file.put_blocks(one.series, one.column, [task.block])
        counted.add(int(task.wanted.sum()))


def _of_column(file: IndexFile, given: Given, one: Wanted, fits: dict[Any, Any]) -> None:
    metric, rows = one.metric, one.rows
    somewhere = _somewhere(metric, given, len(one.column.numbers))
    nowhere = rows[~somewhere[rows]]
    rows = rows[somewhere[rows]]
    try:
        reference = _Rows(given, np.flatnonzero(somewhere))
        values = metric.over(_Rows(given, rows), _fitted(metric, reference, fits))
    except Exception as error:  # noqa: BLE001 - a stranger's function: its failure is a value here
        reason = f"failed: {type(error).__name__}: {error}"
        values = Values(np.full(len(rows), np.nan), dict.fromkeys(range(len(rows)), reason))
    one.column.put(rows, values.values, {int(rows[at]): why for at, why in values.reasons.items()})
    one.column.put(nowhere, np.full(len(nowhere), np.nan), dict.fromkeys(nowhere.tolist(), "no_embedding"))
    with file.writing():
        file.put_blocks(one.series, one.column, np.unique(one.rows // BLOCK).tolist())


def _somewhere(metric: Metric, given: Given, n: int) -> BoolArray:
    """Say which items lie somewhere, for a metric of the embedding: a broken image has no place in it."""
    if "embedding" not in metric.needs:
        return np.ones(n, dtype=bool)
    try:
        return np.asarray(np.isfinite(given.column("embedding")).all(axis=1))
    except Exception:  # noqa: BLE001 - what is wrong with it is told where the metric is computed
        return np.ones(n, dtype=bool)


def _fitted(metric: Metric, reference: _Rows, fits: dict[Any, Any]) -> Any:
    """Fit once for all metrics that share function, columns and parameters."""
    if metric.fit is None:
        return None
    key = (metric.fit, metric.needs, repr(sorted(metric.fit_parameters.items())))
    if key not in fits:
        fits[key] = metric.fitted(reference)
    return fits[key]


@dataclass(frozen=True, eq=False)
class _Rows:
    given: Given
    rows: IntArray

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Any:
        return self.given.column(name, self.rows)
