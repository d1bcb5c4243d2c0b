"""A campaign opened: its data read, its loop and its people where they were, ready to be driven by a door."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from activeloop import build, models
from activeloop.audit import set_apart
from activeloop.campaign.chosen import Chosen
from activeloop.campaign.relabeling import worth_asking_again
from activeloop.campaign.setup import KEPT, Setup
from activeloop.consensus.named import CONSENSUS
from activeloop.data.default_slices import default_slices
from activeloop.data.pipeline import default_model
from activeloop.errors import StoreError
from activeloop.exporting import KEY
from activeloop.items import Items
from activeloop.labeling import Labeling
from activeloop.loop import Loop
from activeloop.names import resolve
from activeloop.people.people import People
from activeloop.pool import Pool
from activeloop.query import Query
from activeloop.recorder import Recorder
from activeloop.slices import members
from activeloop.stopping import budget
from activeloop.store import open_store
from activeloop.strategy import Strategy
from activeloop.study_tables import Batch, StrategyTable

RUN = "run"


class Campaign:
    """Data, loop and people of one campaign; nothing is asked before a door drives `labeling`.

    store   a path or a PostgreSQL URL; folder : where what models said of the audit items is kept
    oracle  made of the campaign: any door; the `people` of the page and the terminal when None

    A campaign that is there goes on; raises StoreError when it was set up otherwise, and whatever reading the
    data, a name or the store raises, before anything is asked.
    """

    def __init__(
        self,
        setup: Setup,
        store: str | Path,
        folder: Path,
        oracle: Callable[[Campaign], Any] | None = None,
    ) -> None:
        self.setup, self.store, self.folder = setup, store, folder
        read = setup.data.read()
        self.data, self.modality, self.notes = read.data, read.modality, read.notes
        model, strategy, consensus = self._model(), self._strategy(), self._consensus()
        self.slicing = default_slices(self.data)
        apart = self._apart(read.initial)
        self.audit = Items(self.data, self.data.pool().find(list(apart)), self.slicing.metrics)
        self._remember()
        self.loop = Loop(
            model,
            self._pool(read.initial),
            strategy=strategy,
            batch_size=setup.batch + setup.reserve,
            seed=setup.seed,
            store=store,
            name=RUN,
        )
        self.people = People(
            store,
            RUN,
            classes=self.data.classes,
            rules=setup.rules(version_of(setup.guidelines)),
            consensus=consensus,
            seed=setup.seed,
        )
        self.people.audit(apart)
        self.recorder = Recorder(self.loop, self.audit, folder / "predictions") if apart else None
        self.chosen = Chosen(self.loop.pool, folder / "predictions")
        self.labeling = Labeling(
            self.loop,
            self.people if oracle is None else oracle(self),
            close=setup.closing(),
            stop=budget(setup.budget) if setup.budget else None,
            opened=self._opened,
            closed=lambda _: self._record(),
        )

    @cached_property
    def items_of_slices(self) -> dict[str, frozenset[Any]]:
        """The ids of each slice, of all items; slices by class are left out, as labels say who is in them."""
        everything = Items(self.data, np.arange(len(self.data)), self.slicing.metrics)
        cut = [one for one in self.slicing.slices if "label" not in one.rule.columns]
        return {one.name: frozenset(everything.ids[members(one, everything)].tolist()) for one in cut}

    def item(self, item: int | str) -> Any:
        """Give the raw item of an id, of the pool or set apart."""
        return self.data.item(int(self.data.pool().find([item])[0]))

    def _apart(self, initial: tuple[int | str, ...]) -> tuple[int | str, ...]:
        known = set(initial)
        free = [one for one in self.data.ids.tolist() if one not in known]
        n = round(self.setup.audit * len(free))
        return set_apart(np.asarray(free), n, seed=self.setup.seed).ids if n else ()

    def _pool(self, initial: tuple[int | str, ...]) -> Pool:
        whole = self.data.pool()
        left = np.setdiff1d(np.arange(len(whole)), self.audit.positions)
        return Pool(self.data, left, self.slicing.metrics, initial, self.slicing.slices)

    def _model(self) -> Any:
        if not self.setup.model:
            return default_model(self.data)
        found = resolve("model", self.setup.model, {})
        return found() if isinstance(found, type) else found

    def _strategy(self) -> Strategy:
        rule = self.setup.batch_rule
        batch = Batch(rule=rule) if rule else None
        return build.strategy(StrategyTable(acquisition=self.setup.strategy, batch=batch), Path())

    def _consensus(self) -> Any:
        return resolve("consensus", self.setup.consensus, CONSENSUS)

    def _remember(self) -> None:
        """Keep what the campaign is made of, or refuse to go on with another one under its name."""
        store: Any = open_store(self.store)
        try:
            known = store.recall(KEPT)
            if known is not None:
                differs = Setup.from_json(known).differs(self.setup)
                if differs is not None:
                    name, before, now = differs
                    raise StoreError(
                        f"the campaign was set up with {name} = {before!r}, not {now!r}; leave it out to go "
                        "on, or name another folder"
                    )
            store.remember(KEPT, self.setup.to_json())
            store.remember(KEY, self.setup.data.to_json())
        finally:
            store.close()

    def _opened(self, query: Query) -> None:
        """Keep what the model says of a new batch, and ask again about what is worth more than half of it."""
        self.chosen.keep(query, self.loop.fitted)
        if self.setup.relabel:
            most, said = round(self.setup.relabel * self.setup.batch), self.people.annotations()
            self.people.ask_again(worth_asking_again(self.loop, said, query, most, self.setup.seed))

    def _record(self) -> None:
        if self.recorder is not None:
            self.recorder.record()

    def predict(self, item: int | str) -> tuple[Any, float | None] | None:
        """Give what the newest model says of an item, and how probable it finds it; None without a model."""
        fitted = self.loop.fitted
        if fitted is None:
            return None
        one = Items(self.data, self.data.pool().find([item]))
        said = models.predictions(fitted, one, probabilities=models.has_probabilities(fitted))
        chance = None if said.probabilities is None else float(said.probabilities.max())
        return said.labels.tolist()[0], chance


def version_of(guidelines: str) -> str:
    """Give the version of a text: it changes when the text does."""
    return hashlib.sha256(guidelines.encode()).hexdigest()[:12] if guidelines else ""
