"""A folder of images becomes a dataset: its files are the items, its subfolders the classes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image

from activeloop.arrays import Array
from activeloop.data.dataset import Dataset
from activeloop.data.decoding import SUFFIXES, UNREADABLE, upright, upright_size
from activeloop.errors import DataError


def image_folder(
    path: str | os.PathLike[str],
    *,
    size: int | tuple[int, int] | None = 32,
    color: bool = False,
    classes_from: Literal["folder"] | None = "folder",
    skip_corrupt: bool = False,
    check: bool = True,
    name: str | None = None,
) -> Dataset:
    """Read all images below a folder; the path relative to it, with `/`, is the id.

    The features of an image are its pixels as float32 in [0, 1], resized to `size` (width and height, or both
    in one number), row by row; gray, or red, green and blue of each pixel with `color=True`. With `size=None`
    no pixel is read: the features are the paths, for models that open files themselves. Items are the paths,
    and the metadata are `width` and `height` in pixels, as the image is seen upright. With `check=False`,
    too, no file is opened: there are no metadata, and a broken file is an item whose metrics are NULL.
    The class is the first subfolder; an image outside any subfolder has no label.

    Raises DataError when there is no folder or no image, and for a file that cannot be read, which
    `skip_corrupt=True` leaves out instead and names in `Dataset.skipped`.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise DataError(f"there is no folder {str(folder)!r}")
    if classes_from not in ("folder", None):
        raise DataError(f"classes_from={classes_from!r}; allowed: 'folder', None")
    shape = _shape(size)
    if not check:
        if shape:
            raise DataError(f"check=False opens no file, and size={size!r} wants its pixels; give size=None")
        return _unopened(folder, classes_from, name)
    pixels: list[Array] = []
    sizes: list[tuple[int, int]] = []
    kept: list[str] = []
    skipped: list[str] = []
    for one in _files(folder):
        try:
            with Image.open(folder / one) as image:
                sizes.append(upright_size(image))
                if shape:
                    pixels.append(_pixels(image, shape, color))
                kept.append(one)
        except UNREADABLE as error:
            del sizes[len(kept) :]
            if not skip_corrupt:
                raise DataError(
                    f"image {one!r} cannot be read ({error}); skip_corrupt=True leaves it out"
                ) from error
            skipped.append(f"{one}: {error}")
    if not kept:
        raise DataError(f"none of the {len(skipped)} images in {str(folder)!r} can be read")
    files = np.fromiter((folder / one for one in kept), dtype=object)
    return Dataset(
        np.stack(pixels) if shape else files,
        _classes(kept) if classes_from else None,
        ids=kept,
        items=[str(file) for file in files],
        metadata={"width": [width for width, _ in sizes], "height": [height for _, height in sizes]},
        name=name or folder.resolve().name,
        skipped=skipped,
    )


def _unopened(folder: Path, classes_from: str | None, name: str | None) -> Dataset:
    found = _files(folder)
    files = np.fromiter((folder / one for one in found), dtype=object)
    return Dataset(
        files,
        _classes(found) if classes_from else None,
        ids=found,
        items=[str(file) for file in files],
        name=name or folder.resolve().name,
    )


def _files(folder: Path) -> list[str]:
    found = sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.suffix.lower() in SUFFIXES and file.is_file() and not file.name.startswith(".")
    )
    if not found:
        raise DataError(f"no image in {str(folder)!r}; allowed: {', '.join(SUFFIXES)}")
    return found


def _classes(files: list[str]) -> list[str | None] | None:
    folders = [file.split("/")[0] if "/" in file else None for file in files]
    return folders if any(folders) else None


def _shape(size: Any) -> tuple[int, int] | None:
    if size is None:
        return None
    shape = (size, size) if isinstance(size, int) else tuple(size)
    if len(shape) != 2 or not all(isinstance(one, int) and one > 0 for one in shape):
        raise DataError(f"size={size!r}; allowed: a number of pixels, (width, height), or None for no pixels")
    return shape[0], shape[1]


def _pixels(image: Image.Image, shape: tuple[int, int], color: bool) -> Array:
    resized = upright(image).convert("RGB" if color else "L").resize(shape, Image.Resampling.BILINEAR)
    return np.asarray(resized, dtype=np.float32).reshape(-1) / np.float32(255)
