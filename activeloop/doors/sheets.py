"""Tables of text as CSV, JSON lines and Excel workbooks, read as people and their programs leave them."""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from activeloop.data.formulas import guarded, unguarded
from activeloop.doors.visible import visible
from activeloop.errors import DataError, MissingDependencyError

KINDS = (".csv", ".tsv", ".txt", ".jsonl", ".xlsx")
_MOST = 200_000_000
_LONGEST_CELL = 32_767


class Row(NamedTuple):
    """One row of a file: its number as an editor counts, and its cells by column, in small letters."""

    number: int
    cells: dict[str, str]


class HalfWrittenError(Exception):
    """A file breaks off: whoever writes it is not done."""


def write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]], choices: Sequence[str]) -> None:
    """Write a table by the ending of its name; a workbook lets one pick the label among `choices`."""
    if path.suffix == ".jsonl":
        lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in rows)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        return
    safe = [[_safe(cell) for cell in row] for row in (columns, *rows)]
    if path.suffix == ".xlsx":
        _write_workbook(path, safe, choices)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(safe)


def read(path: Path) -> list[Row]:
    """Read a table: any of the usual encodings, separators and orders of columns.

    Raises HalfWrittenError where a file breaks off, DataError where it is no table, MissingDependencyError.
    """
    if path.stat().st_size > _MOST:
        raise DataError(f"{path.name!r} is larger than {_MOST:,} bytes; give it in parts")
    if path.suffix.lower() == ".xlsx":
        return _read_workbook(path)
    text = _decoded(path)
    return _read_lines(path.name, text) if path.suffix.lower() == ".jsonl" else _read_text(path.name, text)


def _safe(cell: str) -> str:
    plain = visible(cell)
    return guarded(plain if len(plain) < _LONGEST_CELL - 1 else f"{plain[: _LONGEST_CELL - 20]} … (cut)")


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" or encoding == "utf-16":
            raise HalfWrittenError(path.name) from error
    # Excel's plain "CSV" is in the code page of the machine; labels outside of it are refused by name.
    return data.decode("cp1252", errors="replace")


def _read_text(name: str, text: str) -> list[Row]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = _numbered(text, separator, strict=True)
    except csv.Error as error:
        if str(error) == "unexpected end of data":
            raise HalfWrittenError(name) from error
        try:
            rows = _numbered(text, separator, strict=False)
        except csv.Error as other:
            raise DataError(f"{name!r} cannot be read as a table: {other}") from other
    if not rows:
        raise HalfWrittenError(name)
    return _rows(name, [unguarded(one) for one in rows[0][1]], rows[1:])


def _numbered(text: str, separator: str, *, strict: bool) -> list[tuple[int, list[str]]]:
    """Give the rows with the number of the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    rows, start = [], 1
    for cells in reader:
        rows.append((start, cells))
        start = reader.line_num + 1
    return rows


def _rows(name: str, header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> list[Row]:
    names = [one.strip().lower() for one in header]
    for at, one in enumerate(names):
        if one and one in names[:at]:
            raise DataError(f"{name!r} has two columns called {one!r}; a name stands for one column")
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if filled and len(filled[-1][1]) < len(names) and len(filled[-1][1]) < max(len(one) for _, one in filled):
        raise HalfWrittenError(name)
    return [
        Row(number, {one: unguarded(cell) for one, cell in zip(names, cells, strict=False) if one})
        for number, cells in filled
    ]


def _read_lines(name: str, text: str) -> list[Row]:
    rows = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except json.JSONDecodeError as error:
            if number == len(lines):
                raise HalfWrittenError(name) from error
            raise DataError(f"{name!r}, line {number}: no JSON: {error}") from error
        if not isinstance(found, dict):
            raise DataError(f"{name!r}, line {number}: {line[:40]!r} is no JSON object")
        rows.append(Row(number, {str(key).strip().lower(): _text(value) for key, value in found.items()}))
    return rows


def _text(value: Any) -> str:
    """Write a cell as text; a whole number has no point, whatever a spreadsheet makes of it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _read_workbook(path: Path) -> list[Row]:
    openpyxl = _openpyxl("to read Excel workbooks")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MOST:
                raise DataError(f"{path.name!r} unpacks to more than {_MOST:,} bytes; give it in parts")
    except zipfile.BadZipFile as error:
        raise HalfWrittenError(path.name) from error
    with warnings.catch_warnings():
        # What Excel puts beside the cells (themes, choices) is none of ours.
        warnings.simplefilter("ignore", UserWarning)
        try:
            found = _cells(openpyxl.load_workbook(path, read_only=True, data_only=True))
        except Exception as error:
            raise DataError(f"{path.name!r} cannot be read as a workbook: {error}") from error
    if not found:
        return []
    return _rows(path.name, [unguarded(one) for one in found[0]], list(enumerate(found[1:], start=2)))


def _cells(book: Any) -> list[list[str]]:
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a file may claim a million columns
        return [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    finally:
        book.close()


def _write_workbook(path: Path, rows: Sequence[Sequence[str]], choices: Sequence[str]) -> None:
    openpyxl = _openpyxl("to write Excel workbooks")
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    sheet = book.active
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            # As text whatever it looks like, so that Excel keeps 007 and runs nothing.
            cell.value, cell.number_format = None, "@"
            if value:
                cell.value = value
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    listed = ",".join(choices)
    if choices and len(listed) <= 255 and not any(set(one) & set(',"') for one in choices):
        picked = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        letter = sheet.cell(1, list(rows[0]).index("label") + 1).column_letter
        picked.add(f"{letter}2:{letter}{max(len(rows), 2)}")
        sheet.add_data_validation(picked)
    book.save(path)
    book.close()


def _openpyxl(purpose: str) -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise MissingDependencyError.of("openpyxl", "export", purpose) from error
    return openpyxl
