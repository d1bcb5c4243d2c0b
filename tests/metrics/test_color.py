"""Colors by hand and against colorsys, with the faults of peers that must not come back."""

import colorsys
import math

import numpy as np
import pytest

from activeloop.arrays import Array
from activeloop.metrics import color

SHARES = (color.redness, color.greenness, color.blueness)
STRENGTHS = (color.red_strength, color.green_strength, color.blue_strength)
HUES = ((-20, 20), (70, 150), (180, 260))


def of(metric: object, *colors: tuple[int, int, int]) -> float:
    pixels = np.array([colors], dtype=np.uint8)
    assert callable(metric)
    return float(metric(pixels, np.ones((1, len(colors)), dtype=bool)))


@pytest.mark.parametrize("gray", [(0, 0, 0), (128, 128, 128), (255, 255, 255)])
def test_black_gray_and_white_are_no_color(gray: tuple[int, int, int]) -> None:
    assert [of(metric, gray) for metric in (*SHARES, *STRENGTHS, color.colorfulness)] == [0] * 7


def test_strength_by_hand() -> None:
    assert of(color.red_strength, (255, 0, 0)) == 1
    assert of(color.red_strength, (255, 255, 0)) == 0.5  # yellow: 60 of 120 degrees away
    assert of(color.red_strength, (0, 255, 0), (0, 0, 255), (0, 255, 255)) == 0
    assert of(color.red_strength, (51, 0, 0)) == pytest.approx(0.2)  # dark red, which a share leaves out
    assert of(color.red_strength, (255, 204, 204)) == pytest.approx(0.2)  # pink is not as red as red
    assert of(color.redness, (39, 0, 0)) == 0


def _every_few() -> Array:
    levels = np.array([0, 1, 39, 40, 41, 90, 127, 128, 200, 254, 255])
    return np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)


@pytest.mark.parametrize("channel", range(3))
def test_shares_and_strengths_are_those_of_hsv(channel: int) -> None:
    low, high = HUES[channel]
    for one in _every_few().tolist():
        h, s, v = colorsys.rgb_to_hsv(*(level / 255 for level in one))
        degrees = h * 360
        away = min(abs(degrees - 120 * channel), 360 - abs(degrees - 120 * channel))
        nearness = max(0.0, 1 - away / 120)
        assert of(STRENGTHS[channel], tuple(one)) == pytest.approx(s * v * nearness, abs=1e-12)
        turned = degrees - 360 if channel == 0 and degrees > 180 else degrees
        at_the_edge = min(abs(turned - low), abs(turned - high)) < 1e-9
        if not at_the_edge and abs(s - 50 / 255) > 1e-9:
            inside = low < turned < high and s > 50 / 255 and v * 255 >= 39.5
            assert of(SHARES[channel], tuple(one)) == inside, one


def test_the_edges_of_a_share_are_inside() -> None:
    assert of(color.redness, (240, 80, 0)) == 1  # 20 degrees
    assert of(color.redness, (240, 81, 0)) == 0
    assert of(color.redness, (255, 205, 205)) == 1  # saturation 50/255
    assert of(color.redness, (255, 206, 206)) == 0
    assert of(color.greenness, (200, 240, 0)) == 1  # 70 degrees
    assert of(color.greenness, (0, 240, 120)) == 1  # 150 degrees
    assert of(color.blueness, (0, 240, 240)) == 1  # 180 degrees
    assert of(color.blueness, (80, 0, 240)) == 1  # 260 degrees


def test_colorfulness_is_the_published_formula() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    red, green, blue = pixels.reshape(-1, 3).T.astype(float)
    rg, yb = red - green, (red + green) / 2 - blue
    expected = math.hypot(rg.std(), yb.std()) + 0.3 * math.hypot(rg.mean(), yb.mean())
    assert color.colorfulness(pixels, np.ones((20, 30), dtype=bool)) == pytest.approx(expected, rel=1e-12)
    assert of(color.colorfulness, (255, 0, 0)) == pytest.approx(0.3 * math.hypot(255, 127.5))
