"""Files and folders that are there whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from activeloop.errors import DataError

MARK = ".activeloop-export"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; what is there takes the place of `path` when the block ends without an error.

    Raises DataError where `path` is a folder.
    """
    if path.is_dir():
        raise DataError(f"{str(path)!r} is a folder; name a file")
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    os.close(number)
    unfinished = Path(name)
    try:
        yield unfinished
        _durable(unfinished)
        os.chmod(unfinished, 0o666 & ~_umask())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder to write into; it takes the place of `path` when the block ends without an error.

    A folder that is there already is replaced where it is empty or was exported before, and refused with
    DataError where it is neither: it holds something else.
    """
    if path.exists() and not (path.is_dir() and (not any(path.iterdir()) or (path / MARK).is_file())):
        raise DataError(f"{str(path)!r} is there already and is no export; name another place")
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name[:40]}."))
    try:
        yield unfinished
        (unfinished / MARK).write_text("written by activeloop export, which may replace this folder\n")
        for file in unfinished.rglob("*"):
            if file.is_file():
                _durable(file)
        os.chmod(unfinished, 0o777 & ~_umask())
        if path.exists():
            before = unfinished.with_name(f"{unfinished.name}.before")
            os.replace(path, before)
            os.replace(unfinished, path)
            shutil.rmtree(before)
        else:
            os.replace(unfinished, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _durable(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
