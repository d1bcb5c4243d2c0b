"""Labels that exist already: from every format, by id, each checked and none guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from activeloop.data import Dataset
from activeloop.data.existing import Existing, existing_labels, with_labels
from activeloop.data.formulas import guarded
from activeloop.errors import DataError

LABELS = {"t1": "good", "=t2": "bad"}


def told(items: Dataset, path: Path) -> list[Any]:
    """Give the labels of items after a file of labels has been read."""
    made = with_labels(items, existing_labels(path))
    assert made.labels is not None
    return list(made.labels)


def data(labels: Any = None) -> Dataset:
    return Dataset(["a", "b", "c"], labels, ids=["t1", "=t2", "t3"], classes=["good", "bad"])


def written(folder: Path, kind: str, rows: list[tuple[Any, Any]]) -> Path:
    frame, path = pd.DataFrame(rows, columns=["id", "label"]), folder / f"labels.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    elif kind == "parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    else:
        pytest.importorskip("openpyxl")
        frame.to_excel(path, index=False)
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "xlsx"])
def test_labels_are_found_by_id(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, kind, [*((guarded(id), label) for id, label in LABELS.items()), ("t3", None)])
    made = with_labels(data(), existing_labels(path))
    assert made.labels is not None
    assert made.labels.tolist() == ["good", "bad", None]
    assert made.classes == ("good", "bad")


def test_the_reason_names_the_row_and_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, "csv", [("t1", "good"), ("t33", "bad")])
    with pytest.raises(
        DataError, match=r"row 3 of 'labels.csv': unknown id 't33'; did you mean 't3'\? Allowed: t1"
    ):
        with_labels(data(), existing_labels(path))
    path = written(tmp_path, "jsonl", [("t1", "goood")])
    with pytest.raises(
        DataError, match=r"row 1 of 'labels.jsonl': unknown class 'goood'; did you mean 'good'\?"
    ):
        with_labels(data(), existing_labels(path))
    with pytest.raises(DataError, match="unknown column 'verdict'"):
        existing_labels(path, label="verdict")


def test_labels_that_differ_are_refused_and_those_that_agree_are_one() -> None:
    one, other = Existing("t1", "good", "row 2"), Existing("t1", "bad", "row 3")
    with pytest.raises(DataError, match="item 't1' is labeled 'bad' in row 3, and 'good' in row 2"):
        with_labels(data(), [one, other])
    with pytest.raises(DataError, match="item 't1' is labeled 'bad' in row 3, and 'good' in the data"):
        with_labels(data(["good", None, None]), [other])
    made = with_labels(data(["good", None, None]), [one, one, Existing("t3", "bad", "row 4")])
    assert made.labels is not None
    assert made.labels.tolist() == ["good", None, "bad"]


def test_numbers_are_found_however_a_file_has_them() -> None:
    numbers = Dataset([[1.0], [2.0]], ids=[1, 2], classes=[0, 1])
    for id, label in ((1, 0), ("1", "0"), (1.0, 0.0)):
        made = with_labels(numbers, [Existing(id, label, "row 2")])
        assert made.labels is not None
        assert made.labels.tolist() == [0, None]


def test_nothing_found_changes_nothing() -> None:
    assert with_labels(data(), []).fingerprint() == data().fingerprint()


def task(id: Any, *annotations: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"id": id, "text": "..."}, "annotations": list(annotations)}


def said(label: str | None, **more: Any) -> dict[str, Any]:
    choice = {"from_name": "label", "to_name": "item", "type": "choices", "value": {"choices": [label]}}
    return {"result": [] if label is None else [choice], "was_cancelled": label is None, **more}


def test_tasks_of_label_studio_are_read(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    tasks = [
        task("t1", said("bad"), said("good", ground_truth=True)),
        task("=t2", said(None), said("bad"), said("bad")),
        task("t3", said(None)),
    ]
    path.write_text(json.dumps(tasks))
    made = with_labels(data(), existing_labels(path))
    assert made.labels is not None
    assert made.labels.tolist() == ["good", "bad", None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ('{"a": 1}', "is no export of Label Studio"),
        (
            json.dumps([task("t1", said("good"), said("bad"))]),
            "task 1 .* has 2 labels, 'good' and 'bad'; mark one",
        ),
        (json.dumps([{"data": {}, "annotations": [said("good")]}]), "task 1 .* has no 'id' in its data"),
    ],
)
def test_broken_tasks_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        existing_labels(path)


def test_a_text_that_reads_like_a_number_is_the_text(tmp_path: Path) -> None:
    """0E0, 0 and 00 are one number and three names."""
    path, names = tmp_path / "labels.csv", ["0", "0E0", "00", "1e5", "100000"]
    items = Dataset(list("abcde"), ids=names, classes=names)
    for at, one in enumerate(names):
        for other in names:
            path.write_text(f"id,label\n{one},{other}\n")
            assert told(items, path) == [other if at == row else None for row in range(5)]


def test_a_number_is_found_however_a_file_of_text_spells_it(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    items = Dataset(["a", "b"], ids=[7, 8], classes=[0.5, 2.0])
    for cell, said in [("7", ".5"), ("7.0", "0.50"), ("7.00", "5E-1")]:
        path.write_text(f"id,label\n{cell},{said}\n")
        assert told(items, path) == [0.5, None], cell
    path.write_text("id,label\n07,2.0\n")
    with pytest.raises(DataError, match="unknown id '07'"):
        told(items, path)
    path.write_text("id,label\n7,1e-05\n")
    assert told(Dataset([[1.0], [2.0]], ids=[7, 8], task="regression"), path)[0] == 1e-05
