"""What the values of an index are computed from: a data set, and the columns that are given with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from activeloop.arrays import IntArray


class Given(Protocol):
    """What gives columns of some rows; `own` are those that the data set itself does not have."""

    @property
    def data(self) -> Any:
        """The data set."""
        ...

    @property
    def own(self) -> Mapping[str, Any]:
        """Columns given beside the data set."""
        ...

    def column(self, name: str, positions: IntArray | None = None) -> Any:
        """Give a column of some rows."""
        ...
