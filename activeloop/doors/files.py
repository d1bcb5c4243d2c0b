"""A folder as the door: a file of asks comes out, and files of answers come back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from activeloop.doors import sheets
from activeloop.doors.desk import Desk
from activeloop.doors.inbox import Inbox
from activeloop.doors.parcel import how_to, table
from activeloop.doors.problems import Problems, Report
from activeloop.doors.said import asked_of
from activeloop.doors.whole_files import appear, replace_whole, to_disk
from activeloop.errors import ActiveloopError, ConfigurationError, DataError, unknown
from activeloop.events import Store
from activeloop.query import Answer, Ask, Query

_HEAD = "What is open and what cannot be used; activeloop writes this file anew\n"


class Files:
    """An oracle whose asks lie in a folder as a file that people fill in, with a spreadsheet say.

    folder   gets a file a round (`round-0003.csv`), HOW-TO.txt, STATUS.txt and the folder `answers`
    kind     of the files that are written: "csv", "xlsx" (the extra `export`) or "jsonl"; all are read
    store    where it is kept what was asked and said: a path, a store; `run` is its name there
    settled  seconds for which a file must have been left alone before it is read

    An answer is a filled row of a round's own file, or of any other file in `answers`. Of several answers to
    an ask the one that was saved last counts. What cannot be used is told by file, row and value, in
    STATUS.txt too, while all other rows are taken: `report` is given it, or without one the first such
    AnswerError is raised by the call that has no new answer. No file of a person is changed or deleted.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> door = Files(folder, store=None, settled=0)
    >>> query = Query(0, (Ask("0.0", "a", None, None),), "random", 0, ("good", "bad"), {"a": "words"}.get)
    >>> door(query)
    []
    >>> _ = (folder / "answers" / "mine.csv").write_text("ask_id;label\\nask-0.0;good\\n")
    >>> door(query)[0].value
    'good'
    """

    simulated = False

    def __init__(
        self,
        folder: str | Path,
        *,
        store: str | Path | Store | None,
        run: str = "run",
        kind: str = "csv",
        settled: float = 1.0,
        report: Report | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if f".{kind}" not in (".csv", ".jsonl", ".xlsx"):
            raise ConfigurationError(unknown("kind of file", kind, ("csv", "jsonl", "xlsx")))
        self.folder, self._kind = Path(folder), kind
        self._desk, self._problems = Desk(store, run, "files"), Problems(report)
        self._inbox = Inbox(self.folder, self._desk, settled, clock)
        self._status = ""
        try:
            (self.folder / "answers").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{str(folder)!r} cannot be used as a folder: {error}") from error
        status = self.folder / "STATUS.txt"
        if status.exists() and not status.read_bytes().startswith(_HEAD.encode()):
            raise DataError(
                f"{str(status)!r} was not written by activeloop; name another folder, or rename it"
            )

    @property
    def open(self) -> list[str]:
        """The ask ids that lie in the folder, neither answered nor withdrawn."""
        return self._desk.open

    def __call__(self, query: Query) -> list[Answer]:
        """Write the asks that are new, read what was saved, and give all answers so far.

        Raises DataError when the folder cannot be written; the next call goes on.
        """
        try:
            self._hand_out(query)
            problems = self._inbox.collect()
            self._tell(problems)
        except OSError as error:
            raise DataError(f"{str(self.folder)!r} cannot be used now: {error}") from error
        return self._problems.beside(self._desk.answers(query), problems)

    def answers(self, after: int = 0) -> tuple[list[Answer], int]:
        """Give what is new since `after`, of any round, and the number to give back next time."""
        return self._desk.since(after)

    def retire(self, query: Query) -> None:
        """Say in STATUS.txt that a round is over; what is saved all the same is kept."""
        problems = self._inbox.collect()
        self._desk.retire(query)
        self._tell(problems)

    def close(self) -> None:
        """Close the store, where it was opened by its path."""
        self._desk.close()

    def _hand_out(self, query: Query) -> None:
        """Write the file under a passing name, note it, and let it appear: each ask lies there once.

        A crash in between leaves the passing name, which the next call finishes or writes anew.
        """
        for parcel in {one.parcel for one in self._desk.handed.values()}:
            self._appear(parcel)
        asks = self._desk.unseen(query)
        if asks:
            how = self.folder / "HOW-TO.txt"
            if not how.exists():
                replace_whole(how, how_to(query.classes))
            parcel = self._free_name(query.round)
            self._write_parcel(parcel, query, asks)
            self._desk.hand_out(query, asks, parcel)
            self._appear(parcel)

    def _write_parcel(self, parcel: str, query: Query, asks: Sequence[Ask]) -> None:
        columns, rows = table(asked_of(replace(query, asks=tuple(asks))))
        passing = self._passing(parcel)
        sheets.write(passing, columns, rows, [str(one) for one in query.classes or ()])
        to_disk(passing)

    def _passing(self, parcel: str) -> Path:
        return self.folder / f".new-{parcel}"

    def _free_name(self, round: int) -> str:
        known, at = {one.parcel for one in self._desk.handed.values()}, 1
        while True:
            name = f"round-{round:04d}{f'-{at}' if at > 1 else ''}.{self._kind}"
            if name not in known and not (self.folder / name).exists():
                return name
            at += 1

    def _appear(self, parcel: str) -> None:
        if self._passing(parcel).exists():
            appear(self._passing(parcel), self.folder / parcel)

    def _tell(self, problems: Sequence[ActiveloopError]) -> None:
        """Write STATUS.txt anew where it says something else."""
        open, lines = self._desk.open, []
        for parcel in sorted({self._desk.handed[one].parcel for one in open}):
            left = sum(self._desk.handed[one].parcel == parcel for one in open)
            lines.append(f"open    {parcel}: {left} to answer")
        lines += [f"problem {one}" for one in problems]
        text = _HEAD + "\n".join(lines or ["nothing is open"]) + "\n"
        if text != self._status:
            replace_whole(self.folder / "STATUS.txt", text)
            self._status = text
