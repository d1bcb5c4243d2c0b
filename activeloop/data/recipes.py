"""A data recipe: a public set that is not shipped, with its source, checksums, licence and reader."""

from __future__ import annotations

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from activeloop.data.dataset import Dataset
from activeloop.errors import DataError

_CHUNK = 1 << 20
_TIMEOUT = 60  # seconds without a byte


class RecipeFile(NamedTuple):
    """One file of a public source."""

    name: str
    url: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Recipe:
    """How to have a public data set: `read` makes a dataset of the files, by name.

    `folder` is where the files lie below `ACTIVELOOP_DATA` and below the cache.
    """

    name: str
    about: str
    source: str
    licence: str
    folder: str
    files: tuple[RecipeFile, ...]
    read: Callable[..., Dataset]


def local_folders(recipe: Recipe) -> tuple[Path, ...]:
    """Give the folders that are looked into, in order: `ACTIVELOOP_DATA` when it is set, then the cache.

    The cache is `ACTIVELOOP_CACHE`, else `activeloop` in `XDG_CACHE_HOME`, else `~/.cache/activeloop`.
    """
    named = os.environ.get("ACTIVELOOP_DATA")
    return (*((Path(named) / recipe.folder,) if named else ()), _cache() / recipe.folder)


def is_local(recipe: Recipe) -> bool:
    """Say whether every file of a recipe is at hand, so that nothing need be downloaded."""
    return all(_find(recipe, one) is not None for one in recipe.files)


def files(recipe: Recipe) -> Mapping[str, Path]:
    """Find or download the files of a recipe, and check every one of them against its checksum.

    A download lands in the cache whole or not at all.

    Raises DataError for a wrong checksum, and for a file that is neither here nor to be downloaded.
    """
    found = {}
    for one in recipe.files:
        path = _find(recipe, one)
        found[one.name] = _download(recipe, one) if path is None else _checked(recipe, one, path)
    return found


def _cache() -> Path:
    if named := os.environ.get("ACTIVELOOP_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "activeloop"


def _find(recipe: Recipe, one: RecipeFile) -> Path | None:
    places = (folder / one.name for folder in local_folders(recipe))
    return next((place for place in places if place.is_file()), None)


def _checked(recipe: Recipe, one: RecipeFile, path: Path) -> Path:
    with path.open("rb") as file:
        got = hashlib.file_digest(file, "sha256").hexdigest()
    if got != one.sha256:
        raise DataError(_wrong(recipe, one, str(path), got) + "; delete the file to have it downloaded anew")
    return path


def _download(recipe: Recipe, one: RecipeFile) -> Path:
    target = _cache() / recipe.folder / one.name
    digest = hashlib.sha256()
    partial: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            urllib.request.urlopen(one.url, timeout=_TIMEOUT) as answer,
            tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file,
        ):
            partial = Path(file.name)
            while chunk := answer.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != one.sha256:
            raise DataError(_wrong(recipe, one, one.url, digest.hexdigest()))
        partial.replace(target)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        looked = " and ".join(map(repr, map(str, local_folders(recipe))))
        raise DataError(
            f"data set {recipe.name!r} needs {one.name}, which is not in {looked} and cannot be downloaded "
            f"from {one.url} ({error}); set ACTIVELOOP_DATA to a folder that has {recipe.folder}/{one.name}"
        ) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
    return target


def _wrong(recipe: Recipe, one: RecipeFile, where: str, got: str) -> str:
    return (
        f"data set {recipe.name!r}: {where} is not the file that was published: "
        f"its SHA-256 is {got}, expected {one.sha256}"
    )
