"""A slice: a name and a rule, and who is in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from activeloop.arrays import BoolArray
from activeloop.errors import SliceError, unknown
from activeloop.metrics.metric import Columns
from activeloop.slices.column import Reader, reader
from activeloop.slices.rules import Rule


@dataclass(frozen=True)
class Slice:
    """A named, frozen definition of a group of items. The name "all" belongs to the whole and is refused."""

    name: str
    rule: Rule

    def __post_init__(self) -> None:
        if not str(self.name).strip():
            raise SliceError(f"a slice needs a name; {self.name!r} is none")
        if self.name == "all":
            raise SliceError("a slice cannot be named 'all': that is the whole; choose another name")


def members(slice: Slice, columns: Columns) -> BoolArray:
    """Say which items of the current data are in the slice, as one boolean per item.

    Raises SliceError, naming the slice, where a column it needs is not there or holds another kind of thing.
    """
    return _members(slice, reader(columns), len(columns))


def memberships(slices: Iterable[Slice], columns: Columns) -> list[tuple[str, BoolArray]]:
    """Give the name and the members of every slice, reading each column once."""
    read = reader(columns)
    return [(one.name, _members(one, read, len(columns))) for one in slices]


def known(slice: Slice, available: Collection[str]) -> bool:
    """Say whether the slice can be evaluated with these columns: a class slice cannot, on unlabeled items.

    >>> from activeloop.slices.rules import Category
    >>> known(Slice("class 3", Category("label", 3)), ["ink", "width"])
    False
    """
    return slice.rule.columns <= set(available)


def require(slice: Slice, available: Collection[str]) -> None:
    """Raise SliceError naming the first column that the slice needs and that is not available."""
    for name in sorted(slice.rule.columns - set(available)):
        raise SliceError(f"slice {slice.name!r}: {unknown('column', name, available)}")


def distinct(slices: Iterable[Slice]) -> tuple[Slice, ...]:
    """Give the slices as a tuple; raise SliceError where two have one name."""
    seen: dict[str, Slice] = {}
    for one in slices:
        if one.name in seen:
            raise SliceError(f"two slices are named {one.name!r}; give one of them another name")
        seen[one.name] = one
    return tuple(seen.values())


def _members(slice: Slice, read: Reader, n: int) -> BoolArray:
    try:
        inside = slice.rule.members(read)
    except SliceError as error:
        raise SliceError(f"slice {slice.name!r}: {error}") from error
    if inside.shape != (n,):
        raise SliceError(f"slice {slice.name!r}: its column has {len(inside)} values for {n} items")
    return inside
