"""Labeled data as JSON Lines: an object an item, with what each person said inside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from activeloop.exports.atomic import whole_file
from activeloop.exports.columns import Columns, columns, plain, spelled
from activeloop.exports.labeled import LabeledData, LabeledRow, iso


def to_json_lines(labeled: LabeledData, path: Path) -> None:
    """Write `{"id", "item": {...}, "label", "outcome", ..., "annotations": [...]}` a line, as UTF-8.

    The columns of the item stand by themselves, so no name is taken; `annotators` is a list.
    """
    table = columns(labeled)
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="\n") as file:
        for at, row in enumerate(labeled.rows):
            file.write(json.dumps(_line(row, table, at), ensure_ascii=False, allow_nan=False) + "\n")


def _line(row: LabeledRow, table: Columns, at: int) -> dict[str, Any]:
    said = {name: plain(values[at]) for name, values in table.said.items()}
    item = {name: plain(values[at]) for name, values in table.item.items()}
    return {
        "id": said["id"],
        "item": item,
        **said,
        "annotators": [spelled(one) for one in row.annotators],
        "annotations": said_by_each(row),
    }


def said_by_each(row: LabeledRow) -> list[dict[str, Any]]:
    """Give what each person said, as plain JSON."""
    return [
        {
            "annotator": spelled(one.annotator),
            "outcome": one.outcome,
            "label": plain(one.value),
            "seconds": one.seconds,
            "at": iso(one.at),
            "round": one.round,
            "position": one.position,
            "reveal": one.reveal,
            "guidelines": spelled(one.guidelines),
            "note": spelled(one.note),
            "flagged": one.flagged,
            "late": one.late,
        }
        for one in row.annotations
    ]
