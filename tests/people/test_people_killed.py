"""Servers of four annotators are killed with -9 at random moments: nothing told is lost or told twice."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from activeloop.events import Event
from activeloop.people.annotation import Annotation, Lease, Said
from activeloop.people.people import People
from activeloop.store import MemoryStore, Store, open_store
from tests import postgres

from .killed_people import ANNOTATORS, ITEMS, RULES, people, query

KILLS = {False: 30, True: 15}  # by whether it is a server, where each of them is slower


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "run.db")
        return
    if postgres.program("initdb") is None:
        pytest.skip(postgres.MISSING)
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("needs the extra teams")
    with postgres.running() as server:
        yield server.new()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="servers are forked")
def test_every_acknowledged_answer_is_there_once_and_no_two_people_hold_one_lease(
    where: str, tmp_path: Path
) -> None:
    kills = KILLS["://" in where]
    words = [sys.executable, "-m", "tests.people.killed_people", where, str(tmp_path), str(kills)]
    root = Path(__file__).parents[2]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=root)
    assert ran.returncode == 0, ran.stderr
    notes = [json.loads(line) for line in (tmp_path / "notes").read_text().splitlines()]
    with closing(open_store(where)) as store:
        events = store.events("run/people")
        assert [one.number for one in events] == list(range(len(events)))
        _told_once(notes, events, kills)
        _held_by_enough(notes, events)
        _resumes_the_same(store, events)
        _goes_on(people(store))


def _told_once(notes: Sequence[Any], events: Sequence[Event], kills: int) -> None:
    kept = [Annotation(*one.payload["annotation"]) for one in events if one.kind == "told"]
    assert [one.number for one in kept] == list(range(len(kept)))
    by_key = {one.key: one for one in kept}
    assert len(by_key) == len(kept), "a key is there twice"
    told = [Annotation(*what) for kind, _, what in notes if kind == "told"]
    assert len(told) >= kills
    for one in told:
        assert by_key[one.key] == one
    servers = {one.key.split()[0] for one in told}
    assert len(servers) > 3, "later servers came to work, too"
    unheard = len(kept) - len({one.key for one in told})
    assert unheard <= ANNOTATORS * (kills + 2), "those that were killed before they could note it"


def _held_by_enough(notes: Sequence[Any], events: Sequence[Event]) -> None:
    """Follow all events by a rule of its own: at no moment is an ask with more people than it needs."""
    needed: dict[str, int] = {}
    held: dict[str, dict[str, Lease]] = {}
    said: dict[str, list[str]] = {}
    given: set[tuple[Any, ...]] = set()
    annotations: list[Annotation] = []
    for event in events:
        payload = event.payload
        if event.kind == "asked":
            needed |= {ask: people for ask, _, people in payload["asks"]}
        elif event.kind == "leased":
            for lease in (Lease(*one) for one in payload["leases"]):
                given.add(lease)
                now = lease.expires - RULES.lease_seconds
                own = held.setdefault(lease.ask_id, {})
                own[lease.annotator] = lease
                others = {who for who, one in own.items() if one.expires > now} | set(
                    said.get(lease.ask_id, ())
                )
                assert len(others) <= needed[lease.ask_id], f"{lease} is also with {others}"
        elif event.kind == "told":
            one = Annotation(*payload["annotation"])
            annotations.append(one)
            held.get(one.ask_id, {}).pop(one.annotator, None)
            said.setdefault(one.ask_id, []).append(one.annotator)
        elif event.kind == "undone":
            one = annotations[payload["number"]]
            said[one.ask_id].remove(one.annotator)
        else:
            raise AssertionError(event.kind)
    for kind, _, what in notes:
        assert kind == "told" or Lease(*what) in given, "a lease was given that is not on disk"


def _resumes_the_same(store: Store, events: Sequence[Event]) -> None:
    memory = MemoryStore()
    memory.open("run/people", "{}")
    memory.append("run/people", events)
    first, again, replayed = people(store), people(store), people(memory)
    for one in (again, replayed):
        assert one.everything() == first.everything()
        assert one.annotations() == first.annotations()
        assert one.answers() == first.answers()
        for annotator in ("annotator 0", "annotator 3", None):
            assert one.counts(annotator) == first.counts(annotator)
    assert first(query()) == replayed(query()), "the loop is told the same"
    assert len(store.events("run/people")) == len(events), "nothing is asked a second time"


def _goes_on(shared: People) -> None:
    """Who comes afterwards finishes the work; in the end every ask has as many people as it needs."""
    for at in range(20 * ITEMS):
        leases = [lease for one in range(ANNOTATORS) for lease in shared.next(f"annotator {one}", n=50)]
        if not leases:
            break
        for lease in leases:
            shared.tell(
                lease.annotator, Said(f"after {at} {lease.token}", lease.ask_id, "good", lease=lease.token)
            )
    disputes = [one for one in shared.disputes() if one.ask_id.startswith("0.")]
    assert len(shared(query())) + len(disputes) == ITEMS
    people_of = Counter((one.ask_id, one.annotator) for one in shared.annotations())
    assert max(people_of.values()) == 1
    assert shared.counts().waiting == 0
