"""Labeled images: COCO with a box around each, Hugging Face with their bytes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from activeloop.data import Dataset, load
from activeloop.data.to_label import ToLabel
from activeloop.errors import DataError, UnknownNameError
from activeloop.exports import LabeledData, export
from tests.exports.made import CLASSES, labeled


@pytest.fixture
def photos(tmp_path: Path) -> LabeledData:
    folder = tmp_path / "photos"
    folder.mkdir()
    for at in range(3):
        Image.new("RGB", (20 + at, 10), (40 * at, 0, 0)).save(folder / f"{at}.png")
    return labeled(
        ToLabel(str(folder), classes=CLASSES).read().data, ["bad", None, "good"], annotators=("ann",)
    )


def test_coco_holds_the_category_of_each_image(photos: LabeledData, tmp_path: Path) -> None:
    told = json.loads(export(photos.only("all"), "coco", tmp_path / "coco.json").read_text())
    assert [(one["id"], one["file_name"], one["width"], one["height"]) for one in told["images"]] == [
        (1, "0.png", 20, 10),
        (2, "1.png", 21, 10),
        (3, "2.png", 22, 10),
    ]
    assert [(one["id"], one["name"]) for one in told["categories"]] == [(1, "good"), (2, "bad")]
    first, second = told["annotations"]
    assert (first["image_id"], first["category_id"], first["bbox"], first["area"]) == (
        1,
        2,
        [0, 0, 20, 10],
        200,
    )
    assert (second["id"], second["image_id"], second["category_id"]) == (2, 3, 1)
    assert first["attributes"]["annotators"] == ["ann"]


def test_coco_is_refused_for_what_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match="COCO holds images and their categories, and 'data' has items of kind 'text'"
    ):
        export(labeled(Dataset(["a"], classes=CLASSES), ["good"]), "coco", tmp_path / "a")
    with pytest.raises(UnknownNameError, match="unknown format 'cocoa'; did you mean 'coco'"):
        export(labeled(Dataset(["a"], classes=CLASSES), ["good"]), "cocoa", tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_the_bytes_of_images_are_those_of_their_files(photos: LabeledData, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = export(photos, "huggingface", tmp_path / "out")
    rows = parquet.read_table(folder / "data" / "train.parquet").to_pylist()
    assert [one["image"]["path"] for one in rows] == ["0.png", "2.png"]
    assert rows[1]["image"]["bytes"] == (tmp_path / "photos" / "2.png").read_bytes()
    (tmp_path / "photos" / "2.png").unlink()
    with pytest.raises(DataError, match=r"image '2.png' cannot be read"):
        export(photos, "huggingface", tmp_path / "out")
    assert parquet.read_table(folder / "data" / "train.parquet").num_rows == 2


def test_images_that_are_arrays_become_png(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    digits = load("digits")
    folder = export(labeled(digits, [3, *[None] * (len(digits) - 1)]), "huggingface", tmp_path / "out")
    (row,) = parquet.read_table(folder / "data" / "train.parquet").to_pylist()
    (tmp_path / "one.png").write_bytes(row["image"]["bytes"])
    with Image.open(tmp_path / "one.png") as image:
        assert np.asarray(image).shape == (8, 8, 3)
    assert row["label"] == 3
