"""People label while the model trains: closing, late work, corrections, breaks, and the run without them."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.errors import PeekingError, StoreError
from activeloop.labeling import Labeling, every, everything, manual, quorum, replay
from activeloop.labeling.closing import after
from activeloop.people.annotation import Lease, Said
from activeloop.people.people import People
from activeloop.pool import Pool
from activeloop.store import MemoryStore, SqliteStore


@pytest.fixture(scope="module")
def iris() -> tuple[Pool, Any]:
    return al.load("iris").split(0.3, seed=0)


class Desk:
    """A run of people on iris, with the truth at hand."""

    def __init__(self, iris: tuple[Pool, Any], store: Any = None, *, batch: int = 10, **told: Any) -> None:
        self.pool, holdout = iris
        self.store = MemoryStore() if store is None else store
        self.loop = al.Loop(
            GaussianNB(),
            self.pool,
            strategy="margin",
            holdout=holdout,
            scoring=["accuracy"],
            batch_size=batch,
            store=self.store,
        )
        beside = SqliteStore(store.path) if isinstance(store, SqliteStore) else self.store
        self.people = People(beside, classes=self.pool.classes, rules=told.pop("rules", None))
        self.labeling = Labeling(self.loop, self.people, **told)

    def truth(self, lease: Lease) -> Any:
        return self.pool.truth([lease.item])[0]

    def label(self, who: str, n: int, value: Any = None) -> list[Lease]:
        leases = []
        for _ in range(n):
            (lease,) = self.people.next(who)
            self.tell(lease, value)
            leases.append(lease)
        return leases

    def tell(self, lease: Lease, value: Any = None) -> None:
        told = self.truth(lease) if value is None else value
        self.people.tell(
            lease.annotator, Said(f"{lease.annotator} {lease.token}", lease.ask_id, told, lease=lease.token)
        )


def test_a_round_closes_at_the_labels_wanted_and_the_reserve_is_there_while_it_trains(iris: Any) -> None:
    desk = Desk(iris, batch=15, close=every(10))
    assert desk.labeling.step() == ()
    desk.label("ada", 9)
    assert desk.labeling.step() == ()
    desk.label("ada", 1)
    seen: list[Lease] = []
    fit = desk.loop._learner.fit

    def fit_and_label(*given: Any) -> Any:
        seen.extend(desk.label("ben", 3 - len(seen)))
        return fit(*given)

    desk.loop._learner.fit = fit_and_label  # type: ignore[method-assign, assignment]
    (closed,) = desk.labeling.step()
    assert (closed.n_labeled, closed.asked, len(seen)) == (10, 15, 3), "people went on while it trained"
    desk.labeling.step()
    assert len(desk.loop.labeled) == 13, "what they did in the meantime counts in the next round"
    assert desk.labeling.standing is not None
    assert desk.labeling.standing.asked == 15


def test_old_asks_are_withdrawn_once_there_are_new_ones(iris: Any) -> None:
    desk = Desk(iris, batch=6, close=every(4))
    desk.labeling.step()
    desk.label("ada", 4)
    (kept,) = desk.people.next("ada")
    desk.labeling.step()
    assert {one.ask_id.split(".")[0] for one in desk.people.next("ben", 2)} == {"0"}, (
        "until the model is there"
    )
    desk.labeling.step()
    assert {one.ask_id.split(".")[0] for one in desk.people.next("eva", 3)} == {"1"}
    desk.tell(kept)
    desk.labeling.step()
    assert len(desk.loop.labeled) == 5, "late work counts"


@pytest.mark.parametrize(
    ("policy", "labels", "closes"),
    [
        (everything(), 9, False),
        (everything(), 10, True),
        (quorum(0.5), 4, False),
        (quorum(0.5), 5, True),
        (every(3), 3, True),
        (manual(), 10, False),
        (after(60.0), 1, False),
    ],
)
def test_each_policy_closes_when_it_says(iris: Any, policy: Any, labels: int, closes: bool) -> None:
    desk = Desk(iris, close=policy)
    desk.labeling.step()
    desk.label("ada", labels)
    assert bool(desk.labeling.step()) == closes


def test_time_closes_a_round_that_has_a_label(iris: Any) -> None:
    now = [0.0]
    desk = Desk(iris, close=after(60.0), clock=lambda: now[0])
    desk.labeling.step()
    now[0] = 61.0
    assert desk.labeling.step() == ()
    desk.label("ada", 1)
    assert len(desk.labeling.step()) == 1


def test_somebody_may_close_any_round(iris: Any) -> None:
    desk = Desk(iris)
    desk.labeling.step()
    desk.labeling.close_round()
    assert desk.labeling.step() == (), "nothing is told yet"
    desk.label("ada", 2)
    (closed,) = desk.labeling.step()
    assert closed.n_labeled == 2
    desk.labeling.step()
    desk.label("ada", 1)
    assert desk.labeling.step() == (), "a wish is for one round"


def test_a_correction_after_training_names_its_rounds_and_is_learned(iris: Any) -> None:
    desk = Desk(iris, batch=5)
    desk.labeling.step()
    leases = desk.label("ada", 5)
    desk.labeling.step()
    wrong = next(one for one in iris[0].classes if one != desk.truth(leases[0]))
    desk.people.tell("ada", Said("correction", leases[0].ask_id, wrong))
    desk.labeling.step()
    (answered,) = [one for one in desk.store.events("run") if "rounds_touched" in one.payload]
    assert answered.payload["rounds_touched"] == [0]
    desk.label("ada", 5)
    (closed,) = desk.labeling.step()
    assert any("corrected" in one for one in closed.notes)
    labels = dict(zip(desk.loop.labeled.ids.tolist(), desk.loop.labeled.labels.tolist(), strict=True))
    assert labels[leases[0].item] == wrong


def test_what_is_taken_back_after_training_is_asked_again(iris: Any) -> None:
    desk = Desk(iris, batch=5)
    desk.labeling.step()
    desk.label("ada", 5)
    desk.labeling.step()
    again = desk.people.undo("ada")
    assert again is not None
    desk.labeling.step()
    assert len(desk.loop.labeled) == 4
    desk.tell(again)
    desk.labeling.step()
    assert len(desk.loop.labeled) == 5


def test_it_stops_for_a_reason_and_takes_its_asks_back(iris: Any) -> None:
    desk = Desk(iris, batch=10, close=every(5), stop=al.stopping.budget(10))
    for _ in range(2):
        desk.labeling.step()
        desk.label("ada", 5)
        desk.labeling.step()
    desk.labeling.step()
    assert desk.labeling.stopped == "the budget of 10 labels is spent"
    assert desk.people.next("ada", 10) == []


def test_a_rule_that_peeks_is_refused(iris: Any) -> None:
    desk = Desk(iris, stop=al.stopping.target("accuracy", 0.9))
    with pytest.raises(PeekingError, match="cannot be used when people label"):
        desk.labeling.step()


def test_people_and_training_in_threads_come_to_the_end(iris: Any, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "run.db")
    desk = Desk(iris, store, batch=8, close=every(5), stop=al.stopping.budget(30))
    until = threading.Event()
    given = {"until": until, "seconds": 0.01}
    trainer = threading.Thread(target=desk.labeling.run, kwargs=given, daemon=True)
    trainer.start()

    def work(who: str) -> None:
        while trainer.is_alive():
            for lease in desk.people.next(who):
                desk.tell(lease)
            time.sleep(0.005)

    workers = [threading.Thread(target=work, args=(who,), daemon=True) for who in ("ada", "ben")]
    for one in workers:
        one.start()
    for one in (trainer, *workers):
        one.join(60)
    assert not trainer.is_alive()
    assert desk.labeling.stopped is not None
    last = desk.loop.history.last
    assert last is not None
    assert last.bought_total >= 30
    said = desk.people.annotations()
    # A new round may ask about what is still on somebody's desk, until the old one is withdrawn.
    assert len({one.ask_id for one in said}) == len(said), "no ask is answered twice"
    assert len({(one.item, one.round) for one in said}) == len(said), "nor an item in one round"
    again = Desk(iris, MemoryStore(), batch=8).loop
    assert replay(store, again).to_frame().equals(desk.loop.history.to_frame())
    store.close()


def test_a_replay_that_comes_out_otherwise_says_where(iris: Any) -> None:
    desk = Desk(iris, batch=5)
    for _ in range(3):
        desk.labeling.step()
        desk.label("ada", 5)
    desk.labeling.step()
    pool, holdout = iris
    other_seed = al.Loop(GaussianNB(), pool, strategy="margin", batch_size=5, seed=1)
    with pytest.raises(StoreError, match=r"round 0: ask '0.0' was about item \d+, and is now about \d+;"):
        replay(desk.store, other_seed)
    other_model = al.Loop(
        GaussianNB(var_smoothing=0.1),
        pool,
        strategy="margin",
        holdout=holdout,
        scoring=["accuracy"],
        batch_size=5,
    )
    with pytest.raises(StoreError, match="round 0: scores came out otherwise than in the stored run"):
        replay(desk.store, other_model)


def test_a_break_between_hearing_and_closing_closes_the_same_round(iris: Any, tmp_path: Path) -> None:
    """Killed while it trains: the answers are in, the round is not closed."""
    histories = []
    for broken in (False, True):
        store = SqliteStore(tmp_path / f"{broken}.db")
        desk = Desk(iris, store, batch=8, close=every(5))
        desk.labeling.step()
        desk.label("ada", 5)
        if broken:
            desk.loop._learner.fit = _die  # type: ignore[assignment]
            with pytest.raises(KeyboardInterrupt):
                desk.labeling.step()
            store.close()
            store = SqliteStore(tmp_path / f"{broken}.db")
            desk = Desk(iris, store, batch=8, close=every(5))
        desk.labeling.step()
        desk.labeling.step()
        histories.append((desk.loop.history.to_frame(), desk.loop.ask().ids))
        store.close()
    assert histories[0][0].equals(histories[1][0])
    assert histories[0][1] == histories[1][1]


def _die(*_: object) -> None:
    raise KeyboardInterrupt
