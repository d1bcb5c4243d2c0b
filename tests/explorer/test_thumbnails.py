"""Pictures become small, tiny ones stay exact, broken ones stop nothing."""

import base64
import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from activeloop.explorer.thumbnails import thumbnail, thumbnails
from tests.explorer.made import Pictures, picture


def _opened(data: bytes) -> Any:
    return Image.open(BytesIO(data))


def test_a_tiny_picture_keeps_every_pixel() -> None:
    np.testing.assert_array_equal(np.asarray(_opened(thumbnail(picture(0), 96)).convert("RGB")), picture(0))


@pytest.mark.parametrize(
    ("shape", "size"),
    [((300, 200, 3), (64, 96)), ((200, 300), (96, 64)), ((1, 5000, 3), (96, 1)), ((40, 50, 3), (50, 40))],
)
def test_a_picture_fits_and_keeps_its_shape(shape: tuple[int, ...], size: tuple[int, int]) -> None:
    assert _opened(thumbnail(np.full(shape, 200, np.uint8), 96)).size == size


def test_a_photo_looks_like_itself() -> None:
    across = np.linspace(0, 255, 400, dtype=np.uint8)
    photo = np.stack([np.tile(across, (300, 1)), np.full((300, 400), 90), np.full((300, 400), 30)], axis=2)
    small = np.asarray(_opened(thumbnail(photo.astype(np.uint8), 96)).convert("RGB")).astype(float)
    np.testing.assert_allclose(small[:, :, 0].mean(axis=0), np.linspace(1, 254, 96), atol=8)


def test_a_broken_picture_is_its_reason() -> None:
    lines = list(thumbnails(Pictures(), 96))
    assert len(lines) == 12
    assert json.loads(lines[3][1:]) == "no picture"
    assert json.loads(lines[4][1:]) == "failed: OSError: image file is <b>truncated</b>"
    assert "<" not in lines[4]
    for at in (0, 5, 11):
        np.testing.assert_array_equal(np.asarray(_opened(base64.b64decode(lines[at]))), picture(at))


@pytest.mark.parametrize(
    "wrong", [np.zeros((4, 4, 3)), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)]
)
def test_what_is_no_picture_says_what_it_is(wrong: Any) -> None:
    (line,) = thumbnails([wrong], 96)
    assert json.loads(line[1:]).startswith("failed: ValueError: a picture is (H, W, 3) uint8, not (")
