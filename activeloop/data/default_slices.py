"""Slices that are worth a look before anybody has said which: by class, and by what items are like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from activeloop.arrays import Array
from activeloop.data.columns import as_arrays
from activeloop.data.dataset import Dataset
from activeloop.data.views import are_pictures
from activeloop.errors import SliceError
from activeloop.metrics.image import brightness
from activeloop.metrics.kept import values_of
from activeloop.metrics.metric import Metric
from activeloop.metrics.text import text_words
from activeloop.slices import Slice, by_category, by_class, by_quantile

_COLUMNS = 6  # more columns make more slices than anybody reads
_CATEGORIES = 10
_ENOUGH = 10  # of fewer items no verdict is given


class Slicing(NamedTuple):
    """Frozen slices, and the metrics that they are cut by: columns for `activeloop.items.Items`."""

    slices: tuple[Slice, ...]
    metrics: Mapping[str, Metric]


def default_slices(data: Dataset) -> Slicing:
    """Give slices for a data set, frozen on all its items, for which no label is needed.

    | of      | slices                                                                                |
    |---------|---------------------------------------------------------------------------------------|
    | any     | each class, where there are at most 50                                                |
    | texts   | quarters by number of words                                                           |
    | images  | quarters by brightness; every image is decoded once for it                            |
    | columns | a slice a value, where there are 2 to 10 values with 10 items at least each; quarters |
    |         | of other numbers; of the first 6 such columns, metadata before features               |

    >>> [one.name for one in default_slices(Dataset(["a", "a b", "a b c"] * 9, classes=[0, 1])).slices]
    ['class 0', 'class 1', 'text_words < 2', 'text_words [2, 3)', 'text_words >= 3']
    """
    made: list[Slice] = list(by_class(data.classes)) if data.classes and len(data.classes) <= 50 else []
    metrics: dict[str, Metric] = {}
    own = text_words if data.kind == "texts" else brightness if are_pictures(data) else None
    if own is not None:
        values = values_of(data, own)
        found = by_quantile(own.name, values, 4) if np.isfinite(values).any() else ()
        if len(found) > 1:  # one alone would be all items once more
            metrics[own.name] = own
            made += found
    for cut in _columns(data):
        made += [one for one in cut if one.name not in {other.name for other in made}]
    return Slicing(tuple(made), metrics)


def _columns(data: Dataset) -> Iterator[tuple[Slice, ...]]:
    """Give the slices of each column that has some, of so many columns."""
    table = data.features if isinstance(data.features, pd.DataFrame) else pd.DataFrame()
    columns = {
        **as_arrays(data.metadata),
        **{n: v for n, v in as_arrays(table).items() if n not in data.metadata},
    }
    left = _COLUMNS
    for name, values in columns.items():
        if left and (found := _of_column(name, values)):
            left -= 1
            yield found


def _of_column(name: str, values: Array) -> tuple[Slice, ...]:
    known = values[~pd.isna(values)]
    try:
        counts = pd.Series(known).value_counts()
    except TypeError:  # values that are lists
        return ()
    try:
        if 2 <= len(counts) <= _CATEGORIES:
            return by_category(name, values) if counts.min() >= _ENOUGH else ()
        if values.dtype.kind in "iuf" and len(counts) > _CATEGORIES:
            return by_quantile(name, values, 4)
    except SliceError:  # what cannot be cut is not worth a look
        return ()
    return ()
