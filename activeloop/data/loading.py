"""A data set by its name, or by the path of a file or of a folder of images."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from activeloop.data.bundled import BUNDLED, LICENCE, bundled
from activeloop.data.catalog import RECIPES
from activeloop.data.dataset import Dataset
from activeloop.data.images import image_folder
from activeloop.data.readers import read_file
from activeloop.data.recipes import files, is_local
from activeloop.errors import DataError, UnknownNameError, unknown


class Listing(NamedTuple):
    """One line about a data set; `available` when loading it needs no download."""

    about: str
    licence: str
    available: bool


def load(name_or_path: str | os.PathLike[str], **options: Any) -> Dataset:
    """Give a bundled set, a recipe's set, a table in a file, or a folder of images.

    Options go to the reader: `label=`, `text=`, `id=`, `time=`, `metadata=`, `classes=` and `task=` of
    `read_file`, `size=`, `color=` and others of `image_folder`, `out_of_scope=` of clinc150.

    >>> load("iris")
    Dataset 'iris': 150 items, 4 features, 3 classes, 150 labels known

    Raises UnknownNameError for what is neither a name nor a path, DataError when it cannot be read or does
    not take an option.
    """
    name = os.fspath(name_or_path)
    if name in BUNDLED:
        _check_options(name, options, ())
        return bundled(name)
    if name in RECIPES:
        recipe = RECIPES[name]
        _check_options(name, options, _parameters(recipe.read)[1:])
        return recipe.read(files(recipe), **options)
    path = Path(name)
    if path.is_dir():
        _check_options(name, options, _parameters(image_folder)[1:])
        return image_folder(path, **options)
    if path.is_file() or path.suffix or os.sep in name:
        _check_options(name, options, _parameters(read_file)[1:])
        return read_file(path, **options)
    raise UnknownNameError(
        unknown("data set", name, [*BUNDLED, *RECIPES]) + "; or the path of a file or folder"
    )


def datasets() -> Mapping[str, Listing]:
    """Give every named set with one line about it, sorted by name.

    >>> datasets()["digits"].about
    '1,797 handwritten digits of 8 x 8 pixels; 10 classes'
    """
    listed = {name: Listing(one.about, LICENCE, True) for name, one in BUNDLED.items()}
    listed |= {name: Listing(one.about, one.licence, is_local(one)) for name, one in RECIPES.items()}
    return dict(sorted(listed.items()))


def _parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def _check_options(name: str, options: Mapping[str, Any], allowed: Any) -> None:
    for option in options:
        if option not in allowed:
            raise DataError(f"data set {name!r}: {unknown('option', option, allowed)}")
