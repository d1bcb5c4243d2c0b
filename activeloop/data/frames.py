"""A CSV, TSV, Parquet, JSON Lines or Excel file becomes a table."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from activeloop.data.json_lines import read_json_lines
from activeloop.data.workbook import read_workbook
from activeloop.errors import DataError, MissingDependencyError

KINDS = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet", ".jsonl", ".xlsx")
_SEPARATORS = {".csv": ",", ".tsv": "\t"}
NUMBER = r"-?\d*\.?\d+([eE][+-]?\d+)?"
# What a missing cell looks like; in a column that is taken as it is written, only the empty cell is missing.
_MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "<NA>"]


def read_frame(
    path: Path, *, as_written: Sequence[str] = (), spelled: Sequence[str] = (), sheet: str | None = None
) -> pd.DataFrame:
    """Read a .csv, .tsv (either may end in .gz), .parquet, .jsonl (.ndjson) or .xlsx file.

    Cells of the columns `as_written` of a text file become numbers only where all of them are: "NA" is a word
    there, and "007" stays a string. Those of `spelled` stay the text that they are: "0E0" is not 0.0. `sheet`
    is that of a workbook, its first when None.

    Raises DataError for a file that is missing, empty, of another kind, not readable, without rows, or with
    two columns of one name; MissingDependencyError when Parquet needs pyarrow, or a workbook openpyxl.
    """
    if not path.is_file():
        raise DataError(f"there is no file {str(path)!r}")
    kind = Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    if kind in _SEPARATORS:
        frame = _read_text(path, _SEPARATORS[kind], as_written, spelled)
    elif kind in (".parquet", ".pq"):
        frame = _read_parquet(path)
    elif kind in (".jsonl", ".ndjson"):
        frame = read_json_lines(path)
    elif kind == ".xlsx":
        frame = read_workbook(path, sheet)
    else:
        raise DataError(f"{path.name!r} is of no known kind; allowed: {', '.join(KINDS)}")
    if len(frame) == 0:
        raise DataError(f"{path.name!r} has a header but no row")
    return frame


def _read_text(path: Path, separator: str, as_written: Sequence[str], spelled: Sequence[str]) -> pd.DataFrame:
    words = (*as_written, *spelled)
    try:
        header = _header(path, separator)
        frame = pd.read_csv(
            path,
            sep=separator,
            encoding="utf-8-sig",
            dtype=dict.fromkeys(words, str),
            keep_default_na=False,
            na_values={one: [""] if one in words else _MISSING for one in header},
            index_col=False,
            low_memory=False,
        )
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name!r} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except (pd.errors.ParserError, pd.errors.ParserWarning, csv.Error, OSError, EOFError) as error:
        raise DataError(f"{path.name!r} cannot be read as a table: {error}") from error
    for one in as_written:
        if one in frame:
            frame[one] = natural(frame[one])
    return frame


def _header(path: Path, separator: str) -> list[str]:
    opener: Any = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file, delimiter=separator), [])
    if not any(header):
        raise DataError(f"{path.name!r} is empty; its first line should name the columns")
    for at, one in enumerate(header):
        if one in header[:at]:
            raise DataError(f"{path.name!r} has two columns called {one!r}; a name stands for one column")
    return header


def natural(written: pd.Series[Any]) -> pd.Series[Any]:
    """Make numbers of cells that are all numbers, unless that loses how they are written (007)."""
    cells = written.dropna().astype(str)
    if cells.str.fullmatch(r"-?(0|[1-9]\d{0,17})").all():
        return _filled(written, cells.astype(np.int64))
    if cells.str.fullmatch(NUMBER).all() and not cells.str.match(r"-?0\d").any():
        return _filled(written, cells.astype(np.float64))
    return _filled(written, cells)


def _filled(written: pd.Series[Any], cells: pd.Series[Any]) -> pd.Series[Any]:
    natural = pd.Series(None, index=written.index, dtype=object)
    natural.loc[cells.index] = cells.astype(object)
    return natural


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MissingDependencyError.of("pyarrow", "parquet", "to read Parquet") from error
    try:
        frame: pd.DataFrame = parquet.read_table(path).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path.name!r} cannot be read as Parquet: {error}") from error
    return frame
