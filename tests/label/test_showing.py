"""What a person is shown of an item, by its type and within limits."""

from __future__ import annotations

import io
import struct
import zlib
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image, PngImagePlugin

from activeloop.errors import DataError
from activeloop.label import Audio, FolderPictures, Picture, Prediction, Refused, Row, Text, shown
from activeloop.label.pictures import LONGEST_SIDE, encoded
from activeloop.label.showing import MOST_CHARACTERS, legible
from tests.label.conftest import running

Point = namedtuple("Point", ["x", "y"])


@dataclass
class Person:
    name: str
    age: int


WAVE = (
    b"RIFF"
    + struct.pack("<I", 36)
    + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    + b"data"
    + struct.pack("<I", 0)
)


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("text", Text),
        ("/etc/passwd", Text),
        ("https://example.org/a.png", Text),
        (3, Text),
        (np.float32(0.5), Text),
        ({"a": 1}, Row),
        (pd.Series({"a": 1, "b": None}), Row),
        (Point(1, 2), Row),
        (Person("ada", 36), Row),
        ([1, 2], Row),
        (np.arange(3), Row),
        (np.zeros((4, 4)), Picture),
        (np.zeros((4, 4, 3), np.uint8), Picture),
        (Image.new("RGB", (2, 2)), Picture),
        (b"anything", Picture),
        (WAVE, Audio),
        (None, Refused),
        (float("nan"), Refused),
        (pd.NA, Refused),
        (np.zeros((2, 2, 2, 2)), Refused),
        (object(), Refused),
        (Text("own"), Text),
    ],
    ids=lambda one: type(one).__name__ if not isinstance(one, type) else "",
)
def test_each_type_has_its_way(item: Any, kind: type) -> None:
    assert type(shown(item)) is kind


def test_rows_keep_their_order_and_names() -> None:
    assert shown(Point(1, 2)) == Row((("x", "1"), ("y", "2")))
    assert shown(pd.Series([1.5, None], index=["b", "a"])).cells[0] == ("b", "1.5")  # type: ignore[union-attr]


def test_a_long_text_is_cut_and_says_so() -> None:
    text = legible("x" * (MOST_CHARACTERS + 5))
    assert text.endswith(f"(cut: {MOST_CHARACTERS} of {MOST_CHARACTERS + 5} characters are shown)")


@pytest.mark.parametrize(
    ("size", "media"), [((40, 30), "image/png"), ((900, 700), "image/jpeg"), ((5000, 100), "image/jpeg")]
)
def test_a_picture_is_encoded_anew(size: tuple[int, int], media: str) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3)).astype(np.uint8)
    content, kind, width, height = encoded(pixels)
    assert kind == media
    assert max(width, height) <= LONGEST_SIDE
    again = Image.open(io.BytesIO(content))
    assert again.size == (width, height)
    if media == "image/png":
        assert (np.asarray(again) == pixels).all()


def test_nothing_but_pixels_gets_out() -> None:
    """Neither comments, profiles nor EXIF; and what EXIF says of up and down is done."""
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Comment", "<script>secret")
    image, file = Image.new("RGB", (6, 4)), io.BytesIO()
    exif = image.getexif()
    exif[0x0112], exif[0x010E] = 6, "secret"
    image.save(file, "PNG", pnginfo=comment, exif=exif, icc_profile=b"secret")
    content, _, width, height = encoded(file.getvalue())
    assert (width, height) == (4, 6)
    assert b"secret" not in content
    assert encoded(image)[2:] == (6, 4)


def test_see_through_stays_see_through() -> None:
    pixels = np.zeros((5, 5, 4), np.uint8)
    assert Image.open(io.BytesIO(encoded(pixels).content)).mode == "RGBA"


def _bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it has so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


HOSTILE = {
    "bomb": _bomb(60_000, 60_000),
    "large": _bomb(9_000, 9_000),
    "cut off": _bomb(50, 50),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<script>alert(1)</script>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "nothing": b"",
    "wide array": np.zeros((1, 70_000_000), np.uint8),
    "no pixels": np.zeros((0, 5), np.uint8),
    "negative": np.full((4, 4), -1.0),
    "not finite": np.full((4, 4), np.nan),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(DataError, match=r"picture|values of an image"):
        encoded(HOSTILE[name])


def test_hostile_items_are_refused_where_they_would_stand() -> None:
    def show(item: Any) -> Any:
        if item == "broken":
            raise RuntimeError("/secret/path")
        return item

    items = [*HOSTILE.values(), "broken", Audio(b"<html>"), "<b>a renderer must make a Text of this"]
    with running(items, show=show) as one:
        ada, seen = one.caller(), []
        for _ in items:
            (item,) = ada.next(1)
            seen.append(item["shown"])
            ada.post("/api/answer", {"key": item["ask"][:40], "ask": item["ask"], "outcome": "bad"})
        assert {one["kind"] for one in seen} == {"refused"}
        assert not any("secret" in one["reason"] for one in seen)


def test_a_folder_shows_its_own_pictures_only(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Image.new("RGB", (3, 2)).save(tmp_path / "in" / "a.png")
    Image.new("RGB", (3, 2)).save(tmp_path / "out.png")
    (tmp_path / "in" / "link.png").symlink_to(tmp_path / "out.png")
    show = FolderPictures(tmp_path / "in")
    for good in ("a.png", str(tmp_path / "in" / "a.png")):
        picture = show(good)
        assert isinstance(picture, Picture)
        assert encoded(picture.image)[2:] == (3, 2)
    for bad in (
        "../out.png",
        str(tmp_path / "out.png"),
        "link.png",
        "/etc/passwd",
        "none.png",
        "a\x00.png",
        "",
        7,
        "http://x/a.png",
    ):
        assert isinstance(show(bad), Refused), bad


def test_a_sound_is_played_as_it_is() -> None:
    with running([WAVE]) as one:
        ada = one.caller()
        (item,) = ada.next(1)
        told = ada.request("GET", item["shown"]["address"])
        assert (told.headers["content-type"], told.content) == ("audio/wav", WAVE)


def test_a_prediction_has_a_class_and_maybe_a_probability() -> None:
    assert Prediction("good") == ("good", None)
