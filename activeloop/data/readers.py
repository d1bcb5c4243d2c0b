"""A table becomes a dataset: each column gets a role."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from activeloop.data.dataset import Dataset
from activeloop.data.frames import read_frame
from activeloop.data.labels import Task
from activeloop.errors import DataError, unknown


def read_file(
    path: str | os.PathLike[str],
    *,
    label: str | None = None,
    text: str | None = None,
    id: str | None = None,
    time: str | None = None,
    metadata: Sequence[str] = (),
    classes: Sequence[Any] | None = None,
    task: Task | None = None,
    name: str | None = None,
) -> Dataset:
    """Read a .csv, .tsv (either may end in .gz), .parquet, .jsonl or .xlsx file, with roles as in `table`.

    In text files the cells of `text`, `id` and `label` are taken as they are written ("NA" is a word there,
    "007" stays a string); an empty label is unknown.

    Raises what `activeloop.data.frames.read_frame` raises for a file that cannot be read, and DataError as
    `table`.
    """
    path = Path(path)
    frame = read_frame(path, as_written=[one for one in (text, id, label) if one])
    return table(
        frame,
        label=label,
        text=text,
        id=id,
        time=time,
        metadata=metadata,
        classes=classes,
        task=task,
        name=name or path.name.split(".")[0],
    )


def table(
    frame: pd.DataFrame,
    *,
    label: str | None = None,
    text: str | None = None,
    id: str | None = None,
    time: str | None = None,
    metadata: Sequence[str] = (),
    classes: Sequence[Any] | None = None,
    task: Task | None = None,
    name: str = "table",
    ids: Sequence[Any] | None = None,
) -> Dataset:
    """Make a dataset of a table: one column each for label, text, id and time, all as far as there are any.

    With `text` the texts are the features, and all other columns metadata. Without it the features are all
    columns that have no other role: numbers, categories and texts mixed. `ids` are ids that are no column
    of the table. `time` is read as ISO dates (2024-12-31, also with a clock time; numbers stay numbers). It
    is metadata, for `split(by=...)`, as are the columns that `metadata` names.

    >>> frame = pd.DataFrame({"review": ["good", "bad"], "stars": [5, 1], "city": ["Oslo", "Rome"]})
    >>> data = table(frame, text="review", label="stars")
    >>> data.kind, data.classes, data.columns
    ('texts', (1, 5), ('id', 'item', 'features', 'label', 'city'))

    Raises DataError for a column that is not there or has two roles, and when no column is left as a feature.
    """
    _check_roles(frame, [label, text, id, time, *metadata])
    taken = {one for one in (label, text, id) if one}
    if text is None:
        described = [*([time] if time else []), *metadata]
        features: Any = frame[[one for one in frame.columns if one not in taken and one not in described]]
        if features.shape[1] == 0:
            raise DataError(f"no column is left as a feature; columns: {', '.join(map(str, frame.columns))}")
        features = features.reset_index(drop=True) if id or ids is not None else features
    else:
        described = [one for one in frame.columns if one not in taken]
        features = texts(frame[text])
    columns = {one: _as_dates(frame[one]) if one == time else frame[one] for one in described}
    return Dataset(
        features,
        None if label is None else frame[label].to_numpy(dtype=object),
        ids=ids if id is None else frame[id],
        metadata={one: column.reset_index(drop=True) for one, column in columns.items()},
        classes=classes,
        task=task,
        name=name,
    )


def texts(column: pd.Series[Any]) -> list[str]:
    """Give a column as texts; a missing one is empty."""
    return column.astype(object).where(column.notna(), "").astype(str).tolist()


def _check_roles(frame: pd.DataFrame, roles: list[str | None]) -> None:
    named = [one for one in roles if one is not None]
    for at, one in enumerate(named):
        if one not in frame.columns:
            raise DataError(unknown("column", one, map(str, frame.columns)))
        if one in named[:at]:
            raise DataError(f"column {one!r} is given two roles; one column has one role")


def _as_dates(column: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_numeric_dtype(column):
        return column
    try:
        return pd.to_datetime(column, format="ISO8601")
    except (ValueError, TypeError) as error:
        raise DataError(
            f"time column {column.name!r} holds what is no date as 2024-12-31: {error}"
        ) from error
