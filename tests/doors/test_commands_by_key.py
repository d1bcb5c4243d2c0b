"""A key is a class or a command, and says so when it is neither."""

from __future__ import annotations

from typing import Any

import pytest

from activeloop.doors.commands_by_key import Pressed, class_keys, pressed, typed
from activeloop.errors import AnswerError

MANY = [f"class {at}" for at in range(12)]


def test_classes_have_the_digits_and_digits_are_themselves() -> None:
    assert class_keys(MANY) == dict(zip("1234567890", MANY, strict=False))
    assert class_keys(range(10)) == {str(at): at for at in range(10)}
    assert class_keys(["1", "0"]) == {"1": "1", "0": "0"}
    assert class_keys([10, 20]) == {"1": 10, "2": 20}
    assert class_keys(None) == {}


@pytest.mark.parametrize(
    ("text", "classes", "single", "expected"),
    [
        ("1", ["good", "bad"], True, Pressed("label", "good")),
        ("S", ["good", "bad"], True, Pressed("skip")),
        ("good ", ["good", "bad"], False, Pressed("label", "good")),
        ("b", ["a", "b"], False, Pressed("label", "b")),
        ("b", ["a", "b"], True, Pressed("bad")),
        ("20", [10, 20], False, Pressed("label", 20)),
        ("-2.5", None, False, Pressed("label", -2.5)),
        ("q", None, False, Pressed("quit")),
    ],
)
def test_keys_and_lines(text: str, classes: Any, single: bool, expected: Pressed) -> None:
    assert pressed(text, classes, single=single) == expected


@pytest.mark.parametrize(
    ("text", "single", "message"),
    [("x", True, r"'x' is no key here; \? shows the keys"), ("goood", False, "did you mean 'good'")],
)
def test_what_means_nothing_is_said(text: str, single: bool, message: str) -> None:
    with pytest.raises(AnswerError, match=message):
        pressed(text, ["good", "bad"], single=single)


def test_a_label_is_typed_as_far_as_it_is_the_only_one() -> None:
    assert typed("CLASS 11", MANY) == "class 11"
    assert typed("class 1", MANY) == "class 1"
    with pytest.raises(AnswerError, match="unknown label 'class'"):
        typed("class", MANY)
