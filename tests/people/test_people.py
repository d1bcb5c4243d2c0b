"""People as an oracle: every outcome, every repetition, every lease, and any mixture of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activeloop.errors import AnswerError
from activeloop.people.annotation import Lease, Said
from activeloop.people.people import People
from activeloop.people.rules import Rules
from activeloop.query import Answer, Ask, Query
from activeloop.store import MemoryStore, SqliteStore

CLASSES = ("cat", "dog")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def query(n: int = 4, round: int = 0) -> Query:
    asks = tuple(Ask(f"{round}.{at}", f"item {10 * round + at}", None, None) for at in range(n))
    return Query(round, asks, "margin", 0, CLASSES, lambda one: one)


def people(store: Any = None, clock: Clock | None = None, **rules: Any) -> People:
    return People(store, classes=CLASSES, rules=Rules(**rules), clock=clock or Clock())


def said(lease: Lease, value: Any = "cat", key: str = "", **more: Any) -> Said:
    return Said(
        key or f"{lease.annotator} {lease.ask_id} {lease.token}",
        lease.ask_id,
        value,
        lease=lease.token,
        **more,
    )


def test_each_outcome_becomes_the_answer_of_its_ask() -> None:
    desk, asked = people(), query(4)
    assert desk(asked) == []
    leases = desk.next("ada", 4)
    told = [said(leases[0], "dog", seconds=2.5, note="sure")] + [
        said(lease, None, outcome=outcome)
        for lease, outcome in zip(leases[1:], ("abstain", "skip", "bad"), strict=True)
    ]
    for one in told:
        assert not desk.tell("ada", one).annotation.late
    assert sorted(desk(asked)) == sorted(
        Answer(one.ask_id, one.value, one.outcome, "ada", 1.0, one.seconds, one.note) for one in told
    )


def test_the_same_key_is_kept_once_and_says_so() -> None:
    desk = people()
    desk(query())
    (lease,) = desk.next("ada")
    first = desk.tell("ada", said(lease))
    again = desk.tell("ada", said(lease, "dog"))
    assert (first.repeated, again.repeated, again.annotation) == (False, True, first.annotation)
    assert len(desk.everything()) == 1
    with pytest.raises(AnswerError, match="was told before, for ask"):
        desk.tell("ben", said(lease))


def test_what_is_said_anew_takes_the_place_of_what_was_said() -> None:
    desk, asked = people(), query(1)
    desk(asked)
    (lease,) = desk.next("ada")
    desk.tell("ada", said(lease))
    desk.tell("ada", Said("another key", lease.ask_id, "dog"))
    assert [one.value for one in desk(asked)] == ["dog"]
    assert (len(desk.annotations()), len(desk.everything())) == (1, 2)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Said("k", "0.0", "cta"), r"ask '0.0' was labeled 'cta'; did you mean 'cat'\? Allowed: 'cat', 'dog'"),
        (Said("k", "0.9", "cat"), r"ask '0.9' was never asked; did you mean '0.\d'"),
        (Said("k", "0.0", None, "maybe"), "outcome is 'maybe'; allowed: label, abstain, skip, bad"),  # type: ignore[arg-type]
        (Said("k", "0.0", "cat", seconds=float("nan")), "seconds is nan; allowed: 0 or more"),
        (Said("", "0.0", "cat"), "key is ''; allowed: a text"),
        (Said("k", "0.0", "cat", note="n" * 10_001), "note is 'nnn.*; allowed: a text of up to 10,000"),
        (Said("k", "0.0", ["cat"]), r"was labeled \['cat'\]"),
    ],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(wrong: Said, message: str) -> None:
    store = MemoryStore()
    desk = people(store)
    desk(query())
    before = store.events("run/people")
    with pytest.raises(AnswerError, match=message):
        desk.tell("ada", wrong)
    assert store.events("run/people") == before


def test_undo_takes_back_the_newest_and_gives_the_item_again() -> None:
    desk, asked = people(), query(2)
    desk(asked)
    first, second = desk.next("ada", 2)
    desk.tell("ada", said(first))
    desk.tell("ada", said(second))
    again = desk.undo("ada")
    assert again is not None
    assert (again.ask_id, again.position) == (second.ask_id, second.position)
    told = {one.ask_id: one.outcome for one in desk(asked)}
    assert told == {first.ask_id: "label", second.ask_id: "skip"}, "a loop that learned it has to hear of it"
    desk.tell("ada", said(again, "dog"))
    assert {one.ask_id: one.value for one in desk(asked)} == {first.ask_id: "cat", second.ask_id: "dog"}
    assert desk.undo("ben") is None


def test_a_lease_runs_out_goes_to_another_and_late_work_is_kept() -> None:
    clock = Clock()
    desk, asked = people(clock=clock, lease_seconds=60.0), query(1)
    desk(asked)
    (lease,) = desk.next("ada")
    assert desk.next("ben") == []
    clock.now += 61
    (other,) = desk.next("ben")
    assert desk.renew("ada", [lease.token]) == [], "the place is another's"
    assert desk.tell("ada", said(lease, "dog")).annotation.late
    assert desk.tell("ben", said(other)).annotation.late, "the need was met"
    assert len(desk.annotations()) == 2
    assert [one.value for one in desk(asked)] == ["dog"], "the first counts"


def test_a_heartbeat_keeps_a_lease_and_release_gives_it_back() -> None:
    clock = Clock()
    desk = people(clock=clock, lease_seconds=60.0)
    desk(query(1))
    (lease,) = desk.next("ada")
    for _ in range(5):
        clock.now += 50
        (lease,) = desk.renew("ada", [lease.token])
    assert desk.next("ben") == []
    desk.release("ben", [lease.token])
    assert desk.next("ben") == [], "nobody gives back what is another's"
    desk.release("ada", [lease.token])
    assert len(desk.next("ben")) == 1


def test_who_comes_before_there_is_work_is_given_some_when_there_is() -> None:
    desk = people()
    assert desk.next("ada") == []
    desk(query(2))
    assert len(desk.next("ada", 5)) == 2


def test_each_person_has_an_order_of_their_own_which_stays() -> None:
    store = MemoryStore()
    desk = people(store, needed=3)
    desk(query(30))
    ada, ben = ([one.ask_id for one in desk.next(who, 30)] for who in ("ada", "ben"))
    assert sorted(ada) == sorted(ben)
    assert ada != ben != sorted(ben)
    assert [one.ask_id for one in people(store, needed=3).next("ada", 30)] == ada
    assert [one.position for one in desk.next("ada", 30)] == list(range(30))


def test_overlap_asks_a_share_of_the_items_of_several_people() -> None:
    desk = people(needed=2, overlap=0.3)
    desk(query(200))
    given = Counter(lease.ask_id for who in ("ada", "ben", "eva") for lease in desk.next(who, 200))
    shares = Counter(given.values())
    assert set(shares) == {1, 2}
    assert 40 <= shares[2] <= 80


def test_equal_votes_are_a_dispute_until_somebody_settles_it() -> None:
    desk, asked = people(needed=2), query(1)
    desk(asked)
    for who, label in (("ada", "cat"), ("ben", "dog")):
        desk.tell(who, said(desk.next(who)[0], label))
    assert desk(asked) == []
    (dispute,) = desk.disputes()
    assert [one.value for one in dispute.annotations] == ["cat", "dog"]
    desk.adjudicate("eva", Said("ruling", dispute.ask_id, "dog"))
    assert desk.disputes() == ()
    assert [(one.value, one.annotator) for one in desk(asked)] == [("dog", "eva")]


def test_audit_items_come_at_their_share_and_whenever_nothing_else_is_left() -> None:
    desk = people(audit_share=0.25)
    desk(query(300))
    desk.audit([f"random {at}" for at in range(200)])
    streams = Counter(lease.ask_id.startswith("audit") for lease in desk.next("ada", 200))
    assert 30 <= streams[True] <= 70
    everything = desk.next("ada", 500)
    assert len(everything) == 500, "labeling goes on while there is anything to label"
    order = [int(one.ask_id.split(".")[1]) for one in everything if one.ask_id.startswith("audit")]
    assert order == sorted(order), "in the order in which they were drawn"


def test_a_round_that_is_over_keeps_what_is_told_of_it_later() -> None:
    desk, asked = people(), query(3)
    desk(asked)
    lease = desk.next("ada")[0]
    desk.retire(asked)
    assert desk.next("ada", 3) == []
    _, seen = desk.answers()
    assert desk.tell("ada", said(lease)).annotation.late
    answers, _ = desk.answers(after=seen)
    assert [(one.ask_id, one.value) for one in answers] == [(lease.ask_id, "cat")]


KINDS = ("next", "tell", "tell late", "again", "undo", "release", "renew", "wait", "round", "rule", "second")
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "next",
                "tell",
                "tell late",
                "again",
                "undo",
                "release",
                "renew",
                "wait",
                "round",
                "rule",
                "second",
            ]
        ),
        st.sampled_from(["ada", "ben", "eva"]),
        st.integers(0, 5),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(actions=ACTIONS, needed=st.integers(1, 2))
def test_whatever_happens_in_two_processes_it_is_one_truth(
    actions: list[tuple[str, str, int]], needed: int
) -> None:
    """Two instances on one store take turns; each must see what the other wrote, and replay must agree."""
    store, clock, keys = MemoryStore(), Clock(), iter(range(10_000))
    desks = [people(store, clock, needed=needed, audit_share=0.2, lease_seconds=100.0) for _ in range(2)]
    leases: dict[str, list[Lease]] = {"ada": [], "ben": [], "eva": []}
    asked, acknowledged = query(5, 0), {}
    desks[0](asked)
    desks[0].audit(["random 0", "random 1"])
    for action, who, number in actions:
        desk = desks[number % 2]
        held = [one for one in leases[who] if one.expires > clock.now]
        if action == "next":
            leases[who] += desk.next(who, number)
        elif action in ("tell", "tell late") and (held if action == "tell" else leases[who]):
            mine = held if action == "tell" else leases[who]
            one = said(mine[number % len(mine)], CLASSES[number % 2], f"key {next(keys)}")
            acknowledged[one.key] = who
            desk.tell(who, one)
        elif action == "again" and acknowledged:
            key = list(acknowledged)[number % len(acknowledged)]
            known = next(one for one in desk.everything() if one.key == key)
            assert desk.tell(acknowledged[key], Said(key, known.ask_id, "cat")).repeated
        elif action == "undo":
            desk.undo(who)
        elif action in ("release", "renew"):
            getattr(desk, action)(who, [one.token for one in leases[who]])
        elif action == "wait":
            clock.now += 30 * number
        elif action == "round":
            desk.retire(asked)
            asked = query(5, asked.round + 1)
            desk(asked)
        elif action == "second" and desk.annotations():
            told = desk.annotations()
            desk.ask_again([told[number % len(told)].item])
        elif action == "rule" and desk.disputes():
            key = f"key {next(keys)}"
            acknowledged[key] = who
            desk.adjudicate(who, Said(key, desk.disputes()[0].ask_id, "dog"))
        _holds(desk, clock, needed)
    assert sorted(acknowledged) == sorted(one.key for one in desks[0].everything()), "once each, none lost"
    replayed = people(store, clock, needed=needed, audit_share=0.2, lease_seconds=100.0)
    for desk in desks:
        assert desk.annotations() == replayed.annotations()
        assert desk.answers() == replayed.answers()
        assert [desk.counts(who) for who in leases] == [replayed.counts(who) for who in leases]
        assert desk.disputes() == replayed.disputes()
    assert [one.next("ada", 5) for one in desks] == [replayed.next("ada", 5)] * 2


def _holds(desk: People, clock: Clock, needed: int) -> None:
    with desk._journal.read() as tasks:
        for task in tasks.all.values():
            running = [
                one for who, one in task.leases.items() if one.expires > clock.now and who not in task.said
            ]
            in_time = [one for one in task.said.values() if not one.late]
            assert len(in_time) <= max(needed, task.needed)
            if not task.said:
                assert len(running) <= needed, "nobody is given a place that is taken"


def test_a_run_on_disk_goes_on_where_it_was(tmp_path: Path) -> None:
    store, asked = SqliteStore(tmp_path / "run.db"), query(2)
    desk = people(store)
    desk(asked)
    desk.tell("ada", said(desk.next("ada")[0]))
    store.close()
    again = SqliteStore(tmp_path / "run.db")
    assert [one.value for one in people(again)(asked)] == ["cat"]
    again.close()


def test_a_second_opinion_is_asked_of_somebody_else_and_counts_when_it_is_there() -> None:
    desk, first = people(), query(2)
    desk(first)
    lease, _ = desk.next("ada", 2)
    desk.tell("ada", said(lease, "cat"))
    desk.ask_again([lease.item])
    assert desk.next("ben", 5) == [], "its round is open: it is not asked again"
    desk(query(1, 1))
    desk.retire(first)
    _, seen = desk.answers()
    desk.ask_again([lease.item, "never asked"])
    assert lease.ask_id not in [one.ask_id for one in desk.next("ada", 5)], "nobody is asked twice"
    (again,) = [one for one in desk.next("eva", 5) if one.ask_id == lease.ask_id]
    desk.ask_again([lease.item])
    assert desk.answers(seen)[0] == [], "until it is told, the first answer stays"
    desk.tell("eva", said(again, "cat"))
    assert [(one.value, one.annotator) for one in desk.answers(seen)[0]] == [("cat", "ada+eva")]
    assert [one.ask_id for one in desk.next("ben", 5)].count(lease.ask_id) == 0
