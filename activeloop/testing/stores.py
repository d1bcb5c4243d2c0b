"""Check a store: what was acknowledged is there, once, in order, whoever writes beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing

from activeloop.errors import StoreConflictError, StoreError
from activeloop.events import AsDurable, Event, Store, Timing
from activeloop.testing.contract import contract

# Texts that a database may refuse or change: NUL, half of a surrogate pair, what is beyond 16 bits, quotes.
_TEXT = "NUL \0, half a pair \ud800, 字, \U0001f308, ' \" \\ % :name \u2028 \x1f"
_PAYLOAD = {"text": _TEXT, _TEXT: None, "numbers": [0.1, 1e300, -(2**53), True], "nested": [[], {}, [None]]}
_WRITERS, _EACH = 4, 8


def check_store(make: Callable[[], Store], again: Callable[[], Store] | None = None) -> None:
    """Check a store: `make()` opens a new and empty one, `again()` the same once more, as other processes do.

    Without `again` the store is only asked for what it knows itself. What `make` gives is closed at the end.

    >>> from activeloop.store import MemoryStore
    >>> check_store(MemoryStore)
    """
    with contract("the store"), closing(make()) as store:
        _opens(store)
        _appends(store)
        _refuses(store)
        _settles(store)
        _together(store, again or (lambda: _Same(store)))
        kept = {run: store.events(run) for run in ("one", "two", "many")}
        assert isinstance(store.durable, bool), f"durable is {store.durable!r}, neither True nor False"
        with AsDurable(store, not store.durable):
            store.append("two", [_event(len(kept["two"]))])
        before = store.durable
        store.append("two", [_event(len(kept["two"]) + 1)], durable=not before)
        assert store.durable == before, "one append as `durable` as asked for has changed the store"
    if again is not None:
        with contract("the store, opened again"), closing(again()) as other:
            assert other.open("one", '{"seed":1}') == kept["one"], "a run is not the same when opened again"
            assert other.events("many") == kept["many"], "a run of several writers is not the same again"
            assert len(other.events("two")) == len(kept["two"]) + 2, "what was written last is lost"
    with contract("the store"):
        store.close()


def _event(number: int, **payload: object) -> Event:
    return Event(number, number // 2, "told", dict(payload))


def _opens(store: Store) -> None:
    assert store.open("one", '{"seed":1}') == (), "a new run has events"
    assert store.open("one", '{"seed":1}') == (), "a run that was opened twice has events"
    assert store.events("never opened") == (), "a run that nobody opened has events"
    _raises(StoreError, "seed is 1 there and 2", lambda: store.open("one", '{"seed":2}'))
    for name in ("NUL \0", "half \ud800"):
        _raises(StoreError, "cannot be stored", lambda name=name: store.open(name, "{}"))  # type: ignore[misc]


def _appends(store: Store) -> None:
    written = [Event(0, 0, "started", _PAYLOAD), _event(1), _event(2, at=2)]
    store.append("one", written[:1], [Timing(0, "fit", 0.25)])
    store.append("one", written[1:])
    store.append("one", [])
    assert store.events("one") == tuple(written), f"events come back as {store.events('one')!r}"
    assert store.open("one", '{"seed":1}') == tuple(written), "a run is not opened with its events"
    assert store.events("one", after=0) == tuple(written[1:]), (
        "`after` is not the number of the last one known"
    )
    assert store.events("one", after=2) == (), "`after` the last event there are more"
    assert store.open("two", "{}") == (), "one run has the events of another"
    store.append("two", [_event(0)])


def _refuses(store: Store) -> None:
    """Numbers that do not go on where the run ends are refused, and nothing of them is kept."""
    for what, numbers in {"taken": (2,), "taken and free": (2, 3), "beyond the end": (4,)}.items():
        append = _append(store, [_event(number) for number in numbers])
        _raises(StoreConflictError, "'one'", append, f"a number that is {what}")
        assert len(store.events("one")) == 3, "of a refused append something was kept"
    _raises(StoreError, "does not follow", _append(store, [_event(3), _event(5)]), "a gap")
    assert len(store.events("one")) == 3, "of a refused append something was kept"
    store.append("one", [_event(3)])


def _append(store: Store, events: Sequence[Event]) -> Callable[[], None]:
    return lambda: store.append("one", events)


def _settles(store: Store) -> None:
    """A store that refused something goes on; one run is not held up by another."""
    store.append("two", [_event(1), _event(2)])
    assert [one.number for one in store.events("two")] == [0, 1, 2], "numbers are not in order"


def _together(store: Store, again: Callable[[], Store]) -> None:
    """Several writers, each with a store of its own, write to one run; who comes second tries again."""
    store.open("many", "{}")
    faults: list[str] = []

    def write(who: int) -> None:
        try:
            with closing(again()) as own:
                for at in range(_EACH):
                    add(own, "many", key=f"{who}.{at}")
        except StoreError as error:
            faults.append(str(error))

    threads = [threading.Thread(target=write, args=(who,)) for who in range(_WRITERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not faults, f"of {_WRITERS} writers one failed: {faults[0]}"
    events = store.events("many")
    assert [one.number for one in events] == list(range(len(events))), "numbers have a gap"
    keys = sorted(one.payload["key"] for one in events)
    wanted = sorted(f"{who}.{at}" for who in range(_WRITERS) for at in range(_EACH))
    assert keys == wanted, "of what several writers were told is kept, not all is there once"


def add(store: Store, run: str, **payload: object) -> Event:
    """Write one event where the run ends, after whatever others write meanwhile; give it.

    >>> from activeloop.store import MemoryStore
    >>> store = MemoryStore()
    >>> store.open("run", "{}")
    ()
    >>> add(store, "run", key="a").number, add(store, "run", key="b").number
    (0, 1)
    """
    end = -1
    while True:
        end = max((one.number for one in store.events(run, after=end)), default=end)
        try:
            store.append(run, [made := _event(end + 1, **payload)])
        except StoreConflictError:
            continue
        return made


class _Same:
    """The same store for every writer: closing it for one does not close it for the others."""

    def __init__(self, store: Store) -> None:
        self.durable = store.durable
        self.open, self.events, self.append = store.open, store.events, store.append

    def close(self) -> None:
        pass


def _raises(kind: type[StoreError], words: str, call: Callable[[], object], what: str = "") -> None:
    try:
        call()
    except kind as error:
        said = str(error)
    else:
        raise AssertionError(
            f"no {kind.__name__}, which should say {words!r}{f', for {what}' if what else ''}"
        )
    assert words in said, f"an error does not say {words!r}: {said}"
