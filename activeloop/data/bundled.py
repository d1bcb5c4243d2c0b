"""The real data sets that come with scikit-learn: no download, a second to load."""

from __future__ import annotations

from typing import Any, NamedTuple

from sklearn import datasets

from activeloop.data.dataset import Dataset


class Bundled(NamedTuple):
    """A set of scikit-learn: what it holds, and the measurements that make good slices."""

    about: str
    metadata: tuple[str, ...]


BUNDLED = {
    "breast_cancer": Bundled(
        "569 tumors in 30 measurements; malignant or benign",
        ("mean radius", "mean texture", "mean smoothness"),
    ),
    "digits": Bundled("1,797 handwritten digits of 8 x 8 pixels; 10 classes", ()),
    "iris": Bundled("150 irises in 4 measurements; 3 species", ("petal length (cm)", "sepal width (cm)")),
    "wine": Bundled("178 wines in 13 measurements; 3 growers", ("alcohol", "color_intensity", "proline")),
}
LICENCE = "BSD-3-Clause (scikit-learn); data of the UCI repository, CC BY 4.0"


def digits() -> Dataset:
    """Give scikit-learn's digits: 64 pixels of 0 to 16, 8 x 8 images as items, `ink` (mean pixel / 16).

    >>> data = digits()
    >>> len(data), data.classes[-1], data.item(0).shape
    (1797, 9, (8, 8))
    """
    given = datasets.load_digits()
    ink = given.data.mean(axis=1) / 16
    return Dataset(given.data, given.target, items=given.images, metadata={"ink": ink}, name="digits")


def measurements(name: str) -> Dataset:
    """Give breast_cancer, iris or wine: classes by their names, some measurements as metadata.

    >>> measurements("breast_cancer").columns[4:]
    ('mean_radius', 'mean_texture', 'mean_smoothness')
    """
    given: Any = getattr(datasets, f"load_{name}")()
    names = list(given.feature_names)
    chosen = BUNDLED[name].metadata
    return Dataset(
        given.data,
        given.target_names[given.target],
        metadata={_plain(one): given.data[:, names.index(one)] for one in chosen},
        name=name,
    )


def bundled(name: str) -> Dataset:
    """Give a bundled set by its name."""
    return digits() if name == "digits" else measurements(name)


def _plain(name: str) -> str:
    return name.removesuffix(" (cm)").replace(" ", "_")
