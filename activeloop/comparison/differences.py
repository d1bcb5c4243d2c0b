"""Every strategy against the baseline, and every strategy against every other: two tables with verdicts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from activeloop.arrays import Array, BoolArray, IntArray
from activeloop.comparison.measured import Measured
from activeloop.comparison.measures import Measure
from activeloop.comparison.paired import Paired, Test, half_width, mean_and_deviation, paired
from activeloop.comparison.result import AGAINST, MEASURED, PAIRS, PER_SEED, SETTING
from activeloop.comparison.verdicts import SUPPORT, corrected, judged, tests_made
from activeloop.curves import EVERYTHING
from activeloop.statistics import benjamini_hochberg, holm


def measured_table(of: Measured) -> pd.DataFrame:
    """Give mean and 95 % interval over seeds of every strategy and question; see `Comparison.measured`."""
    ran = of.ran[of.of_setting]
    q, k = np.nonzero(ran.any(axis=2))
    values, counts = of.values[q, k], of.counts[of.of_setting][q, k]
    mean, deviation = mean_and_deviation(values)
    seeds = (~np.isnan(values)).sum(axis=1)
    half = half_width(deviation, seeds)
    undefined = counts.sum(axis=1) - seeds
    why = np.full(len(q), "", dtype=object)
    why[undefined > 0] = "undefined under some seeds"
    why[seeds == 0] = "undefined under every seed"
    why[~counts.any(axis=1)] = "no run ended"
    table = {
        **_asked(of, q),
        "strategy": _names(of)[k],
        "value": mean,
        "low": mean - half,
        "high": mean + half,
    }
    table |= {"seeds": seeds, "undefined": undefined, "support": of.support[q, k], "why": why}
    return pd.DataFrame(table)[MEASURED]


def per_seed_table(of: Measured) -> pd.DataFrame:
    """Give every run's own numbers on the whole holdout; see `Comparison.per_seed`."""
    whole = np.array([one.slice == EVERYTHING for one in of.questions], dtype=np.bool_)
    q, k, s = np.nonzero(of.counts[of.of_setting] & whole[:, None, None])
    table = {
        **_asked(of, q),
        "strategy": _names(of)[k],
        "seed": np.array(of.seeds)[s],
        "value": of.values[q, k, s],
    }
    return pd.DataFrame(table)[PER_SEED]


def against_table(of: Measured, measures: Sequence[Measure], test: Test) -> pd.DataFrame:
    """Compare every strategy with the baseline on every question; see `Comparison.against`.

    A family of tests is a question's strategies on the whole holdout (Holm), or its strategies x slices
    (Benjamini-Hochberg); slices with fewer than 10 holdout items are not tested.
    """
    others = np.arange(len(of.strategies)) != of.base
    q, k = np.nonzero(of.ran[of.of_setting].any(axis=2) & others)
    found = paired(of.values[q, k], of.values[q, of.base], test)
    support = np.fmin(of.support[q, k], of.support[q, of.base])
    whole, family = _families(of)
    whole, family = whole[q], family[q]
    p = np.where(support < SUPPORT, np.nan, found.p)
    adjusted = np.where(whole, corrected(p, family, holm), corrected(p, family, benjamini_hochberg))
    together = np.where(whole, tests_made(p, family), 1)
    lower = _lower(of, measures)[q]
    verdicts = judged(found, adjusted, together, support, lower, test)
    return pd.DataFrame(
        {
            **_asked(of, q), "strategy": _names(of)[k],
            **_numbers(found, lower, "baseline_mean"),
            "p_adjusted": adjusted, "correction": np.where(whole, "holm", "benjamini-hochberg"),
            "verdict": verdicts.verdict, "why": verdicts.why,
        }
    )[AGAINST]  # fmt: skip


def pairs_table(of: Measured, about: IntArray, measures: Sequence[Measure], test: Test) -> pd.DataFrame:
    """Compare every strategy with every other, a layer a setting; see `Comparison.pairs`."""
    places = [(q, i, j) for q in about for i, j in _both(of.ran[of.of_setting[q]].any(axis=1))]
    q, i, j = np.array(places, dtype=np.int64).reshape(-1, 3).T
    found = paired(of.values[q, i], of.values[q, j], test)
    once = i < j
    support = np.fmin(of.support[q, i], of.support[q, j])
    p = np.where(once & ~(support < SUPPORT), found.p, np.nan)
    adjusted = corrected(p, q, holm)
    number = {place: n for n, place in enumerate(zip(q, i, j, strict=True))}
    other_way = np.array([number[a, c, b] for a, b, c in zip(q, i, j, strict=True)], dtype=np.int64)
    adjusted = np.where(once, adjusted, adjusted[other_way]) if len(q) else adjusted
    lower = _lower(of, measures)[q]
    verdicts = judged(found, adjusted, tests_made(p, q), support, lower, test)
    return pd.DataFrame(
        {
            **_asked(of, q), "strategy": _names(of)[i], "other": _names(of)[j],
            **_numbers(found, lower, "other_mean"),
            "p_adjusted": adjusted, "verdict": verdicts.verdict, "why": verdicts.why,
        }
    )[PAIRS]  # fmt: skip


def setting_columns(of: Measured, number: IntArray) -> dict[str, Array]:
    """Give the setting columns for rows that belong to settings by their number."""
    return {
        name: np.array(
            [getattr(one, name) for one in of.settings], dtype=object if name != "batch_size" else int
        )[number]
        for name in SETTING
    }


def _both(there: BoolArray) -> list[tuple[int, int]]:
    which = np.flatnonzero(there)
    return [(int(i), int(j)) for i in which for j in which if i != j]


def _numbers(found: Paired, lower: BoolArray, other: str) -> dict[str, Array]:
    wins, losses = np.where(lower, found.losses, found.wins), np.where(lower, found.wins, found.losses)
    return {
        "seeds": found.n, "mean": found.mean, other: found.other_mean, "difference": found.difference,
        "low": found.low, "high": found.high, "p": found.p,
        "wins": wins, "ties": found.ties, "losses": losses,
    }  # fmt: skip


def _asked(of: Measured, q: IntArray) -> dict[str, Array]:
    words = {
        name: np.array([getattr(one, name) for one in of.questions], dtype=object)[q]
        for name in ("score", "slice", "measure", "per")
    }
    return {**setting_columns(of, of.of_setting[q]), **words}


def _families(of: Measured) -> tuple[BoolArray, IntArray]:
    """Say which questions are of the whole holdout, and number each question's family."""
    whole = np.array([one.slice == EVERYTHING for one in of.questions], dtype=np.bool_)
    keys = [(one._replace(slice="the slices"), w) for one, w in zip(of.questions, whole, strict=True)]
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return whole, np.array([number[key] for key in keys], dtype=np.int64)


def _lower(of: Measured, measures: Sequence[Measure]) -> BoolArray:
    low = {one.name for one in measures if one.lower_is_better}
    return np.array([one.measure in low for one in of.questions], dtype=np.bool_)


def _names(of: Measured) -> Array:
    return np.array(of.strategies, dtype=object)
