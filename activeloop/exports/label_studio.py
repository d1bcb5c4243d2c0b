"""Labeled data as tasks of Label Studio, which it imports, and which `existing_labels` reads back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from activeloop.exports.atomic import whole_file
from activeloop.exports.columns import columns, plain, spelled
from activeloop.exports.json_lines_file import said_by_each
from activeloop.exports.labeled import LabeledData, LabeledRow

CONTROL, SHOWN = "label", "item"


def to_label_studio(labeled: LabeledData, path: Path) -> None:
    """Write a list of tasks: the item in `data` (its id as `data.id`), what was said in `annotations`.

    The project needs `<Choices name="label" toName="item">` with the classes. What each person said is an
    annotation, canceled where it is no label; the one that agrees with the label, or one more, is the ground
    truth. People are named in `meta`: Label Studio refuses `completed_by` of whom it does not know. An image
    is named by its path within its folder, which the project has to serve.
    """
    table = columns(labeled)
    tasks = []
    for at, row in enumerate(labeled.rows):
        item = {name if name != "id" else "item_id": plain(values[at]) for name, values in table.item.items()}
        said = {name: plain(values[at]) for name, values in table.said.items()}
        meta = {"activeloop": said | {"annotations": said_by_each(row)}}
        tasks.append({"data": item | {"id": said["id"]}, "annotations": _annotations(row), "meta": meta})
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(tasks, file, ensure_ascii=False, allow_nan=False)


def _annotations(row: LabeledRow) -> list[dict[str, Any]]:
    said = [(one.value if one.outcome == "label" else None, one.seconds) for one in row.annotations]
    if row.outcome == "label" and row.label not in [value for value, _ in said]:
        said.append((row.label, row.seconds if not said else 0.0))
    truth = next((at for at, (value, _) in enumerate(said) if value is not None and value == row.label), None)
    return [_annotation(value, seconds, at == truth) for at, (value, seconds) in enumerate(said)]


def _annotation(value: Any, seconds: float, truth: bool) -> dict[str, Any]:
    choice = {
        "from_name": CONTROL,
        "to_name": SHOWN,
        "type": "choices",
        "value": {"choices": [spelled(value)]},
    }
    return {
        "result": [choice] if value is not None else [],
        "was_cancelled": value is None,
        "ground_truth": truth,
        "lead_time": seconds,
    }
