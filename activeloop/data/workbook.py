"""A sheet of an Excel workbook becomes a table: its first row names the columns."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

from activeloop.errors import DataError, MissingDependencyError, unknown


def read_workbook(path: Path, sheet: str | None = None) -> pd.DataFrame:
    """Read one sheet (the first when None) of an .xlsx file; a formula counts as the value it had when saved.

    Rows without any value are left out. Raises DataError for a file that is no workbook, a sheet that is not
    there, and a header with a gap or the same name twice; MissingDependencyError without openpyxl.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise MissingDependencyError.of("openpyxl", "export", "to read a workbook") from error
    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            if sheet is not None and sheet not in book.sheetnames:
                raise DataError(f"{path.name!r}: {unknown('sheet', sheet, book.sheetnames)}")
            found = book[sheet or book.sheetnames[0]]
            rows = [row for row in found.iter_rows(values_only=True) if any(one is not None for one in row)]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path.name!r} cannot be read as a workbook: {error}") from error
    if not rows:
        raise DataError(f"{path.name!r} is empty; its first row should name the columns")
    header = _header(rows[0], path.name)
    cells = {name: [row[at] if at < len(row) else None for row in rows[1:]] for at, name in enumerate(header)}
    return pd.DataFrame(cells, columns=pd.Index(header))


def _header(row: tuple[Any, ...], file: str) -> list[str]:
    wide = max(at for at, one in enumerate(row) if one is not None) + 1
    names = ["" if one is None else str(one) for one in row[:wide]]
    for at, one in enumerate(names):
        if not one.strip():
            raise DataError(f"column {at + 1} of {file!r} has no name; the first row names every column")
        if one in names[:at]:
            raise DataError(f"{file!r} has two columns called {one!r}; a name stands for one column")
    return names
