"""Tasks that Label Studio can import: choices by name, skips canceled, nobody named whom it does not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from activeloop.data import Dataset
from activeloop.exports import LabeledData, export, labeled_data
from tests.exports.made import CLASSES, annotation, answered, asked, started

DATA = Dataset(["a", "b", "c"], ids=["x", "y", "z"], classes=CLASSES, metadata={"id_of": ["1", "2", "3"]})


def tasks(labeled: LabeledData, path: Path) -> list[Any]:
    made: list[Any] = json.loads(export(labeled, "label-studio", path / "a.json").read_text(encoding="utf-8"))
    return made


def test_what_each_person_said_is_an_annotation(tmp_path: Path) -> None:
    events = [started(), asked(1, 0, ("0.0", "x", None)), answered(2, 0, ("0.0", "good", "label"))]
    said = [
        annotation(0, "x", "ann", "bad"),
        annotation(1, "x", "bob", None),
        annotation(2, "x", "cem", "good"),
    ]
    (task,) = tasks(labeled_data(DATA, events, said), tmp_path)
    assert task["data"] == {"text": "a", "id_of": "1", "id": "x"}
    bad, canceled, good = task["annotations"]
    assert bad["result"][0] == {
        "from_name": "label",
        "to_name": "item",
        "type": "choices",
        "value": {"choices": ["bad"]},
    }
    assert (bad["ground_truth"], good["ground_truth"], good["lead_time"]) == (False, True, 1.5)
    assert canceled == {"result": [], "was_cancelled": True, "ground_truth": False, "lead_time": 1.5}
    assert "completed_by" not in bad
    assert [one["annotator"] for one in task["meta"]["activeloop"]["annotations"]] == ["ann", "bob", "cem"]


def test_a_label_that_nobody_gave_alone_is_an_annotation_more(tmp_path: Path) -> None:
    events = [
        started(["y"], ["bad"]),
        asked(1, 0, ("0.0", "x", None), ("0.1", "z", None)),
        answered(2, 0, ("0.0", "good", "label"), ("0.1", None, "bad")),
    ]
    x, y, z = tasks(labeled_data(DATA, events, [annotation(0, "x", "ann", "bad")]), tmp_path)
    assert [(one["was_cancelled"], one["ground_truth"]) for one in x["annotations"]] == [
        (False, False),
        (False, True),
    ]
    assert [one["ground_truth"] for one in y["annotations"]] == [True]
    assert z["annotations"] == []
