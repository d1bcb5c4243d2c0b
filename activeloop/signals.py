"""What the model says of a fixed sample of the pool, for stopping rules that need no labels."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from activeloop import models
from activeloop.arrays import Array, IntArray
from activeloop.errors import ModelError
from activeloop.history import Signals
from activeloop.items import Items
from activeloop.kernels import row_entropy, row_max
from activeloop.seeds import Component, uniforms

SIZE = 2_000


class Watched(NamedTuple):
    """The signals of a round, and the predictions that the next round is compared with."""

    signals: Signals
    codes: str


class StopSet:
    """Up to 2,000 items of the pool, drawn by id and seed (the size of Bloodgood and Vijay-Shanker 2009)."""

    def __init__(self, items: Items, seed: int) -> None:
        drawn = uniforms(items.keys, seed, Component.SPLIT, 1)
        rows = np.argpartition(drawn, SIZE)[:SIZE] if len(items) > SIZE else np.arange(len(items))
        self._items = Items(items.source, items.positions[np.sort(rows)])
        self._before: IntArray | None = None

    def watch(self, fitted: Any) -> Watched:
        """Give this round's signals; they say nothing for a regression."""
        classes = self._items.classes
        if classes is None:
            return Watched(Signals(None, None, None), "")
        said = models.predictions(fitted, self._items, probabilities=True)
        uncertainty = confidence = None
        if said.probabilities is not None:
            uncertainty = float(row_entropy(said.probabilities).mean() / np.log2(max(len(classes), 2)))
            confidence = float(row_max(said.probabilities).min())
        codes = _codes(said.labels, classes)
        agreement = None if self._before is None else kappa(self._before, codes, len(classes))
        return Watched(Signals(uncertainty, confidence, agreement), _pack(codes))

    def apply(self, closed: Mapping[str, Any]) -> None:
        """Keep the predictions of a closed round, for the next to be compared with."""
        self._before = _unpack(closed["watched"]) if closed["watched"] else None


def kappa(one: Array, other: Array, n_classes: int) -> float:
    """Cohen's kappa of two labelings: (observed − expected agreement) / (1 − expected).

    It is 1 when both are constant and equal.

    >>> kappa(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0]), 2)
    0.5
    """
    n = len(one)
    observed = float((one == other).mean())
    shares = np.bincount(one, minlength=n_classes) * np.bincount(other, minlength=n_classes)
    expected = float(shares.sum()) / n**2
    return 1.0 if expected == 1.0 else (observed - expected) / (1.0 - expected)


def _codes(labels: Array, classes: tuple[Any, ...]) -> IntArray:
    place = {value: code for code, value in enumerate(classes)}
    try:
        return np.array([place[value] for value in labels.tolist()], dtype=np.int64)
    except KeyError as error:
        raise ModelError(
            f"the model predicts class {error}, which is not declared; declared: {list(classes)}"
        ) from None


def _pack(codes: IntArray) -> str:
    return base64.b64encode(zlib.compress(codes.astype("<i4").tobytes())).decode()


def _unpack(text: str) -> IntArray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<i4").astype(np.int64)
