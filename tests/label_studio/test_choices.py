"""Classes become choices with keys, safely, and mean the same when they come back."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from activeloop.errors import AnswerError, ConfigurationError
from activeloop.label_studio.choices import BUTTONS, KINDS, Choices, Kind, page


def offered(text: str) -> list[dict[str, str]]:
    return [dict(one.attrib) for one in ElementTree.fromstring(text).iter("Choice")]


@settings(max_examples=40)
@given(
    some.lists(some.text(min_size=1, max_size=30), min_size=1, max_size=30, unique=True),
    some.sampled_from(KINDS),
)
def test_every_class_comes_back_as_it_went_or_is_refused(classes: list[str], kind: Kind) -> None:
    try:
        choices = Choices.of(classes, unsure="", bad="")
    except ConfigurationError:
        return
    shown = [one["value"] for one in offered(page(kind, choices))]
    assert [choices.meaning(words).value for words in shown] == classes


def test_nothing_that_a_class_spells_becomes_part_of_the_page() -> None:
    wild = ('"/><Image name="x" value="$al_ask"/>', "<script>", "a & b", "' onclick='", "]]>")
    text = page("text", Choices.of(wild))
    assert [one["value"] for one in offered(text)][:5] == list(wild)
    assert {one.tag for one in ElementTree.fromstring(text).iter()} == {"View", "Text", "Choices", "Choice"}


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        (None, "this run has no classes"),
        ((), "this run has no classes"),
        ((1, "1"), "two choices would be called '1'"),
        (("good", "bad item"), "two choices would be called 'bad item'"),
        ((" good",), "has spaces at an end"),
        (("a\nb",), "a line break"),
        (("",), "is empty"),
        (("a\u202eb",), "cannot be shown"),
        (("$text",), r"begins with \$"),
        (("x" * 201,), "is longer than 200 signs"),
    ],
)
def test_what_cannot_be_a_choice_is_refused(classes: Any, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        Choices.of(classes)


def test_each_choice_has_a_key_of_its_own_and_a_long_list_is_searched() -> None:
    short = Choices.of(range(BUTTONS))
    keys = [one.key for one in short.all]
    assert keys[:11] == list("1234567890q")
    assert len(set(keys)) == len(keys)
    assert 'layout="select"' not in page("row", short)
    many = Choices.of(range(10_000))
    assert 'layout="select"' in page("row", many)
    assert {one.key for one in many.all[:-2]} == {""}
    assert many.meaning("9999").value == 9999


def test_words_that_were_not_offered_name_the_nearest() -> None:
    with pytest.raises(AnswerError, match="unknown choice 'goood'; did you mean 'good'"):
        Choices.of(("good", "poor")).meaning("goood")
