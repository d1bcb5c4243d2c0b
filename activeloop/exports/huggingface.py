"""Labeled data as a folder that `datasets.load_dataset` reads: Parquet by split, and a card."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from activeloop.arrays import IntArray
from activeloop.data.views import images_of
from activeloop.errors import DataError
from activeloop.exports.atomic import whole_folder
from activeloop.exports.columns import spelled
from activeloop.exports.labeled import LabeledData
from activeloop.exports.markdown import inline, quoted, table
from activeloop.exports.parquet_file import arrow_table
from activeloop.exports.summary import summary

_ROWS = 1000  # of images at a time in memory
_NAMES = {"double": "float64", "float": "float32", "halffloat": "float16", "large_string": "string"}
Feature = dict[str, Any]


def to_huggingface(labeled: LabeledData, path: Path) -> None:
    """Write `data/train.parquet`, `data/test.parquet` and `README.md`; `load_dataset(folder)` reads them.

    The split "train" is what was chosen, or labeled before; "test" is the audit stream: a random sample that
    no model has learned, where there is one. Labels are a `ClassLabel` (their places in the declared
    classes), or numbers of a regression. Images are in it, with the bytes of their files.

    Raises MissingDependencyError without pyarrow, DataError where there is no row, or an image is gone.
    """
    streams = np.array([one.stream for one in labeled.rows])
    parts = {"train": np.flatnonzero(streams != "audit"), "test": np.flatnonzero(streams == "audit")}
    parts = {split: rows for split, rows in parts.items() if len(rows)}
    if not parts:
        raise DataError("nothing has been labeled yet: there is no row to export")
    whole = _coded(labeled, arrow_table(labeled))
    features = {field.name: _feature(labeled, field.name, str(field.type)) for field in whole.schema}
    told = json.dumps({"info": {"features": features}}).encode()
    with whole_folder(path) as folder:
        (folder / "data").mkdir()
        for split, rows in parts.items():
            _write(_groups(labeled, whole, rows), folder / "data" / f"{split}.parquet", told)
        (folder / "README.md").write_text(_card(labeled, parts, features), encoding="utf-8")


def _coded(labeled: LabeledData, table: Any) -> Any:
    """Give the table with labels as places in the declared classes, which is what a ClassLabel is."""
    import pyarrow as pa

    classes = labeled.data.classes
    if classes is None:
        return table
    place = {one: at for at, one in enumerate(classes)}
    codes = [None if one.label is None else place[one.label] for one in labeled.rows]
    return table.set_column(table.schema.get_field_index("label"), "label", pa.array(codes, pa.int64()))


def _groups(labeled: LabeledData, whole: Any, rows: IntArray) -> Iterator[Any]:
    """Give rows in groups, so that the images of one group only are in memory."""
    import pyarrow as pa

    if labeled.modality != "image":
        yield whole.take(rows)
        return
    at = whole.schema.get_field_index("image")
    kind = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    for start in range(0, len(rows), _ROWS):
        some = rows[start : start + _ROWS]
        names = [spelled(labeled.rows[row].id) for row in some]
        seen = [
            {"bytes": _bytes(labeled, int(row)), "path": name} for row, name in zip(some, names, strict=True)
        ]
        yield whole.take(some).set_column(at, "image", pa.array(seen, kind))


def _bytes(labeled: LabeledData, row: int) -> bytes:
    """Give an image as its file has it, or as PNG where it is an array."""
    position = labeled.rows[row].position
    item = labeled.data.item(position)
    if isinstance(item, str | Path):
        try:
            return Path(item).read_bytes()
        except OSError as error:
            raise DataError(f"image {labeled.rows[row].id!r} cannot be read: {error.strerror}") from error
    images, file = images_of(labeled.data), BytesIO()
    assert images is not None
    Image.fromarray(np.asarray(images.pixels(position))).save(file, "PNG")
    return file.getvalue()


def _write(groups: Iterator[Any], path: Path, told: bytes) -> None:
    from pyarrow import parquet

    writer = None
    try:
        for group in groups:
            described = group.replace_schema_metadata({b"huggingface": told})
            writer = writer or parquet.ParquetWriter(path, described.schema)
            writer.write_table(described)
    finally:
        if writer is not None:
            writer.close()


def _feature(labeled: LabeledData, name: str, kind: str) -> Feature:
    if name == "image" and labeled.modality == "image":
        return {"_type": "Image"}
    if name == "label" and labeled.data.classes is not None:
        return {"names": [spelled(one) for one in labeled.data.classes], "_type": "ClassLabel"}
    return {"dtype": _NAMES.get(kind, kind), "_type": "Value"}


def _card(labeled: LabeledData, parts: Mapping[str, IntArray], features: Mapping[str, Feature]) -> str:
    found = summary(labeled)
    files = [f"  - split: {split}\n    path: data/{split}.parquet" for split in parts]
    sizes = [f"  - name: {split}\n    num_examples: {len(rows)}" for split, rows in parts.items()]
    return "\n".join(
        [
            "---",
            f"pretty_name: {quoted(found.name)}",
            "tags:\n- activeloop\n- active-learning",
            "configs:\n- config_name: default\n  data_files:",
            *files,
            "dataset_info:\n  features:",
            *(_yaml(name, one) for name, one in features.items()),
            "  splits:",
            *sizes,
            "---",
            f"# {inline(found.name)}\n",
            *(f"- {one}" for one in found.sentences()),
            f"- Fingerprint of ids, features and labels as they were read: `{found.fingerprint}`",
            "\nThe split `train` is no random sample: a strategy chose it. The split `test`, where there is "
            "one, is the audit stream, drawn by chance from all items.\n",
            table(["class", "labels"], found.classes),
            "",
            table(["outcome", "items"], found.outcomes),
            "",
        ]
    )


def _yaml(name: str, feature: Feature) -> str:
    kinds = {"Image": "    dtype: image", "Value": f"    dtype: {feature.get('dtype')}"}
    if feature["_type"] != "ClassLabel":
        return f"  - name: {quoted(name)}\n{kinds[feature['_type']]}"
    names = "\n".join(f"          '{at}': {quoted(one)}" for at, one in enumerate(feature["names"]))
    return f"  - name: {quoted(name)}\n    dtype:\n      class_label:\n        names:\n{names}"
