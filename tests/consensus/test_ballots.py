"""One answer of several people: majority, first, unanimous, one's own, and what becomes of no label."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.consensus import Ballots, Dispute, Resolution, Votes, by_votes, named, resolve
from activeloop.consensus.majority import first, majority, unanimous
from activeloop.errors import ConfigurationError, OracleError, UnknownNameError
from activeloop.people.annotation import Annotation
from activeloop.query import OUTCOMES, Answer, Outcome
from tests.consensus.test_votes import said

CLASSES = ("cat", "dog")


def heard(*words: str, needed: int = 1) -> Ballots:
    """Let one person after the other say a class or an outcome of one ask."""
    people = "abcdefgh"
    told = [
        said("0.0", people[at], None if one in OUTCOMES else one, _outcome(one), number=at)
        for at, one in enumerate(words)
    ]
    return Ballots(tuple(told), ("0.0",), needed, CLASSES)


def _outcome(word: str) -> Outcome:
    return word if word in ("abstain", "skip", "bad") else "label"  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["cat"], "cat"),
        (["cat", "dog", "cat"], "cat"),
        (["cat", "abstain"], "cat"),
        (["cat", "skip", "bad"], "cat"),
        (["cat", "bad", "bad"], "bad"),
        (["skip"], "skip"),
        (["abstain", "abstain", "dog"], "abstain"),
    ],
)
def test_a_majority_decides(words: list[str], answer: str) -> None:
    ((one,), disputes) = resolve(majority, heard(*words))
    assert (one.value if one.outcome == "label" else one.outcome) == answer
    assert disputes == ()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["cat", "dog"], "tie"),
        (["cat", "dog", "bad"], "tie"),
        (["bad", "abstain"], "no majority"),
        (["bad", "abstain", "skip"], "no majority"),
    ],
)
def test_what_nobody_won_is_disputed(words: list[str], reason: str) -> None:
    assert resolve(majority, heard(*words)) == Resolution((), (Dispute("0.0", reason),))


def test_an_ask_waits_for_as_many_people_as_it_needs() -> None:
    assert resolve(majority, heard("cat", needed=2)) == Resolution()
    ballots = heard("cat", "cat", needed=1)
    told = Ballots(ballots.opinions, ballots.asks, 1, CLASSES, {"0.0": 3})
    assert resolve(majority, told) == Resolution()


def test_a_person_who_speaks_twice_is_one_person_and_the_later_word_counts() -> None:
    told = (said("0.0", "a", "cat"), said("0.0", "a", "dog", number=1))
    assert resolve(majority, Ballots(told, ("0.0",), 2, CLASSES)) == Resolution()
    assert resolve(majority, Ballots(told, ("0.0",), 1, CLASSES)).answers[0].value == "dog"


def test_an_answer_names_all_who_spoke_and_what_it_cost() -> None:
    (one,) = resolve(majority, heard("cat", "cat", "bad")).answers
    assert one == Answer("0.0", "cat", "label", "a+b+c", 3.0, 2.0)


def test_the_first_word_stands_whatever_comes_after() -> None:
    (one,) = resolve(first, heard("dog", "cat", "cat", needed=3)).answers
    assert (one.value, one.annotator) == ("dog", "a")
    assert resolve(first, Ballots((), ("0.0",), 1, CLASSES)) == Resolution()


def test_unanimous_means_all() -> None:
    assert resolve(unanimous, heard("cat", "cat", needed=2)).answers[0].value == "cat"
    assert resolve(unanimous, heard("bad", "bad")).answers[0].outcome == "bad"
    assert resolve(unanimous, heard("cat", "bad")).disputes == (Dispute("0.0", "disagreement"),)


def test_other_asks_are_left_alone() -> None:
    told = (said("0.0", "a", "cat"), said("0.1", "a", "dog"))
    assert [one.ask_id for one in resolve(majority, Ballots(told, ("0.1",), 1, CLASSES)).answers] == ["0.1"]


@given(st.lists(st.sampled_from(["cat", "dog", "abstain", "skip", "bad"]), min_size=1, max_size=8))
def test_who_says_what_first_changes_no_majority(words: list[str]) -> None:
    def gist(found: Resolution) -> Any:
        return [(one.outcome, one.value) for one in found.answers], found.disputes

    assert gist(majority(heard(*words))) == gist(majority(heard(*reversed(words))))


def test_a_function_of_votes_is_a_consensus_and_none_is_a_dispute() -> None:
    def never_cat(votes: Votes) -> Sequence[Any]:
        return [None if one == "0.0" else "dog" for one in votes.items]

    told = (said("0.0", "a", "cat"), said("0.1", "a", "cat"), said("0.2", "a", outcome="bad"))
    found = resolve(by_votes(never_cat), Ballots(told, ("0.0", "0.1", "0.2"), 1, CLASSES))
    assert [(one.ask_id, one.value, one.outcome) for one in found.answers] == [
        ("0.1", "dog", "label"),
        ("0.2", None, "bad"),
    ]
    assert found.disputes == (Dispute("0.0", "tie"),)


def test_a_name_or_a_function_is_a_consensus() -> None:
    assert named("first") is first
    assert named(majority) is majority
    with pytest.raises(UnknownNameError, match="unknown consensus 'majorty'; did you mean 'majority'"):
        named("majorty")
    with pytest.raises(ConfigurationError, match="consensus is 3"):
        named(3)


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ([Answer("9.9", "cat")], "unknown ask '9.9'"),
        ([Answer("0.0", "cat"), Answer("0.0", "dog")], "decided ask '0.0' twice"),
        ([Answer("0.0", "cow")], "ask '0.0': unknown class 'cow'"),
        ([Answer("0.0", "cat", "maybe")], "ask '0.0': unknown outcome 'maybe'"),  # type: ignore[arg-type]
    ],
)
def test_a_consensus_is_held_to_its_contract(answers: list[Answer], complaint: str) -> None:
    with pytest.raises(OracleError, match=complaint):
        resolve(lambda ballots: Resolution(tuple(answers)), heard("cat"))


def test_an_annotation_is_an_opinion() -> None:
    told: tuple[Annotation, ...] = (said("0.0", "a", 1.5),)
    assert resolve(majority, Ballots(told, ("0.0",))).answers[0].value == 1.5
