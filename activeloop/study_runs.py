"""The runs of a study as curves, read from its store; what has changed since is read from events."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

import numpy as np

from activeloop.curve_file import CurveFile, Kept, frame
from activeloop.curves import EVERYTHING, Curves, Run, StudyRuns
from activeloop.grid import Cell
from activeloop.keeping import ended, keep
from activeloop.running import failure
from activeloop.store import read
from activeloop.study import Study


def study_runs(study: Study) -> StudyRuns:
    """Give the runs of a study, finished or not, as curves.

    Raises StoreError when nothing of the study has been stored yet.
    """
    path = study.curves
    with closing(read(study.database)) as store, CurveFile(path) as file:
        known, counts = file.events(), store.counts()
        for cell in study.cells:
            if counts.get(cell.run, 0) != known.get(cell.run, 0):
                keep(study, cell, store, file)
        kept = file.runs()
        runs = tuple(_run(cell, kept.get(cell.run), failure(store, cell)) for cell in study.cells)
    names = [cell.run for cell in study.cells]
    found = [kept.get(name) for name in names]
    axis = frame(found)

    def read_curves(score: str, slice: str) -> Curves:
        with CurveFile(path) as file:
            return file.read(score, slice, names, runs, axis)

    # By name: a resumed run begins in the middle of a round, and meets them in another order.
    phases = tuple(sorted(_union(one.seconds for one in found if one)))
    seconds = np.array([[one.seconds.get(phase, 0.0) if one else 0.0 for phase in phases] for one in found])
    slices = _union(one.slices for one in found if one)
    return StudyRuns(
        name=study.file.study.name,
        question=study.file.study.question,
        runs=runs,
        scores=_union(one.scores for one in found if one),
        slices=tuple(sorted(slices, key=lambda one: one != EVERYTHING)),
        read=read_curves,
        phases=phases,
        seconds=seconds.reshape(len(names), len(phases)),
        asked=tuple(one.asked if one else () for one in found),
    )


def _run(cell: Cell, kept: Kept | None, failed: str) -> Run:
    status, reason = ended(None, (), None) if kept is None else (kept.status, kept.reason)
    if failed and status == "broken":
        status, reason = "failed", failed
    return Run(cell.setting, cell.strategy, cell.seed, status, reason)


def _union(given: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in given for name in names))
