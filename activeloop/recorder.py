"""What the model of every round said of some items: kept, for the metrics about rounds."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from activeloop import models, settings
from activeloop.arrays import Array, FloatArray
from activeloop.errors import StoreError
from activeloop.items import Items
from activeloop.loop import Loop
from activeloop.metrics.table import Table
from activeloop.pool import Holdout


class _Kept(NamedTuple):
    """Predicted class codes (or numbers), and probabilities if any; both empty without a model."""

    predicted: Array
    probabilities: FloatArray


class Recorder:
    """Keeps what the model says of `items` after every round, in memory or in a folder, one file a round.

    With a folder it goes on where it was when the run does: the round that was closed last is recorded as it
    starts. A round that was missed (nobody recorded, or answers came in since) is one without predictions.

    >>> import activeloop
    >>> from sklearn.naive_bayes import GaussianNB
    >>> pool, holdout = activeloop.load("iris").split(0.3, seed=0)
    >>> loop = activeloop.Loop(GaussianNB(), pool, strategy="margin", holdout=holdout, batch_size=10)
    >>> recorder = Recorder(loop, holdout)
    >>> for _ in loop.run(activeloop.oracles.simulated(pool), stop=activeloop.stopping.budget(40)):
    ...     recorder.record()
    >>> table = recorder.table()
    >>> table.column("predicted_by_round").shape
    (45, 4)
    >>> from activeloop.metrics import built_in
    >>> forgotten = built_in()["forgetting_events"].over(table).values
    >>> bool((forgotten >= 0).all())
    True

    Raises StoreError when the folder holds another run, other items, or rounds that this run has not had yet.
    """

    def __init__(self, loop: Loop, items: Items, folder: str | Path | None = None) -> None:
        self._loop, self._items = loop, items
        self._folder = None if folder is None else Path(folder)
        self._rounds: dict[int, _Kept] = {}
        self._whose = _whose(loop, items)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            for file in sorted(self._folder.glob("round-*.npz")):
                self._keep(int(file.stem.removeprefix("round-")), self._read(file))
        if self._rounds and max(self._rounds) >= len(loop.history):
            raise StoreError(
                f"{self._folder} holds round {max(self._rounds)}, and the run has closed "
                f"{len(loop.history)} rounds; name another folder"
            )
        self.record()

    def record(self) -> None:
        """Record the round that was closed last; recording it twice is harmless."""
        last = self._loop.history.last
        if last is None or last.number in self._rounds or last.n_labeled != len(self._loop.labeled):
            return
        kept = self._said(self._loop.fitted)
        if self._folder is not None:
            self._write(self._folder / f"round-{last.number:06d}.npz", kept)
        self._keep(last.number, kept)

    def predicted(self, number: int) -> Array | None:
        """Give what the model of a round predicted for each item; None for a round without predictions."""
        kept = self._rounds.get(number)
        return self._predicted(number) if kept is not None and len(kept.predicted) else None

    def table(self) -> Table:
        """Give the columns that model metrics need, one row per item.

        `id`, `label` (of a holdout; of other items what was told, None for the rest), `label_code`,
        `predicted` and `probabilities` of the last round, `previous_probabilities` of the one before it, and
        `predicted_by_round` (n, R). What was not predicted is None, or NaN.
        """
        newest = max(self._rounds, default=-1)
        by_round = [self._predicted(number) for number in range(newest + 1)]
        labels = self._labels()
        columns = {
            "id": self._items.ids,
            "label": labels,
            "predicted_by_round": np.stack(by_round, axis=1) if by_round else self._unknown()[:, None],
            "predicted": by_round[-1] if by_round else self._unknown(),
        }
        if self._items.classes is not None:
            place = {one: at for at, one in enumerate(self._items.classes)}
            columns["label_code"] = np.array([place.get(one, -1) for one in labels.tolist()], dtype=np.int64)
            columns["probabilities"] = self._probabilities(newest)
            columns["previous_probabilities"] = self._probabilities(newest - 1)
        return Table(columns)

    def _said(self, fitted: Any) -> _Kept:
        if fitted is None:
            return _Kept(np.empty(0), np.empty((0, 0)))
        said = models.predictions(fitted, self._items, probabilities=True)
        classes = self._items.classes
        predicted = said.labels
        if classes is not None:
            place = {one: at for at, one in enumerate(classes)}
            predicted = np.array([place[one] for one in said.labels.tolist()], dtype=np.int32)
        return _Kept(predicted, np.empty((0, 0)) if said.probabilities is None else said.probabilities)

    def _keep(self, number: int, kept: _Kept) -> None:
        self._rounds[number] = kept
        for older in [one for one in self._rounds if one < number - 1]:  # two rounds of them are asked for
            self._rounds[older] = self._rounds[older]._replace(probabilities=np.empty((0, 0)))

    def _labels(self) -> Array:
        if isinstance(self._items, Holdout):
            return self._items.labels
        labels, told = self._unknown(), self._loop.labeled
        place = {one: at for at, one in enumerate(self._items.ids.tolist())}
        for one, label in zip(told.ids.tolist(), told.labels.tolist(), strict=True):
            if one in place:
                labels[place[one]] = label
        return labels

    def _unknown(self) -> Array:
        gap, kind = (np.nan, np.float64) if self._items.classes is None else (None, object)
        return np.full(len(self._items), gap, dtype=kind)

    def _predicted(self, number: int) -> Array:
        kept = self._rounds.get(number)
        if kept is None or not len(kept.predicted):
            return self._unknown()
        classes = self._items.classes
        return kept.predicted if classes is None else np.array(classes, dtype=object)[kept.predicted]

    def _probabilities(self, number: int) -> FloatArray:
        kept = self._rounds.get(number)
        if kept is None or not len(kept.probabilities):
            return np.full((len(self._items), len(self._items.classes or ())), np.nan)
        return kept.probabilities

    def _read(self, file: Path) -> _Kept:
        with np.load(file, allow_pickle=False) as held:
            if str(held["whose"]) != self._whose:
                raise StoreError(f"{file} is of another run, or of other items; name another folder")
            return _Kept(held["predicted"], held["probabilities"])

    def _write(self, file: Path, kept: _Kept) -> None:
        unfinished = file.with_suffix(".unfinished")
        with unfinished.open("wb") as out:
            np.savez(out, whose=self._whose, predicted=kept.predicted, probabilities=kept.probabilities)
        os.replace(unfinished, file)


def _whose(loop: Loop, items: Items) -> str:
    run = settings.describe(loop.pool, loop.holdout, loop.model, loop.settings, [])
    told = "\n".join([run, *map(str, items.ids.tolist())])
    return hashlib.sha256(told.encode()).hexdigest()
