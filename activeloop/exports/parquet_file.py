"""Labeled data as Parquet: the columns of the CSV, with their types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from activeloop.errors import MissingDependencyError
from activeloop.exports.atomic import whole_file
from activeloop.exports.columns import columns
from activeloop.exports.labeled import LabeledData


def to_parquet(labeled: LabeledData, path: Path) -> None:
    """Write one row an item; times are timestamps in UTC, missing cells NULL.

    Raises MissingDependencyError without pyarrow.
    """
    table = arrow_table(labeled)
    from pyarrow import parquet

    with whole_file(path) as unfinished:
        parquet.write_table(table, unfinished)


def arrow_table(labeled: LabeledData) -> Any:
    """Give the exported rows as a table of Arrow."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingDependencyError.of("pyarrow", "parquet", "to write Parquet") from error
    found = columns(labeled).flat()
    return pa.table({name: arrow_column(values) for name, values in found.items()})


def arrow_column(values: Any) -> Any:
    """Give a column as Arrow has it; one that is missing everywhere is of text."""
    import pyarrow as pa

    made = pa.array(values, from_pandas=True)
    return made.cast(pa.string()) if pa.types.is_null(made.type) else made
