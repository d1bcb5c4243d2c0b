"""Texts of strangers in Markdown and YAML say what they say, and begin nothing."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.exports.markdown import inline, quoted, table


@given(st.text())
def test_a_quoted_text_is_one_line_that_can_be_seen_and_read_back(text: str) -> None:
    written = quoted(text)
    assert len(written.splitlines()) == 1
    assert written.isprintable() or " " in written or re.search(r"\s", written) or not written.isascii()
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", written)
    assert json.loads(written) == text


@given(st.text())
def test_no_markup_is_left_in_a_line(text: str) -> None:
    line = inline(text)
    assert len(line.splitlines()) <= 1
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>|`*_\[\]()!]", line)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("3.11.7", "3.11.7"),
        ("12.", r"12\."),
        ("scikit-learn", "scikit-learn"),
        ("www.a.b", r"www\.a.b"),
        ("http://a", r"http\://a"),
        ("a\0\u202eb", "a\ufffd\\u202eb"),
    ],
)
def test_only_what_means_something_is_escaped(text: str, shown: str) -> None:
    assert inline(text) == shown


def test_a_cell_cannot_end_its_row() -> None:
    assert table(["a"], [["x | y\n| z |"]]) == "| a |\n| --- |\n| x \\| y \\| z \\| |"
