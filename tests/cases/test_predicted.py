"""Predictions by id: from a table and back, and what is wrong with a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from activeloop.cases import Predicted
from activeloop.errors import DataError, ModelError


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"id": ["a", "b"], "predicted": [0, 1]} | columns)


def test_a_table_there_and_back() -> None:
    said = Predicted(np.array(["a", "b"]), np.array([0, 1]), np.array([[0.9, 0.1], [0.2, 0.8]]))
    back = Predicted.from_frame(said.to_frame((0, 1)), (0, 1), "p.csv")
    assert back.fingerprint == said.fingerprint
    assert said.fingerprint != Predicted(said.ids, said.labels).fingerprint


def test_rows_come_in_the_order_that_is_wanted() -> None:
    said = Predicted(np.array([3, 1, 2]), np.array(["x", "y", "z"]))
    assert said.of(np.array([1, 2, 3])).labels.tolist() == ["y", "z", "x"]


def test_labels_are_those_of_the_classes_however_they_are_written() -> None:
    assert Predicted.from_frame(frame(predicted=["0", "1"]), (0, 1), "p").labels.tolist() == [0, 1]
    assert Predicted.from_frame(frame(predicted=[7, 8]), ("7", "8"), "p").labels.tolist() == ["7", "8"]
    assert Predicted.from_frame(frame(predicted=["1.5", 2]), None, "p").labels.tolist() == [1.5, 2.0]


@pytest.mark.parametrize(
    ("table", "classes", "words"),
    [
        (frame().drop(columns="predicted"), (0, 1), "no column 'predicted'; its columns are: id"),
        (
            frame(predicted=["cat", "dogg"]),
            ("cat", "dog"),
            "'b' is predicted 'dogg'; did you mean 'dog'",
        ),
        (frame(predicted=[0, None]), (0, 1), "row 2 has no predicted"),
        (frame(id=["a", "a"]), (0, 1), "item 'a' is predicted twice"),
        (frame(**{"0": [0.5, 0.5]}), (0, 1), "no probability column '1'"),
        (frame(**{"0": ["x", "y"], "1": [0.5, 0.5]}), (0, 1), "a probability is no number"),
        (frame(predicted=["x", 1]), None, "a regression is no number"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(table: pd.DataFrame, classes: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        Predicted.from_frame(table, classes, "p.csv")


@pytest.mark.parametrize("second", [[0.5, 0.6], [np.nan, 1.0], [-0.1, 1.1]])
def test_a_row_that_is_no_distribution_is_named(second: list[float]) -> None:
    with pytest.raises(ModelError, match="'b'"):
        Predicted(np.array(["a", "b"]), np.array([0, 1]), np.array([[0.5, 0.5], second]))


def test_lengths_go_together() -> None:
    with pytest.raises(DataError, match="2 ids, 1 labels"):
        Predicted(np.array([1, 2]), np.array([0]))
