"""What does not fit is refused in one sentence that names it."""

from typing import Any

import numpy as np
import pytest

from activeloop.errors import DataError
from activeloop.explorer import Exploration, Finding, MetricColumn, SliceRow
from tests.explorer.made import bare, made

TWO = np.array(["a", "b"])


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"modality": "images"}, "unknown modality 'images'; did you mean 'image'?"),
        ({"ids": np.array(["a", "a"])}, "ids are not unique: 'a' is there more than once"),
        ({"ids": np.array([1, "1"], dtype=object)}, "ids are not unique: '1'"),
        ({"texts": ["one"]}, "texts: 1 entries for 2 items"),
        ({"labels": [1, 2, 3]}, "labels: 3 entries for 2 items"),
        ({"metrics": (MetricColumn("size", np.zeros(3)),)}, "metric 'size': 3 entries for 2 items"),
        ({"metrics": (MetricColumn("size", np.zeros(2)),) * 2}, "metric 'size' is given twice"),
        ({"outliers": (Finding("c", "far"),)}, "outliers: unknown id 'c'"),
        ({"duplicates": (Finding("a", "near", related=("bb",)),)}, "did you mean 'b'?"),
        ({"slices": (SliceRow("far", np.array([2])),)}, "slice 'far': members must be positions in [0, 2)"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataError) as refused:
        Exploration(**{"name": "two", "ids": TWO, "modality": "text", **parts})
    assert sentence in str(refused.value)


def test_every_part_may_be_absent() -> None:
    assert len(bare(0)) == 0
    assert len(bare()) == 3
    assert len(made()) == 12
