"""What a model said of items, by id: from a table, to a table, in the order that is wanted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.errors import DataError, nearest
from activeloop.metrics.predictions import check_probabilities

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Predicted:
    """Predictions of one model: a baseline, or a model that is tested without being at hand.

    ids : (n,) items, each once. labels : (n,) what was predicted. probabilities : (n, C), columns in the
    order of the declared classes; None where there are none.

    Raises DataError for an id that stands twice, and for lengths that differ; ModelError for a row of
    probabilities that is no distribution.

    >>> said = Predicted(np.array(["a", "b"]), np.array([0, 1]))
    >>> said.of(np.array(["b"])).labels.tolist()
    [1]
    """

    ids: Array
    labels: Array
    probabilities: FloatArray | None = None

    def __post_init__(self) -> None:
        lengths = {len(self.ids), len(self.labels)}
        lengths |= set() if self.probabilities is None else {len(self.probabilities)}
        if len(lengths) > 1:
            raise DataError(
                f"predictions: {len(self.ids)} ids, {len(self.labels)} labels; one each is needed"
            )
        if len(self._rows) < len(self.ids):
            ((twice, _),) = Counter(map(str, self.ids.tolist())).most_common(1)
            raise DataError(f"item {twice!r} is predicted twice; ids must be unique")
        if self.probabilities is not None:
            check_probabilities(self.probabilities, self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {str(one): at for at, one in enumerate(self.ids.tolist())}

    def of(self, ids: Array) -> Predicted:
        """Give the predictions of some items, in their order; raises DataError naming one that is lacking."""
        wanted = [str(one) for one in ids.tolist()]
        missing = [one for one in wanted if one not in self._rows]
        if missing:
            raise DataError(
                f"there is no prediction of item {missing[0]!r} ({len(missing)} of {len(wanted)} items have "
                "none); every item that is scored needs one"
            )
        rows = np.array([self._rows[one] for one in wanted], dtype=np.int64)
        return Predicted(
            ids, self.labels[rows], None if self.probabilities is None else self.probabilities[rows]
        )

    @property
    def fingerprint(self) -> str:
        """A text that equal predictions share."""
        digest = hashlib.sha256()
        for one in (self.ids, self.labels):
            digest.update("\n".join(map(str, one.tolist())).encode())
        if self.probabilities is not None:
            digest.update(np.ascontiguousarray(self.probabilities, dtype=np.float64).tobytes())
        return digest.hexdigest()[:16]

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, classes: Sequence[Any] | None, source: str) -> Predicted:
        """Read the columns id, predicted, and one probability column per class, named as the class.

        Raises DataError for a column or a cell that is missing, and for a label that is no declared class.
        """
        for column in ("id", "predicted"):
            if column not in frame:
                there = ", ".join(map(str, frame.columns))
                raise DataError(f"{source}: there is no column {column!r}; its columns are: {there}")
            empty = frame[column].isna().to_numpy()
            if empty.any():
                raise DataError(f"{source}: row {int(np.argmax(empty)) + 1} has no {column}")
        ids = np.array(frame["id"].tolist())
        labels = _labels(frame["predicted"].tolist(), ids, classes, source)
        return cls(ids, labels, _probabilities(frame, classes or (), source))

    def to_frame(self, classes: Sequence[Any] | None) -> pd.DataFrame:
        """Give the table that `from_frame` reads."""
        import pandas as pd

        frame = pd.DataFrame({"id": self.ids, "predicted": self.labels})
        if self.probabilities is not None:
            for at, one in enumerate(classes or ()):
                frame[str(one)] = self.probabilities[:, at]
        return frame


def _labels(given: list[Any], ids: Array, classes: Sequence[Any] | None, source: str) -> Array:
    if classes is None:
        try:
            return np.array([float(one) for one in given])
        except (TypeError, ValueError) as error:
            raise DataError(f"{source}: a prediction of a regression is no number ({error})") from error
    named = {str(one): one for one in classes}
    for item, one in zip(ids.tolist(), given, strict=True):
        if str(one) not in named:
            close = nearest(str(one), named)
            hint = f"; did you mean {close!r}?" if close else ""
            raise DataError(
                f"{source}: item {item!r} is predicted {one!r}{hint}; allowed: {', '.join(named)}"
            )
    return np.array([named[str(one)] for one in given])


def _probabilities(frame: pd.DataFrame, classes: Sequence[Any], source: str) -> FloatArray | None:
    names = [str(one) for one in classes]
    there = {str(one): one for one in frame.columns if one not in ("id", "predicted")}
    lacking = [name for name in names if name not in there]
    if len(lacking) == len(names):
        return None
    if lacking:
        raise DataError(
            f"{source}: there is no probability column {lacking[0]!r}; give one per class, or none"
        )
    try:
        table = np.column_stack([frame[there[name]].to_numpy(dtype=np.float64) for name in names])
    except (TypeError, ValueError) as error:
        raise DataError(f"{source}: a probability is no number ({error})") from error
    return table
