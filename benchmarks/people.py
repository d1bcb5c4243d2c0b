"""People at work: how quick `next` and `tell` are, fifty persons at once, and a start with much said before.

    python benchmarks/people.py [--items 100000] [--persons 50] [--seconds 30] [--url postgresql://...]

Every answer is durable when `tell` returns (SQLite with synchronous=FULL; PostgreSQL as the server is set).
Fifty persons each ask for an item, look at it until their second is over, and tell; latency is counted from
the moment at which they meant to, so that a queue cannot hide.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from activeloop.people.annotation import Said
from activeloop.people.people import People
from activeloop.people.rules import Rules
from activeloop.query import Ask, Query
from activeloop.store import open_store

CLASSES = ("good", "bad")
RULES = Rules(audit_share=0.1)


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where its address is given; print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--persons", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {given.items:,} items\n")
    with tempfile.TemporaryDirectory() as folder:
        for name, where in (("SQLite", f"{folder}/run.db"), ("PostgreSQL", given.url)):
            if where:
                print(f"| {name} | p50 ms | p95 ms | p99 ms | most |\n|---|---|---|---|---|")
                one_person(where, given.items)
                many_persons(where, given.items, given.persons, given.seconds)
                print()
        start(f"{folder}/much.db", given.items)


def one_person(where: str, items: int) -> None:
    """Time each step of one person among many open asks."""
    with closing(open_store(where)) as store:
        people = People(store, "one", classes=CLASSES, rules=RULES)
        row("all asks opened", [timed(lambda: people(_query(items)))])
        people.audit(range(items, items + items // 10))
        asked, told = [], []
        for at in range(300):
            asked.append(timed(lambda: people.next("ada")))
            lease = people.next("ada")[0]
            said = Said(f"one {at}", lease.ask_id, "good", lease=lease.token, seconds=1.0)
            told.append(timed(lambda said=said: people.tell("ada", said)))  # type: ignore[misc]
        row("next (the first one sorts)", asked[:1])
        row("next", asked[1:])
        row("tell", told)
        row("undo", [timed(lambda: people.undo("ada")) for _ in range(20)])
        row("counts", [timed(lambda: people.counts("ada")) for _ in range(20)])


def many_persons(where: str, items: int, persons: int, seconds: float) -> None:
    """Let persons work at one answer a second each; check that every one of their answers is there, once."""
    with closing(open_store(where)) as store:
        people = People(store, "many", classes=CLASSES, rules=RULES)
        people(_query(items))
        told: list[list[str]] = [[] for _ in range(persons)]
        waits: list[list[float]] = [[] for _ in range(persons)]
        for one in range(persons):
            people.next(f"person {one}")
        begin = time.perf_counter() + 1.0

        def work(one: int) -> None:
            due = begin + random.Random(one).random()
            while due < begin + seconds:
                time.sleep(max(due - time.perf_counter(), 0.0))
                lease = people.next(f"person {one}")[0]
                key = f"{one} {len(told[one])}"
                people.tell(f"person {one}", Said(key, lease.ask_id, "good", lease=lease.token, seconds=1.0))
                told[one].append(key)
                people.next(f"person {one}")
                waits[one].append(time.perf_counter() - due)
                due += 1.0

        threads = [threading.Thread(target=work, args=(one,)) for one in range(persons)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        row(f"{persons} at once: told, and the next item", [one for own in waits for one in own])
        keys = sorted(key for own in told for key in own)
    with closing(open_store(where)) as store:
        kept = People(store, "many", classes=CLASSES, rules=RULES).everything()
    lost = len(set(keys) - {one.key for one in kept})
    double = len(kept) - len({one.ask_id for one in kept})
    late = sum(map(len, waits)) / seconds
    print(f"{len(keys):,} told, {late:.0f} a second; lost {lost}, asked of two people {double}")


def start(where: str, annotations: int) -> None:
    """Tell much, as fast as it goes, then open the run anew."""
    with closing(open_store(where)) as store:
        store.durable = False
        people = People(store, classes=CLASSES)
        people(_query(annotations))
        began = time.perf_counter()
        for at in range(annotations):
            people.tell(f"person {at % 10}", Said(str(at), f"0.{at}", CLASSES[at % 2], seconds=1.0))
        taken = time.perf_counter() - began
    print(f"{annotations:,} annotations told in {taken:.0f} s (not durable), ", end="")
    print(f"{Path(where).stat().st_size / 2**20:.0f} MiB on disk")
    before = _memory()
    with closing(open_store(where)) as store:
        began = time.perf_counter()
        people = People(store, classes=CLASSES)
        print(
            f"opened anew in {time.perf_counter() - began:.1f} s, {_memory() - before:.0f} MiB more; ", end=""
        )
        print(f"annotations() {1000 * timed(people.annotations):.0f} ms")


def _query(items: int) -> Query:
    asks = tuple(Ask(f"0.{at}", at, None, None) for at in range(items))
    return Query(0, asks, "margin", 0, CLASSES, lambda one: one)


def timed(act: Callable[[], object]) -> float:
    """Give the seconds that something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def row(name: str, seconds: Sequence[float]) -> None:
    """Print one row of the table."""
    middle, high, highest = (1000 * np.quantile(seconds, q) for q in (0.5, 0.95, 0.99))
    print(f"| {name} | {middle:.1f} | {high:.1f} | {highest:.1f} | {1000 * max(seconds):.1f} |", flush=True)


def _memory() -> float:
    """Give the MiB that this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main()
