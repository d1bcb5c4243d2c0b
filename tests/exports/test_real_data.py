"""Public data of three kinds, read as if nobody had labeled them, labeled, exported and read again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from activeloop.data.default_slices import default_slices
from activeloop.data.existing import existing_labels, with_labels
from activeloop.data.to_label import ToLabel, Unlabeled
from activeloop.exports import export
from tests.exports.made import labeled

FOLDER = Path(os.environ.get("ACTIVELOOP_DATA", "no such folder"))
BANKING, ADULT, SIGNS = (
    FOLDER / "banking77" / "train.csv",
    FOLDER / "pmlb" / "adult.tsv.gz",
    FOLDER / "sign_digits",
)

pytestmark = pytest.mark.skipif(
    not BANKING.is_file(), reason="the public data are not here; set ACTIVELOOP_DATA"
)


@pytest.fixture(scope="module")
def banking() -> Unlabeled:
    return ToLabel(str(BANKING), text="text", label="category").read()


def test_texts_keep_their_ids_and_labels(banking: Unlabeled, tmp_path: Path) -> None:
    data = banking.data
    assert (len(data), len(data.classes or ()), len(banking.initial)) == (10_003, 77, 10_003)
    assert data.labels is not None
    path = export(labeled(data, data.labels.tolist()), "csv", tmp_path / "labels.csv")
    empty = ToLabel(str(BANKING), text="text", classes=data.classes, metadata=()).read()
    assert empty.data.ids.tolist() == data.ids.tolist()
    made = with_labels(empty.data, existing_labels(path))
    assert made.labels is not None
    assert made.labels.tolist() == data.labels.tolist()


def test_slices_of_texts_are_quarters(banking: Unlabeled) -> None:
    names = [one.name for one in default_slices(banking.data).slices]
    assert sum(name.startswith("text_words") for name in names) == 4


def test_rows_keep_their_ids_and_columns(tmp_path: Path) -> None:
    read = ToLabel(str(ADULT), label="target").read()
    assert read.modality == "table"
    assert read.data.ids.tolist() == ToLabel(str(ADULT), label="target").read().data.ids.tolist()
    some = [1, *[None] * (len(read.data) - 1)]
    line = export(labeled(read.data, some), "jsonl", tmp_path / "a").read_text()
    assert list(json.loads(line)["item"]) == list(read.data.features.columns)


def test_images_are_learned_from_their_colors(tmp_path: Path) -> None:
    from activeloop.data import default_model

    read = ToLabel(str(SIGNS), label="folder").read()
    data = read.data
    assert data.labels is not None
    some = np.random.default_rng(0).permutation(len(data))
    model = default_model(data).fit(data.rows(some[:400]), data.labels[some[:400]].astype(str))
    assert model.score(data.rows(some[400:]), data.labels[some[400:]].astype(str)) > 0.65
    told = json.loads(export(labeled(data, data.labels.tolist()), "coco", tmp_path / "a").read_text())
    assert len(told["annotations"]) == len(data)
