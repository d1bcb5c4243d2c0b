"""What each round's model said of the items asked next, and its scores by them, weighted by their chances."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from activeloop import models
from activeloop.audit import Draws, SaidOf, lure
from activeloop.events import Event
from activeloop.history import History
from activeloop.items import Items
from activeloop.ledger import Ledger
from activeloop.loop import Loop
from activeloop.pool import Pool
from activeloop.query import Query


class Chosen:
    """Keeps, per query, what the model said of its items before it learned their labels; one file a round."""

    def __init__(self, pool: Pool, folder: Path) -> None:
        self._pool, self._folder = pool, folder

    def keep(self, query: Query, fitted: Any) -> None:
        """Keep the predictions for a query that was just asked; nothing while there is no model."""
        if fitted is None:
            return
        asked = Items(self._pool.source, self._pool.positions[self._pool.find(query.ids)], self._pool.metrics)
        said = models.predictions(fitted, asked, probabilities=False)
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"asked-{query.round:06d}.npz"
        unfinished = file.with_suffix(".unfinished")
        with unfinished.open("wb") as out:
            np.savez(out, ids=asked.ids, predicted=np.array(said.labels.tolist()))
        os.replace(unfinished, file)

    def said(self) -> Iterator[SaidOf]:
        """Yield what was kept; the model of a query is that of the round before it."""
        for file in sorted(self._folder.glob("asked-*.npz")):
            with np.load(file, allow_pickle=False) as kept:
                round = int(file.stem.removeprefix("asked-")) - 1
                yield SaidOf(round, kept["ids"], kept["predicted"])


def draws(pool: Pool, events: tuple[Event, ...]) -> Iterator[Draws]:
    """Yield what each query of a run drew, and out of how many candidates."""
    ledger = Ledger(pool)
    for event in events:
        if event.kind == "asked":
            query = Query.from_payload(
                event.round, event.payload, classes=pool.classes, items=lambda one: one
            )
            yield Draws.of(query, len(ledger.candidates()))
        ledger.apply(event)


def weighted(loop: Loop, events: tuple[Event, ...], chosen: Chosen, scoring: tuple[str, ...]) -> History:
    """Give the history with the scores of each round's model on the pool it chose from, by the next batch."""
    told = loop.labeled
    labels = dict(zip(told.ids.tolist(), told.labels.tolist(), strict=True))
    return lure(
        loop.history, chosen.said(), draws(loop.pool, events), labels, loop.pool.classes, scoring, batches=1
    )
