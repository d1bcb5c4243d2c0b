"""Votes: three columns of codes, and the ways in which they can be wrong."""

from typing import Any

import numpy as np
import pytest

from activeloop.consensus import Votes
from activeloop.consensus.votes import ids_of
from activeloop.errors import DataError
from activeloop.people.annotation import Annotation
from activeloop.query import Outcome


def said(
    ask: str, who: str, value: Any = None, outcome: Outcome = "label", item: Any = None, number: int = 0
) -> Annotation:
    """Make what one person said; the item has the name of the ask unless it is given."""
    return Annotation(
        number, f"{ask}/{who}/{number}", ask, ask if item is None else item, who, outcome, value, 2.0, 0.0,
        0, "active", 0, "never", "", "", False, False,
    )  # fmt: skip


def test_only_labels_are_votes_and_the_later_one_counts() -> None:
    votes = Votes.among(
        [said("0.0", "ann", "cat"), said("0.0", "bob", outcome="skip"), said("0.1", "bob", outcome="bad"),
         said("0.0", "ann", "dog"), said("0.2", "bob", "cat")]
    )  # fmt: skip
    assert votes.items == ("0.0", "0.2")
    assert votes.classes == ("cat", "dog")
    assert votes.table().tolist() == [[0, 1], [1, 0]]


def test_missing_labels_are_no_votes() -> None:
    votes = Votes.of([1, 2, 3], ["a", "a", "a"], [1.0, np.nan, None])
    assert votes.items == (1,)
    assert ids_of(votes).dtype.kind == "i"


def test_labels_without_a_common_order_are_classes_too() -> None:
    assert set(Votes.of([1, 2], ["a", "a"], ["x", 3]).classes) == {"x", 3}


def test_the_items_of_a_part_are_counted_anew() -> None:
    votes = Votes.of(["a", "b", "b"], ["ann", "ann", "bob"], [0, 1, 0])
    part = votes.where(np.array([False, True]))
    assert part.items == ("b",)
    assert part.item.tolist() == [0, 0]
    assert part.per_item.tolist() == [2]


def test_no_vote_at_all_is_votes() -> None:
    votes = Votes.among([said("0.0", "ann", outcome="abstain")], ["cat", "dog"])
    assert len(votes) == 0
    assert votes.table().shape == (0, 2)


def test_what_cannot_be_votes_is_refused() -> None:
    with pytest.raises(DataError, match="2, 1, 2 items, annotators and labels"):
        Votes.of([1, 2], ["a"], [0, 1])
    with pytest.raises(DataError, match="unknown class 'catt'; did you mean 'cat'"):
        Votes.of([1], ["a"], ["catt"], ["cat", "dog"])
