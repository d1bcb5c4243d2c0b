"""Kill servers of annotators with -9: python -m tests.people.killed_people URL-OR-PATH FOLDER KILLS

The server is a process with a real People, and a thread for each annotator. A thread notes what was
acknowledged after it was: the key of an answer, and the place and times of a lease. Two servers run at once,
as on two machines. One process imports all and forks the servers, so that they begin at once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any

from activeloop.people.annotation import Said
from activeloop.people.people import People
from activeloop.people.rules import Rules
from activeloop.query import Ask, Query
from activeloop.store import Store, open_store

ANNOTATORS, ITEMS, SERVERS = 4, 400, 2
CLASSES = ("good", "bad")
RULES = Rules(needed=2, overlap=0.25, lease_seconds=0.5, audit_share=0.2)


def people(store: Store) -> People:
    """Open the run, as a server does."""
    return People(store, classes=CLASSES, rules=RULES, seed=3)


def query() -> Query:
    """What is asked: more than can be told in time."""
    asks = tuple(Ask(f"0.{at}", f"item {at}", None, None) for at in range(ITEMS))
    return Query(0, asks, "margin", 0, CLASSES, lambda one: one)


def work(shared: People, note: Any, annotator: str, name: str) -> None:
    """Label until killed: some answers are told twice, some taken back, some leases held too long."""
    chance = random.Random(f"{annotator} {name}")
    at = 0
    while True:
        for lease in shared.next(annotator, n=2):
            note("leased", [*lease])
            if chance.random() < 0.05:
                time.sleep(0.6)
            said = Said(f"{name} {annotator} {at}", lease.ask_id, chance.choice(CLASSES), lease=lease.token)
            at += 1
            for _ in range(1 + (chance.random() < 0.1)):
                receipt = shared.tell(annotator, said)
                note("told", [*receipt.annotation])
        if chance.random() < 0.05 and (back := shared.undo(annotator)) is not None:
            note("undone", [*back])


def serve(where: str, notes: Path, name: str) -> None:
    """Let four annotators work in threads of this process."""
    file = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    shared = people(open_store(where))
    shared(query())

    def note(kind: str, what: list[Any]) -> None:
        os.write(file, (json.dumps([kind, time.time(), what]) + "\n").encode())

    def guarded(annotator: str) -> None:
        try:
            work(shared, note, annotator, name)
        finally:
            traceback.print_exc()
            os._exit(1)  # a server only ever ends by being killed

    for one in range(ANNOTATORS):
        threading.Thread(target=guarded, args=(f"annotator {one}",)).start()
    signal.pause()


def begin(where: str, notes: Path, name: str) -> int:
    """Fork a server; give its process."""
    process = os.fork()
    if process == 0:
        try:
            serve(where, notes, name)
        finally:
            traceback.print_exc()
            os._exit(1)
    return process


def _noted(notes: Path, lines: int) -> None:
    """Wait until so much more has been noted: a busy machine is slow, and a fault is not for ever."""
    size = notes.stat().st_size if notes.exists() else 0
    for _ in range(400):
        if notes.exists() and notes.stat().st_size >= size + 100 * lines:
            return
        time.sleep(0.05)
    raise TimeoutError("no server has served for 20 seconds")


def end(server: int) -> bool:
    """Kill a server; say whether it was still serving."""
    os.kill(server, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(server, 0)[1])


def kill(where: str, folder: Path, kills: int) -> None:
    """Kill a server at a random moment and begin another in its place, many times; then all."""
    with closing(open_store(where)) as store:  # so that all is imported before the first fork
        people(store).audit(f"audit item {at}" for at in range(ITEMS // 4))
    moments, ended = random.Random(1), []
    servers = [begin(where, folder / "notes", f"{at}") for at in range(SERVERS)]
    for at in range(kills):
        if at % 2:  # while it begins, or else while it serves
            _noted(folder / "notes", 4)
        time.sleep(moments.uniform(0.0, 0.2))
        ended.append(end(servers[at % SERVERS]))
        servers[at % SERVERS] = begin(where, folder / "notes", f"{SERVERS + at}")
    _noted(folder / "notes", 20)
    ended += map(end, servers)
    assert all(ended), "a server ended by itself"


if __name__ == "__main__":
    kill(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
