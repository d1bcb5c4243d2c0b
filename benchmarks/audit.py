"""Are the scores honest? Bias and coverage of audit, LURE and naive estimates, and of the forecast.

    python benchmarks/audit.py [--seeds 60] [--data digits breast_cancer banking77] [--part scores]

Each run labels a random half of the data with a simulated person: 20 items at random, then 20 batches of 10
by margin under one batch rule. The other half is never asked. Truth: of the model on all of that half for
audit, and on all that was left of the pool for LURE. `bias` is the mean of estimate − truth over seeds, in
percentage points of accuracy and, in brackets, in its standard errors; `held` is how often the 95 % interval
held the truth; `none` how often there was none. banking77 (ten classes of it) needs ACTIVELOOP_DATA.

"draws" has one model (of 100 digits) and 1,000 draws of n items each: the error rate by LURE, that of half of
the items by the ratio, and how often the interval of LURE held with the floor of the effective draws, and
without it.
"""

from __future__ import annotations

import argparse
import platform
import warnings
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import scipy
import sklearn
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.preprocessing import StandardScaler

import activeloop as al
from activeloop import batch
from activeloop.audit import Drawn, Draws, Mean, SaidOf, audited, forecast, lure, set_apart
from activeloop.history import History
from activeloop.pool import Pool
from activeloop.scoring import ScoreRow
from activeloop.statistics.intervals import Estimate
from activeloop.strategies import margin
from activeloop.strategy import Strategy

START, BATCH, BATCHES = 20, 10, 20
SIZES = (20, 50, 100, 200)
SCORING = ["accuracy", "f1_macro", "neg_log_loss"]
RULES: dict[str, Any] = {
    "power": batch.power(),
    "softmax": batch.softmax(2.0),
    "mix 50 %": batch.mix(0.5),
    "mix 20 %": batch.mix(0.2),
    "top": batch.top,
}


class Run(NamedTuple):
    """One run: its history, what was drawn, and what the models of its rounds said of every item."""

    history: History
    draws: list[Draws]
    said: list[SaidOf]
    pool: Pool
    labeled: list[tuple[Any, ...]]
    cross_validated: float | None


def dataset(name: str) -> Any:
    """Give rows and classes; texts as 50 latent dimensions."""
    loaded = al.load(name)
    features, labels = loaded.rows(np.arange(len(loaded))), np.asarray(loaded.labels)
    if name == "banking77":
        some, counts = np.unique(labels, return_counts=True)
        rows = np.isin(labels, some[np.argsort(-counts, kind="stable")[:10]])
        words = TfidfVectorizer(min_df=2).fit_transform([str(one) for one in np.ravel(features)[rows]])
        features, labels = TruncatedSVD(50, random_state=0).fit_transform(words), labels[rows]
    return al.Dataset(StandardScaler().fit_transform(features), labels)


def ran(data: Any, rule: Any, seed: int) -> Run:
    """Label half of the data, and keep what every model says of all of it."""
    pool, _ = data.split(0.5, seed=seed)
    model = LogisticRegression(max_iter=200)
    loop = al.Loop(
        model, pool, strategy=Strategy(margin, batch=rule), batch_size=BATCH, start_size=START, seed=seed
    )
    oracle, draws, said, labeled = al.oracles.simulated(pool), [], [], []
    every = data.rows(np.arange(len(data)))
    for number in range(1 + BATCHES):
        query = loop.ask()
        draws.append(Draws.of(query, len(pool) - len(loop.labeled)))
        loop.tell(oracle(query))
        fitted = loop.fitted
        chances = np.zeros((len(data), len(data.classes)))
        chances[:, np.searchsorted(np.sort(data.classes), fitted.classes_)] = fitted.predict_proba(every)
        said.append(SaidOf(number, data.ids, np.asarray(fitted.predict(every)), chances))
        labeled.append(tuple(loop.labeled.ids.tolist()))
    return Run(loop.history, draws, said, pool, labeled, _cross_validated(loop, model))


def _cross_validated(loop: Any, model: Any) -> float | None:
    told = loop.labeled
    folds = min(5, int(np.unique(told.labels, return_counts=True)[1].min()))
    if folds < 2:
        return None
    split = StratifiedKFold(folds, shuffle=True, random_state=0)
    return float(cross_val_score(model, told.features, told.labels, cv=split).mean())


class Tally:
    """Estimates beside truths."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int, str], list[tuple[float, float | None, float | None, float]]] = (
            defaultdict(list)
        )

    def add(self, what: str, n: int, row: ScoreRow, truth: float) -> None:
        """Add one estimate."""
        if row.value is not None:
            self.found[what, n, row.score].append((row.value, row.low, row.high, truth))

    def lines(self) -> Iterator[str]:
        """Give one line an estimate."""
        for (what, n, score), given in self.found.items():
            value, truth = np.array([one[0] for one in given]), np.array([one[3] for one in given])
            off = value - truth
            error = off.std(ddof=1) / np.sqrt(len(off))
            some = [one for one in given if one[1] is not None and one[2] is not None]
            ends = np.array([one[1:] for one in some], dtype=float).reshape(-1, 3)
            held = np.mean((ends[:, 0] <= ends[:, 2]) & (ends[:, 2] <= ends[:, 1])) if some else np.nan
            wide = np.mean(ends[:, 1] - ends[:, 0]) if some else np.nan
            bias = f"{100 * off.mean():+7.2f} ({off.mean() / error:+5.1f})"
            none = 1 - len(some) / len(given)
            rest = f"{off.std():.3f} | {held:.3f} | {wide:.3f} | {none:.2f}"
            yield f"| {what} | {n} | {score} | {bias} | {rest} |"


def scores(name: str, rule: str, seeds: int) -> None:
    """Print one table of estimates."""
    data, tally = dataset(name), Tally()
    place = {one: at for at, one in enumerate(data.ids.tolist())}
    for seed in range(seeds):
        run = ran(data, RULES[rule], seed)
        in_pool = set(run.pool.ids.tolist())
        _audit(data, run, [one for one in place if one not in in_pool], seed, tally)
        _active(data, run, place, in_pool, tally)
    print(f"\n{name}, {rule}; {seeds} runs\n")
    print("| estimate | n | score | bias, points (se) | sd | held | width | none |")
    print("|---|---|---|---|---|---|---|---|")
    print(*tally.lines(), sep="\n", flush=True)


def _audit(data: Any, run: Run, rest: list[Any], seed: int, tally: Tally) -> None:
    truth_of = dict(zip(data.ids.tolist(), data.labels.tolist(), strict=True))
    everything = {one: truth_of[one] for one in rest}
    order = set_apart(rest, len(rest) - 1, seed=seed).ids
    last = History(run.history.rounds[-1:])
    true = audited(last, run.said, everything, data.classes, SCORING, interval="none").rounds[0]
    for n in (one for one in SIZES if one < 0.8 * len(rest)):
        known = {one: truth_of[one] for one in order[:n]}
        found = audited(last, run.said, known, data.classes, SCORING, of=len(rest)).rounds[0]
        for row in found.scores:
            tally.add("audit", n, row, float(true.score(row.score) or 0.0))


def _active(data: Any, run: Run, place: dict[Any, int], in_pool: set[Any], tally: Tally) -> None:
    truth_of = dict(zip(data.ids.tolist(), data.labels.tolist(), strict=True))
    first = History(run.history.rounds[:1])
    left = {one: truth_of[one] for one in in_pool - set(run.labeled[0])}
    true = audited(first, run.said, left, data.classes, SCORING, interval="none").rounds[0]
    told = {one: truth_of[one] for one in run.labeled[-1]}
    for n in SIZES:
        found = lure(
            first, run.said, run.draws, told, data.classes, ["accuracy", "neg_log_loss"], batches=n // BATCH
        ).rounds[0]
        for row in found.scores:
            tally.add("LURE", n, row, float(true.score(row.score) or 0.0))
        chosen = [one for query in run.draws[1 : 1 + n // BATCH] for one in query.ids]
        right = np.mean([run.said[0].predicted[place[one]] == truth_of[one] for one in chosen])
        naive = ScoreRow("all", "accuracy", float(right), None, None, n)
        tally.add("naive: chosen items, unweighted", n, naive, float(true.score("accuracy") or 0.0))
    if run.cross_validated is not None:
        rest = {one: label for one, label in truth_of.items() if one not in in_pool}
        at_end = History(run.history.rounds[-1:])
        true = audited(at_end, run.said, rest, data.classes, ["accuracy"], interval="none").rounds[0]
        n = len(run.labeled[-1])
        row = ScoreRow("all", "accuracy", run.cross_validated, None, None, n)
        tally.add("naive: cross-validation", n, row, float(true.score("accuracy") or 0.0))


def forecasts(name: str, seeds: int) -> None:
    """Forecast from the first half of the rounds a score that is reached in the second, and look."""
    data, counts = dataset(name), defaultdict(list)
    place = {one: at for at, one in enumerate(data.ids.tolist())}
    for seed in range(seeds):
        run = ran(data, batch.softmax(2.0), seed)
        in_pool = set(run.pool.ids.tolist())
        rest = [one for one in place if one not in in_pool]
        rows = [place[one] for one in rest]
        right = np.stack([one.predicted[rows] == data.labels[rows] for one in run.said], axis=1).astype(float)
        n_labeled = np.array([len(one) for one in run.labeled], dtype=float)
        true = np.maximum.accumulate(right.mean(axis=0))  # the labels at which it was first reached
        order = set_apart(rest, 200 if len(rest) > 400 else 100, seed=seed).ids
        audit = right[[rest.index(one) for one in order]]
        for share in (0.33, 0.67):
            target = true[BATCHES // 2] + share * (true[-1] - true[BATCHES // 2])
            reached = n_labeled[np.argmax(true >= target)]
            half = slice(0, BATCHES // 2 + 1)
            found = forecast(n_labeled[half], audit[:, half], float(target), seed=seed)
            counts[share].append((found, float(reached)))
    for share, given in counts.items():
        told = [(one, true) for one, true in given if one.labels is not None]
        low = np.mean([(one.low or 0.0) <= true for one, true in given])
        high = np.mean([true <= (one.high or np.inf) for one, true in given])
        both = np.mean([(one.low or 0.0) <= true <= (one.high or np.inf) for one, true in given])
        closed = np.mean([one.high is not None for one, _ in given])
        ratio = np.median([(one.labels or np.nan) / true for one, true in told]) if told else np.nan
        print(
            f"| {name} | {share:.2f} of the way | {len(given)} | {len(told) / len(given):.2f} | "
            f"{ratio:.2f} | {both:.2f} | {low:.2f} | {high:.2f} | {closed:.2f} |",
            flush=True,
        )


def drawn_again(draws: int) -> None:
    """Draw many times by one model's margins, and print bias and coverage of the estimate alone."""
    data, random = dataset("digits"), np.random.default_rng(0)
    order = random.permutation(len(data))
    features, labels = data.rows(order), np.asarray(data.labels)[order]
    model = LogisticRegression(max_iter=200).fit(features[:100], labels[:100])
    top = np.sort(model.predict_proba(features[100:]), axis=1)
    utility = 1 - (top[:, -1] - top[:, -2])
    losses = (model.predict(features[100:]) != labels[100:]).astype(float)
    half, n_items = random.random(len(losses)) < 0.5, len(losses)
    rules = {"softmax(1)": utility, "softmax(5)": 5 * utility, "power": np.log(utility)}
    print("\n| rule | n | LURE, points (se) | ratio on half, points (se) | held | without the floor |")
    print("|---|---|---|---|---|---|")
    for name, logits in rules.items():
        for n in (20, 50, 100, 200):
            off, held = np.empty((draws, 2)), np.zeros((draws, 2), dtype=bool)
            for at in range(draws):
                picked = np.argsort(np.log(-np.log(random.random(n_items))) - logits)[:n]
                taken = np.append(0.0, np.cumsum(np.exp(logits[picked]))[:-1])
                drawn = Drawn(np.exp(logits[picked]) / (np.exp(logits).sum() - taken), n_items)
                found = drawn.mean(losses[picked], np.ones(n, dtype=bool))
                inside = half[picked]
                part = drawn.mean(losses[picked], inside).value if inside.any() else np.nan
                off[at] = found.value - losses.mean(), part - losses[half].mean()
                held[at] = [_holds(found, losses.mean(), floor) for floor in (True, False)]
            bias = 100 * np.nanmean(off, axis=0)
            errors = 100 * np.nanstd(off, axis=0, ddof=1) / np.sqrt(draws)
            told = " | ".join(
                f"{one:+.2f} ({one / error:+.1f})" for one, error in zip(bias, errors, strict=True)
            )
            print(
                f"| {name} | {n} | {told} | {held[:, 0].mean():.3f} | {held[:, 1].mean():.3f} |", flush=True
            )


def _holds(found: Mean, true: float, floor: bool) -> bool:
    value, error = np.array([np.clip(found.value, 0.0, 1.0)]), np.array([found.error])
    blocks, n = np.array([max(2, int(found.effective))]), np.array([found.effective])
    low, high = Estimate(value, error, blocks, n, (0.0, 1.0), floor).interval()
    return bool(low[0] <= true <= high[0])


def main() -> None:
    """Simulate and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--data", nargs="+", default=["digits", "breast_cancer"])
    parser.add_argument("--rules", nargs="+", default=list(RULES), choices=list(RULES))
    parser.add_argument("--part", nargs="+", default=["scores", "draws", "forecast"])
    options = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    versions = f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}"
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    if "scores" in options.part:
        for name in options.data:
            for rule in options.rules:
                scores(name, rule, options.seeds)
    if "draws" in options.part:
        drawn_again(1000)
    if "forecast" in options.part:
        print("\n| data | target | runs | told | told / true | held | low ≤ | ≤ high | with an end |")
        print("|---|---|---|---|---|---|---|---|---|")
        for name in options.data:
            forecasts(name, options.seeds)


if __name__ == "__main__":
    main()
