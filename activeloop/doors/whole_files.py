"""Files of ours that appear whole or not at all, and never in the place of another's."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def replace_whole(path: Path, text: str) -> None:
    """Write a file of ours so that whoever reads it finds the old or the new one, and no half."""
    passing = path.with_name(f".new-{path.name}")
    passing.write_text(text, encoding="utf-8")
    to_disk(passing)
    os.replace(passing, path)


def to_disk(path: Path) -> None:
    """Make a file, or the names in a folder, survive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def appear(passing: Path, target: Path) -> None:
    """Give a file that was written under a passing name its own; another file that has it keeps it."""
    try:
        os.link(passing, target)  # as a rename, but one that never takes the place of another file
    except FileExistsError:  # a crash came after it had appeared, or a person brought it
        pass
    except OSError:  # a disk without links
        if not target.exists():
            os.rename(passing, target)
    passing.unlink(missing_ok=True)
    to_disk(target.parent)
