"""The files in which answers lie: read once they are whole, in the order in which they were saved."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from activeloop.doors import sheets
from activeloop.doors.desk import Desk
from activeloop.doors.parcel import Reader
from activeloop.doors.settled import Settled, Stamp, files_in, stamp_of
from activeloop.doors.sheets import HalfWrittenError
from activeloop.errors import ActiveloopError, DataError, MissingDependencyError

_BROKEN_AFTER = 60.0


class _Known(NamedTuple):
    """A file as it was read: its stamp, how many asks were out then, and what could not be used."""

    stamp: Stamp | None
    handed: int
    problems: tuple[ActiveloopError, ...]


class Inbox:
    """Reads the files of the rounds and those in `answers`, and tells the desk what is in them.

    after  seconds for which a file must have been left alone
    """

    def __init__(
        self, folder: Path, desk: Desk, after: float, clock: Callable[[], float] = time.time
    ) -> None:
        self.folder, self._desk, self._after = folder, desk, after
        self._settled, self._read = Settled(clock), dict[Path, _Known]()

    def collect(self) -> list[ActiveloopError]:
        """Read what was saved since; give what cannot be used of all files that lie there."""
        handed = len(self._desk.handed)
        problems: list[ActiveloopError] = []
        for path, stamp in self._lying():
            known = self._read.get(path)
            # What cannot be used may be of asks that were not handed out when it was read.
            if known is None or known.stamp != stamp or (known.problems and known.handed != handed):
                known = self._one(path, stamp) or known
            if known is not None:
                self._read[path] = known
                problems += known.problems
        return problems

    def _lying(self) -> list[tuple[Path, Stamp]]:
        """Give the files that may hold answers, in the order in which they were saved."""
        stems = tuple({Path(one.parcel).stem for one in self._desk.handed.values()})
        here = [one for one in files_in(self.folder, sheets.KINDS) if one.name.startswith(stems)]
        found = []
        for path in (*here, *files_in(self.folder / "answers", sheets.KINDS)):
            with suppress(OSError):  # it is gone again
                found.append((path, stamp_of(path)))
        return sorted(found, key=lambda one: one[1].changed)

    def _one(self, path: Path, stamp: Stamp) -> _Known | None:
        """Read one file; None while it is being written."""
        name, handed = str(path.relative_to(self.folder)), len(self._desk.handed)
        try:
            age = self._settled.age(path)
            if age < self._after:
                return None
            rows = sheets.read(path)
            if stamp_of(path) != stamp:
                return None
            answers, problems = Reader(self._desk.handed).read(name, rows)
            self._desk.hear(answers, source=name)
        except HalfWrittenError:
            if age < _BROKEN_AFTER:
                return None
            return _Known(stamp, handed, (DataError(f"{name!r} breaks off; save it again"),))
        except FileNotFoundError:
            return None
        except OSError as error:  # locked by the program that has it open, say: it is tried again
            return _Known(None, handed, (DataError(f"{name!r} cannot be read now: {error.strerror}"),))
        except (DataError, MissingDependencyError) as error:
            return _Known(stamp, handed, (error,))
        return _Known(stamp, handed, tuple(problems))
