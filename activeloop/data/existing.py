"""Labels that exist already, in a file: found by id, checked, and made the labels to start with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from activeloop.data.dataset import Dataset
from activeloop.data.formulas import unguarded
from activeloop.data.frames import NUMBER, natural, read_frame
from activeloop.data.json_lines import as_text
from activeloop.errors import DataError, nearest, unknown


class Existing(NamedTuple):
    """One label that exists already, and where it stands in its file.

    `guarded`: the file is one of those in which texts may be guarded against spreadsheets. `spelled`: the
    label as a file of text has it, where "0E0" and "0" are two classes and one number.
    """

    id: Any
    label: Any
    where: str
    guarded: bool = False
    spelled: str | None = None


def existing_labels(path: str | Path, *, id: str = "id", label: str = "label") -> tuple[Existing, ...]:
    """Read labels by id: a .csv, .tsv, .parquet, .jsonl or .xlsx file, or the .json export of Label Studio.

    A row without a label is passed over. In JSON of Label Studio the id is `data[id]` of a task and the label
    its choice: that of the annotation marked as ground truth, else what all annotations that are not canceled
    agree on.

    Raises DataError for a column that is not there, a task without id, and people who disagree.
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        return tuple(_of_label_studio(path, id))
    frame = read_frame(path, spelled=[id, label])
    for one in (id, label):
        if one not in frame:
            raise DataError(f"{path.name!r}: {unknown('column', one, map(str, frame.columns))}")
    as_text = path.suffix.lower() in (".csv", ".tsv", ".gz")
    labels = natural(frame[label]) if as_text else frame[label]
    rows = zip(frame[id].tolist(), labels.tolist(), frame[label].tolist(), strict=True)
    first = 1 if path.suffix.lower() in (".jsonl", ".ndjson") else 2  # a header is line 1
    guarded = path.suffix.lower() not in (".jsonl", ".ndjson", ".parquet", ".pq")
    return tuple(
        Existing(one, said, f"row {number} of {path.name!r}", guarded, spelled if as_text else None)
        for number, (one, said, spelled) in enumerate(rows, start=first)
        if not pd.isna(said) and said != ""
    )


def with_labels(data: Dataset, found: Iterable[Existing]) -> Dataset:
    """Give the data with these labels known, besides those that it has.

    Ids and classes may be written as text where they are numbers, and guarded against spreadsheets
    (`activeloop.data.formulas`).

    >>> data = Dataset(["a text", "another"], ids=["t1", "t2"], classes=["good", "bad"])
    >>> with_labels(data, [Existing("t2", "bad", "row 2")]).labels.tolist()
    [None, 'bad']

    Raises DataError, naming the row, for an id or class that is unknown (with the nearest), and for labels of
    one item that differ.
    """
    known = list(data.labels) if data.labels is not None else [None] * len(data)
    rows = {one: at for at, one in enumerate(data.ids.tolist())}
    ids, classes = _spelled(rows), _spelled(data.classes or ())
    told: dict[int, Existing] = {}
    for one in found:
        row = rows[_among(ids, one.id, "id", one)]
        said = one.label if one.spelled is None else one.spelled
        value = _among(classes, said, "class", one) if classes else one.label
        before = told.setdefault(row, one._replace(label=value)).label
        if before != value:
            raise DataError(
                f"item {one.id!r} is labeled {value!r} in {one.where}, and {before!r} in {told[row].where}"
            )
        if data.known[row] and known[row] != value:
            raise DataError(
                f"item {one.id!r} is labeled {value!r} in {one.where}, and {known[row]!r} in the data"
            )
        known[row] = value
    return Dataset(
        data.features,
        known if told else data.labels,
        ids=data.ids,
        items=data.items,
        metadata=data.metadata,
        classes=data.classes,
        task=data.task,
        name=data.name,
        skipped=data.skipped,
    )


def _spelled(names: Iterable[Any]) -> dict[str, Any]:
    return {str(one): one for one in names}


def _among(spelled: dict[str, Any], given: Any, what: str, one: Existing) -> Any:
    """Find an id or class as the text that it was written as: what may be guarded, unguarded first."""
    plain = given.item() if hasattr(given, "item") else given
    texts = [str(plain), as_text(str(plain)), *_numbers(plain)]
    bare = [unguarded(str(plain))]
    found = next((text for text in (bare + texts if one.guarded else texts + bare) if text in spelled), None)
    if found is not None:
        return spelled[found]
    names = list(spelled)
    shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    close = nearest(str(plain), names)
    hint = f"; did you mean {close!r}?" if close else "."
    raise DataError(f"{one.where}: unknown {what} {plain!r}{hint} Allowed: {shown}")


def _numbers(given: Any) -> Iterator[str]:
    """Give how a number may be written besides: 7.0, or "7.0" in a file of text, for the whole number 7."""
    if isinstance(given, str) and re.fullmatch(NUMBER, given) and not re.match(r"-?0\d", given):
        yield str(float(given))
    if isinstance(given, float) or (isinstance(given, str) and re.fullmatch(r"-?\d+\.0+", given)):
        yield f"{float(given):.0f}" if float(given).is_integer() else str(given)


def _of_label_studio(path: Path, id: str) -> Iterator[Existing]:
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path.name!r} is no JSON: {error}") from error
    if not isinstance(tasks, list) or not all(isinstance(one, dict) for one in tasks):
        raise DataError(f"{path.name!r} is no export of Label Studio: allowed is a list of tasks")
    for number, task in enumerate(tasks, start=1):
        where = f"task {number} of {path.name!r}"
        found = _choice(task, where)
        if found is None:
            continue
        data = task.get("data")
        if not isinstance(data, dict) or id not in data:
            raise DataError(f"{where} has no {id!r} in its data, so its item is not known")
        yield Existing(data[id], found, where)


def _choice(task: dict[str, Any], where: str) -> Any:
    """Give the label of a task; None where nobody gave one."""
    annotations = [one for one in task.get("annotations") or () if not one.get("was_cancelled")]
    truths = [one for one in annotations if one.get("ground_truth")] or annotations
    said = list(dict.fromkeys(one for annotation in truths for one in _choices(annotation)))
    if len(said) > 1:
        raise DataError(
            f"{where} has {len(said)} labels, {said[0]!r} and {said[1]!r}; mark one as ground truth"
        )
    return said[0] if said else None


def _choices(annotation: dict[str, Any]) -> list[str]:
    results = annotation.get("result") or ()
    return [str(one) for result in results for one in (result.get("value") or {}).get("choices") or ()]
