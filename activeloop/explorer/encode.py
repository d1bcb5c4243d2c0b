"""An exploration as the one JSON value that the page reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from activeloop.explorer.columns import Coded, bits, number, numbers, plain, vocabulary, words
from activeloop.explorer.exploration import Exploration, Finding, MetricColumn, SliceRow


def encode(exploration: Exploration) -> Coded:
    """Give all parts but the pictures; absent parts are None.

    >>> two = Exploration("two", np.array([7, 8]), "text", texts=["one", "two"])
    >>> encode(two)["ids"], encode(two)["texts"], encode(two)["drift"]
    (['7', '8'], ['one', 'two'], None)
    """
    labels, predicted = _paired(exploration.labels, exploration.predicted)
    return {
        "name": exploration.name,
        "modality": exploration.modality,
        "pictures": exploration.pictures is not None,
        "ids": list(exploration.places),
        "rank": numbers(_rank(exploration.ids)),
        "texts": None if exploration.texts is None else [str(one) for one in exploration.texts],
        "cells": None if exploration.cells is None else _cells(exploration.cells),
        "labels": labels,
        "predicted": predicted,
        "tags": None if exploration.tags is None else _tags(exploration.tags),
        "metrics": [_metric(one) for one in exploration.metrics],
        "slices": _rows(exploration.slices, lambda row: _slice(row, len(exploration))),
        "outliers": _findings(exploration, exploration.outliers),
        "duplicates": _findings(exploration, exploration.duplicates),
        "label_errors": _findings(exploration, exploration.label_errors),
        "performance": _rows(exploration.performance),
        "importance": _rows(exploration.importance),
        "drift": _rows(exploration.drift),
        "cases": _rows(exploration.cases),
    }


def _rank(ids: Any) -> Any:
    """Give each id its place among the sorted ids: the order that ties are broken by."""
    rank = np.empty(len(ids), dtype=np.int64)
    rank[np.argsort(ids, kind="stable")] = np.arange(len(ids))
    return rank


def _paired(labels: Any, predicted: Any) -> tuple[Coded | None, Coded | None]:
    """Code labels and predictions by one list of words, so that equal values have equal codes."""
    given = [None if part is None else [plain(one) for one in part] for part in (labels, predicted)]
    known = vocabulary(one for part in given if part is not None for one in part)
    coded = [None if part is None else words(part, known) for part in given]
    return coded[0], coded[1]


def _tags(tags: Any) -> list[Coded]:
    members: dict[str, list[int]] = {}
    for at, own in enumerate(tags):
        for tag in own:
            members.setdefault(str(tag), []).append(at)
    return [{"name": tag, "members": bits(np.array(members[tag]), len(tags))} for tag in sorted(members)]


def _cells(cells: pd.DataFrame) -> list[Coded]:
    columns = [(str(name), cells.iloc[:, at]) for at, name in enumerate(cells.columns)]
    return [
        {"name": name, "numbers": numbers(column.to_numpy(dtype=np.float64, na_value=np.nan))}
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        else {"name": name, **words(column.astype(object).where(column.notna(), None))}
        for name, column in columns
    ]


def _metric(metric: MetricColumn) -> Coded:
    values = np.array(metric.values, dtype=np.float64)
    missing = np.flatnonzero(~np.isfinite(values))
    told = {int(at): metric.reasons.get(int(at)) or _untold(values[at]) for at in missing}
    values[missing] = np.nan
    return {
        "name": metric.name,
        "kind": metric.kind,
        "direction": metric.direction,
        "unit": metric.unit,
        "description": metric.description,
        "values": numbers(values),
        "reasons": {"at": numbers(missing), **words(told[int(at)] for at in missing)},
    }


def _untold(value: float) -> str:
    return "not_applicable" if np.isnan(value) else f"failed: gave {value}"


def _slice(row: SliceRow, n: int) -> Coded:
    return {**_plain_row(row), "members": bits(row.members, n), "count": len(np.unique(row.members))}


def _findings(exploration: Exploration, findings: tuple[Finding, ...] | None) -> list[Coded] | None:
    def row(finding: Finding) -> Coded:
        places = exploration.places
        related = [places[str(one)] for one in finding.related]
        return {**_plain_row(finding), "id": places[str(finding.id)], "related": related}

    return _rows(findings, row)


def _rows(rows: Iterable[Any] | None, coded: Any = None) -> list[Coded] | None:
    return None if rows is None else [(coded or _plain_row)(row) for row in rows]


def _plain_row(row: Any) -> Coded:
    """Give a named tuple by its names, with None for numbers that are not finite."""
    return {
        name: number(float(value)) if isinstance(value, (int, float, np.floating, np.integer)) else value
        for name, value in row._asdict().items()
        if not isinstance(value, (np.ndarray, tuple))
    }
