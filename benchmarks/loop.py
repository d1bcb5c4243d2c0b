"""What the loop costs a round, besides the model: digits, 100 rounds of 5 labels, 12 slices, durable store.

    python benchmarks/loop.py [--repeats 5] [--rounds 100]

Prints CPU milliseconds per round outside `fit` and `predict*`, early and late in the run, for this package
(all logged to a file), and for a bare loop written by hand and scikit-activeml (nothing logged).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

import activeloop as al

BATCH, START = 5, 50


class Timed(LogisticRegression):  # type: ignore[misc]
    """Logistic regression that counts the CPU time of its own work."""

    spent = 0.0

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit, counted."""
        return self._counted(super().fit, X, y)

    def predict(self, X: Any) -> Any:
        """Predict, counted."""
        return self._counted(super().predict, X)

    def predict_proba(self, X: Any) -> Any:
        """Predict probabilities, counted."""
        return self._counted(super().predict_proba, X)

    @staticmethod
    def _counted(function: Callable[..., Any], *given: Any) -> Any:
        start = time.process_time()
        try:
            return function(*given)
        finally:
            Timed.spent += time.process_time() - start


def model() -> Timed:
    """Give a model that converges on pixels from 0 to 1."""
    return Timed(max_iter=1000)


def digits() -> al.Dataset:
    """Give the digits with pixels from 0 to 1."""
    data = al.load("digits")
    return al.Dataset(data.features / 16, data.labels, metadata=data.metadata)


def ours(rounds: int) -> list[float]:
    """Give overhead per round of activeloop, everything logged."""
    data = digits()
    pool, holdout = data.split(holdout=0.3, seed=0)
    holdout = holdout.slice_by("class").slice_by("ink", bins=2)
    with tempfile.TemporaryDirectory() as folder:
        loop = al.Loop(
            model(),
            pool,
            strategy="margin",
            holdout=holdout,
            scoring=["accuracy", "f1_macro"],
            batch_size=BATCH,
            start_size=START,
            store=Path(folder) / "run.db",
        )
        oracle = al.oracles.simulated(pool)
        return _per_round(iter(loop.run(oracle, al.stopping.budget(START + BATCH * rounds))))


def _per_round(rounds: Any) -> list[float]:
    spent: list[float] = []
    while True:
        Timed.spent, start = 0.0, time.process_time()
        if next(rounds, None) is None:
            return spent
        spent.append(time.process_time() - start - Timed.spent)


def _split() -> tuple[Any, ...]:
    data = digits()
    pool, holdout = data.split(holdout=0.3, seed=0)
    rows = np.arange(len(pool))
    return pool.rows(rows), pool.truth(pool.ids), holdout.rows(np.arange(len(holdout))), holdout.labels


def bare(rounds: int) -> list[float]:
    """Give overhead per round of a loop written by hand: margin, accuracy, nothing logged."""
    X, y, X_test, y_test = _split()

    def steps() -> Any:
        free = np.ones(len(X), dtype=bool)
        free[np.random.default_rng(0).choice(len(X), START, replace=False)] = False
        fitted = model().fit(X[~free], y[~free])
        for _ in range(rounds):
            rows = np.flatnonzero(free)
            ordered = np.sort(fitted.predict_proba(X[rows]), axis=1)
            free[rows[np.argsort(ordered[:, -1] - ordered[:, -2])[:BATCH]]] = False
            fitted = model().fit(X[~free], y[~free])
            yield float((fitted.predict(X_test) == y_test).mean())

    return _per_round(steps())


def peer(rounds: int) -> list[float]:
    """Give overhead per round of scikit-activeml."""
    from skactiveml.classifier import SklearnClassifier
    from skactiveml.pool import UncertaintySampling

    X, y, X_test, y_test = _split()

    def steps() -> Any:
        told = np.full(len(X), np.nan)
        first = np.random.default_rng(0).choice(len(X), START, replace=False)
        told[first] = y[first]
        query = UncertaintySampling(method="margin_sampling", random_state=0)
        learner = SklearnClassifier(model(), classes=range(10))
        for _ in range(rounds):
            learner.fit(X, told)
            rows = query.query(X, told, learner, fit_clf=False, batch_size=BATCH)
            told[rows] = y[rows]
            yield float((learner.predict(X_test) == y_test).mean())

    return _per_round(steps())


def main() -> None:
    """Run the loops in turn and print medians."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--repeats", type=int, default=5)
    given.add_argument("--rounds", type=int, default=100)
    options = given.parse_args()
    loops = {"activeloop, all logged": ours, "by hand, nothing logged": bare}
    try:
        import skactiveml  # noqa: F401

        loops["scikit-activeml, nothing logged"] = peer
    except ImportError:
        print("scikit-activeml is not installed: left out")
    found: dict[str, list[list[float]]] = {name: [] for name in loops}
    with threadpool_limits(1):
        for _ in range(options.repeats):
            for name, loop in loops.items():
                found[name].append(loop(options.rounds))
    print(f"{'CPU ms per round outside the model':38}{'median':>9}{'rounds 5-25':>13}{'last 20':>9}")
    for name, runs in found.items():
        parts = (slice(1, None), slice(5, 25), slice(-20, None))
        medians = [statistics.median(1e3 * one for run in runs for one in run[part]) for part in parts]
        print(f"{name:38}{medians[0]:9.2f}{medians[1]:13.2f}{medians[2]:9.2f}")


if __name__ == "__main__":
    main()
