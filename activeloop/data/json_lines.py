"""A file of JSON Lines becomes a table: an object a line, a column a key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from activeloop.errors import DataError


def read_json_lines(path: Path) -> pd.DataFrame:
    """Read a .jsonl or .ndjson file; a key that a line lacks is missing there.

    Lists and objects in a cell stay the JSON text that they are. NaN and infinities, which JSON does not
    have, are missing; half of a surrogate pair, which is no text, becomes U+FFFD.

    Raises DataError, naming the line, for what is no JSON object, and for a file that is not UTF-8.
    """
    frame = pd.DataFrame(list(_objects(path)))
    frame.columns = pd.Index([str(name) for name in frame.columns])
    return frame


def as_text(text: str) -> str:
    """Give a text with every half of a surrogate pair, which cannot be written as UTF-8, as U+FFFD.

    >>> as_text("a\\ud800b")
    'a\\ufffdb'
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _object(line, f"line {number} of {path.name!r}")
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name!r} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise DataError(f'{where} is no JSON object; allowed: {{"column": value, ...}}')
    return {as_text(name): _cell(value) for name, value in found.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return as_text(value)
    return json.dumps(value, ensure_ascii=True) if isinstance(value, list | dict) else value
