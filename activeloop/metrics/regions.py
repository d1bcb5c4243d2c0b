"""A metric of pixels, computed of every object in an image: one function for image, object and prediction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray
from activeloop.errors import DataError, MetricError, unknown
from activeloop.metrics.fingerprint import fingerprint
from activeloop.metrics.metric import Columns, Kind, Metric
from activeloop.metrics.predictions import Ragged, aggregate

RegionScope = Literal["object", "prediction"]

_PIXELS = ("pixels", "mask")
_KINDS: dict[str, Kind] = {"object": "label", "prediction": "model"}
_COLUMNS = {"object": "objects", "prediction": "predicted_objects"}
_NONE = {"object": "no_objects", "prediction": "no_predictions"}


@dataclass(frozen=True, eq=False)
class Region:
    """Where an object is, in pixels: x from `left` up to `right`, y from `top` up to `bottom`.

    It holds every pixel that it touches. `mask`, if there is one, says which pixels of that box are the
    object's: bool (height, width) of the box, as it is before it is cut at the edges of the image.

    Raises DataError for coordinates that are not finite or run backward, and for a mask of another shape.
    """

    left: float
    top: float
    right: float
    bottom: float
    mask: BoolArray | None = None

    def __post_init__(self) -> None:
        edges = (self.left, self.top, self.right, self.bottom)
        if not all(map(math.isfinite, edges)) or self.left > self.right or self.top > self.bottom:
            raise DataError(f"a region is {edges}; allowed: finite left <= right, top <= bottom")
        if self.mask is not None and (self.mask.shape != self.shape or self.mask.dtype != bool):
            raise DataError(
                f"the mask of a region is {self.mask.dtype} {self.mask.shape}; allowed: bool {self.shape}"
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the box in whole pixels."""
        height = math.ceil(self.bottom) - math.floor(self.top)
        return height, math.ceil(self.right) - math.floor(self.left)

    def crop(self, pixels: Array, mask: BoolArray) -> tuple[Array, BoolArray]:
        """Cut pixels and mask of an image down to the region; empty where it lies outside.

        >>> image, inside = np.arange(48, dtype=np.uint8).reshape(4, 4, 3), np.ones((4, 4), dtype=bool)
        >>> cut, _ = Region(2.5, -1, 9, 1).crop(image, inside)
        >>> cut.tolist()
        [[[6, 7, 8], [9, 10, 11]]]
        """
        top, left = math.floor(self.top), math.floor(self.left)
        rows = slice(max(0, top), max(0, top + self.shape[0]))
        columns = slice(max(0, left), max(0, left + self.shape[1]))
        cut, inside = pixels[rows, columns], mask[rows, columns]
        if self.mask is not None and inside.size:
            above, before = rows.start - top, columns.start - left
            height, width = inside.shape
            inside = inside & self.mask[above : above + height, before : before + width]
        return cut, inside


@dataclass(frozen=True)
class OnRegions:
    """A function of pixels and mask as one of pixels, mask and regions: one value out of those of all."""

    metric: Metric
    none: str

    def values(self, pixels: Array, mask: BoolArray, regions: Sequence[Region], **given: Any) -> FloatArray:
        """Give the raw value of each region, (k,); NaN where there is none or the crop is empty."""
        cuts = (region.crop(pixels, mask) for region in regions)
        found = (self.metric(*cut, **given) if cut[1].any() else None for cut in cuts)
        return np.array([_number(one) for one in found], dtype=np.float64)

    def __call__(
        self,
        pixels: Array,
        mask: BoolArray,
        regions: Sequence[Region] | None,
        *,
        aggregate: str = "mean",
        **given: Any,
    ) -> float | str | None:
        """Give the aggregate of the values that there are, or why there is none."""
        if not regions:
            return self.none if regions is not None else None
        values = self.values(pixels, mask, regions, **given)
        return _one_of(values[~np.isnan(values)], aggregate)


def on_regions(metric: Metric, scope: RegionScope = "object") -> Metric:
    """Give a metric of `pixels` and `mask` as one of each annotated or predicted object of an image.

    | scope        | needs lists of `Region` | kind    | name                 | of an empty list |
    |--------------|-------------------------|---------|----------------------|------------------|
    | "object"     | `objects`               | "label" | `object_redness`     | `no_objects`     |
    | "prediction" | `predicted_objects`     | "model" | `prediction_redness` | `no_predictions` |

    The value of an item is the `aggregate` of those of its regions: "mean" (default), "max", "sum", "top<k>".
    A region of which there is no value, such as one outside of the image, is left out, and an item where no
    region has one is NULL. `region_values` gives them one by one.

    >>> from activeloop.metrics.color import redness
    >>> red = np.zeros((4, 4, 3), dtype=np.uint8)
    >>> red[:2, :, 0] = 255
    >>> of_objects = on_regions(redness, "object").with_parameters(aggregate="max")
    >>> boxes = [Region(0, 0, 4, 4), Region(0, 0, 1, 2)]
    >>> of_objects.name, of_objects(red, np.ones((4, 4), dtype=bool), boxes)
    ('object_redness', 1.0)

    Raises MetricError for a metric that needs other columns, and for an unknown scope.
    """
    if scope not in _COLUMNS:
        raise MetricError(unknown("scope", scope, _COLUMNS))
    if metric.needs != _PIXELS or metric.vectorized or metric.fit is not None:
        raise MetricError(
            f"metric {metric.name!r} needs {', '.join(metric.needs)}; allowed: pixels, mask of one item"
        )
    return replace(
        metric,
        function=OnRegions(replace(metric, parameters={}), _NONE[scope]),
        name=f"{scope}_{metric.name}",
        kind=_KINDS[scope],
        scope=scope,
        needs=(*_PIXELS, _COLUMNS[scope]),
        version=fingerprint(metric),
    )


def region_values(metric: Metric, columns: Columns) -> Ragged:
    """Give the raw value of every region of every item; NaN where there is none.

    `values` is (m regions, 1); item i owns the rows `offsets[i]` to `offsets[i + 1]`. `metric` is one of
    `on_regions`. Raises MetricError for another, and whatever the metric raises.
    """
    if not isinstance(metric.function, OnRegions):
        raise MetricError(f"metric {metric.name!r} is of no region; on_regions makes it one")
    given = {name: value for name, value in metric.parameters.items() if name != "aggregate"}
    pixels, mask, regions = (columns.column(name) for name in metric.needs)
    parts = [
        metric.function.values(pixels[at], mask[at], regions[at], **given) if regions[at] else np.empty(0)
        for at in range(len(columns))
    ]
    return Ragged(
        np.concatenate([np.empty(0), *parts]).reshape(-1, 1), np.cumsum([0, *map(len, parts)], dtype=np.int64)
    )


def _number(value: Any) -> float:
    return np.nan if value is None or isinstance(value, str) else float(value)


def _one_of(values: FloatArray, how: str) -> float | None:
    if how == "confidence":
        raise MetricError("regions have no confidence to weigh by; allowed: mean, max, sum, top<k>")
    one_item = Ragged(values.reshape(-1, 1), np.array([0, len(values)]))
    return float(aggregate(values, one_item, how)[0]) if len(values) else None
