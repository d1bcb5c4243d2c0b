"""Kill four writers of one run with -9, many times: python -m tests.killed_store URL-OR-PATH FOLDER KILLS

Each writer notes the key of an event after the store has acknowledged it. One process imports all and forks
the writers, so that they begin at once.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

from activeloop.store import open_store
from activeloop.testing.stores import add

WRITERS = 4


def write(where: str, notes: Path, name: str) -> None:
    """Write until killed."""
    store = open_store(where)
    file = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    at = 0
    while True:
        key = f"{name}.{at}"
        add(store, "run", key=key)
        os.write(file, f"{key}\n".encode())
        at += 1


def begin(where: str, notes: Path, name: str) -> int:
    """Fork a writer; give its process."""
    process = os.fork()
    if process == 0:
        try:
            write(where, notes, name)
        finally:
            traceback.print_exc()  # a writer only ever ends by being killed
            os._exit(1)
    return process


def kill(where: str, folder: Path, kills: int) -> None:
    """Kill a random writer at a random moment and begin another in its place, many times; then all."""
    open_store(where).close()  # so that all is imported before the first fork
    moments = random.Random(0)
    writers = [begin(where, folder / "told", f"{at}") for at in range(WRITERS)]
    ended = []
    for at in range(kills):
        time.sleep(moments.uniform(0.02, 0.2))
        chosen = moments.randrange(WRITERS)
        ended.append(end(writers[chosen]))
        writers[chosen] = begin(where, folder / "told", f"{WRITERS + at}")
    time.sleep(0.3)
    ended += map(end, writers)
    assert all(ended), "a writer ended by itself"


def end(writer: int) -> bool:
    """Kill a writer; say whether it was still writing."""
    os.kill(writer, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(writer, 0)[1])


if __name__ == "__main__":
    kill(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
