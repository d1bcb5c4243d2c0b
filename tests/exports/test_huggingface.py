"""The folder for Hugging Face, read by the real `datasets` where it is installed; its layout anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from activeloop.data import Dataset
from activeloop.errors import DataError
from activeloop.exports import LabeledData, export, labeled_data
from tests.exports.made import annotation, labeled, started

pytest.importorskip("pyarrow")
NAMES = ('a "quoted": name', "- [x]\n#", "\u202eيمين 😀", "no")


def made() -> LabeledData:
    data = Dataset(
        ["=1", "b\0", "c", "d"],
        ids=["w", "x", "y", "z"],
        classes=NAMES,
        metadata={"'": [1, 2, 3, 4], "a: b": ["x"] * 4},
        name="---\n<b>",
    )
    said = [annotation(0, "y", "ann", NAMES[1], stream="audit")]
    return labeled_data(data, [started(["w", "x"], [NAMES[2], NAMES[0]])], said)


def test_the_layout_is_the_one_that_the_library_reads(tmp_path: Path) -> None:
    from pyarrow import parquet

    folder = export(made(), "huggingface", tmp_path / "out")
    assert {str(one.relative_to(folder)) for one in folder.rglob("*.*") if one.suffix} == {
        "README.md",
        "data/train.parquet",
        "data/test.parquet",
    }
    table = parquet.read_table(folder / "data" / "train.parquet")
    assert table.column("label").to_pylist() == [2, 0]
    told = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    assert told["label"] == {"names": list(NAMES), "_type": "ClassLabel"}
    assert list(told) == table.column_names
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert card.count("\n---\n") == 1
    assert "<b>" not in card.split("\n---\n")[1]
    assert "\u202e" not in card


def test_the_library_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    folder = export(made(), "huggingface", tmp_path / "out")
    found = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in found.items()} == {"train": 2, "test": 1}
    assert found["train"].features["label"].names == list(NAMES)
    assert found["train"]["text"][:] == ["=1", "b\0"]
    assert found["train"]["a: b"][:] == ["x", "x"]
    assert found["test"][0]["last_at"].year == 2023
    alone = datasets.load_dataset(
        "parquet", data_files=str(folder / "data" / "train.parquet"), cache_dir=str(tmp_path / "cache")
    )
    assert alone["train"].features["label"].int2str(2) == NAMES[2]


def test_the_library_reads_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    from activeloop.data import load

    digits = load("digits")
    folder = export(labeled(digits, [3, *[None] * (len(digits) - 1)]), "huggingface", tmp_path / "out")
    found = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))["train"]
    assert found[0]["image"].size == (8, 8)
    assert found.features["label"].int2str(found[0]["label"]) == "3"


def test_nothing_is_written_before_anything_is_labeled(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing has been labeled yet"):
        export(labeled(Dataset(["a"], classes=NAMES), [None]), "huggingface", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_regression_has_numbers_as_labels(tmp_path: Path) -> None:
    from pyarrow import parquet

    data = Dataset([[1.0], [2.0]], task="regression")
    folder = export(labeled(data, [0.25, None]), "huggingface", tmp_path / "out")
    assert parquet.read_table(folder / "data" / "train.parquet").column("label").to_pylist() == [0.25]
