"""A score of a slice as a test needs it: whole, without each block, and item by item where it is a share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.scoring.measured import OnParts, called_on_parts, formula_on_parts, weighted_on_parts
from activeloop.scoring.resampling import Jackknife, Without
from activeloop.scoring.score import Called, Coded, Codes, Formula, Proportion, Score, as_it_is
from activeloop.scoring.sums import STATISTICS, SumsOfRound
from activeloop.statistics.intervals import Bounds

_MOST_CELLS = 1 << 22


class Parts(NamedTuple):
    """One score on one slice; two of them, of two models on the same items, can be compared in pairs.

    value : the score, NaN where undefined. without : (B,) the score without each block, NaN where undefined.
    sizes : (B,) items in each block. n : items, or trials of a share. bounds : what the score can be.
    reason : why there is no value, or nothing to make an interval of. hits, tried : (m,) for a share, which
    items of the slice were hit, of those that were tried; None for any other score.
    """

    value: float
    without: FloatArray
    sizes: FloatArray
    n: int
    bounds: Bounds
    reason: str = ""
    hits: BoolArray | None = None
    tried: BoolArray | None = None


class Cut(NamedTuple):
    """How the items are cut: the rows of each slice, the block of each item, the sizes (S, B)."""

    rows: Sequence[Array]
    blocks: IntArray
    sizes: FloatArray


def bounds_of(score: Score) -> Bounds:
    """Give the lowest and the highest value that a score can have."""
    return (0.0, 1.0) if isinstance(score, Proportion) else score.bounds


def parts_of(score: Score, coded: Coded, sums: SumsOfRound, cut: Cut) -> tuple[Parts, ...]:
    """Give the parts of one score on every slice."""
    if score.needs_probabilities and coded.given.probabilities is None:
        none = np.full(cut.sizes.shape[1], np.nan)
        n = cut.sizes.sum(axis=1).astype(np.int64).tolist()
        return tuple(
            Parts(np.nan, none, sizes, items, bounds_of(score), "needs predict_proba")
            for sizes, items in zip(cut.sizes, n, strict=True)
        )
    if isinstance(score, Proportion):
        hits, tried = item_by_item(score, coded)
        return tuple(_share(score, hits[rows], tried[rows], cut.blocks[rows], cut) for rows in cut.rows)
    jackknife = Jackknife(cut.rows, cut.blocks, cut.sizes)
    found = _on_parts(score, coded, sums, cut, jackknife)
    return tuple(_resampled(score, found, at, cut, jackknife) for at in range(len(cut.rows)))


def item_by_item(score: Proportion, coded: Coded) -> tuple[BoolArray, BoolArray]:
    """Say which items were hit, and which were tried: the sums of each item alone, block after block."""
    statistics = {name: STATISTICS[name](coded) for name in score.needs}
    kinds = sum(one.kinds if isinstance(one, Codes) else 1 for one in statistics.values())
    n, step = len(coded.given), max(1, _MOST_CELLS // kinds)
    hits, tried = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for start in range(0, n, step):
        rows = slice(start, start + step)
        alone = {
            name: (one.of_row[rows, None] == np.arange(one.kinds)).astype(np.float64)
            if isinstance(one, Codes)
            else one[rows]
            for name, one in statistics.items()
        }
        hits[rows], tried[rows] = score.hits(alone) > 0, score.trials(alone) > 0
    return hits, tried


def _share(score: Proportion, hits: BoolArray, tried: BoolArray, blocks: IntArray, cut: Cut) -> Parts:
    n_blocks = cut.sizes.shape[1]
    hit, trials = (np.bincount(blocks[one], minlength=n_blocks) for one in (hits & tried, tried))
    n = int(trials.sum())
    with np.errstate(invalid="ignore"):
        without = score.of_share((hit.sum() - hit) / np.where(n > trials, n - trials, np.nan))
    value = score.of_share(np.array([hit.sum() / n if n else np.nan]))[0]
    sizes = np.bincount(blocks, minlength=n_blocks).astype(np.float64)
    found = Parts(float(value), without, sizes, n, (0.0, 1.0), "" if n else score.undefined)
    # What only rises with a share is compared as any other score: its bound is not a share.
    return found._replace(hits=hits & tried, tried=tried) if score.of_share is as_it_is else found


def _on_parts(score: Score, coded: Coded, sums: SumsOfRound, cut: Cut, jackknife: Jackknife) -> OnParts:
    if isinstance(score, Formula):
        return formula_on_parts(score, sums, jackknife)
    if isinstance(score, Called):
        resampling = jackknife if score.has_interval else Without("an extreme value has none")
        return called_on_parts(score, coded.given, cut.rows, resampling)
    assert not isinstance(score, Proportion)
    return weighted_on_parts(score, coded, cut.rows, jackknife)


def _resampled(score: Score, found: OnParts, at: int, cut: Cut, jackknife: Jackknife) -> Parts:
    without, sizes, n = found.on_parts[at], cut.sizes[at], int(cut.sizes[at].sum())
    value, reason = float(found.values[at]), found.reasons.get(at, "")
    if without.size == 0:
        without, reason = np.full(len(sizes), np.nan), reason or "no interval: an extreme value has none"
    elif not reason and _says_nothing(value, without, sizes):
        reason = jackknife.why_none(at, without)
    return Parts(value, without, sizes, n, bounds_of(score), reason)


def _says_nothing(value: float, without: FloatArray, sizes: FloatArray) -> bool:
    filled = without[sizes > 0]
    if len(filled) < 2 or np.isnan(filled).any():
        return True
    return float(np.ptp(filled)) <= 1e-12 * max(1.0, abs(value))
