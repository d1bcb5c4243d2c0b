"""An inspection made ready for the explorer page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from activeloop import explorer, performance
from activeloop.cases import Verdict
from activeloop.errors import DataError
from activeloop.explorer import Exploration
from activeloop.index import Index
from activeloop.inspection.inspect import Inspection, SliceLine
from activeloop.review import HASHES
from activeloop.verdict_table import SIGNS


def exploration(of: Inspection, name: str) -> Exploration:
    """Give all parts of an inspection to the page; it shows those that there are."""
    index = of.index
    pictures, texts = _column(index, "pixels"), _column(index, "text")
    modality: explorer.Modality = (
        "image" if pictures is not None else "text" if texts is not None else "table"
    )
    return Exploration(
        name=name,
        ids=index.ids,
        modality=modality,
        pictures=pictures,
        texts=None if texts is None or modality != "text" else [str(one) for one in texts],
        cells=_cells(index) if modality == "table" else None,
        labels=index.labels,
        predicted=of.predicted if index.classes is not None else None,
        tags=list(index.column("tags")),
        metrics=tuple(_metric(index, one) for one in _ordered(index)),
        slices=None if of.slices is None else tuple(map(_slice, of.slices)),
        outliers=of.outliers,
        duplicates=of.duplicates,
        label_errors=of.label_errors,
        performance=None if of.points is None else tuple(map(_bin, of.points)),
        importance=None if of.importance is None else tuple(map(_importance, of.importance)),
        drift=None
        if of.drift is None
        else tuple(
            explorer.Drift(one.metric, one.value, one.q, one.n_current, one.verdict, one.reason)
            for one in of.drift
        ),
        cases=None if of.cases is None else tuple(map(_case, of.cases)),
    )


def _case(one: Verdict) -> explorer.Case:
    return explorer.Case(
        name=one.case,
        slice=one.slice,
        bound=f"{one.score} {SIGNS[one.rule]} {one.bound:g}",
        verdict=one.outcome,
        value=_number(one.value),
        low=_number(one.low),
        high=_number(one.high),
        n=one.n,
        reason=one.reason,
    )


def _bin(one: performance.Point) -> explorer.PerformanceBin:
    return explorer.PerformanceBin(
        metric=one.metric,
        score=one.score,
        x=_number(one.x),
        value=_number(one.value),
        low=_number(one.low),
        high=_number(one.high),
        n=one.n,
        overall=_number(one.overall),
    )


def _importance(one: performance.Importance) -> explorer.Importance:
    return explorer.Importance(
        metric=one.metric,
        score="",
        correlation=_number(one.rho),
        low=_number(one.low),
        high=_number(one.high),
        information=_number(one.information),
        q=_number(one.p_adjusted),
        n=one.n,
        verdict=one.sentence,
    )


def _ordered(index: Index) -> list[str]:
    """Give the metrics; hashes and chance come last."""
    return sorted(index.metrics, key=lambda name: name in ("random", *HASHES))


def _metric(index: Index, name: str) -> explorer.MetricColumn:
    values, reasons = index.values(name)
    told = index.metrics[name]
    return explorer.MetricColumn(
        name, values, told["kind"], told["direction"], told["unit"], told["about"], reasons
    )


def _slice(one: SliceLine) -> explorer.SliceRow:
    rows = np.flatnonzero(one.members)
    if one.verdict is None:
        return explorer.SliceRow(one.slice.name, rows)
    return explorer.SliceRow(
        name=one.slice.name,
        members=rows,
        score=one.verdict.score,
        value=_number(one.verdict.value),
        low=_number(one.verdict.low),
        high=_number(one.verdict.high),
        n=one.verdict.n,
        verdict=one.verdict.verdict,
    )


def _cells(index: Index) -> pd.DataFrame:
    if isinstance(index.data.features, pd.DataFrame):
        return index.data.features
    numbers = np.asarray(index.data.features)
    return pd.DataFrame(numbers.reshape(len(index), -1)[:, :50]).rename(columns=str)


def _column(index: Index, name: str) -> Any:
    try:
        return index.column(name)
    except DataError:
        return None


def _number(given: float | None) -> float:
    return float("nan") if given is None else given
