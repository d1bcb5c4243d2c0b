"""Where the cases are scored: one board for each score, with the frozen slices of its cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from activeloop import slices as slicing
from activeloop.arrays import Array, BoolArray, KeyArray
from activeloop.cases.case import TestCase
from activeloop.errors import ConfigurationError
from activeloop.scoring import Scoreboard
from activeloop.scoring.parts import bounds_of
from activeloop.slices import Slice


class Held(Protocol):
    """Labeled items that a model did not learn; a `Holdout` is one."""

    @property
    def ids(self) -> Array:
        """Their ids."""
        ...

    @property
    def keys(self) -> KeyArray:
        """Their keys, from `seeds.id_keys`."""
        ...

    @property
    def labels(self) -> Array:
        """The truth."""
        ...

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """The declared classes; None in regression."""
        ...

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that a case may name."""
        ...

    def __len__(self) -> int:
        """How many items."""
        ...

    def column(self, name: str) -> Any:
        """Give a column, for slices."""
        ...


class Placed(NamedTuple):
    """A case with its frozen slice, the board that scores it and its place there; None = it has no item."""

    case: TestCase
    slice: Slice | None
    score: str
    board: int
    at: int | None


def distinct(cases: Sequence[TestCase]) -> None:
    """Raise ConfigurationError for what is no case, and for two of one name."""
    names: set[str] = set()
    for one in cases:
        if not isinstance(one, TestCase):
            raise ConfigurationError(f"{one!r} is no TestCase")
        if one.name in names:
            raise ConfigurationError(f"two test-cases are named {one.name!r}; give one another name")
        names.add(one.name)


def place(cases: Sequence[TestCase], holdout: Held) -> tuple[list[Scoreboard], list[Placed]]:
    """Give the boards, and each case with its place on one; a slice without an item has none.

    Raises ConfigurationError for a bound that the score cannot have, SliceError and UnknownNameError for a
    slice or a score that cannot be had.
    """
    scorings: list[Any] = []
    for case in cases:
        scorings += [case.score] if case.score not in scorings else []
    boards: list[Scoreboard] = []
    placed: dict[str, Placed] = {}
    for number, scoring in enumerate(scorings):
        frozen = {case: case.on(holdout.slices) for case in cases if case.score == scoring}
        members = {one: slicing.members(one, holdout) for one in frozen.values() if one is not None}
        filled = [one for one, inside in members.items() if inside.any()]
        boards.append(_board(scoring, [members[one] for one in filled], holdout))
        at: dict[Slice | None, int] = {None: 0} | {one: row for row, one in enumerate(filled, 1)}
        name = boards[-1].scores[0].name
        placed |= {case.name: Placed(case, one, name, number, at.get(one)) for case, one in frozen.items()}
        for case in frozen:
            _check_bound(case, boards[-1])
    return boards, [placed[case.name] for case in cases]


def _board(scoring: Any, members: Sequence[BoolArray], holdout: Held) -> Scoreboard:
    slices = [(str(at), inside) for at, inside in enumerate(members)]
    labels, classes = holdout.labels, holdout.classes
    return Scoreboard([scoring], slices, labels, classes, holdout.keys, ids=holdout.ids)


def _check_bound(case: TestCase, board: Scoreboard) -> None:
    (score,) = board.scores
    low, high = bounds_of(score)
    if case.rule != "max_drop" and not low <= case.bound <= high:
        raise ConfigurationError(
            f"test-case {case.name!r}: {case.rule} is {case.bound:g}, but {score.name} lies from {low:g} to "
            f"{high:g} (larger is better, as in scikit-learn)"
        )
