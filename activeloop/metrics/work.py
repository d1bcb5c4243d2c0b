"""Computing values block by block: each item is looked at once for all metrics, in one process or several."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, NamedTuple

import cloudpickle
import numpy as np

from activeloop.arrays import BoolArray, FloatArray, IntArray
from activeloop.errors import MetricError
from activeloop.metrics.metric import Metric
from activeloop.names import FILE_MODULE
from activeloop.processes import as_done


class Task(NamedTuple):
    """Some rows of a block, and which metrics are wanted of each: (rows, metrics)."""

    block: int
    rows: IntArray
    wanted: BoolArray


class Done(NamedTuple):
    """The values of a task, (rows, metrics), NaN where there is none; reasons by row and metric."""

    task: Task
    numbers: FloatArray
    reasons: dict[tuple[int, int], str]


@dataclass(frozen=True, eq=False)
class Work:
    """What every process has to know: the columns, all rows of each, and the metrics of single items.

    Nothing else is sent, not the data set: a process that decodes images has no use for its libraries.
    """

    columns: Mapping[str, Any]
    metrics: Sequence[Metric]

    def do(self, task: Task) -> Done:
        """Compute a task; what one item raises is its reason, and stops nothing."""
        numbers = np.full(task.wanted.shape, np.nan)
        reasons: dict[tuple[int, int], str] = {}
        for row in range(len(task.rows)):
            cells = {name: _cell(column, int(task.rows[row])) for name, column in self.columns.items()}
            for at in np.flatnonzero(task.wanted[row]).tolist():
                metric = self.metrics[at]
                taken = [cells[name] for name in metric.needs]
                broken = [one.reason for one in taken if isinstance(one, _Broken)]
                numbers[row, at], reason = (np.nan, broken[0]) if broken else metric.one(*taken)
                if reason:
                    reasons[row, at] = reason
        return Done(task, numbers, reasons)


def done(work: Work, tasks: Sequence[Task], workers: int) -> Iterator[Done]:
    """Do all tasks, in this process or in several; yield each as it is done.

    Functions that only this process knows (of a script, of a file beside a study) are sent by value.
    Raises MetricError when a process dies, as a decoder can make it.
    """
    workers = min(workers, len(tasks))
    if workers <= 1:
        yield from map(work.do, tasks)
        return
    for task, one in as_done(_do, tasks, workers, _ready, (_packed(work),)):
        try:
            yield one.result()
        except BrokenProcessPool as error:
            raise MetricError(
                f"a process died while metrics were computed of item {int(task.rows[0])} and those after it; "
                "what was done is kept. With workers=1 the same command shows where it dies"
            ) from error


class _Broken(NamedTuple):
    reason: str


def _cell(column: Any, row: int) -> Any:
    """Give one value of a column; a file may be read only now, and be broken."""
    try:
        return column.iloc[row] if hasattr(column, "iloc") else column[row]
    except Exception as error:  # noqa: BLE001 - whatever reading a file raises is the reason of its values
        return _Broken(f"failed: {type(error).__name__}: {error}")


_WORK: list[Work] = []


def _packed(work: Work) -> bytes:
    for name, module in list(sys.modules.items()):
        if name.startswith(FILE_MODULE):
            cloudpickle.register_pickle_by_value(module)
    try:
        return bytes(cloudpickle.dumps(work))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise MetricError(
            f"a metric or the data cannot be sent to other processes ({error}); use workers=1"
        ) from error


def _ready(packed: bytes) -> None:
    _WORK[:] = [pickle.loads(packed)]


def _do(task: Task) -> Done:
    return _WORK[0].do(task)
