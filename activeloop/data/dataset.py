"""What is labeled: ids, features, raw items to look at, metadata, and the labels where they are known."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from activeloop.arrays import Array, BoolArray, IntArray
from activeloop.data import split as splitting
from activeloop.data.columns import as_arrays, as_items, as_metadata, plain, refuse_misaligned
from activeloop.data.encoding import Encoder, as_embedding, fit_encoder
from activeloop.data.features import FeatureKind, as_features, feature_kind, is_sparse, take
from activeloop.data.fingerprint import fingerprint
from activeloop.data.ids import as_ids, index_ids
from activeloop.data.labels import Task, as_labels
from activeloop.data.views import view
from activeloop.errors import DataError, unknown
from activeloop.pool import Holdout, Pool

_EVERY = slice(None)


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Dataset:
    """Items with stable ids; it does not change, and never copies large features.

    - `features`: a 2-D array or memory map, a scipy sparse matrix, a DataFrame, texts, or a sequence of
      anything (see `activeloop.data.features.as_features`).
    - `labels`: one per item, None or NaN where unknown; None when none is known. `known` marks the known.
    - `ids`: unique integers or strings. Without them: the index of a DataFrame when it is unique integers or
      strings (0 to n - 1 by default), else 0 to n - 1.
    - `items`: what people look at; without them the texts, the rows of a table as dictionaries, or the rows.
    - `metadata`: columns that describe items and that no model sees.
    - `classes`: what a label may be; without them the known labels, sorted. None for a regression.
    - `task`: classification or regression; without it `activeloop.data.labels.as_labels` says how it is told.
    - `skipped`: what a reader had to leave out, with the reason.

    >>> data = Dataset([[0.1], [0.9], [0.8]], ["no", "yes", None], ids=["a", "b", "c"])
    >>> data
    Dataset 'data': 3 items, 1 feature, 2 classes, 2 labels known
    >>> data.column("label", [1])
    array(['yes'], dtype=object)

    Raises DataError, naming the id or the row, when the parts do not fit each other.
    """

    features: Any
    labels: Array | None
    ids: Array
    items: Any
    metadata: pd.DataFrame
    classes: tuple[Any, ...] | None
    task: Task
    name: str
    known: BoolArray
    skipped: tuple[str, ...]

    def __init__(
        self,
        features: Any,
        labels: Any = None,
        *,
        ids: Any = None,
        items: Any = None,
        metadata: Any = None,
        classes: Sequence[Any] | None = None,
        task: Task | None = None,
        name: str = "data",
        skipped: Sequence[str] = (),
    ) -> None:
        refuse_misaligned(features, labels, metadata)
        kept = as_features(features)
        n = int(kept.shape[0])
        own_ids = as_ids(index_ids(kept) if ids is None and isinstance(kept, pd.DataFrame) else ids, n)
        own_ids.flags.writeable = False
        read = as_labels(labels, own_ids, classes, task)
        own = self.__dict__
        own.update(labels=read.values, known=read.known, classes=read.classes, task=read.task)
        own.update(features=kept, ids=own_ids, items=as_items(items, n), metadata=as_metadata(metadata, n))
        own.update(name=name, skipped=tuple(skipped))

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        width = self.features.shape[1] if self.kind in ("numbers", "sparse", "table") else None
        what = self.kind if width is None else f"{width} feature{'s' * (width != 1)}"
        task = "regression" if self.classes is None else f"{len(self.classes)} classes"
        return (
            f"Dataset {self.name!r}: {len(self)} items, {what}, {task}, {int(self.known.sum())} labels known"
        )

    @cached_property
    def kind(self) -> FeatureKind:
        """Of which kind the features are: numbers, sparse, table, texts or objects."""
        return feature_kind(self.features)

    def rows(self, positions: IntArray) -> Any:
        """Give the features of some rows, in the form in which the features are kept."""
        return take(self.features, positions)

    def item(self, position: int) -> Any:
        """Give one raw item, as people look at it."""
        if self.items is not None:
            return self.items[position]
        if isinstance(self.features, pd.DataFrame):
            return {name: plain(column[position]) for name, column in self._table.items()}
        return self.features[[position]] if is_sparse(self.features) else self.features[position]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names that `column` knows."""
        own = ("id", "item", "features") + (() if self.labels is None else ("label",))
        table = self.features.columns if isinstance(self.features, pd.DataFrame) else ()
        return tuple(
            dict.fromkeys((*own, *self.metadata.columns, *(name for name in table if name not in own)))
        )

    def column(self, name: str, positions: IntArray | None = None) -> Any:
        """Give one value per item: id, item, features, label, metadata, a column of a table, or a view.

        Metadata comes before a feature of the same name, and a view (`data.views`) last.
        Raises DataError for an unknown name.
        """
        rows: Any = _EVERY if positions is None else positions
        if name == "id":
            return self.ids[rows]
        if name == "features":
            return self.features if positions is None else self.rows(positions)
        if name == "item":
            return self._all_items(positions)
        if name == "label" and self.labels is not None:
            return self.labels[rows]
        for columns in (self._metadata, self._table):
            if name in columns:
                return columns[name][rows]
        if (seen := view(self, name, positions)) is not None:
            return seen
        raise DataError(f"data set {self.name!r}: {unknown('column', name, self.columns)}")

    @cached_property
    def encoder(self) -> Encoder:
        """What makes numbers of the features, fitted on all of them: see `data.encoding.fit_encoder`."""
        return fit_encoder(self.features, self.kind)

    @cached_property
    def encoded(self) -> Array:
        """The features as numbers, (n, d) float32."""
        return self.encoder(self.features)

    @cached_property
    def embedding(self) -> Array:
        """Where the items lie, (n, d) float32: `encoded`, or one's own (`with_embedding`)."""
        return self.encoded

    def with_embedding(self, embedding: Any) -> Dataset:
        """Give the same data with an embedding of one's own: (n, d) numbers, or a function of the features.

        >>> Dataset(["a", "b"]).with_embedding([[0.0, 1.0], [1.0, 0.0]]).column("embedding", [1])
        array([[1., 0.]], dtype=float32)

        Raises DataError for another number of rows, and values that are not finite.
        """
        given = embedding(self.features) if callable(embedding) else embedding
        made = copy(self)
        made.__dict__["embedding"] = as_embedding(given, len(self))
        return made

    def encoded_as(self, other: Dataset) -> Dataset:
        """Give the same data, encoded and embedded as another: two data sets are compared in one space."""
        encoded = other.encoder(self.features)
        made = self.with_embedding(encoded)
        made.__dict__.update(encoder=other.encoder, encoded=encoded)
        return made

    def pool(self) -> Pool:
        """Give all items as a pool, with nothing held out."""
        return Pool(self, np.arange(len(self)))

    def split(
        self,
        holdout: float | str | Sequence[Any] = 0.3,
        *,
        seed: int = 0,
        by: str | None = None,
        at: Any = None,
        stratify: bool | str | None = None,
    ) -> tuple[Pool, Holdout]:
        """Part the items into a pool, which may be asked about, and a holdout, on which scores are measured.

        | call                             | held out                                                    |
        |----------------------------------|-------------------------------------------------------------|
        | `split(0.3)`, `split(500)`       | a seeded share or count, stratified by class                |
        | `split(0.3, stratify=False)`     | the same without strata; a column's name stratifies by it   |
        | `split(0.3, by="patient")`       | whole groups of a column                                    |
        | `split(by="date", at="2024-01")` | what is at or after a point of a column                     |
        | `split("test", by="split")`      | an official part; a list names several                      |

        By chance, items whose label is unknown stay in the pool when any label is known: an item without a
        label cannot be scored, and the share is one of the known. A class with one member stays there too.
        A regression is not stratified.

        >>> pool, holdout = Dataset(np.eye(10), [0, 1] * 5).split(0.4, seed=1)
        >>> len(pool), len(holdout)
        (6, 4)

        Raises DataError when one side would be empty or a label of the holdout is unknown, for an unknown
        column, and for arguments that do not go together.
        """
        parts = splitting.split(self, holdout, seed=seed, by=by, at=at, stratify=stratify)
        unlabeled = parts.holdout[~self.known[parts.holdout]]
        if len(unlabeled):
            raise DataError(
                f"{len(unlabeled)} of {len(parts.holdout)} held-out items have no label to be scored by "
                f"(first: {self.ids[unlabeled[0]].item()!r}); label them, or hold out nothing with pool()"
            )
        return Pool(self, parts.pool), Holdout(self, parts.holdout)

    def fingerprint(self) -> str:
        """Give the SHA-256 of ids, features and labels; computed once.

        >>> len(Dataset(["a text"]).fingerprint())
        64
        """
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint(self.ids, self.features, self.labels)

    @cached_property
    def _metadata(self) -> dict[str, Array]:
        return as_arrays(self.metadata)

    @cached_property
    def _table(self) -> dict[str, Array]:
        return as_arrays(self.features) if isinstance(self.features, pd.DataFrame) else {}

    def _all_items(self, positions: IntArray | None) -> Any:
        source: Any = self.features if self.items is None else self.items
        if isinstance(source, np.ndarray):
            return source if positions is None else source[positions]
        chosen = range(len(self)) if positions is None else positions
        return np.fromiter((self.item(int(at)) for at in chosen), dtype=object, count=len(chosen))
