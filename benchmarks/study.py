"""What a study costs: two workers against one, overhead a cell, the same cells written by hand with joblib.

    python benchmarks/study.py [--seeds 10] [--budget 200]

Five strategies on digits, the default model (logistic regression), holdout 30 %, 20 labels a round; by hand
the same rounds, scored on the holdout, nothing stored.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
import time
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn
from joblib import Parallel, delayed
from sklearn.base import clone
from threadpoolctl import threadpool_limits

import activeloop as al
from activeloop import running, study
from activeloop.data import default_model

STRATEGIES = ("random", "margin", "entropy", "least_confidence", "variance")
BATCH = 20
TEXT = """
[study]
name = "digits"
[data]
name = "{data}"
holdout = 0.3
[loop]
strategies = {strategies}
seeds = {seeds}
batch_size = {batch}
budget = {budget}
scoring = ["accuracy"]
"""


def ours(workers: int, data: str, seeds: int, batch: int, budget: int) -> float:
    """Give seconds of a whole study, the start of its workers among them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "study.toml"
        names = str(list(STRATEGIES)).replace("'", '"')
        file.write_text(
            TEXT.format(data=data, strategies=names, seeds=list(range(seeds)), batch=batch, budget=budget)
        )
        given = study.opened(file, Path(folder) / "out")
        study.begin(given)
        start = time.perf_counter()
        errors = [one.error for one in running.run(given, given.cells, workers) if one.error]
        assert not errors, errors
        return time.perf_counter() - start


def _utilities(strategy: str, chances: Any, draw: np.random.Generator) -> Any:
    if strategy == "random":
        return draw.random(len(chances))
    ordered = np.sort(chances, axis=1)
    if strategy == "margin":
        return ordered[:, -2] - ordered[:, -1]
    if strategy == "least_confidence":
        return -ordered[:, -1]
    if strategy == "variance":
        return -chances.var(axis=1)
    return -(chances * np.log2(np.maximum(chances, 1e-300))).sum(axis=1)


def _cell(strategy: str, seed: int, budget: int) -> list[float]:
    with threadpool_limits(1):
        data = al.load("digits")
        pool, holdout = data.split(holdout=0.3, seed=seed)
        X, y = pool.rows(np.arange(len(pool))), pool.truth(pool.ids)
        X_test, y_test = holdout.rows(np.arange(len(holdout))), holdout.labels
        draw, free = np.random.default_rng(seed), np.ones(len(X), dtype=bool)
        free[draw.choice(len(X), BATCH, replace=False)] = False
        scores = []
        while True:
            fitted = clone(default_model(data)).fit(X[~free], y[~free])
            scores.append(float((fitted.predict(X_test) == y_test).mean()))
            if (~free).sum() >= budget:
                return scores
            rows = np.flatnonzero(free)
            chances = fitted.predict_proba(X[rows]) if strategy != "random" else rows[:, None]
            free[rows[np.argsort(-_utilities(strategy, chances, draw))[:BATCH]]] = False


def by_hand(workers: int, seeds: int, budget: int) -> float:
    """Give seconds of the same cells with joblib."""
    start = time.perf_counter()
    cells = [delayed(_cell)(name, seed, budget) for seed in range(seeds) for name in STRATEGIES]
    Parallel(n_jobs=workers)(cells)
    return time.perf_counter() - start


def main() -> None:
    """Print the three tables."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--seeds", type=int, default=10)
    given.add_argument("--budget", type=int, default=200)
    options = given.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, ", end="")
    print(f"scikit-learn {sklearn.__version__}, joblib {joblib.__version__}")
    ours(1, "iris", 1, 10, 20)  # imports are no cost of a cell
    small = ours(1, "iris", options.seeds, 10, 10)
    print(
        f"a cell of one round on iris, all in all: {1e3 * small / (options.seeds * len(STRATEGIES)):.1f} ms"
    )
    print(
        f"{'seconds, ' + str(options.seeds * len(STRATEGIES)) + ' cells':24}{'1 worker':>10}{'2 workers':>11}"
    )
    one, two = (ours(workers, "digits", options.seeds, BATCH, options.budget) for workers in (1, 2))
    print(f"{'activeloop, all stored':24}{one:10.1f}{two:11.1f}   {one / two:.2f} times")
    one, two = (by_hand(workers, options.seeds, options.budget) for workers in (1, 2))
    print(f"{'by hand, nothing stored':24}{one:10.1f}{two:11.1f}   {one / two:.2f} times")


if __name__ == "__main__":
    main()
