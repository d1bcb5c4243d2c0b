"""Whether a file is whole: whoever writes it, an editor or a sync client, has let go of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

# Locks, swap files, backups and halves of editors, office suites, browsers and sync clients.
_PASSING = re.compile(r"^(\.|~\$|~)|(~|\.(tmp|temp|part|partial|crdownload|download|swp|bak|lock))$|#$", re.I)


class Stamp(NamedTuple):
    """What changes when a file is written: its size, its time, its place on the disk."""

    size: int
    changed: int
    place: int


class Settled:
    """Tells for how long files have been left alone, by their own time or since they were first seen so.

    Where the clock of a network disk is ahead, only what was seen here counts.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._seen: dict[Path, tuple[Stamp, float]] = {}

    def age(self, path: Path) -> float:
        """Give for how many seconds a file has been as it is now."""
        stamp, now = stamp_of(path), self._clock()
        known, since = self._seen.setdefault(path, (stamp, now))
        if known != stamp:
            self._seen[path], since = (stamp, now), now
        return max(now - since, now - stamp.changed / 1e9)


def stamp_of(path: Path) -> Stamp:
    """Give the stamp of a file; raises OSError when it is not there."""
    found = path.stat()
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def files_in(folder: Path, kinds: tuple[str, ...]) -> Iterator[Path]:
    """Give the files of some kinds in a folder, by name; no links, nothing passing, nothing below it."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() not in kinds or _PASSING.search(path.name):
            continue
        if not path.is_symlink() and path.is_file():
            yield path
