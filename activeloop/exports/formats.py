"""The formats of labeled data by name, each with the ending of its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from activeloop.errors import UnknownNameError, unknown
from activeloop.exports.coco import to_coco
from activeloop.exports.csv_file import to_csv
from activeloop.exports.huggingface import to_huggingface
from activeloop.exports.json_lines_file import to_json_lines
from activeloop.exports.label_studio import to_label_studio
from activeloop.exports.labeled import LabeledData
from activeloop.exports.parquet_file import to_parquet


class Format(NamedTuple):
    """What writes labeled data to a path, and what that path is called when nobody says."""

    write: Callable[[LabeledData, Path], None]
    name: str


FORMATS: dict[str, Format] = {
    "csv": Format(to_csv, "labels.csv"),
    "parquet": Format(to_parquet, "labels.parquet"),
    "jsonl": Format(to_json_lines, "labels.jsonl"),
    "huggingface": Format(to_huggingface, "huggingface"),
    "label-studio": Format(to_label_studio, "label_studio.json"),
    "coco": Format(to_coco, "coco.json"),
}


def export(labeled: LabeledData, to: str, path: str | Path) -> Path:
    """Write labeled data in a format, whole or not at all, and give the path.

    A file takes the place of one that is there; a folder that is there and is no export is refused.
    Raises UnknownNameError for another format, DataError where it does not fit the data, and
    MissingDependencyError where a package is needed.
    """
    if to not in FORMATS:
        raise UnknownNameError(unknown("format", to, FORMATS))
    FORMATS[to].write(labeled, Path(path))
    return Path(path)
