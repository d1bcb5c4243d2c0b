"""Made-up runs of a study: strategies that differ in speed and slices, an early stop, a failed run."""

from __future__ import annotations

import itertools
import zlib

import numpy as np

from activeloop.curves import EVERYTHING, Curves, Run, Setting, StudyRuns

STRATEGIES = ("random", "margin", "entropy", "k_center", "badge")
DATA = ("digits", "heart", "sonar", "wdbc", "ionosphere", "appendicitis")
PHASES = {"fit": 0.2, "predict": 0.03, "rank": 0.008, "answer": 0.0005, "score": 0.02, "store": 0.004}
BATCH = 10


def make(
    data: int | tuple[str, ...] = 2,
    strategies: int | tuple[str, ...] = 3,
    seeds: int = 8,
    slices: int | tuple[str, ...] = 3,
    rounds: int = 12,
    *,
    equal: bool = False,
    flawed: bool = True,
    without_runs: str | None = None,
    scores: tuple[str, ...] = ("accuracy", "f1_macro"),
    batch_sizes: tuple[int, ...] = (BATCH,),
    name: str = "made",
    question: str = "Does margin need fewer labels than random?",
) -> StudyRuns:
    """Draw a study; `flawed` fails the last run and stops the one before it halfway.

    `equal` makes all strategies one; every run of the strategy `without_runs` fails before its first round.
    The second slice has 6 items. All curves of a setting and seed share a luck, as paired runs do.
    """
    sets = _names(DATA, data, "set")
    names = _names(STRATEGIES, strategies, "way")
    groups = tuple(f"ink: {at}" for at in range(slices)) if isinstance(slices, int) else slices
    settings = [Setting(one, "SVC", size, "exact") for one in sets for size in batch_sizes]
    cells = list(itertools.product(range(len(settings)), range(len(names)), range(seeds)))
    lengths = np.full(len(cells), rounds)
    ends = [("complete", "")] * len(cells)
    if flawed and len(cells) > 2:
        lengths[-1], ends[-1] = rounds // 3, ("failed", "ModelError: the solver did not converge")
        lengths[-2], ends[-2] = rounds // 2, ("stopped", "plateau of accuracy")
    for at, (_, way, _) in enumerate(cells):
        if names[way] == without_runs:
            lengths[at], ends[at] = 0, ("failed", "StrategyError: utilities are NaN")
    runs = tuple(
        Run(settings[where], names[way], seed, *ends[at]) for at, (where, way, seed) in enumerate(cells)
    )
    where, way, seed = np.array(cells).T
    way = way * (not equal)
    sizes = np.array([one.batch_size for one in settings])[where]

    def read(score: str, slice: str) -> Curves:
        """Draw the curves of a score on a slice: exponential, with luck in pairs, noise, taste for slices."""
        random = np.random.default_rng(zlib.crc32(f"{score} {slice}".encode()))
        place = (EVERYTHING, *groups).index(slice)
        labels = sizes[:, None] * np.arange(1.0, rounds + 1)
        labels[np.arange(rounds) >= lengths[:, None]] = np.nan
        level = 0.96 - 0.02 * (where % 7) - (0.05 * (place % 4) if place else 0)
        taste = 0.1 * np.sin(3.0 * place * (1 + way)) if place else 0.0
        speed = 60.0 + 15 * (where % 5) - 6.0 * (way % 5) * np.cos(where) - 40 * taste
        luck = random.normal(0, 0.02, (len(settings), seeds))[where, seed]
        noise = random.normal(0, 0.006, (len(cells), rounds)) * (not equal)
        values = level[:, None] - 0.45 * np.exp(-labels / speed[:, None]) + luck[:, None] + noise
        support = np.full(len(cells), 400.0 if not place else 6.0 if place == 2 else 80.0 + place)
        return Curves(score, slice, runs, labels, labels.copy(), values, support)

    random = np.random.default_rng(0)
    typical = np.array(list(PHASES.values())) * random.lognormal(0, 0.2, (len(cells), len(PHASES)))
    typical[:, 2] *= 6.0**way
    asked = tuple(
        tuple(int(id) for id in np.random.default_rng([w, s]).choice(500, 24, replace=False))
        if lengths[at]
        else ()
        for at, (_, w, s) in enumerate(cells)
    )
    seconds = typical * lengths[:, None]
    return StudyRuns(name, question, runs, scores, (EVERYTHING, *groups), read, tuple(PHASES), seconds, asked)


def _names(known: tuple[str, ...], given: int | tuple[str, ...], otherwise: str) -> tuple[str, ...]:
    if not isinstance(given, int):
        return given
    return (*known, *(f"{otherwise}_{at}" for at in range(len(known), given)))[:given]
