"""Who gave which label to which item, as three columns of codes: what agreement and consensus are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.errors import DataError, unknown
from activeloop.query import Outcome


class Opinion(Protocol):
    """What one person said of one ask, as far as a consensus looks at it; an `Annotation` is one."""

    @property
    def ask_id(self) -> str:
        """Which ask."""
        ...

    @property
    def item(self) -> int | str:
        """The id of the item."""
        ...

    @property
    def annotator(self) -> str:
        """Who."""
        ...

    @property
    def outcome(self) -> Outcome:
        """A label, or why there is none."""
        ...

    @property
    def value(self) -> Any:
        """The label."""
        ...

    @property
    def seconds(self) -> float:
        """The time that it took."""
        ...


@dataclass(frozen=True, eq=False)
class Votes:
    """Labels given: row k says that person `annotator[k]` gave item `item[k]` the class `label[k]`, as codes.

    item, annotator, label : (n,) positions in `items`, `annotators` and `classes`. A person has one vote on
    an item. Rows are ordered by item, and within an item by annotator.
    """

    item: IntArray
    annotator: IntArray
    label: IntArray
    items: tuple[int | str, ...]
    annotators: tuple[str, ...]
    classes: tuple[Any, ...]

    @classmethod
    def of(
        cls,
        items: Iterable[Any],
        annotators: Iterable[Any],
        labels: Iterable[Any],
        classes: Sequence[Any] | None = None,
    ) -> Votes:
        """Make votes of three columns; where a person named an item twice, the later row counts.

        `classes` are the declared ones; None = those that occur, in sorted order where they have one. None
        and NaN among the labels are missing, and their rows are left out.

        >>> Votes.of(["a", "a", "b", "a"], ["ann", "bob", "ann", "ann"], [0, 1, 0, 1]).table().tolist()
        [[0.0, 2.0], [1.0, 0.0]]

        Raises DataError for columns of different lengths and for a label outside the declared classes.
        """
        columns = [_plain(one) for one in (items, annotators, labels)]
        if len({len(one) for one in columns}) > 1:
            counts = ", ".join(str(len(one)) for one in columns)
            raise DataError(f"{counts} items, annotators and labels; one each is needed")
        rows = [row for row in zip(*columns, strict=True) if row[2] is not None and row[2] == row[2]]
        said = {(item, who): label for item, who, label in rows}
        names = tuple(dict.fromkeys(one for one, _ in said)), tuple(sorted({who for _, who in said}))
        known = _ordered(set(said.values())) if classes is None else tuple(classes)
        place = {label: code for code, label in enumerate(known)}
        foreign = next((label for label in said.values() if label not in place), None)
        if foreign is not None:
            raise DataError(unknown("class", foreign, map(str, known)))
        at = [{name: code for code, name in enumerate(one)} for one in names]
        codes = np.array(
            [(at[0][item], at[1][who], place[label]) for (item, who), label in said.items()], dtype=np.int64
        ).reshape(-1, 3)
        ordered = codes[np.lexsort((codes[:, 1], codes[:, 0]))]
        return cls(ordered[:, 0], ordered[:, 1], ordered[:, 2], *names, known)

    @classmethod
    def among(cls, opinions: Iterable[Opinion], classes: Sequence[Any] | None = None) -> Votes:
        """Take the labels among what was said; who abstained, skipped or called the item bad has no vote."""
        given = [one for one in opinions if one.outcome == "label"]
        return cls.of(
            [one.item for one in given],
            [one.annotator for one in given],
            [one.value for one in given],
            classes,
        )

    def __len__(self) -> int:
        return len(self.label)

    @property
    def per_item(self) -> IntArray:
        """How many labels each item has, (N,)."""
        return np.bincount(self.item, minlength=len(self.items)).astype(np.int64)

    def table(self) -> FloatArray:
        """Count the labels of each class that each item has, (N, C)."""
        n, kinds = len(self.items), len(self.classes)
        cells = np.bincount(self.item * kinds + self.label, minlength=n * kinds)
        return cells.astype(np.float64).reshape(n, kinds)

    def where(self, chosen: BoolArray) -> Votes:
        """Give the votes on some items, by one boolean an item; the codes of people and classes stay."""
        rows = chosen[self.item]
        renumbered = (np.cumsum(chosen) - 1).astype(np.int64)
        names = tuple(name for name, one in zip(self.items, chosen.tolist(), strict=True) if one)
        return Votes(
            renumbered[self.item[rows]],
            self.annotator[rows],
            self.label[rows],
            names,
            self.annotators,
            self.classes,
        )


def _plain(given: Iterable[Any]) -> list[Any]:
    return given.tolist() if isinstance(given, np.ndarray) else list(given)


def _ordered(labels: set[Any]) -> tuple[Any, ...]:
    try:
        return tuple(sorted(labels))
    except TypeError:  # numbers and texts have no common order
        return tuple(sorted(labels, key=lambda one: (type(one).__name__, str(one))))


def ids_of(votes: Votes) -> Array:
    """Give the ids of the items as an array: of integers where all are, else of texts."""
    whole = all(isinstance(one, int) for one in votes.items)
    return np.array(votes.items if whole else [str(one) for one in votes.items], dtype=None if whole else str)
