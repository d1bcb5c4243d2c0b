"""Check a strategy: the batch that the loop needs, by id and seed, and nothing changed."""

from __future__ import annotations

from typing import Any

import joblib
import numpy as np

from activeloop.arrays import IntArray
from activeloop.candidates import Candidates, Labeled
from activeloop.models import class_probabilities, decision_values, fit, has_decisions, has_probabilities
from activeloop.pool import Holdout, Pool
from activeloop.settings import guided
from activeloop.settings import named_strategy as strategy_of
from activeloop.strategy import Strategy
from activeloop.testing.contract import contract, iris


def check_strategy(
    strategy: Any, *, pool: Pool | None = None, model: Any = None, guide: Holdout | None = None, n: int = 7
) -> None:
    """Check that a strategy picks a batch as the loop needs it.

    The batch has its size, from 1 to the whole pool, and no item twice; the same seed gives the same picks;
    another order of the pool gives the same items; float32 features do as well; model, data and numpy's
    global generator stay as they were. `pool`, `model` (not fitted) and `guide` say on what it is tried; a
    strategy that needs a guide, and is given none, gets a fifth of the pool, sliced by class.

    >>> from activeloop.strategies import margin
    >>> check_strategy(margin)
    >>> check_strategy(lambda candidates: candidates.features[:, 0] - candidates.features[:, 1])
    """
    given, one = pool or iris(), strategy_of(strategy)
    if guide is None and "guide" in (one.needs or ()):
        given, guide = given.split_guide(0.2)
        guide = guide.slice_by("class")
    trial = _Trial(given, model, guide)
    with contract(f"strategy {one.name!r}"):
        _unharmed(one, trial, min(n, len(trial.rows)))
        for size in (min(n, len(trial.rows)), 1, len(trial.rows)):
            _same(one, trial, size)
        _Trial(given, model, guide, dtype=np.float32).pick(one, n=min(n, len(trial.rows)))


class _Trial:
    """A fitted model and the candidates that it has not learned from, in any order."""

    def __init__(self, pool: Pool, model: Any, guide: Holdout | None = None, dtype: Any = None) -> None:
        (self.pool, self.guide), self.dtype = guided(pool, None, guide, None), dtype
        labeled = np.arange(0, len(pool), 5)
        self.rows = np.setdiff1d(np.arange(len(pool)), labeled)
        self.labeled = Labeled(
            pool.ids[labeled],
            pool.truth(pool.ids[labeled]),
            rows=lambda: self._features(labeled),
            columns=lambda name: pool.blind(name, labeled),
        )
        self.model = fit(
            _gaussian() if model is None else model,
            self._features(labeled),
            self.labeled.labels,
            ids=self.labeled.ids,
            seed=0,
            is_classifier=pool.classes is not None,
        )

    def _features(self, rows: IntArray) -> Any:
        found = self.pool.rows(rows)
        return found if self.dtype is None or not hasattr(found, "astype") else found.astype(self.dtype)

    def candidates(self, n: int, rows: IntArray, seed: int = 0) -> Candidates:
        """Freeze some rows as candidates."""
        pool, model, guide = self.pool, self.model, self.guide
        return Candidates(
            ids=pool.ids[rows],
            keys=pool.keys[rows],
            n=n,
            round=1,
            seed=seed,
            classes=pool.classes,
            model=model,
            labeled=self.labeled,
            rows=lambda at: self._features(rows[at]),
            columns=lambda name, at: pool.blind(name, rows[at]),
            predict_proba=(
                (lambda features, ids: class_probabilities(model, features, pool.classes or (), ids))
                if has_probabilities(model)
                else None
            ),
            score_guide=None if guide is None else lambda: guide.scores(model),
            decide=(
                (lambda features, ids: decision_values(model, features, pool.classes or (), ids))
                if has_decisions(model)
                else None
            ),
        )

    def pick(self, strategy: Strategy, n: int, rows: IntArray | None = None, seed: int = 0) -> list[Any]:
        """Give the ids that a strategy picks."""
        candidates = self.candidates(n, self.rows if rows is None else rows, seed)
        picked: list[Any] = candidates.ids[strategy.pick(candidates).positions].tolist()
        return picked


def _same(one: Strategy, trial: _Trial, n: int) -> None:
    for seed in (0, 1):
        first = trial.pick(one, n, seed=seed)
        again = trial.pick(one, n, seed=seed)
        assert first == again, (
            f"strategy {one.name!r} picked {first[:5]} and then {again[:5]} under the same seed; "
            "draw from candidates.generator() or candidates.uniforms()"
        )
        shuffled = np.random.default_rng(seed).permutation(trial.rows)
        other = trial.pick(one, n, shuffled, seed)
        assert set(first) == set(other), (
            f"strategy {one.name!r} picked other items from the same pool in another order "
            f"({sorted(set(first) ^ set(other))[:5]}); what it draws must belong to ids "
            "(candidates.uniforms())"
        )


def _unharmed(one: Strategy, trial: _Trial, n: int) -> None:
    def state() -> tuple[str, str, str]:
        world = np.random.get_state()  # noqa: NPY002 - to see that nobody draws from it
        return joblib.hash(trial.model), joblib.hash(trial.labeled.features), joblib.hash(world)

    before = state()
    trial.pick(one, n)
    things = ("the fitted model", "the labeled items", "numpy's global generator")
    for thing, was, now in zip(things, before, state(), strict=True):
        assert was == now, f"strategy {one.name!r} changed {thing}; work on a copy of your own"


def _gaussian() -> Any:
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB()
