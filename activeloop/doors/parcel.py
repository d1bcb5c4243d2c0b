"""The asks of a query as a table that people fill in, and its filled rows as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from activeloop.doors.desk import Handed
from activeloop.doors.said import Asked, as_class
from activeloop.doors.sheets import Row
from activeloop.doors.visible import columns_of, visible
from activeloop.errors import AnswerError, unknown
from activeloop.query import OUTCOMES, Answer

_FIRST, _LAST = ("ask_id", "id"), ("label", "outcome", "annotator", "note")
# A spreadsheet makes 3.1 of 3.10, so an ask id is written as a word.
_WORD = "ask-"


def table(asks: Sequence[Asked]) -> tuple[list[str], list[list[str]]]:
    """Give the columns and rows in which asks are handed out: what is shown of them, and room for answers."""
    shown = [columns_of(ask.item) for ask in asks]
    names = list(dict.fromkeys(name for one in shown for name in one))
    taken = {*_FIRST, *_LAST}
    titles = {name: f"item.{name}" if name.strip().lower() in taken else name for name in names}
    empty = [""] * len(_LAST)
    rows = [
        [_WORD + ask.ask_id, str(ask.id), *(one.get(name, "") for name in names), *empty]
        for ask, one in zip(asks, shown, strict=True)
    ]
    return [*_FIRST, *titles.values(), *_LAST], rows


class Reader:
    """Makes answers of filled rows; what cannot be used is an AnswerError with file, row, value."""

    def __init__(self, handed: Mapping[str, Handed]) -> None:
        self._handed = handed
        self._newest: dict[str, str] = {visible(str(one.id)): ask_id for ask_id, one in handed.items()}
        self._loose: dict[str, set[str]] = {}
        for written in self._newest:
            self._loose.setdefault(_loosely(written), set()).add(written)

    def read(self, name: str, rows: Iterable[Row]) -> tuple[list[Answer], list[AnswerError]]:
        """Give the answers of a file, and why some rows give none; an empty row is open."""
        answers: list[Answer] = []
        problems: list[AnswerError] = []
        rows = list(rows)
        if rows and not any("label" in one.cells or "outcome" in one.cells for one in rows):
            found = ", ".join(map(repr, list(rows[0].cells)[:20]))
            return [], [AnswerError(f"{name!r} has no column 'label'; it has {found}")]
        for row in rows:
            try:
                answers += self._answer(row.cells)
            except AnswerError as error:
                problems.append(AnswerError(f"{name!r}, row {row.number}: {error}"))
        return answers, problems

    def _answer(self, cells: Mapping[str, str]) -> list[Answer]:
        label, outcome = cells.get("label", ""), cells.get("outcome", "").strip()
        if not label and not outcome:
            return []
        ask_id = self._ask_id(cells)
        if not outcome:
            outcome = "label"
        if outcome not in OUTCOMES:
            raise AnswerError(unknown("outcome", outcome, OUTCOMES))
        if (outcome == "label") != bool(label):
            raise AnswerError(
                f"label {label!r} and outcome {outcome!r} do not go together; allowed: a label, or one of "
                "abstain, skip, bad"
            )
        value = as_class(label, self._handed[ask_id].classes) if label else None
        who, note = cells.get("annotator", "").strip(), cells.get("note", "")
        return [Answer(ask_id, value, outcome, annotator=who, note=note)]

    def _ask_id(self, cells: Mapping[str, str]) -> str:
        written, id = cells.get("ask_id", "").strip(), cells.get("id", "")
        if not written:
            return self._by_id(id)
        ask_id = written.removeprefix(_WORD)
        if ask_id not in self._handed:
            raise AnswerError(unknown("ask id", ask_id, list(self._handed)[-20:]))
        mine = self._handed[ask_id].id
        if id and _loosely(id) != _loosely(visible(str(mine))):
            raise AnswerError(
                f"{written!r} was asked of item {mine!r} and not of {id!r}; sort whole rows, not a column"
            )
        return ask_id

    def _by_id(self, id: str) -> str:
        if id in self._newest:
            return self._newest[id]
        like = self._loose.get(_loosely(id), set())
        if len(like) == 1:
            return self._newest[next(iter(like))]
        if like:
            raise AnswerError(f"id {id!r} may be any of {', '.join(sorted(like))}; keep the column ask_id")
        raise AnswerError(unknown("id", id, list(self._newest)[-20:]))


def _loosely(id: str) -> str:
    """Write an id so that what spreadsheets make of it (7 of 007, 100000 of 1e5) is written the same.

    >>> _loosely("007") == _loosely("7"), _loosely("1e5") == _loosely("100000")
    (True, True)
    """
    text = id.strip()
    try:
        return repr(float(text.replace(",", ".")))
    except ValueError:
        return text


def how_to(classes: Sequence[Any] | None) -> str:
    """Write for whoever finds the folder what is to be done."""
    allowed = (
        "a number"
        if classes is None
        else "one of these, as it is written here:\n"
        + "".join(f"    {visible(str(one), keep='')}\n" for one in classes[:200])
    )
    return f"""How to answer

Open a file that STATUS.txt calls open, fill the column "label" and save it here. Or save it, or any CSV,
XLSX or JSONL file with the columns ask_id and label, into the folder "answers". Part of it will do, and as
often as you like: what was saved last counts. Rows may be sorted, columns left out or added. Nothing of yours
is ever changed or deleted here.

label      {allowed}
outcome    only where you give no label: abstain (cannot say), skip (ask me later), bad (the item is broken)
annotator  who you are
note       what you like

STATUS.txt says what is open, and which rows cannot be used and why.
"""
