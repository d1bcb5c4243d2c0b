"""Labeled data as CSV, with every cell made inert that a spreadsheet would run."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from activeloop.data.formulas import guarded
from activeloop.exports.atomic import whole_file
from activeloop.exports.columns import columns, plain
from activeloop.exports.labeled import LabeledData


def to_csv(labeled: LabeledData, path: Path) -> None:
    """Write one row an item: RFC 4180, UTF-8, a header, missing cells empty, times as ISO 8601 in UTC.

    Texts, names of columns among them, that begin as a formula does get an apostrophe before them
    (`activeloop.data.formulas`); numbers do not. Several annotators stand in one cell, "; " between them.
    """
    table = columns(labeled).flat()
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # its line ends, CR LF, have both quoted within a cell
        writer.writerow([guarded(name) for name in table])
        for row in zip(*(list(values) for values in table.values()), strict=True):
            writer.writerow([_cell(one) for one in row])


def _cell(one: Any) -> Any:
    value = plain(one)
    return guarded(value) if isinstance(value, str) else value
