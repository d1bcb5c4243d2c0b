"""The labels of a dataset: which are known, what they may be, and whether they are classes or amounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from activeloop.arrays import Array, BoolArray
from activeloop.errors import DataError

Task: TypeAlias = Literal["classification", "regression"]

_MANY = 50  # more distinct numbers than this, and than a fifth of the labels: an amount, not a class


class Labels(NamedTuple):
    """Labels as a dataset keeps them; an unknown one is None (classes) or NaN (amounts)."""

    values: Array | None
    known: BoolArray
    classes: tuple[Any, ...] | None
    task: Task


def as_labels(given: Any, ids: Array, classes: Sequence[Any] | None, task: Task | None) -> Labels:
    """Check one label per item.

    Classes are int64, booleans or strings; whole numbers in floats become integers. Without declared classes
    they are the sorted known labels. Without a task, labels are amounts (regression) when a number among them
    is not whole, or when more than 50 numbers, and more than a fifth of the labels, are distinct.

    Raises DataError for a wrong count or shape, labels of mixed types, and a label outside the declared
    classes, named with its id.
    """
    if task not in (None, "classification", "regression"):
        raise DataError(f"task {task!r}; allowed: classification, regression")
    declared = None if classes is None else _declared(classes)
    values, known = _read(given, len(ids))
    found = _natural(values[known], ids[known])
    task = task or ("classification" if declared is not None else _guess(found))
    if task == "regression":
        return _amounts(given, found, known, declared)
    if found.dtype.kind == "f" and bool((found == np.floor(found)).all()):
        found = found.astype(np.int64)
    distinct = tuple(np.unique(found).tolist())
    if declared is not None:
        _refuse_others(distinct, declared, found, ids[known])
    kept = None if given is None else _with_gaps(found, known, None)
    return Labels(kept, known, distinct if declared is None else declared, "classification")


def _read(given: Any, n: int) -> tuple[Array, BoolArray]:
    if given is None:
        return np.empty(n, dtype=object), np.zeros(n, dtype=bool)
    if isinstance(given, pd.Series | pd.Index | pd.Categorical):
        given = given.astype(object)
    values = np.asarray(given) if hasattr(given, "__array__") else np.fromiter(given, dtype=object)
    if values.ndim != 1:
        raise DataError(f"labels have the shape {values.shape}; give one label per item, as a flat sequence")
    if len(values) != n:
        raise DataError(f"{len(values)} labels for {n} items; give one per item, None where it is unknown")
    return values, ~np.asarray(pd.isna(values), dtype=bool)


def _natural(found: Array, ids: Array) -> Array:
    """Give known labels the type that all of them share."""
    kind = pd.api.types.infer_dtype(found, skipna=False)
    if kind == "string":
        return found.astype(str)
    if kind == "boolean":
        return found.astype(bool)
    if kind in ("integer", "empty"):
        return found.astype(np.int64)
    if kind in ("floating", "mixed-integer-float"):
        numbers = found.astype(np.float64)
        if not np.isfinite(numbers).all():
            raise DataError(f"the label of item {ids[~np.isfinite(numbers)].tolist()[0]!r} is infinite")
        return numbers
    usual = type(found[0])
    odd = next((at for at, one in enumerate(found) if type(one) is not usual), 0)
    raise DataError(
        f"the label {found[odd]!r} of item {ids[odd].item()!r} is a {type(found[odd]).__name__}"
        f"{f' while others are {usual.__name__}' if odd else ''}; "
        "labels are all integers, all strings, all booleans, or all numbers"
    )


def _guess(found: Array) -> Task:
    if found.dtype.kind not in "if":
        return "classification"
    if found.dtype.kind == "f" and bool((found != np.floor(found)).any()):
        return "regression"
    return "regression" if len(np.unique(found)) > max(_MANY, len(found) / 5) else "classification"


def _amounts(given: Any, found: Array, known: BoolArray, declared: tuple[Any, ...] | None) -> Labels:
    if declared is not None:
        raise DataError("a regression has no classes; leave classes= away, or say task='classification'")
    if found.dtype.kind not in "if":
        raise DataError(f"a regression needs numbers as labels, not {found[0].item()!r}")
    kept = None if given is None else _with_gaps(found.astype(np.float64), known, np.nan)
    return Labels(kept, known, None, "regression")


def _with_gaps(found: Array, known: BoolArray, gap: object) -> Array:
    if known.all():
        kept = found.copy()
    else:
        kept = np.full(len(known), gap, dtype=object if gap is None else np.float64)
        kept[known] = found.tolist()
    kept.flags.writeable = False
    return kept


def _declared(classes: Sequence[Any]) -> tuple[Any, ...]:
    if isinstance(classes, str):
        raise DataError(f"classes are the string {classes!r}; give a list of classes")
    plain = tuple(one.item() if isinstance(one, np.generic) else one for one in classes)
    for at, one in enumerate(plain):
        if not isinstance(one, str | int | float) or one != one:
            raise DataError(f"class {one!r} is not a number, a string or a boolean")
        if isinstance(one, str) and "\0" in one:
            raise DataError(f"class {one!r} holds a NUL, which arrays of text cut off; name it without")
        if one in plain[:at]:
            raise DataError(f"class {one!r} is declared twice")
    if not plain:
        raise DataError("no class is declared; leave classes= away, or name them all")
    return plain


def _refuse_others(distinct: tuple[Any, ...], declared: tuple[Any, ...], found: Array, ids: Array) -> None:
    foreign = [one for one in distinct if one not in declared]
    if foreign:
        at = int(np.isin(found, foreign).argmax())
        raise DataError(
            f"the label {found[at].item()!r} of item {ids[at].item()!r} is outside the declared classes; "
            f"allowed: {', '.join(map(repr, declared))}"
        )
