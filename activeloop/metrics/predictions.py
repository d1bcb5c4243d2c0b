"""Several predictions in one item: their probabilities side by side, and one value out of many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import ConfigurationError, ModelError, unknown
from activeloop.kernels import row_max

Fill: TypeAlias = Literal["complement", "even"]

_CHECKED_ROWS = 1 << 15
_TOLERANCE = 1e-3  # a float32 softmax over thousands of classes stays well inside
_AGGREGATES = ("mean", "max", "sum", "top<k>", "confidence")
_POLICIES = ("last", "first", "random")


@dataclass(frozen=True)
class Ragged:
    """Class probabilities of a varying number of predictions per item.

    `values` is (m predictions, C classes); item i owns the rows `offsets[i]` up to `offsets[i + 1]`, so
    `offsets` is (n + 1,), starts at 0, never falls and ends at m. Raises ModelError where it does not.

    >>> two_items = Ragged.from_lists([[[0.9, 0.1], [0.5, 0.5]], []], classes=2)
    >>> len(two_items), two_items.counts.tolist()
    (2, [2, 0])
    """

    values: Array
    offsets: IntArray

    def __post_init__(self) -> None:
        values, offsets = np.asarray(self.values), np.asarray(self.offsets)
        if values.ndim != 2 or values.shape[1] == 0:
            raise ModelError(
                f"ragged predictions have shape {values.shape}; allowed: (m predictions, C >= 1 classes)"
            )
        if offsets.ndim != 1 or len(offsets) == 0 or offsets.dtype.kind not in "iu":
            raise ModelError(f"offsets are {offsets.dtype} of shape {offsets.shape}; allowed: n + 1 integers")
        offsets = offsets.astype(np.int64)
        falls = np.flatnonzero(np.diff(offsets) < 0)
        if falls.size:
            raise ModelError(f"offsets fall after item {falls[0]}; allowed: each at least the one before")
        if offsets[0] != 0 or offsets[-1] != len(values):
            raise ModelError(
                f"offsets run from {offsets[0]} to {offsets[-1]}; allowed: from 0 to {len(values)} (rows)"
            )
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "offsets", offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def counts(self) -> IntArray:
        """How many predictions each item has, (n,)."""
        return np.diff(self.offsets)

    @classmethod
    def from_lists(cls, items: Sequence[Sequence[Sequence[float]] | Array], classes: int) -> Ragged:
        """Take one (k, C) list or array of probabilities per item, an empty one where nothing was predicted.

        Raises ModelError where an item's predictions are not rows of `classes` numbers.
        """
        parts = [np.asarray(item, dtype=np.float64) for item in items]
        for at, part in enumerate(parts):
            if part.size and (part.ndim != 2 or part.shape[1] != classes):
                raise ModelError(
                    f"the predictions of item {at} have shape {part.shape}; allowed: (k, {classes})"
                )
        full = [part.reshape(-1, classes) for part in parts]
        offsets = np.cumsum([0, *map(len, full)], dtype=np.int64)
        return cls(np.concatenate([np.empty((0, classes)), *full]), offsets)

    @classmethod
    def from_scores(
        cls,
        scores: Array,
        offsets: IntArray,
        labels: Array | None = None,
        *,
        classes: int = 2,
        fill: Fill = "complement",
    ) -> Ragged:
        """Make probabilities of predictions that are only (label, score), with scores in [0, 1].

        "complement" gives [s, 1 − s]. "even" gives the predicted class (`labels`, its number from 0) s and
        each of the other C − 1 classes (1 − s)/(C − 1); without labels the predicted class stands first,
        which no score here can tell. Raises ModelError for a score or label out of bounds.

        >>> Ragged.from_scores(np.array([0.75]), np.array([0, 1])).values.tolist()
        [[0.75, 0.25]]
        >>> one, label = np.array([0.5]), np.array([1])
        >>> Ragged.from_scores(one, np.array([0, 1]), label, classes=3, fill="even").values.tolist()
        [[0.25, 0.5, 0.25]]
        """
        s = np.asarray(scores, dtype=np.float64)
        wrong = np.flatnonzero(~((s >= 0) & (s <= 1)))
        if wrong.size:
            raise ModelError(f"prediction {wrong[0]} has score {s[wrong[0]]}; allowed: 0 to 1")
        if fill == "complement":
            return cls(np.column_stack([s, 1 - s]), offsets)
        if fill != "even":
            raise ConfigurationError(unknown("fill", fill, ("complement", "even")))
        if classes < 2:
            raise ConfigurationError(f"fill='even' over {classes} classes; allowed: 2 or more")
        predicted = np.zeros(len(s), dtype=np.int64) if labels is None else np.asarray(labels)
        wrong = np.flatnonzero((predicted < 0) | (predicted >= classes))
        if wrong.size:
            raise ModelError(
                f"prediction {wrong[0]} has label {predicted[wrong[0]]}; allowed: 0 to {classes - 1}"
            )
        values = np.repeat(((1 - s) / (classes - 1))[:, None], classes, axis=1)
        values[np.arange(len(s)), predicted] = s
        return cls(values, offsets)


def aggregate(scores: FloatArray, predictions: Ragged, how: str = "mean") -> FloatArray:
    """Make one value per item, (n,), of one score per prediction, (m,); NaN for an item without predictions.

    `how`: "mean", "max", "sum", "top<k>" (the mean of the k largest, or of all if there are fewer), or
    "confidence", Σ w s / Σ w with w = max p of each prediction. Raises ConfigurationError for another.

    >>> ragged = Ragged.from_lists([[[0.75, 0.25], [0.25, 0.75]], []], classes=2)
    >>> aggregate(np.array([1.0, 2.0]), ragged).tolist()
    [1.5, nan]
    >>> aggregate(np.array([1.0, 2.0]), ragged, "confidence").tolist()
    [1.5, nan]
    """
    counts = predictions.counts
    if how == "mean":
        return _sums(scores, predictions) / _or_nan(counts)
    if how == "sum":
        return np.where(counts > 0, _sums(scores, predictions), np.nan)
    if how == "max":
        return _top_mean(scores, predictions, 1)
    if how == "confidence":
        weights = row_max(predictions.values)
        return _sums(weights * scores, predictions) / _or_nan(_sums(weights, predictions))
    if re.fullmatch(r"top[1-9][0-9]*", str(how)):
        return _top_mean(scores, predictions, int(how[3:]))
    raise ConfigurationError(unknown("aggregate", how, _AGGREGATES))


def _or_nan(divisor: Array) -> FloatArray:
    return np.where(divisor > 0, divisor, np.nan)


def _sums(scores: FloatArray, predictions: Ragged) -> FloatArray:
    # reduceat gives an empty segment the value of its neighbor, so only full ones are asked for: each of
    # them then ends where the next full one begins.
    full = np.flatnonzero(predictions.counts)
    sums = np.zeros(len(predictions))
    if full.size:
        sums[full] = np.add.reduceat(scores, predictions.offsets[full])
    return sums


def _top_mean(scores: FloatArray, predictions: Ragged, k: int) -> FloatArray:
    counts = predictions.counts
    item = np.repeat(np.arange(len(predictions)), counts)
    largest_first = scores[np.lexsort((-scores, item))]
    rank = np.arange(len(scores)) - predictions.offsets[item]
    return _sums(np.where(rank < k, largest_first, 0.0), predictions) / _or_nan(np.minimum(counts, k))


class Filled(NamedTuple):
    """Utilities without a gap, and how many gaps there were."""

    utilities: FloatArray
    n_missing: int


def fill_missing(utilities: FloatArray, policy: str | float, uniforms: FloatArray) -> Filled:
    """Give the items without a value, NaN, a place in the ranking; larger = asked sooner.

    "last": below every other, −∞. "first": +∞. "random": the utility of an item that has one, drawn by the
    item's own number in `uniforms` (n,), or that number itself where no item has one. A number: that utility.
    Raises ConfigurationError for another policy.

    >>> fill_missing(np.array([0.5, np.nan]), "last", np.array([0.1, 0.9]))
    Filled(utilities=array([ 0.5, -inf]), n_missing=1)
    """
    missing = np.isnan(utilities)
    filled = np.array(utilities, dtype=np.float64)
    if policy == "last":
        filled[missing] = -np.inf
    elif policy == "first":
        filled[missing] = np.inf
    elif policy == "random":
        # Sorted, so that what is drawn does not hang on the order of the pool.
        present = np.sort(filled[~missing])
        drawn = uniforms[missing]
        filled[missing] = present[(drawn * present.size).astype(np.int64)] if present.size else drawn
    elif isinstance(policy, (int, float)) and not isinstance(policy, bool) and policy == policy:
        filled[missing] = policy
    else:
        raise ConfigurationError(f"{unknown('policy for empty items', policy, _POLICIES)}, or a number")
    return Filled(filled, int(missing.sum()))


def check_probabilities(p: Array, ids: Array | None = None) -> None:
    """Refuse what is no probability: raise ModelError naming the first bad row, by its id if given.

    Allowed: (n, C >= 1), no NaN, nothing negative, each row summing to 1 within 0.001. Works in blocks.

    >>> check_probabilities(np.array([[0.5, 0.5], [0.9, 0.9]]), ids=np.array(["a", "b"]))
    Traceback (most recent call last):
    activeloop.errors.ModelError: the probabilities of item 'b' sum to 1.8; allowed: 1 within 0.001
    """
    if p.ndim != 2 or p.shape[1] == 0:
        raise ModelError(f"probabilities have shape {p.shape}; allowed: (n items, C classes) with C >= 1")
    for begin in range(0, len(p), _CHECKED_ROWS):
        block = np.asarray(p[begin : begin + _CHECKED_ROWS])
        with np.errstate(invalid="ignore"):  # NaN and infinity are what is looked for
            sums = block @ np.ones(p.shape[1], block.dtype)
            good = np.abs(sums - 1) <= _TOLERANCE
        if good.all() and block.min() >= 0:
            continue
        at = int(np.argmin(good & (block >= 0).all(axis=1)))
        _refuse(block[at], begin + at if ids is None else ids[begin + at])


def _refuse(row: Array, item: object) -> None:
    item = item.item() if isinstance(item, np.generic) else item
    if np.isnan(row).any():
        raise ModelError(f"a probability of item {item!r} is NaN; allowed: 0 to 1")
    if (row < 0).any():
        raise ModelError(f"a probability of item {item!r} is {row.min():.6g}; allowed: 0 to 1")
    raise ModelError(
        f"the probabilities of item {item!r} sum to {row.sum(dtype=np.float64):.6g}; "
        f"allowed: 1 within {_TOLERANCE}"
    )
