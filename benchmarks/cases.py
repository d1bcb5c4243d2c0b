"""Test-cases: how often a true case fails by chance, how often a broken one is found; by simulation.

20 cases on 20 slices of their own, on each of which the model is exactly as good as the bound says (the
hardest truth: the bound is kept, and nothing is to spare; whatever is decided is decided by chance). Counted
are sets with one "fail" or more, and with one "pass" or more; each is to be at most 2.5 %, 5 % together.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.stats import binom

from activeloop.arrays import Array
from activeloop.cases import Judge, Predicted, TestCase
from activeloop.cases.differences import Difference
from activeloop.cases.evidence import of_difference
from activeloop.cases.gates import gates
from activeloop.cases.student import Student
from activeloop.data import Dataset
from activeloop.pool import Holdout
from activeloop.scoring import Scoreboard
from activeloop.slices import Category, Slice
from activeloop.statistics.intervals import wilson

CASES, CLASSES = 20, 3


class Drawn(NamedTuple):
    """What a model says, now and before."""

    new: Array
    old: Array


Draw = Callable[[Array, np.random.Generator], Drawn]


def wrong_at(rate: float) -> Draw:
    """Give a model that errs at a rate, and another before it on other items."""

    def draw(labels: Array, random: np.random.Generator) -> Drawn:
        both = [np.where(random.random(len(labels)) < rate, (labels + 1) % CLASSES, labels) for _ in range(2)]
        return Drawn(*both)

    return draw


def dropped(before: float, drop: float, shared: float) -> Draw:
    """Give two models: `before` errs at a rate, the new one `drop` more; a share of the old errors stays."""

    def draw(labels: Array, random: np.random.Generator) -> Drawn:
        wrong = random.random(len(labels)) < before
        keeps = random.random(len(labels)) < shared
        fresh = (before * (1 - shared) + drop) / (1 - before)
        now = np.where(wrong, keeps, random.random(len(labels)) < fresh)
        return Drawn(*(np.where(one, (labels + 1) % CLASSES, labels) for one in (now, wrong)))

    return draw


def holdout(n: int, random: np.random.Generator) -> Holdout:
    """Give labeled items, n in each slice."""
    labels = np.concatenate([random.permutation(np.arange(n) % CLASSES) for _ in range(CASES)])
    where = np.repeat(np.arange(CASES), n)
    data = Dataset(np.zeros((len(labels), 1)), labels, metadata={"part": where.astype(float)})
    return Holdout(data, np.arange(len(labels)))


def made(case: dict[str, object]) -> list[TestCase]:
    """Give the case on each of the slices."""
    parts = [Slice(f"part {at}", Category("part", float(at))) for at in range(CASES)]
    return [TestCase(one.name, one, **case) for one in parts]  # type: ignore[arg-type]


def baseline(case: dict[str, object], items: Holdout, old: Array) -> Predicted | None:
    """Give the predictions before, where the case compares with them."""
    return Predicted(items.ids, old) if "max_drop" in case else None


class Counted(NamedTuple):
    """Shares of the sets of 20 cases, and of one case judged alone."""

    fails: float
    passes: float
    one_fails: float
    one_passes: float


def simulate(case: dict[str, object], n: int, draw: Draw, sets: int, seed: int) -> Counted:
    """Draw sets of predictions and count verdicts."""
    random = np.random.default_rng(seed)
    items = holdout(n, random)
    judges: list[Judge] = []
    seen = np.zeros((sets, 4))
    for at in range(sets):
        said = draw(items.labels, random)
        if "max_drop" in case or not judges:
            judges = [
                Judge(one, items, baseline(case, items, said.old)) for one in (made(case), made(case)[:1])
            ]
        among, alone = ([one.outcome for one in judge.verdicts(said.new)] for judge in judges)
        seen[at] = "fail" in among, "pass" in among, "fail" in alone, "pass" in alone
    return Counted(*seen.mean(axis=0))


def power(case: dict[str, object], n: int, draw: Draw, sets: int, seed: int) -> float:
    """Give the chance that one broken case of 20 fails; the other 19 have something to spare."""
    random = np.random.default_rng(seed)
    items = holdout(n, random)
    found = 0
    spare = dropped(0.05, 0.0, 0.8) if "max_drop" in case else wrong_at(0.02)
    broken = items.column("part") == 0.0
    for _ in range(sets):
        good, bad = spare(items.labels, random), draw(items.labels, random)
        new, old = (np.where(broken, one, other) for one, other in zip(bad, good, strict=True))
        judge = Judge(made(case), items, baseline(case, items, old))
        found += judge.verdicts(new)[0].outcome == "fail"
    return found / sets


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=2000)
    sets = parser.parse_args().sets
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {sets} sets of {CASES} cases\n")
    print("| case, truth at the bound | n | false fail | false pass | one case alone: fail | pass |")
    print("|---|---|---|---|---|---|")
    for score in ("accuracy", "recall[1]", "f1_macro"):
        for rate in (0.05, 0.2):
            for n in (30, 100, 300):
                case: dict[str, object] = {"score": score, "at_least": 1 - rate, "min_support": 1}
                _row(f"{score} >= {1 - rate:g}", n, simulate(case, n, wrong_at(rate), sets, n))
    for score in ("accuracy", "f1_macro"):
        for n in (30, 100, 300):
            case = {"score": score, "max_drop": 0.05}
            _row(f"{score} drop <= 0.05", n, simulate(case, n, dropped(0.1, 0.05, 0.8), sets, n))
    print("\n| broken case among 20 | n | found |\n|---|---|---|")
    for n in (30, 100, 300, 1000):
        tried = max(sets // 4, 100)
        found = power({"at_least": 0.9}, n, wrong_at(0.2), tried, n)
        print(f"| accuracy 0.8, bound 0.9 | {n} | {found:.1%} |", flush=True)
        found = power({"score": "f1_macro", "at_least": 0.9}, n, wrong_at(0.2), tried, n)
        print(f"| f1_macro 0.8, bound 0.9 | {n} | {found:.1%} |", flush=True)
        found = power({"max_drop": 0.02}, n, dropped(0.05, 0.1, 0.8), tried, n)
        print(f"| accuracy 0.1 lower, max_drop 0.02 | {n} | {found:.1%} |", flush=True)
    simpler(sets)


def simpler(sets: int) -> None:
    """Print how often simpler methods are wrong: Wilson, the plain jackknife, no floor under an error."""
    print("\n| simpler method | n | wrong |\n|---|---|---|")
    hits = np.arange(11.0)
    _, high = wilson(hits, np.full(11, 10.0))
    print(f"| Wilson: one accuracy 0.95 fails | 10 | {binom.pmf(hits[high < 0.95], 10, 0.95).sum():.1%} |")
    for n in (30, 100, 300):
        random = np.random.default_rng(n)
        items = holdout(n, random)
        slices = [(one.name, items.column("part") == at) for at, one in enumerate(made({"at_least": 0.5}))]
        board = Scoreboard(["f1_macro"], slices, items.labels, items.classes, items.keys)
        sure, unfloored = 0, 0
        for _ in range(sets):
            new, _ = wrong_at(0.02)(items.labels, random)
            sure += any(row.low is not None and row.low >= 0.98 for row in board.rows(new)[1:2])
            new, old = dropped(0.1, 0.05, 0.8)(items.labels, random)
            pairs = zip(board.parts(new)[0][1:], board.parts(old)[0][1:], strict=True)
            found = [of_difference(*pair) for pair in pairs]
            differences = [one for one in found if isinstance(one, Difference) and one.error > 0]
            plain = [Student(one.value, one.error, one.freedom, (-np.inf, np.inf)) for one in differences]
            unfloored += bool(gates([one.above(-0.05) for one in plain]).decided.any())
        print(f"| plain jackknife: one f1_macro 0.98 passes 0.98 | {n} | {sure / sets:.1%} |")
        print(
            f"| no floor: a set of 20 f1_macro drops of 0.05 holds a pass | {n} | {unfloored / sets:.1%} |",
            flush=True,
        )


def _row(name: str, n: int, counted: Counted) -> None:
    print(f"| {name} | {n} | " + " | ".join(f"{one:.1%}" for one in counted) + " |", flush=True)


if __name__ == "__main__":
    main()
