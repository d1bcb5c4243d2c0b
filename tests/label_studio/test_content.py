"""What of an item reaches the server: inert text, rows of texts, pixels; never a path or a file."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from activeloop.errors import ConfigurationError, DataError
from activeloop.label_studio import LabelStudio
from activeloop.label_studio.content import BYTES, SIDE, UnshowableError, content

from .conftest import plain, query
from .stand_in import LEGACY, StandIn


def opened(uri: str) -> Image.Image:
    head, _, code = uri.partition(",")
    assert head in ("data:image/png;base64", "data:image/jpeg;base64")
    return Image.open(BytesIO(base64.b64decode(code)))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\u202eabc", "http://127.0.0.1/x", "=1+1", "{{x}}"]
)
def test_a_text_stays_what_it_spells(text: str) -> None:
    assert content("text", text) == text


def test_what_no_database_takes_is_shown_as_a_sign_for_it() -> None:
    assert content("text", "a\x00b\ud800c") == "a\ufffdb\ufffdc"
    assert content("text", " \n") == "(an empty text)"


@pytest.mark.parametrize("row", [{"a": 1, "b": None}, pd.Series({"a": 1, "b": float("nan")}, dtype=object)])
def test_a_row_is_texts_by_column(row: Any) -> None:
    assert content("row", row) == {"a": "1", "b": ""}


def test_an_array_is_a_row_of_numbered_columns() -> None:
    assert content("row", np.array([1.5, 2.0])) == {"column 0": "1.5", "column 1": "2.0"}


def test_pixels_come_as_they_were(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (12, 9, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "one.png")
    for item in (pixels, str(tmp_path / "one.png"), tmp_path / "one.png"):
        with opened(content("image", item)) as image:
            assert image.size == (9 * 21, 12 * 21)  # squares of 21 pixels, so that the page blurs nothing
            assert np.array_equal(np.asarray(image)[::21, ::21], pixels)


def test_what_a_file_holds_besides_pixels_stays_here(tmp_path: Path) -> None:
    image, told = Image.new("RGB", (4, 4), "red"), Image.Exif()
    told[0x010E] = "taken at home"
    image.save(tmp_path / "one.jpg", exif=told)
    assert b"taken at home" in (tmp_path / "one.jpg").read_bytes()
    assert b"taken at home" not in base64.b64decode(content("image", tmp_path / "one.jpg").partition(",")[2])


def test_a_large_image_is_made_small_enough_to_send() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (900, 4_000, 3), dtype=np.uint8)
    uri = content("image", noise)
    assert len(uri) <= BYTES * 4 / 3 + 50
    with opened(uri) as image:
        assert max(image.size) <= SIDE


@pytest.mark.parametrize(
    ("kind", "item", "sentence"),
    [
        ("text", "x" * 100_001, "the text has 100001 signs"),
        ("row", {str(at): at for at in range(1_001)}, "the row has 1001 columns"),
        ("image", np.zeros((0, 4), dtype=np.uint8), "has 4 x 0 pixels"),
        ("image", np.array([[np.nan]]), "the values of an image"),
    ],
)
def test_a_broken_item_says_why(kind: Any, item: Any, sentence: str) -> None:
    with pytest.raises(UnshowableError, match=sentence):
        content(kind, item)


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    Image.new("1", (9_000, 9_000)).save(tmp_path / "bomb.png")
    with pytest.raises(UnshowableError, match="has 9000 x 9000 pixels"):
        content("image", tmp_path / "bomb.png")


@pytest.mark.parametrize(("kind", "item"), [("text", 3), ("row", "text"), ("image", {"a": 1})])
def test_an_item_of_another_kind_is_an_error_of_the_run(kind: Any, item: Any) -> None:
    with pytest.raises(DataError, match=f"kind='{kind}' shows") as caught:
        content(kind, item)
    assert not isinstance(caught.value, UnshowableError)


def test_a_file_that_is_not_there_breaks_no_item(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read") as caught:
        content("image", tmp_path / "away.png")
    assert not isinstance(caught.value, UnshowableError)


def test_no_path_reaches_the_server_and_a_broken_file_answers_for_itself(
    stand_in: StandIn, tmp_path: Path
) -> None:
    folder = tmp_path / "secret cats"
    folder.mkdir()
    Image.new("RGB", (4, 4), "red").save(folder / "whole.png")
    (folder / "torn.png").write_bytes(b"no image")
    oracle = LabelStudio(stand_in.url, LEGACY, run="r", kind="image", every=0.0, transport=plain())
    asked = query(0, "secret cats/whole.png", "secret cats/torn.png", items=lambda one: str(tmp_path / one))
    told = oracle(asked)
    assert [(one.ask_id, one.outcome, one.cost) for one in told] == [("0.1", "bad", 0.0)]
    assert "torn.png" in told[0].note
    assert oracle(asked) == told
    assert len(stand_in.tasks) == 1
    assert "secret" not in json.dumps([stand_in.tasks, stand_in.projects, stand_in.bodies])
    oracle.close()


def test_nothing_is_sent_when_one_item_cannot_be_read(stand_in: StandIn, tmp_path: Path) -> None:
    oracle = LabelStudio(stand_in.url, LEGACY, run="r", kind="image", every=0.0, transport=plain())
    with pytest.raises(DataError, match=r"item 'away\.png' cannot be shown"):
        oracle(query(0, "away.png", items=lambda one: tmp_path / one))
    assert not stand_in.tasks
    oracle.close()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "texts"}, "unknown kind 'texts'; did you mean 'text'"),
        ({"skips": "ignore"}, "unknown skips 'ignore'"),
        ({"run": " "}, "names no run"),
        ({"needed": 0}, "needed=0"),
    ],
)
def test_a_setting_that_is_wrong_is_refused(given: dict[str, Any], sentence: str) -> None:
    told: dict[str, Any] = {"run": "r", "kind": "text"} | given
    with pytest.raises(ConfigurationError, match=sentence):
        LabelStudio("http://127.0.0.1:1", LEGACY, **told)


def test_skip_means_what_was_chosen(stand_in: StandIn) -> None:
    oracle = LabelStudio(
        stand_in.url, LEGACY, run="r", kind="text", skips="abstain", every=0.0, transport=plain()
    )
    oracle(query(0, "a"))
    (task,) = stand_in.tasks
    stand_in.annotated("ada@example.com", {}, {"result": [], "was_cancelled": True}, task)
    assert [one.outcome for one in oracle(query(0, "a"))] == ["abstain"]
    oracle.close()
