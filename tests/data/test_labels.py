"""Labels: their types, which are known, and what task they make."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from activeloop.data import Dataset
from activeloop.errors import DataError


def dataset(labels: Any, **others: Any) -> Dataset:
    return Dataset(np.zeros((len(labels), 1)), labels, **others)


@pytest.mark.parametrize(
    ("labels", "kept", "classes"),
    [
        ([3, 1, 3], [3, 1, 3], (1, 3)),
        (["b", "a"], ["b", "a"], ("a", "b")),
        ([True, False], [True, False], (False, True)),
        ([1.0, 0.0], [1, 0], (0, 1)),
        ([1.0, np.nan, 0.0], [1, None, 0], (0, 1)),
        (["b", None, "a"], ["b", None, "a"], ("a", "b")),
        (np.array([2, 1], dtype=np.uint8), [2, 1], (1, 2)),
        (pd.Series(["x", None], dtype="category"), ["x", None], ("x",)),
        (pd.Series([1, None], dtype="Int64"), [1, None], (1,)),
        (pd.Series(["x", None], dtype="string"), ["x", None], ("x",)),
        ([None, None], [None, None], ()),
    ],
)
def test_classes_are_plain_and_unknown_is_none(
    labels: Any, kept: list[Any], classes: tuple[Any, ...]
) -> None:
    data = dataset(labels)
    assert data.labels is not None
    assert data.labels.tolist() == kept
    assert [type(one) for one in data.labels.tolist()] == [type(one) for one in kept]
    assert data.classes == classes
    assert data.known.tolist() == [one is not None for one in kept]
    assert data.task == "classification"


def test_no_labels_at_all() -> None:
    data = Dataset(np.eye(2), classes=["good", "bad"])
    assert data.labels is None
    assert data.classes == ("good", "bad")
    assert not data.known.any()


def test_declared_classes_keep_their_order_and_may_be_unseen() -> None:
    assert dataset(["b", "a"], classes=("z", "b", "a")).classes == ("z", "b", "a")


@pytest.mark.parametrize(
    ("labels", "task"),
    [
        (np.arange(51), "regression"),
        (np.arange(50), "classification"),
        (np.tile(np.arange(51), 5), "classification"),  # 51 distinct are not more than a fifth of 255
        (np.tile(np.arange(51), 4), "regression"),
        ([0.5, 1.0], "regression"),
        ([0.5, np.nan], "regression"),
        ([f"class {one}" for one in range(99)], "classification"),
    ],
)
def test_the_task_is_told_by_the_rule(labels: Any, task: str) -> None:
    data = dataset(labels)
    assert data.task == task
    assert (data.classes is None) == (task == "regression")


def test_the_task_can_be_said() -> None:
    assert dataset([1, 2, 1], task="regression").labels.dtype == np.float64  # type: ignore[union-attr]
    assert dataset([0.5, 1.5], task="classification").classes == (0.5, 1.5)
    assert dataset(np.arange(99), classes=range(99)).task == "classification"


@pytest.mark.parametrize(
    ("labels", "others", "message"),
    [
        (
            ["a", "c"],
            {"classes": ["a", "b"], "ids": ["u", "v"]},
            "label 'c' of item 'v' is outside .* 'a', 'b'",
        ),
        ([0, 1], {"classes": ["0", "1"]}, "the label 0 of item 0 is outside"),
        (["a", 3], {}, "label 3 of item 1 is a int while others are str"),
        ([(1,), (2,)], {}, r"label \(1,\) of item 0 is a tuple"),
        ([1.5, np.inf], {}, "the label of item 1 is infinite"),
        (np.eye(2), {}, r"labels have the shape \(2, 2\)"),
        (["a", "b"], {"task": "regression"}, "a regression needs numbers as labels, not 'a'"),
        ([1, 2], {"task": "regression", "classes": [1, 2]}, "a regression has no classes"),
        ([1, 2], {"task": "ranking"}, "task 'ranking'; allowed: classification, regression"),
        (["a", "b"], {"classes": ["a", "b", "a"]}, "class 'a' is declared twice"),
        (["a"], {"classes": ["a", "b\0"]}, "holds a NUL, which arrays of text cut off"),
        (["a", "b"], {"classes": "ab"}, "classes are the string 'ab'"),
        (["a", "b"], {"classes": []}, "no class is declared"),
        (["a", "b"], {"classes": ["a", None]}, "class None is not"),
    ],
)
def test_labels_that_cannot_be_used_are_refused(labels: Any, others: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        dataset(labels, **others)


def test_a_wrong_number_of_labels_is_refused() -> None:
    with pytest.raises(DataError, match="1 labels for 2 items"):
        Dataset(np.eye(2), [1])
