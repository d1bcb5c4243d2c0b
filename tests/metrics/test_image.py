"""Pixel metrics: values a person can check, and every one of them on what is no ordinary photograph."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from activeloop.arrays import Array, BoolArray
from activeloop.data.decoding import decode_file
from activeloop.errors import DataError
from activeloop.metrics import Metric, built_in
from activeloop.metrics import image as light
from activeloop.metrics.picture import picture

PIXELS = [one for one in built_in().values() if one.needs == ("pixels", "mask")]
every = pytest.mark.parametrize("metric", PIXELS, ids=lambda one: one.name)
RNG = np.random.default_rng(0)


def whole(pixels: Array) -> BoolArray:
    return np.ones(pixels.shape[:2], dtype=bool)


def gray(*levels: int) -> Array:
    return np.repeat(np.array([levels], dtype=np.uint8)[:, :, None], 3, axis=2)


def noise(height: int = 40, width: int = 30) -> Array:
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_all_that_were_promised_are_there() -> None:
    names = "brightness contrast sharpness blur redness greenness blueness colorfulness gray_entropy "
    assert set(names.split()) < {one.name for one in PIXELS}
    assert {"width", "height", "area", "aspect_ratio", "near_duplicate"} < set(built_in())


def test_light_by_hand() -> None:
    row = gray(0, 0, 0, 255)
    assert light.brightness(row, whole(row)) == 0.25
    assert light.contrast(row, whole(row)) == pytest.approx(math.sqrt(0.25 * 0.75) * 2)
    assert light.gray_entropy(row, whole(row)) == pytest.approx(0.8112781)
    assert light.brightness_p99(row, whole(row)) == 1
    assert light.brightness_p5(row, whole(row)) == 0
    # 2 of 5 percent: the smallest level that at least so many pixels do not exceed
    hundred = gray(*range(100))
    assert light.brightness_p5(hundred, whole(hundred)) == 4 / 255
    assert light.brightness_p99(hundred, whole(hundred)) == 98 / 255


def test_a_plain_color_has_no_contrast_and_green_is_brighter_than_blue() -> None:
    plain = np.zeros((3, 3, 3), dtype=np.uint8)
    plain[:, :, 0] = 200  # pooled over channels, as peers do it, it would have
    assert light.contrast(plain, whole(plain)) == 0
    green, blue = np.roll(plain, 1, axis=2), np.roll(plain, 2, axis=2)
    assert (light.brightness(green, whole(green)) or 0) > 4 * (light.brightness(blue, whole(blue)) or 1)


def test_the_same_gray_image_has_one_entropy_however_it_is_stored(tmp_path: Path) -> None:
    image = Image.fromarray(noise()).convert("L")
    image.save(tmp_path / "one.png")
    image.convert("RGB").save(tmp_path / "three.png")
    one, three = (light.gray_entropy(*decode_file(tmp_path / name)) for name in ("one.png", "three.png"))
    assert one == three == pytest.approx(image.entropy())


def test_light_is_that_of_numpy() -> None:
    pixels = noise()
    luma = (pixels @ np.array([77, 150, 29]) + 128) >> 8
    assert light.brightness(pixels, whole(pixels)) == pytest.approx(luma.mean() / 255)
    assert light.contrast(pixels, whole(pixels)) == pytest.approx(luma.std() / 127.5)
    # numpy interpolates between levels
    assert light.brightness_p5(pixels, whole(pixels)) == pytest.approx(
        np.percentile(luma, 5) / 255, abs=0.005
    )
    pillow = np.asarray(Image.fromarray(pixels).convert("L"), dtype=int)
    assert np.abs(pillow - luma).max() <= 1


@every
def test_nothing_inside_is_null(metric: Metric) -> None:
    pixels = noise()
    assert metric(pixels, ~whole(pixels)) is None
    for shape in ((0, 0, 3), (0, 5, 3), (5, 0, 3)):
        nothing = np.zeros(shape, dtype=np.uint8)
        assert metric(nothing, whole(nothing)) is None


@every
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (2, 2), (3, 3), (8, 8), (300, 2), (200, 170)])
def test_any_shape_gives_a_number_in_range_or_none(metric: Metric, shape: tuple[int, int]) -> None:
    low, high = metric.range
    for pixels in (noise(*shape), np.full((*shape, 3), 255, dtype=np.uint8), np.zeros((*shape, 3), np.uint8)):
        value = metric(pixels, whole(pixels))
        if value is not None:
            assert low is None or value >= low
            assert high is None or value <= high
    one = metric.one(noise(*shape), np.ones(shape, dtype=bool))
    assert one[1] in ("", "not_applicable")


@every
def test_a_constant_image(metric: Metric) -> None:
    pixels = np.full((50, 50, 3), (30, 60, 90), dtype=np.uint8)
    value = metric(pixels, whole(pixels))
    none = {"blur", "perceptual_hash"}  # nothing to see blurred, nothing to know it again by
    zero = {"contrast", "gray_entropy", "sharpness", "redness", "greenness", "red_strength"}
    assert (value is None) == (metric.name in none)
    assert (value == 0) == (metric.name in zero)


@every
def test_what_is_outside_of_the_mask_changes_nothing(metric: Metric) -> None:
    pixels, mask = noise(200, 150), np.zeros((200, 150), dtype=bool)
    mask[20:160, 30:140] = True
    mask[60:90, 50:60] = False
    other = np.where(mask[:, :, None], pixels, np.uint8(255))
    value = metric(pixels, mask)
    assert value is not None
    assert metric(other, mask) == value
    assert metric(other, whole(pixels)) != value


@every
def test_an_object_alone_is_as_its_crop(metric: Metric) -> None:
    pixels = noise(100, 90)
    mask = np.zeros((100, 90), dtype=bool)
    mask[10:60, 20:80] = True
    crop = np.ascontiguousarray(pixels[10:60, 20:80])
    if metric.name not in ("perceptual_hash", "pixel_hash"):  # which know where it is
        assert metric(pixels, mask) == pytest.approx(metric(crop, whole(crop)), rel=1e-5)


@every
def test_files_of_every_mode_agree(metric: Metric, tmp_path: Path) -> None:
    image = Image.fromarray(np.asarray(Image.fromarray(noise(5, 5)).resize((60, 50), 2))).convert("L")
    image.save(tmp_path / "gray.png")
    image.convert("RGBA").save(tmp_path / "alpha.png")
    image.convert("P").save(tmp_path / "palette.png")
    Image.fromarray(np.asarray(image).astype(np.uint16) << 8).save(tmp_path / "deep.png")
    found = [metric(*decode_file(tmp_path / f"{name}.png")) for name in ("gray", "alpha", "palette", "deep")]
    assert found == [found[0]] * 4


@every
def test_what_is_no_picture_is_refused(metric: Metric) -> None:
    good = noise()
    for pixels, mask, told in (
        (good.astype(float), whole(good), "pixels are float64; allowed: an array of uint8"),
        (good[:, :, 0], whole(good), "pixels have shape"),
        (good, whole(good)[1:], "mask"),
        ("a.png", whole(good), "pixels are str"),
    ):
        with pytest.raises(DataError, match=told):
            metric(pixels, mask)


def test_a_picture_is_computed_once_but_never_of_pixels_that_may_have_changed() -> None:
    pixels, mask = noise(), np.ones((40, 30), dtype=bool)
    before = light.brightness(pixels, mask)
    pixels[:] = 0
    assert before != 0
    assert light.brightness(pixels, mask) == 0
    pixels.flags.writeable = mask.flags.writeable = False
    assert picture(pixels, mask) is picture(pixels, mask)
    other = mask.copy()
    other.flags.writeable = False
    assert picture(pixels, mask) is not picture(pixels, other)


def test_a_large_picture_is_counted_in_strips_without_a_seam() -> None:
    pixels = noise(300, 400)
    mask = RNG.random((300, 400)) < 0.5
    seen = picture(pixels, mask)
    assert seen.colors.sums.tolist() == pixels[mask].sum(axis=0).tolist()
    apart = np.abs(np.diff(pixels[mask].astype(int)[:, [0, 1, 2, 0]], axis=1))
    assert seen.colors.apart.tolist() == apart.sum(axis=0).tolist()
    assert seen.colors.squares.tolist() == (apart**2).sum(axis=0).tolist()
    assert seen.grays.sum() == mask.sum()
