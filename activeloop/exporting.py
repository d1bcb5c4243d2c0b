"""A run on disk as labeled data, and as the model that it has learned: what `activeloop export` writes."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from activeloop import models
from activeloop.consensus import Consensus, majority
from activeloop.data.pipeline import default_model
from activeloop.data.to_label import ToLabel
from activeloop.errors import ModelError, StoreError, unknown
from activeloop.events import Event
from activeloop.exports.card import Card
from activeloop.exports.gather import labeled_data
from activeloop.exports.labeled import LabeledData
from activeloop.exports.model import save_model
from activeloop.history import Round
from activeloop.ledger import Ledger
from activeloop.people.settling import settled
from activeloop.people.tasks import Tasks
from activeloop.seeds import Component, integer
from activeloop.settings import words
from activeloop.sql_store import SqlStore, is_url
from activeloop.store import SqliteStore, read

KEY = "to_label"
"""What a store remembers `ToLabel.to_json()` by, so that a run can be exported without naming its data."""


@dataclass(frozen=True)
class Stored:
    """A run on disk beside the data that it labels.

    `changed`: the data are not those that the run began with (rows were added, say), though all items are
    there.
    """

    configuration: dict[str, Any]
    events: tuple[Event, ...]
    labeled: LabeledData

    @property
    def changed(self) -> bool:
        """Whether ids, features or known labels are others than when the run began."""
        return bool(self.configuration["data"] != self.labeled.data.fingerprint())


def stored(
    place: str | Path,
    run: str | None = None,
    given: ToLabel | None = None,
    consensus: Consensus = majority,
) -> Stored:
    """Give a run that a Loop left in a store: its file, the folder where that is the only one, or a URL.

    run : its name; the only one there when None. given : what was labeled; as the store remembers it when
    None. consensus : what makes one label of several people's where the loop was not told: in the audit
    stream, and in a round that is still open.

    Raises StoreError for a run that is not there, or whose data are not known, and DataError where the data
    cannot be read or lack an item of the run.
    """
    with closing(_opened(place)) as store:
        name = _named(store, run)
        data = _given(store, given).read().data
        events = store.events(name)
        tasks = Tasks()
        for event in store.events(f"{name}/people"):
            tasks.apply(event)
        told = {one[0] for event in events if event.kind == "answered" for one in event.payload["answers"]}
        untold = [one for ask_id, one in tasks.all.items() if ask_id not in told]
        agreed = {one.ask_id: one for one in settled(consensus, tasks, untold, data.classes).answers}
        labeled = labeled_data(data, events, tasks.current(), agreed)
        return Stored(json.loads(store.runs()[name]), events, labeled)


def fitted(one: Stored, model: Any = None) -> Any:
    """Give the model that the loop had after its last answers: the same seed, rows, and labels.

    model : untrained, as the loop was given it; `default_model` of the data when None. Raises ModelError for
    a model that is not the run's, or data that have changed; NotTrainableError with too few labels.
    """
    data = one.labeled.data
    given = default_model(data) if model is None else model
    if words(given) != one.configuration["model"]:
        raise ModelError(
            f"the run learned with {one.configuration['model']}, not with {words(given)}; name its model"
        )
    if one.changed:
        raise ModelError(
            f"the data {data.name!r} have changed since the run began, so its model is not known"
        )
    ledger, rounds = Ledger(data.pool()), 0
    for event in one.events:
        ledger.apply(event)
        rounds += event.kind == "closed"
    rows = ledger.labeled()
    return models.fit(
        models.untrained(given),
        data.rows(rows),
        ledger.labels(rows),
        ids=data.ids[rows],
        seed=integer(int(one.configuration["seed"]), Component.MODEL, max(rounds - 1, 0)),
        is_classifier=data.classes is not None,
    )


def export_model(one: Stored, folder: str | Path, model: Any = None, audited: Round | None = None) -> Card:
    """Write the model and its card, with scores and verdicts of the last round, into a folder.

    The scores are those on the holdout, or on audit labels where a round with these is given.
    """
    closed = [Round.from_payload(event.payload) for event in one.events if event.kind == "closed"]
    last = audited or (closed[-1] if closed else None)
    scores, verdicts = (last.scores, last.verdicts) if last else ((), ())
    where = "items drawn at random for an audit" if audited else "the holdout"
    measured = f"{where}, after round {last.number}" if last else ""
    return save_model(
        fitted(one, model), folder, one.labeled, scores=scores, measured=measured, verdicts=verdicts
    )


def _opened(given: str | Path) -> SqliteStore | SqlStore:
    if is_url(str(given)):
        return SqlStore(str(given))
    place = Path(given)
    if not place.is_dir():
        return read(place)
    usual = place / "run.db"
    found = [usual] if usual.is_file() else sorted(place.glob("*.db"))
    if len(found) != 1:
        said = "no run" if not found else f"{len(found)} stores ({', '.join(one.name for one in found)})"
        raise StoreError(f"{str(place)!r} holds {said}; name the file of the store")
    return read(found[0])


def _named(store: SqliteStore | SqlStore, run: str | None) -> str:
    kept = store.runs()
    runs = [one for one in kept if one.rpartition("/")[0] not in kept]  # RUN/people stands beside RUN
    if run is None and len(runs) == 1:
        return runs[0]
    if run not in runs:
        asked = (
            f"{_place(store)} holds {len(runs)} runs; name one" if run is None else unknown("run", run, runs)
        )
        raise StoreError(f"{asked}. Runs: {', '.join(runs) or 'none'}" if run is None else asked)
    return run


def _given(store: SqliteStore | SqlStore, given: ToLabel | None) -> ToLabel:
    if given is not None:
        return given
    known = store.recall(KEY)
    if known is None:
        raise StoreError(
            f"{_place(store)} does not say what was labeled; name the data with --data, as it was read"
        )
    return ToLabel.from_json(known)


def _place(store: SqliteStore | SqlStore) -> str:
    return store.place if isinstance(store, SqlStore) else str(store.path)
