"""One door for names and paths."""

from pathlib import Path

import numpy as np
import pytest

from activeloop.data import load
from activeloop.errors import DataError, UnknownNameError


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("digits", (1797, 64), tuple(range(10))),
        ("breast_cancer", (569, 30), ("benign", "malignant")),
        ("wine", (178, 13), ("class_0", "class_1", "class_2")),
        ("iris", (150, 4), ("setosa", "versicolor", "virginica")),
    ],
)
def test_bundled_sets(name: str, shape: tuple[int, int], classes: tuple[object, ...]) -> None:
    data = load(name)
    assert data.features.shape == shape
    assert data.classes == classes
    assert data.known.all()
    assert data.name == name


def test_the_ink_of_digits_is_their_mean_pixel() -> None:
    data = load("digits")
    assert data.item(0).shape == (8, 8)
    assert data.column("ink") == pytest.approx(np.mean(data.column("item") / 16, axis=(1, 2)))


def test_benign_tumors_are_the_more_frequent() -> None:
    data = load("breast_cancer")
    assert (data.column("label") == "benign").sum() == 357
    assert data.column("mean_radius") == pytest.approx(data.features[:, 0])


def test_unknown_names_and_options_name_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown data set 'digts'; did you mean 'digits'"):
        load("digts")
    with pytest.raises(DataError, match=r"data set 'digits': unknown option 'text'\. Allowed: none"):
        load("digits", text="x")
    with pytest.raises(DataError, match="unknown option 'out_of_scop'; did you mean 'out_of_scope'"):
        load("clinc150", out_of_scop=True)
    with pytest.raises(DataError, match="unknown option 'labels'; did you mean 'label'"):
        load(tmp_path / "absent.csv", labels="x")
    with pytest.raises(DataError, match="there is no file"):
        load(tmp_path / "absent.csv", label="x")
    with pytest.raises(DataError, match="unknown option 'siz'; did you mean 'size'"):
        load(tmp_path, siz=3)
