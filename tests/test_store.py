"""Events on disk: refused files, two writers, a full disk."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import activeloop as al
from activeloop import network_disk
from activeloop.errors import StoreConflictError, StoreError
from activeloop.events import Event, Timing, encode
from activeloop.store import MemoryStore, SqliteStore, open_store, read
from activeloop.testing import check_store
from activeloop.testing.stores import add

from .conftest import LoopMaker

EVENTS = [Event(0, 0, "started", {"ids": [], "labels": []}), Event(1, 0, "asked", {"é": [1, None, 0.1]})]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "run.db")


def test_stores_keep_their_contract(tmp_path: Path) -> None:
    check_store(MemoryStore)
    path = tmp_path / "run.db"
    check_store(lambda: SqliteStore(path), lambda: SqliteStore(path, durable=False))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("takes any number", "no StoreConflictError, which should say \"'one'\", for a number that is taken"),
        ("keeps half", "of a refused append something was kept"),
    ],
)
def test_a_store_that_breaks_its_contract_is_told(fault: str, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        check_store(lambda: _Faulty(fault))


class _Faulty(MemoryStore):
    """A store with one fault."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self._fault = fault

    def append(
        self,
        run: str,
        events: Sequence[Event],
        timings: Sequence[Timing] = (),
        *,
        durable: bool | None = None,
    ) -> None:
        if self._fault == "takes any number":
            self._runs[run][1].extend(events)
        elif self._fault == "keeps half" and len(events) > 1:
            try:
                super().append(run, events, timings)
            except StoreError:
                self._runs[run][1].append(events[-1])
                raise
        else:
            super().append(run, events, timings)


def test_a_network_disk_gets_no_write_ahead_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = tmp_path / "a share"
    share.mkdir()
    table = tmp_path / "mountinfo"
    line = "36 1 0:40 / {} rw,relatime shared:1 master:2 - {} server:/export rw\n"
    named = str(share).replace(" ", r"\040")
    lines = [("/", "ext4"), (named, "ext4"), (f"{named}d", "cifs"), (named, "nfs4"), ("/nowhere", "tmpfs")]
    table.write_text("".join(line.format(*one) for one in lines))
    monkeypatch.setattr(network_disk, "MOUNTS", table)
    with pytest.warns(RuntimeWarning, match=r"run.db is on a network disk \(nfs4\)"):
        store = SqliteStore(share / "run.db")
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    store.close()
    here = SqliteStore(tmp_path / "run.db")
    assert here._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    here.close()


def test_threads_share_a_store_also_while_one_writes_much(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "run.db", durable=False)
    store.open("big", "{}")
    store.open("small", "{}")
    many = [Event(number, 0, "asked", {"text": "x" * 200}) for number in range(3000)]
    seen: list[int] = []
    written = threading.Event()

    def look() -> None:
        while not (seen and written.is_set()):
            seen.append(len(store.events("big", after=2990)))
            add(store, "small", at=len(seen))

    with ThreadPoolExecutor() as pool:
        looking = pool.submit(look)
        try:
            with pytest.raises(StoreConflictError):
                store.append("big", many[-2:], [Timing(0, "fit", 1.0)])
            store.append("big", many, [Timing(0, "fit", 2.0)])
        finally:
            written.set()
        looking.result()
    assert set(seen) <= {0, 9}
    assert len(store.events("small")) == len(seen)
    assert store.timings("big") == (Timing(0, "fit", 2.0),)
    store.close()


def test_events_and_timings_come_back(store: Any) -> None:
    assert store.open("one", "{}") == ()
    store.append("one", EVENTS, [Timing(0, "fit", 0.5)])
    assert store.open("one", "{}") == tuple(EVENTS)
    assert store.timings("one") == (Timing(0, "fit", 0.5),)
    assert store.open("two", "{}") == ()


def test_another_configuration_names_the_key(store: Any) -> None:
    store.open("one", '{"seed": 1, "batch_size": 5}')
    with pytest.raises(
        StoreError, match="run 'one' exists with another configuration: seed is 1 there and 2"
    ):
        store.open("one", '{"seed": 2, "batch_size": 5}')


def test_a_second_writer_is_told_and_nothing_is_lost(store: Any) -> None:
    store.open("one", "{}")
    store.append("one", EVENTS)
    with pytest.raises(StoreError, match=r"run 'one'.* is being written by another"):
        store.append("one", [Event(1, 0, "asked", {"mine": True}), Event(2, 0, "closed", {})])
    assert store.open("one", "{}") == tuple(EVENTS)
    store.append("one", [Event(2, 0, "closed", {})])
    assert len(store.open("one", "{}")) == 3


def test_a_payload_without_json_leaves_the_store_usable(store: Any) -> None:
    store.open("one", "{}")
    if isinstance(store, SqliteStore):
        with pytest.raises(ValueError, match="not JSON compliant"):
            store.append("one", [Event(0, 0, "asked", {"utility": float("nan")})])
    store.append("one", EVENTS)
    assert len(store.open("one", "{}")) == 2


WRITER = """
import sys
from sklearn.naive_bayes import GaussianNB
import activeloop as al
from activeloop import network_disk
from activeloop.errors import StoreConflictError, StoreError
pool, holdout = al.load("iris").split(0.3, seed=0)
loop = al.Loop(GaussianNB(), pool, strategy="margin", holdout=holdout, batch_size=2, store=sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
try:
    list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(30)))
    print("done")
except StoreError as error:
    print(error)
"""


def test_two_processes_on_one_run_one_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    both = []
    for _ in range(2):
        one = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
        both.append(one)
    said = sorted(one.communicate("go\n", timeout=120)[0].strip() for one in both)
    assert said[0] == "done"
    assert "is being written by another process; open it again to go on" in said[1]
    events = read(path).events("run")
    assert [one.number for one in events] == list(range(len(events)))
    assert events[-1].kind == "stopped"
    labeled = [one[1] for event in events if event.kind == "asked" for one in event.payload["asks"]]
    assert len(labeled) == len(set(labeled)) == 30


def test_a_database_of_something_else_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE events (holiday TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"other.db is a database of something else; name another file"):
        SqliteStore(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["other.db"]


def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but notes\n" * 100)
    with pytest.raises(StoreError, match=r"notes.txt cannot be opened as a run: file is not a database"):
        open_store(path)
    assert path.read_text().startswith("not a database")


def test_a_damaged_run_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    SqliteStore(path).close()
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    with pytest.raises(StoreError, match="cannot be opened as a run"):
        SqliteStore(path)


def test_a_newer_format_says_which(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    made = SqliteStore(path)
    made._db.execute("PRAGMA user_version=7")
    made.close()
    with pytest.raises(StoreError, match=r"written by a newer activeloop \(format 7, this one reads 1\)"):
        SqliteStore(path)


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"run.db cannot be opened as a run"):
        SqliteStore(tmp_path / "file" / "run.db")
    with pytest.raises(StoreError, match="there is no run at"):
        read(tmp_path / "nothing.db")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="gives up its rights in a forked process")
def test_a_folder_that_may_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    code = (
        "import os, sys\n"
        "from activeloop.store import SqliteStore\n"
        "os.setuid(65534) if os.getuid() == 0 else None\n"
        "try: SqliteStore(sys.argv[1])\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    tmp_path.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-c", code, str(locked / "run.db")],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert ran.stdout.startswith("StoreError ")
    assert "cannot be opened as a run" in ran.stdout
    assert list(locked.iterdir()) == []


def test_a_full_disk_leaves_the_step_undone_and_the_loop_usable(new_loop: LoopMaker, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "run.db")
    loop, whole = new_loop(store=store), new_loop()
    oracle, stop = al.oracles.simulated(loop.pool), al.stopping.budget(60)
    list(whole.run(oracle, stop))
    failures = 0
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    for more in range(1, 100):
        store._db.execute(f"PRAGMA max_page_count={pages + more}")
        try:
            list(loop.run(oracle, stop))
        except StoreError as error:
            assert "run.db cannot be written: database or disk is full; nothing of this step was kept" in str(  # noqa: PT017
                error
            )
            failures += 1
        if loop.stopped:
            break
    assert failures > 1
    assert loop.history == whole.history
    assert new_loop(store=tmp_path / "run.db").history == whole.history


def test_equal_payloads_are_equal_text() -> None:
    assert (
        encode({"b": 1, "a": [0.1, None]}) == '{"a":[0.1,null],"b":1}' == encode({"a": [0.1, None], "b": 1})
    )


def test_progress_says_which_runs_have_stopped(new_loop: LoopMaker, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "run.db")
    done, open_ = new_loop(store=store, name="done"), new_loop(store=store, name="open")
    list(done.run(al.oracles.simulated(done.pool), stop=al.stopping.budget(8)))
    next(open_.run(al.oracles.simulated(open_.pool), stop=al.stopping.budget(8)))
    assert store.progress() == {"done": (2, True), "open": (1, False)}
    assert list(store.runs()) == ["done", "open"]
