"""Means and 95 % intervals over seeds: what a study says once chance between its runs is counted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from activeloop.arrays import FloatArray
from activeloop.results import ENOUGH, EVERYTHING, Results

KEYS = ["strategy", "n_labeled", "slice", "score"]


def over_seeds(results: Results) -> pd.DataFrame:
    """Give the mean of each score in each round that *every* seed of a strategy reached.

    `n_labeled` is the label count of the round; where seeds differ in it (an annotator abstained), the mean
    of theirs, rounded. Columns: strategy, n_labeled, slice, score, value, low, high, n, seeds, reason.
    `low` and `high` are mean ± t(0.975, k − 1) · s / √k over k ≥ 2 seeds; with one seed they are that
    run's own interval over holdout items. A value that is undefined in any seed is undefined here, with
    the reason. `n` is the fewest items of the slice in any seed. Failed runs are left out (`Results.seeds`).
    """
    rows = _scored(results)
    tables = rows.groupby(KEYS, sort=False, as_index=False, observed=True).agg(
        value=("value", "mean"),
        deviation=("value", "std"),
        defined=("value", "count"),
        reached=("seed", "size"),
        low=("low", "first"),
        high=("high", "first"),
        n=("n", "min"),
        reason=("reason", "first"),
    )
    tables["seeds"] = tables["strategy"].map(n_seeds(results))
    tables = tables[tables["reached"] == tables["seeds"]].reset_index(drop=True)
    k = tables["seeds"].to_numpy(dtype=float)
    half = _half_width(tables["deviation"].to_numpy(dtype=float), k)
    value = tables["value"].where(tables["defined"] == k)
    several = pd.Series(k >= 2, index=tables.index)
    tables["low"] = tables["low"].where(~several, value - half).where(value.notna())
    tables["high"] = tables["high"].where(~several, value + half).where(value.notna())
    tables["reason"] = tables["reason"].where(value.isna(), None)
    return tables.assign(value=value)[[*KEYS, "value", "low", "high", "n", "seeds", "reason"]]


def at_the_end(means: pd.DataFrame) -> pd.DataFrame:
    """Keep, of each strategy, the rows of its last label count."""
    last = means.groupby("strategy", observed=True)["n_labeled"].transform("max")
    return means[means["n_labeled"] == last].reset_index(drop=True)


class Difference(NamedTuple):
    """How far one strategy's score is above another's in one round, paired by seed."""

    n_labeled: int
    seeds: int
    value: float
    other_value: float
    difference: float
    low: float
    high: float


def paired(results: Results, score: str, one: str, other: str) -> Difference | None:
    """Compare two strategies on the whole holdout, in the last round that all shared seeds have.

    The interval is mean ± t(0.975, k − 1) · s / √k of the k differences; NaN with a single seed. None where
    no round is shared, or the score is undefined there.
    """
    rows = _scored(results)
    rows = rows[(rows["slice"] == EVERYTHING) & (rows["score"] == score) & rows["value"].notna()]
    values = rows.pivot(index="round", columns=["strategy", "seed"], values="value").sort_index()
    shared = [seed for seed in results.seeds[one] if seed in results.seeds[other]]
    wanted = [(name, seed) for name in (one, other) for seed in shared]
    if not shared or any(pair not in values.columns for pair in wanted):
        return None
    values = values[wanted].dropna()
    if values.empty:
        return None
    ours, theirs = np.split(values.iloc[-1].to_numpy(dtype=float), 2)
    differences = ours - theirs
    mean, k = float(differences.mean()), len(differences)
    half = (
        float(_half_width(np.std(differences, ddof=1, keepdims=True), np.array([k]))[0]) if k > 1 else np.nan
    )
    counts = rows.loc[(rows["round"] == values.index[-1]) & rows["strategy"].isin([one, other]), "n_labeled"]
    return Difference(
        round(float(counts.mean())),
        k,
        float(ours.mean()),
        float(theirs.mean()),
        mean,
        mean - half,
        mean + half,
    )


def gaps(means: pd.DataFrame, score: str) -> pd.DataFrame:
    """Give the worst and the best slice of each strategy at each label count, among those with enough items.

    Columns: strategy, n_labeled, worst, worst_value, best, best_value, gap (best − worst, in the score's
    unit). Slices with fewer than 10 items, undefined values and the whole holdout take no part; it takes two
    slices to make a gap.
    """
    judged = means[
        (means["score"] == score)
        & (means["slice"] != EVERYTHING)
        & (means["n"] >= ENOUGH)
        & means["value"].notna()
    ]
    judged = judged[judged.groupby(["strategy", "n_labeled"], observed=True)["slice"].transform("size") >= 2]
    groups = judged.groupby(["strategy", "n_labeled"], sort=False, observed=True)["value"]
    worst, best = judged.loc[groups.idxmin()], judged.loc[groups.idxmax()]
    return pd.DataFrame(
        {
            "strategy": worst["strategy"].to_numpy(),
            "n_labeled": worst["n_labeled"].to_numpy(),
            "worst": worst["slice"].to_numpy(),
            "worst_value": worst["value"].to_numpy(),
            "best": best["slice"].to_numpy(),
            "best_value": best["value"].to_numpy(),
            "gap": best["value"].to_numpy() - worst["value"].to_numpy(),
        }
    )


def counting(results: Results, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of the runs that count (`Results.seeds`)."""
    pairs = [(name, seed) for name in results.strategies for seed in results.seeds[name]]
    if not pairs:
        return rows.iloc[:0]
    return rows[pd.MultiIndex.from_frame(rows[["strategy", "seed"]]).isin(pairs)]


def n_seeds(results: Results) -> dict[str, int]:
    """Give the number of seeds of each strategy that count."""
    return {name: len(results.seeds[name]) for name in results.strategies}


def _scored(results: Results) -> pd.DataFrame:
    """Keep the runs that count, each round under the mean label count of its seeds.

    Where a round bought nothing, its label count is scored again: the last is kept.
    """
    rows = counting(results, results.history)
    counts = (
        rows.groupby(["strategy", "round"], observed=True)["n_labeled"]
        .transform("mean")
        .round()
        .astype("int64")
    )
    keys = ["strategy", "seed", "n_labeled", "slice", "score"]
    return rows.assign(n_labeled=counts).drop_duplicates(keys, keep="last")


def _half_width(deviation: FloatArray, k: FloatArray) -> FloatArray:
    """Give half the width of a 95 % t interval of a mean of k values; NaN for one value."""
    several = k >= 2
    t = stdtrit(np.where(several, k - 1, 1), 0.975)
    return np.asarray(np.where(several, t * deviation / np.sqrt(k), np.nan), dtype=np.float64)
