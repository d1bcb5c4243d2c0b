"""A run in PostgreSQL: the contract, refused URLs, a newer format, broken connections."""

from __future__ import annotations

import importlib.util
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

import activeloop as al
from activeloop.errors import StoreConflictError, StoreError
from activeloop.events import Event, Timing, encode
from activeloop.store import MemoryStore, SqliteStore, SqlStore, open_store
from activeloop.testing import check_store

from . import postgres
from .conftest import LoopMaker

pytestmark = [
    pytest.mark.skipif(postgres.program("initdb") is None, reason=postgres.MISSING),
    pytest.mark.skipif(importlib.util.find_spec("psycopg") is None, reason="needs the extra teams"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.running() as server:
        yield server


@pytest.fixture
def url(server: postgres.Server) -> str:
    return server.new()


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    with closing(SqlStore(url)) as store:
        store.open("run", "{}")
        yield store


def test_it_keeps_the_contract_of_a_store(url: str) -> None:
    check_store(lambda: SqlStore(url), lambda: open_store(url.replace("postgresql:", "postgresql+psycopg:")))


def test_a_loop_is_the_same_as_in_memory_and_goes_on(new_loop: LoopMaker, url: str) -> None:
    memory, oracle = MemoryStore(), al.oracles.simulated(new_loop().pool)
    whole = new_loop(store=memory)
    list(whole.run(oracle, al.stopping.budget(12)))
    first = new_loop(store=url)
    next(first.run(oracle, al.stopping.budget(12)))
    first._store.close()
    with closing(SqlStore(url, durable=False)) as store:
        second = new_loop(store=store)
        list(second.run(oracle, al.stopping.budget(12)))
        assert second.history == whole.history
        assert list(map(_text, store.events("run"))) == list(map(_text, memory.events("run")))
        assert store.progress() == {"run": (len(whole.history), True)}
        assert store.counts() == {"run": len(memory.events("run"))}
        assert store.runs() == memory.runs()
        assert store.last("run") == store.events("run")[-1]
        assert store.last("other") is None
        closed = [one for one in store.events("run") if one.kind == "closed"]
        assert store.events("run", ("closed",)) == tuple(closed)
        assert {one.phase for one in store.timings("run")} == {one.phase for one in memory.timings("run")}


def test_texts_about_the_study_are_replaced(store: SqlStore) -> None:
    store.remember("note", "one")
    store.remember("note", "two")
    assert (store.recall("note"), store.recall("other")) == ("two", None)
    with pytest.raises(StoreError, match="cannot be stored"):
        store.remember("note", "\0")


def test_runs_are_in_the_order_of_a_file(store: SqlStore, tmp_path: Any) -> None:
    names = ["b", "A", "ä", "a b", "Z", "_", "a"]
    with closing(SqliteStore(tmp_path / "run.db")) as file:
        for name in names:
            store.open(name, "{}")
            file.open(name, "{}")
        file.open("run", "{}")
        assert list(store.runs()) == list(file.runs())
        assert store.counts() == file.counts() == dict.fromkeys(sorted([*names, "run"]), 0)


def test_a_schema_of_its_own(url: str) -> None:
    _execute(url, "CREATE SCHEMA team")
    with (
        closing(open_store(f"{url}?options=-csearch_path%3Dteam")) as team,
        closing(open_store(url)) as other,
    ):
        team.open("run", "{}")
        team.append("run", [Event(0, 0, "started", {})])
        assert other.events("run") == ()
        assert _execute(url, "SELECT count(*) FROM team.activeloop_events") == 1


def test_who_may_only_read_reads(url: str, server: postgres.Server) -> None:
    with closing(open_store(url)) as store:
        store.open("run", "{}")
        store.append("run", [Event(0, 0, "started", {})])
    _execute(url, "CREATE ROLE guest LOGIN PASSWORD 'guest'")
    _execute(url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest")
    with closing(open_store(url.replace("loops:pass%2Fword%40%25", "guest:guest"))) as guest:
        assert len(guest.events("run")) == 1
        with pytest.raises(
            StoreError, match="cannot be written: permission denied for table activeloop_events"
        ):
            guest.append("run", [Event(1, 0, "asked", {})])


def test_a_newer_format_says_which(url: str) -> None:
    open_store(url).close()
    _execute(url, "UPDATE activeloop_format SET version = 7")
    with pytest.raises(StoreError, match=r"written by a newer activeloop \(format 7, this one reads 1\)"):
        open_store(url)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("postgresql://loops:secret@127.0.0.1:{port}/none", "password authentication failed"),
        ("postgresql://loops@127.0.0.1:{port}/none?password=secret", "password authentication failed"),
        ("postgresql://loops:secret@127.0.0.1:1/none", "Connection refused"),
        ("postgresql://loops:se@secret@127.0.0.1/none", "in a password @ is written %40"),
        ("postgresql://loops:secret@127.0.0.1:port/none", "cannot be read"),
        ("postgresql://loops:secret@[::1/none", "cannot be read"),
        ("postgresql://loops:secret@127.0.0.1:{port}/none?nothing=1", 'connection option "nothing"'),
        ("mysql://loops:secret@127.0.0.1/none", "begins with postgresql://, and not mysql://..."),
    ],
)
def test_an_error_is_one_sentence_without_the_password(
    made: str, words: str, server: postgres.Server
) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(made.format(port=server.port))
    error: BaseException | None = caught.value
    assert words in str(error)
    assert "\n" not in str(error)
    while error is not None:  # a traceback shows what it came from, too
        assert "secret" not in str(error)
        error = error.__cause__


def test_a_password_that_the_driver_quotes_is_starred(server: postgres.Server) -> None:
    with pytest.raises(StoreError, match=r'invalid connection option "\*\*\*"$'):
        open_store(f"postgresql://loops:secret@127.0.0.1:{server.port}/none?secret=1")


def test_a_connection_that_was_cut_while_idle_is_opened_again(store: SqlStore, url: str) -> None:
    store.append("run", [Event(0, 0, "started", {})])
    for number in (1, 2):
        assert _cut(url) >= 1
        assert len(store.events("run")) == number
        assert _cut(url) >= 1
        store.append("run", [Event(number, 0, "asked", {})])
    assert len(store.events("run", after=-1)) == 3


def test_a_server_that_is_gone_is_one_sentence_and_nothing_is_lost_when_it_comes_back() -> None:
    with postgres.running() as server, closing(SqlStore(server.at())) as store:
        store.open("run", "{}")
        store.append("run", [Event(0, 0, "started", {})])
        server.control("-m", "immediate", "stop")
        with pytest.raises(StoreError, match="it is not known whether that was kept; open the run again"):
            store.append("run", [Event(1, 0, "asked", {})])
        with pytest.raises(StoreError, match="cannot be read"):
            store.events("run")
        server.start()
        assert [one.number for one in store.events("run")] == [0]
        store.append("run", [Event(1, 0, "asked", {})])


@pytest.mark.parametrize("sent", [True, False], ids=["its reply is lost", "it is lost"])
def test_a_connection_that_breaks_while_events_are_written(
    sent: bool, server: postgres.Server, url: str
) -> None:
    with _Between(server.port, sent) as between:
        far = url.replace(f":{server.port}/", f":{between.port}/")
        with closing(SqlStore(far)) as store:
            store.open("run", "{}")
            store.append("run", [Event(0, 0, "started", {})])
            between.cut.set()
            store.append(
                "run", [Event(1, 0, "cut here", {}), Event(2, 0, "asked", {})], [Timing(0, "fit", 1.0)]
            )
            assert between.cuts == 1
            assert [one.number for one in store.events("run")] == [0, 1, 2]
            assert store.timings("run") == (Timing(0, "fit", 1.0),)


def test_the_same_events_of_another_writer_are_not_taken_for_ones_own(
    server: postgres.Server, url: str
) -> None:
    same = [Event(0, 0, "cut here", {})]
    with _Between(server.port, False) as between, closing(SqlStore(url)) as near:
        near.open("run", "{}")
        between.before = lambda: near.append("run", same)
        with closing(SqlStore(url.replace(f":{server.port}/", f":{between.port}/"))) as far:
            far.events("run")
            between.cut.set()
            with pytest.raises(StoreConflictError, match="is being written by another process"):
                far.append("run", same)
            assert far.events("run") == tuple(same)


def test_a_writer_that_hangs_does_not_hold_the_others_up_for_ever(store: SqlStore, url: str) -> None:
    import psycopg

    with closing(SqlStore(f"{url}?options=-clock_timeout%3D200")) as other:
        other._database.put("SET lock_timeout = '200ms'")
        with psycopg.connect(url) as hanging:
            hanging.execute("INSERT INTO activeloop_events VALUES ('run', 0, 0, 'asked', '{}', '')")
            with pytest.raises(
                StoreError, match=r"cannot be written: canceling statement due to lock timeout; not"
            ):
                other.append("run", [Event(0, 0, "started", {})])
            hanging.rollback()
        other.append("run", [Event(0, 0, "started", {})])


def _text(event: Event) -> tuple[Any, ...]:
    return *event[:3], encode(event.payload)


class _Between:
    """A relay before the server that breaks one connection when the words "cut here" pass."""

    def __init__(self, port: int, sent: bool) -> None:
        self._server, self._sent = port, sent
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.cut, self.cuts = threading.Event(), 0
        self.before: Callable[[], object] = int
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> _Between:
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for one in self._threads:
            one.join(10)

    def _begin(self, target: Any, *given: Any) -> None:
        self._threads.append(threading.Thread(target=target, args=given))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                near = self._door.accept()[0]
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._server))
            broken = threading.Event()
            self._begin(self._relay, near, far, True, broken)
            self._begin(self._relay, far, near, False, broken)

    def _relay(self, source: socket.socket, target: socket.socket, up: bool, broken: threading.Event) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if up and b"cut here" in data and self.cut.is_set():
                    self.cut.clear()
                    self.cuts += 1
                    self.before()
                    if not self._sent:
                        break
                    broken.set()
                elif broken.is_set():  # the reply, which shows that it was done
                    break
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _execute(url: str, statement: str) -> Any:
    import psycopg

    with psycopg.connect(url, autocommit=True) as db:
        done = db.execute(statement.encode())
        return next(iter(done))[0] if done.description else None


def _cut(url: str) -> int:
    """End every other connection to the database; give how many there were."""
    ended = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
    where = "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return int(_execute(url, f"{ended} {where}"))
