"""Slice-aware sampling: a share of every batch goes to the slices where the model lags behind itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from activeloop.arrays import FloatArray, IntArray
from activeloop.batch import Batch
from activeloop.candidates import Candidates, GuideScores
from activeloop.errors import ConfigurationError, StrategyError, unknown
from activeloop.strategy import Strategy, as_strategy, wrapper

BOUNDS = ("low", "value", "high")


class Lag(NamedTuple):
    """How far a slice lies below the whole, by the name of the slice."""

    slice: str
    lag: float


@wrapper
def slice_aware(
    strategy: Any,
    *,
    score: str | None = None,
    share: float = 0.5,
    bound: str = "high",
    by: str | None = None,
) -> Strategy:
    """Make a strategy that spends a share of a batch on the slices that lag, and the rest as another does.

    With v the score of the newest model on the whole guide and b_s the `bound` of its interval on slice s
    ("low" end, "value", "high" end), the lag of a slice is max(0, v − b_s). Of a batch of n, round(share · n)
    picks are shared out over the slices in proportion to their lags (largest remainder; ties to the greater
    lag, then to the slice that was defined first). The given strategy picks each slice's quota among the
    candidates in the slice, most lagging slice first, then the rest of the batch among all that are left.

    - Nothing lags (or no bound is known): the batch is that of the given strategy alone.
    - An item in several slices is picked once, for the one that lags most.
    - A slice with fewer candidates than its quota gives what it has; the rest of the batch grows.
    - A slice by class holds the candidates that the model predicts to be of the class.
    - "high" favors what lags beyond doubt, "low" also what the guide says little about.

    score   a name out of the loop's `scoring` (the first when None); larger is better
    share   of the batch, from 0 (the given strategy) to 1
    by      only slices cut by this column or metric ("class" for those by class)

    Needs a guide with slices (`Loop(guide=...)`, `Pool.split_guide`), whose labels are paid for but train
    nothing. No selection probabilities: outside its slices an item has no chance at some picks, and
    importance weights by such chances would be wrong. Raises StrategyError without a guide, for a guide
    without such slices or such a score, ConfigurationError for other parameters out of range.

    Cost: the given strategy's acquisition once, its batch rule once per lagging slice and once for the rest.
    Source: the idea is slice-based budgeting as in Tae and Whang (2021), "Slice Tuner: a selective data
    acquisition framework for accurate and fair machine learning models"; the rule is this project's own.

    >>> import activeloop as al
    >>> from sklearn.naive_bayes import GaussianNB
    >>> pool, holdout = al.load("iris").split(0.3, seed=0)
    >>> pool, guide = pool.split_guide(30, seed=0)
    >>> lagging = al.strategies.slice_aware(al.strategies.margin, bound="value", by="class")
    >>> holdout = holdout.slice_by("class")
    >>> loop = al.Loop(GaussianNB(), pool, strategy=lagging, guide=guide, holdout=holdout, batch_size=8)
    >>> *_, last = loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(16))
    >>> last.strategy
    'slice_aware(margin)'
    """
    inner = _inner(strategy)
    spread = _OverSlices(inner, score, _share(share), _bound(bound), "label" if by == "class" else by)
    return Strategy(
        inner.acquisition,
        batch=spread,
        name=f"slice_aware({inner.name})",
        needs=tuple(dict.fromkeys((*(inner.needs or ()), "guide"))),
        ready=spread.ready,
    )


def lags(
    guide: GuideScores, score: str | None = None, bound: str = "high", by: str | None = None
) -> list[Lag]:
    """Give the slices that lie below the whole, with max(0, v − b) of each, the most lagging first.

    A slice whose bound is undefined does not lag. Raises StrategyError for a score that is not there, and
    where no slice is.

    >>> from activeloop.scoring import ScoreRow
    >>> from activeloop.slices import where
    >>> whole = ScoreRow("all", "accuracy", 0.9, 0.85, 0.94, 200)
    >>> faint = ScoreRow("faint", "accuracy", 0.6, 0.4, 0.8, 20)
    >>> guide = GuideScores((whole, faint), (where("faint", "ink < 0.2"),))
    >>> [(slice, round(lag, 3)) for slice, lag in lags(guide)]
    [('faint', 0.1)]
    """
    asked = score or guide.rows[0].score
    rows = {row.slice: row for row in guide.rows if row.score == asked}
    if not rows:
        raise StrategyError("slice_aware: " + unknown("score", asked, {row.score for row in guide.rows}))
    cut = [one.name for one in guide.slices if by is None or by in one.rule.columns]
    if not cut:
        columns = {name for one in guide.slices for name in one.rule.columns}
        none = "the guide has no slices; slice it, or the holdout"
        raise StrategyError("slice_aware: " + (unknown("slices by", by, columns) if columns else none))
    whole = rows["all"].value
    ends = {name: getattr(rows[name], bound) for name in cut}
    found = [Lag(name, whole - end) for name, end in ends.items() if None not in (whole, end) and end < whole]
    return sorted(found, key=lambda one: -one.lag)


def quotas(lagging: Sequence[Lag], n: int) -> list[int]:
    """Share out n picks in proportion to lags, by largest remainder; ties to the slice that comes first.

    >>> quotas([Lag("a", 0.2), Lag("b", 0.1)], 4)
    [3, 1]
    """
    exact = np.array([one.lag for one in lagging])
    exact = exact / exact.sum() * n
    given = np.floor(exact + 1e-9).astype(np.int64)
    owed = np.argsort(given - exact, kind="stable")[: n - int(given.sum())]
    given[owed] += 1
    return [int(one) for one in given]


@dataclass(frozen=True)
class _OverSlices:
    """The batch rule: first each lagging slice's quota, then the rest, every pick by the inner strategy."""

    inner: Strategy
    score: str | None
    share: float
    bound: str
    by: str | None

    def ready(self, guide: GuideScores) -> None:
        """Raise StrategyError when the guide will not have what is asked of it."""
        lags(guide, self.score, self.bound, self.by)
        if self.inner.ready is not None:
            self.inner.ready(guide)

    def __call__(self, utilities: FloatArray, candidates: Candidates) -> Batch:
        """Pick n positions."""
        if candidates.guide is None:
            raise StrategyError("slice_aware needs a guide, and the loop has none; give guide=")
        lagging = lags(candidates.guide, self.score, self.bound, self.by)
        left = np.ones(len(candidates), dtype=bool)
        picks: list[IntArray] = []
        worths: list[FloatArray] = []

        def pick(rows: IntArray, n: int) -> None:
            part = replace(self.inner, acquisition=lambda _: utilities[rows])
            picked = part.pick(candidates.take(rows, n))
            picks.append(rows[picked.positions])
            worths.append(picked.utilities)
            left[picks[-1]] = False

        slices = {one.name: one for one in candidates.guide.slices}
        wanted = quotas(lagging, int(self.share * candidates.n + 0.5)) if lagging else []
        for (name, _), quota in zip(lagging, wanted, strict=True):
            rows = np.flatnonzero(left & candidates.members(slices[name]))
            if (most := min(quota, len(rows))) > 0:
                pick(rows, most)
        rest = candidates.n - sum(map(len, picks))
        if rest:
            pick(np.flatnonzero(left), rest)
        return Batch(np.concatenate(picks), utilities=np.concatenate(worths))


def _inner(given: Any) -> Strategy:
    if isinstance(given, str):
        raise StrategyError(f"slice_aware wraps a strategy, not a name; write activeloop.strategies.{given}")
    return as_strategy(given)


def _share(share: Any) -> float:
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ConfigurationError(f"slice_aware: share is {share!r}; allowed: from 0 to 1")
    return float(share)


def _bound(bound: str) -> str:
    if bound not in BOUNDS:
        raise ConfigurationError(f"slice_aware: {unknown('bound', bound, BOUNDS)}")
    return bound
