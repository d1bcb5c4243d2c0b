"""One function of pixels and mask on images, annotated objects and predicted objects."""

import numpy as np
import pytest

from activeloop.errors import ConfigurationError, DataError, MetricError
from activeloop.metrics import Metric, Region, Table, fingerprint, metric, on_regions, region_values
from activeloop.metrics.color import redness
from activeloop.metrics.image import brightness, width
from activeloop.metrics.perceptual import near_duplicate

RED, BLUE = (255, 0, 0), (0, 0, 255)


def image() -> np.ndarray:
    """Left half red, right half blue, 4 high and 8 wide."""
    pixels = np.zeros((4, 8, 3), dtype=np.uint8)
    pixels[:, :4], pixels[:, 4:] = RED, BLUE
    return pixels


INSIDE = np.ones((4, 8), dtype=bool)
LEFT, RIGHT, BOTH = Region(0, 0, 4, 4), Region(4, 0, 8, 4), Region(2, 1, 6, 3)


def test_one_function_on_image_object_and_prediction() -> None:
    assert redness(image(), INSIDE) == 0.5
    assert on_regions(redness, "object")(image(), INSIDE, [LEFT]) == 1
    assert on_regions(redness, "prediction")(image(), INSIDE, [RIGHT]) == 0
    of_objects = on_regions(redness)
    assert (of_objects.name, of_objects.kind, of_objects.scope) == ("object_redness", "label", "object")
    assert of_objects.needs == ("pixels", "mask", "objects")
    assert on_regions(redness, "prediction").needs == ("pixels", "mask", "predicted_objects")
    assert on_regions(redness, "prediction").kind == "model"


@pytest.mark.parametrize(("how", "value"), [("mean", 0.5), ("max", 1), ("sum", 1.5), ("top2", 0.75)])
def test_one_value_out_of_several(how: str, value: float) -> None:
    of_objects = on_regions(redness).with_parameters(aggregate=how)
    assert of_objects(image(), INSIDE, [LEFT, RIGHT, BOTH]) == value


def test_regions_are_cut_at_the_edges_and_hold_what_they_touch() -> None:
    pixels = np.arange(4 * 8 * 3, dtype=np.uint8).reshape(4, 8, 3)
    for region, rows, columns in (
        (Region(-5, -5, 2, 2), slice(0, 2), slice(0, 2)),
        (Region(6.5, 2.9, 99, 99), slice(2, 4), slice(6, 8)),
        (Region(1.2, 1.2, 1.3, 1.3), slice(1, 2), slice(1, 2)),
        (Region(-9, 0, -1, 4), slice(0, 4), slice(0, 0)),
        (Region(8, 0, 12, 4), slice(0, 4), slice(8, 8)),
        (Region(3, 1, 3, 2), slice(1, 2), slice(3, 3)),
    ):
        cut, inside = region.crop(pixels, INSIDE)
        assert cut.tolist() == pixels[rows, columns].tolist()
        assert inside.shape == cut.shape[:2]


def test_an_empty_crop_is_null_and_left_out() -> None:
    outside = Region(100, 0, 110, 4)
    of_objects = on_regions(redness)
    assert of_objects(image(), INSIDE, [outside]) is None
    assert of_objects(image(), INSIDE, [outside, LEFT]) == 1
    assert of_objects(image(), ~INSIDE, [LEFT]) is None


def test_masks_of_regions_move_with_their_boxes() -> None:
    diagonal = np.eye(4, dtype=bool)
    pixels = np.zeros((4, 8, 3), dtype=np.uint8)
    pixels[0, 0] = 255
    assert on_regions(brightness)(pixels, INSIDE, [Region(0, 0, 4, 4, diagonal)]) == 0.25
    # cut by the corner: the pixel at (0, 0) is the third of the diagonal, and one more is inside
    assert on_regions(brightness)(pixels, INSIDE, [Region(-2, -2, 2, 2, diagonal)]) == 0.5
    assert on_regions(brightness)(pixels, INSIDE, [Region(-1, -2, 3, 2, diagonal)]) == 0
    assert on_regions(brightness)(pixels, INSIDE, [Region(0, 0, 4, 4, ~diagonal & False)]) is None


def test_over_a_table_with_the_raw_values() -> None:
    table = Table(
        {
            "pixels": [image()] * 4,
            "mask": [INSIDE] * 4,
            "objects": [[LEFT, RIGHT], [], [Region(50, 0, 60, 1), LEFT], None],
        }
    )
    values, reasons = on_regions(redness).over(table)
    assert values[[0, 2]].tolist() == [0.5, 1]
    assert reasons == {1: "no_objects", 3: "not_applicable"}
    raw = region_values(on_regions(redness), table)
    assert raw.values[[0, 1, 3], 0].tolist() == [1, 0, 1]
    assert np.isnan(raw.values[2, 0])
    assert raw.counts.tolist() == [2, 0, 2, 0]
    predicted = Table({"pixels": [image()], "mask": [INSIDE], "predicted_objects": [[]]})
    assert on_regions(redness, "prediction").over(predicted).reasons == {0: "no_predictions"}


def test_a_metric_of_ones_own_with_parameters() -> None:
    @metric("data", needs=("pixels", "mask"))
    def above(pixels: np.ndarray, mask: np.ndarray, *, level: int = 0) -> float:
        return float((pixels[mask] > level).mean())

    of_objects = on_regions(above).with_parameters(level=254, aggregate="sum")
    assert of_objects(image(), INSIDE, [LEFT, RIGHT]) == pytest.approx(2 / 3)
    assert on_regions(above.with_parameters(level=255))(image(), INSIDE, [LEFT]) == 0
    table = Table({"pixels": [image()], "mask": [INSIDE], "objects": [[LEFT]]})
    assert region_values(of_objects, table).values.tolist() == [[pytest.approx(1 / 3)]]


def test_it_is_another_metric_when_the_function_is() -> None:
    def one(pixels: object, mask: object) -> int:
        return 1

    def two(pixels: object, mask: object) -> int:
        return 2

    made = [on_regions(Metric(of, "same", "data", needs=("pixels", "mask"))) for of in (one, two, one)]
    first, second, third = map(fingerprint, made)
    assert first == third != second


def test_what_cannot_be() -> None:
    with pytest.raises(MetricError, match="metric 'width' needs dimensions; allowed: pixels, mask"):
        on_regions(width)
    with pytest.raises(MetricError, match="near_duplicate"):
        on_regions(near_duplicate)
    with pytest.raises(MetricError, match="unknown scope 'objects'; did you mean 'object'"):
        on_regions(redness, "objects")  # type: ignore[arg-type]
    with pytest.raises(MetricError, match="is of no region"):
        region_values(redness, Table({"pixels": [image()]}))
    with pytest.raises(MetricError, match="no confidence"):
        on_regions(redness).with_parameters(aggregate="confidence")(image(), INSIDE, [LEFT])
    with pytest.raises(ConfigurationError, match="unknown aggregate"):
        on_regions(redness)(image(), INSIDE, [LEFT], aggregate="most")
    for edges in ((4, 0, 0, 4), (0, float("nan"), 1, 1), (0, 0, float("inf"), 1)):
        with pytest.raises(DataError, match="allowed: finite left <= right"):
            Region(*edges)
    with pytest.raises(DataError, match=r"mask of a region is bool \(2, 2\); allowed: bool \(4, 4\)"):
        Region(0, 0, 4, 4, np.ones((2, 2), dtype=bool))
