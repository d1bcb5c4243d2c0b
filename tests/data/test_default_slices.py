"""Slices that nobody asked for: few, of every kind of data, and each holds items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from activeloop.data import Dataset, image_folder
from activeloop.data.default_slices import default_slices
from activeloop.items import Items

N = 80


def sliced(data: Dataset) -> dict[str, int]:
    """Give how many items each default slice holds."""
    from activeloop.slices import members

    found = default_slices(data)
    items = Items(data, np.arange(len(data)), found.metrics)
    return {one.name: int(members(one, items).sum()) for one in found.slices if "class" not in one.name}


def test_texts_are_cut_by_length_and_by_what_describes_them() -> None:
    described = {
        "city": ["Oslo", "Rome"] * (N // 2),
        "who": [f"p{at}" for at in range(N)],
        "age": np.arange(N) / 7,
    }
    data = Dataset(["word " * (at % 9 + 1) for at in range(N)], classes=["a", "b"], metadata=described)
    found = sliced(data)
    assert sum(count for name, count in found.items() if name.startswith("text_words")) == N
    assert found["city Oslo"] == N // 2
    assert not any(name.startswith("who") for name in found)
    assert [count for name, count in found.items() if name.startswith("age")] == [N // 4] * 4
    assert [one.name for one in default_slices(data).slices][:2] == ["class a", "class b"]


def test_a_table_is_cut_by_its_first_columns_that_can_be() -> None:
    columns: dict[str, Any] = {f"x{at}": np.arange(N) * 1.0 for at in range(9)}
    frame = pd.DataFrame({"rare": ["a"] * (N - 1) + ["b"], "none": [np.nan] * N, **columns})
    found = sliced(Dataset(frame, classes=[0, 1]))
    assert {name.split()[0] for name in found} == {f"x{at}" for at in range(6)}


def test_images_are_cut_by_brightness(tmp_path: Path) -> None:
    for at in range(12):
        Image.new("L", (4, 4), 20 * at).save(tmp_path / f"{at}.png")
    found = sliced(image_folder(tmp_path))
    assert [count for name, count in found.items() if name.startswith("brightness")] == [3] * 4


@pytest.mark.parametrize(
    "data",
    [
        Dataset([[1.0]] * 3, classes=range(60)),
        Dataset(["", ""], classes=[0, 1], metadata={"tags": [["a"], ["b"]], "class": [1.0, 2.0]}),
        Dataset([[1.0]], [0.5], task="regression"),
    ],
)
def test_where_there_is_nothing_to_cut_there_is_no_slice(data: Dataset) -> None:
    assert all(count for count in sliced(data).values())
