"""Whatever people write: it leaves whole, comes back as it was, and runs nowhere."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from activeloop.data import Dataset
from activeloop.data.existing import existing_labels, with_labels
from activeloop.data.formulas import guarded, unguarded
from activeloop.data.json_lines import as_text
from activeloop.exports import export, labeled_data
from tests.exports.made import CLASSES, annotation, labeled, started

WORD = st.text(min_size=1, max_size=8).map(as_text)
HOSTILE = st.sampled_from(
    ["=1+1", "+1", "-5", "@x", "\tx", "\rx", "'=x", "''=x", "＝1", "a\0b", "\u202eb", "NA", "01"]
)
TEXT = st.one_of(WORD, HOSTILE)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@given(st.text())
def test_the_guard_comes_off_again_and_leaves_no_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(DANGEROUS)


@given(
    st.lists(TEXT, min_size=1, max_size=5, unique=True),
    st.lists(TEXT.filter(lambda one: "\0" not in one), min_size=2, max_size=4, unique=True),
    st.data(),
)
@settings(max_examples=30)
@pytest.mark.parametrize("to", ["csv", "parquet", "jsonl", "label-studio"])
def test_ids_and_labels_come_back(to: str, ids: list[str], classes: list[str], data: st.DataObject) -> None:
    if to == "parquet":
        pytest.importorskip("pyarrow")
    if to == "csv":  # pandas before 3 ends a cell of CSV at a NUL
        assume(not any("\0" in one for one in ids))
    labels = [data.draw(st.sampled_from([*classes, None])) for _ in ids]
    items = Dataset([f"text {one}" for one in ids], ids=ids, classes=classes)
    ending = {"label-studio": "json"}.get(to, to)
    with tempfile.TemporaryDirectory() as folder:
        path = export(labeled(items, labels), to, Path(folder) / f"labels.{ending}")
        if not any(labels):
            return
        made = with_labels(items, existing_labels(path))
    assert made.labels is not None
    assert made.labels.tolist() == labels


@given(st.lists(TEXT, min_size=1, max_size=5))
@settings(max_examples=30)
def test_texts_come_back_from_json_lines_and_csv(texts: list[str]) -> None:
    items = Dataset(texts, classes=CLASSES, metadata={"label_of": texts})
    rows = labeled(items, ["good"] * len(texts))
    with tempfile.TemporaryDirectory() as folder:
        lines = export(rows, "jsonl", Path(folder) / "a.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
        with export(rows, "csv", Path(folder) / "a.csv").open(encoding="utf-8", newline="") as file:
            header, *cells = csv.reader(file)
    assert [json.loads(one)["item"] for one in lines] == [{"text": one, "label_of": one} for one in texts]
    assert header[:4] == ["id", "text", "label_of", "label"]
    assert [unguarded(one[1]) for one in cells] == texts
    assert not any(cell.startswith(DANGEROUS) for row in cells for cell in row)


def people() -> Any:
    data = Dataset(
        ["=a", "b"], ids=["x", "y"], classes=CLASSES, metadata={"round": [1, None], "n": [-1.5, np.nan]}
    )
    said = [
        annotation(0, "x", "ann; a", "good", stream="audit", note="=1"),
        annotation(1, "x", "bob", "good", stream="audit"),
        annotation(2, "y", "bob", None, stream="audit"),
    ]
    return labeled_data(data, [started()], said)


def test_a_row_of_csv_says_all(tmp_path: Path) -> None:
    with export(people(), "csv", tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert first == {
        "id": "x",
        "text": "'=a",
        "item_round": "1.0",
        "n": "-1.5",
        "label": "good",
        "outcome": "label",
        "annotators": "ann; a; bob",
        "n_annotations": "2",
        "agreement": "1.0",
        "round": "0",
        "strategy": "audit",
        "selection_probability": "",
        "stream": "audit",
        "first_at": "2023-11-14T22:13:20+00:00",
        "last_at": "2023-11-14T22:13:21+00:00",
        "seconds": "3.0",
        "guidelines": "v1",
    }
    assert (second["label"], second["outcome"], second["item_round"], second["agreement"]) == (
        "",
        "abstain",
        "",
        "",
    )


def test_parquet_keeps_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(export(people(), "parquet", tmp_path / "a.parquet"))
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds["first_at"] == "timestamp[us, tz=UTC]"
    assert (kinds["n"], kinds["round"], kinds["agreement"], kinds["label"]) == (
        "double",
        "int64",
        "double",
        "string",
    )
    assert kinds["selection_probability"] == "double"
    first, second = table.to_pylist()
    assert (first["text"], first["label"], second["label"], second["n"]) == ("=a", "good", None, None)


def test_json_lines_tell_what_each_person_said(tmp_path: Path) -> None:
    first, second = (
        json.loads(one) for one in export(people(), "jsonl", tmp_path / "a").read_text().splitlines()
    )
    assert first["annotators"] == ["ann; a", "bob"]
    assert [(one["annotator"], one["label"], one["note"]) for one in first["annotations"]] == [
        ("ann; a", "good", "=1"),
        ("bob", "good", ""),
    ]
    assert second["item"] == {"text": "b", "round": None, "n": None}
    assert second["annotations"][0]["at"] == "2023-11-14T22:13:22.000Z"


def test_a_column_of_many_kinds_becomes_text(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    frame = pd.DataFrame(
        {
            "mixed": pd.Series([1, "a", None], dtype=object),
            "whole": pd.Series([1, None, 2**40], dtype=object),
            "huge": pd.Series([2**70, 1, None], dtype=object),
            "day": [pd.Timestamp("2024-01-01"), pd.NaT, pd.Timestamp("2024-01-02")],
            "lists": pd.Series([["a"], {"b": 1}, None], dtype=object),
            "flag": pd.Series([True, None, False], dtype="boolean"),
        }
    )
    data = Dataset(["a", "b", "c"], metadata=frame, classes=CLASSES)
    path = export(labeled(data, ["good", "bad", None]), "parquet", tmp_path / "a.parquet")
    rows = (
        parquet.read_table(path)
        .to_pandas(integer_object_nulls=True, timestamp_as_object=True)
        .to_dict("list")
    )
    assert rows["mixed"] == ["1", "a"]
    assert rows["huge"] == [str(2**70), "1"]
    assert rows["lists"] == ['["a"]', '{"b": 1}']
    assert rows["flag"] == [True, None]
    export(labeled(data, ["good", "bad", None]), "jsonl", tmp_path / "a.jsonl")
    export(labeled(data, ["good", "bad", None]), "csv", tmp_path / "a.csv")


def test_a_table_and_a_regression_leave_with_their_columns(tmp_path: Path) -> None:
    frame = pd.DataFrame({"size": [1.0, -2.0], "id": ["=p", "q"]})
    data = Dataset(frame, task="regression")
    with export(labeled(data, [0.5, None]), "csv", tmp_path / "a.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["id"], row["size"], row["item_id"], row["label"]) == ("0", "1.0", "'=p", "0.5")
    arrays = Dataset(np.array([[1.0, 2.0]]), classes=CLASSES)
    line = export(labeled(arrays, ["bad"]), "jsonl", tmp_path / "a.jsonl").read_text()
    assert json.loads(line)["item"] == {"feature_0": 1.0, "feature_1": 2.0}
