"""An index as tables: one column a metric, or one row per metric and item, with the reason of every NULL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from activeloop.errors import DataError, MissingDependencyError

if TYPE_CHECKING:
    import pandas as pd

    from activeloop.index.source import Indexed

ENDINGS = (".csv", ".csv.gz", ".parquet")


def frame(index: Indexed, metrics: Sequence[str] | None = None) -> pd.DataFrame:
    """Give one row per item, by id, and one column per metric; NaN is NULL."""
    import pandas as pd

    names = list(index.metrics) if metrics is None else list(metrics)
    columns = {name: index.values(name).values for name in names}
    return pd.DataFrame(columns, index=pd.Index(index.ids, name="id"))


def records(index: Indexed, metrics: Sequence[str] | None = None) -> pd.DataFrame:
    """Give one row per metric and item: id, metric, value, reason (empty where there is a value)."""
    import pandas as pd

    parts = []
    for name in list(index.metrics) if metrics is None else metrics:
        values, reasons = index.values(name)
        told = np.full(len(index), "", dtype=object)
        told[list(reasons)] = list(reasons.values())
        parts.append(pd.DataFrame({"id": index.ids, "metric": name, "value": values, "reason": told}))
    columns = ["id", "metric", "value", "reason"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def write(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table as .csv, .csv.gz or .parquet, whole or not at all.

    Raises DataError for another ending, MissingDependencyError for Parquet without pyarrow.
    """
    path = Path(path)
    named = table.index.name is not None
    ending = next((one for one in ENDINGS if path.name.endswith(one)), None)
    if ending is None:
        raise DataError(f"cannot write {path.name!r}: allowed endings are {', '.join(ENDINGS)}")
    unfinished = path.with_name(f".{path.name.removesuffix(ending)}.unfinished{ending}")
    try:
        if ending == ".parquet":
            try:
                table.to_parquet(unfinished, index=named)
            except ImportError as error:
                raise MissingDependencyError.of("pyarrow", "parquet", "to write Parquet") from error
        else:
            table.to_csv(unfinished, index=named)
        unfinished.replace(path)
    except OSError as error:
        raise DataError(f"cannot write {str(path)!r}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path
