"""When does a second label pay? ActiveLab's choice against always labeling new items, under noisy people.

    python benchmarks/relabeling.py [--seeds 20] [--noise 0.1 0.3 0.5]

Digits 0 to 4: 260 items that may be labeled, 600 to score on. Five people give a random class with chance
`noise`, else the true one. 60 labels to start with, then 30 a round to a budget. "new" always labels the
unlabeled items with the lowest ActiveLab score, while there are any, "choice" the lowest of all items,
"random" new ones by chance, "thrice" has items drawn by chance labeled by three people each. The model (naive
Bayes) learns the likeliest class of each item by Dawid and Skene. Scores are accuracies on the 600; ± is the
standard error over seeds of the difference.
"""

from __future__ import annotations

import argparse
import platform
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_predict
from sklearn.naive_bayes import GaussianNB

from activeloop.arrays import Array, FloatArray
from activeloop.consensus import DawidSkene, Votes, active_lab

PEOPLE, KINDS, POOL, TEST = 5, 5, 260, 600
START, BATCH, BUDGETS = 60, 30, (120, 240, 480)
WAYS = ("new", "choice", "random", "thrice")


class Labeling:
    """What noisy people said of some digits, and the model that learned it."""

    def __init__(self, noise: float, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        features, truth = load_digits(return_X_y=True)
        order = self.random.permutation(np.flatnonzero(truth < KINDS))[: POOL + TEST]
        self.features, self.truth = features[order] / 16, truth[order]
        self.pool, self.test = np.arange(POOL), np.arange(POOL, POOL + TEST)
        self.noise = noise
        self.said: dict[tuple[int, str], int] = {}

    def ask(self, item: int) -> bool:
        """Have an item labeled by somebody who has not labeled it yet."""
        free = [str(one) for one in range(PEOPLE) if (item, str(one)) not in self.said]
        if not free:
            return False
        wrong = self.random.random() < self.noise
        label = self.random.integers(KINDS) if wrong else self.truth[item]
        self.said[item, str(self.random.choice(free))] = int(label)
        return True

    def learn(self) -> None:
        """Fit on what the votes come to."""
        items, people = zip(*self.said, strict=True)
        self.votes = Votes.of(items, people, self.said.values(), range(KINDS))
        self.labeled = np.array(self.votes.items)
        self.label = DawidSkene.fit(self.votes).probabilities.argmax(axis=1)
        self.model = GaussianNB(var_smoothing=0.3).fit(self.features[self.labeled], self.label)

    def scores(self) -> tuple[FloatArray, FloatArray, Array]:
        """Give ActiveLab's scores of labeled and unlabeled items, by predictions out of sample."""
        inside = np.zeros((len(self.labeled), KINDS))
        model = GaussianNB(var_smoothing=0.3)
        some = np.unique(self.label)
        given = cross_val_predict(
            model, self.features[self.labeled], self.label, cv=3, method="predict_proba"
        )
        inside[:, some] = given
        rest = np.setdiff1d(self.pool, self.labeled)
        outside = np.zeros((len(rest), KINDS))
        if len(rest):
            outside[:, self.model.classes_] = self.model.predict_proba(self.features[rest])
        found = active_lab(self.votes, inside, outside)
        return found.labeled, found.unlabeled, rest


def labeled(way: str, noise: float, seed: int) -> list[float]:
    """Give the accuracy at each budget."""
    run, found = Labeling(noise, seed), []
    order = run.random.permutation(run.pool).tolist()
    for item in order[:START]:
        run.ask(item)
    thrice = iter([item for item in order[START:] for _ in range(3)])
    once = iter(order[START:])
    while True:
        run.learn()
        if len(run.said) in BUDGETS:
            found.append(float(run.model.score(run.features[run.test], run.truth[run.test])))
        if len(run.said) >= BUDGETS[-1]:
            return found
        wanted = len(run.said) + BATCH
        if way in ("random", "thrice"):
            queue = once if way == "random" else thrice
            while len(run.said) < wanted and (item := next(queue, None)) is not None:
                run.ask(item)
        else:
            first, rest, others = run.scores()
            if way == "new":
                first = np.full(len(first), np.inf)
            every = np.concatenate([run.labeled, others])
            for item in every[np.argsort(np.concatenate([first, rest]), kind="stable")].tolist():
                if len(run.said) >= wanted:
                    break
                run.ask(item)
        while len(run.said) < wanted:  # all items are labeled: again by chance
            run.ask(int(run.random.choice(run.pool)))


def main() -> None:
    """Simulate and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--noise", type=float, nargs="+", default=[0.1, 0.3, 0.5, 0.7])
    options = parser.parse_args()
    warnings.simplefilter("ignore", UserWarning)  # a class with fewer items than folds
    print(f"{platform.machine()}, Python {platform.python_version()}, scikit-learn {sklearn.__version__}")
    print("\n| noise | labels | " + " | ".join(WAYS) + " | choice − new | |\n|" + "---|" * (len(WAYS) + 4))
    for noise in options.noise:
        every = np.array([[labeled(way, noise, seed) for way in WAYS] for seed in range(options.seeds)])
        for at, budget in enumerate(BUDGETS):
            means = " | ".join(f"{one:.3f}" for one in every[:, :, at].mean(axis=0))
            gain = every[:, 1, at] - every[:, 0, at]
            error = gain.std(ddof=1) / np.sqrt(len(gain))
            print(f"| {noise:.1f} | {budget} | {means} | {gain.mean():+.3f} ± {error:.3f} |", flush=True)


if __name__ == "__main__":
    main()
