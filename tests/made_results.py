"""Made-up results of a study: learning curves with noise, hard slices, holes and an early stop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from activeloop.results import COLUMNS, Results

NAMES = ("random", "margin", "entropy", "k_center", "badge")
PHASES = {"fit": 0.2, "predict": 0.03, "rank": 0.008, "answer": 0.0005, "score": 0.02, "store": 0.004}
BATCH = 20


def make(
    strategies: int | tuple[str, ...] = 2,
    seeds: int = 5,
    slices: int | tuple[str, ...] = 3,
    rounds: int = 15,
    scores: tuple[str, ...] = ("accuracy", "f1_macro"),
    regression: bool = False,
    early: bool = False,
    undefined: bool = False,
    question: str = "Does margin need fewer labels than random?",
) -> Results:
    """Draw a study; `early` stops the last run of the last strategy, `undefined` makes every score NULL.

    The second slice has 6 items; the third has no value in rounds 0 to 2.
    """
    names = _names(strategies) if isinstance(strategies, int) else strategies
    groups = _slice_names(slices) if isinstance(slices, int) else slices
    random = np.random.default_rng(0)
    sizes = np.where(np.arange(len(groups)) == 1, 6, random.integers(25, 140, len(groups)))
    hard = random.uniform(0.0, 0.25, len(groups))
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS}
    for at, name in enumerate(names):
        for seed in range(seeds):
            stops = early and (at, seed) == (len(names) - 1, seeds - 1)
            last = rounds // 2 if stops else rounds - 1
            ending = ("stopped", "plateau of accuracy") if stops else ("complete", "budget is spent")
            rows["runs"].append((name, seed, *ending, BATCH * (last + 1), last + 1))
            labeled = np.zeros(len(groups))
            for round in range(last + 1):
                start = (name, seed, round)
                n_labeled = BATCH * (round + 1)
                level = 0.97 - 0.5 * np.exp(-n_labeled / (110 - at % 5 * 12)) + random.normal(0, 0.008)
                for score in scores:
                    for place, group in enumerate(("all", *groups)):
                        n = int(sizes[place - 1] if place else sizes.sum() or 400)
                        penalty = hard[place - 1] * (1 - at % 5 / 10) if place else 0
                        value = min(1.0, level - penalty + random.normal(0, 0.2 / np.sqrt(n)))
                        half = 1 / np.sqrt(n)
                        numbers = np.array([value, value - half, value + half])
                        if regression:
                            numbers = 20 * (numbers - 1.4)
                        missing = undefined or (place == 3 and round < 3)
                        reason = "only one class in the slice" if missing else None
                        numbers = np.full(3, np.nan) if missing else numbers
                        rows["history"].append(
                            (*start, n_labeled, group, score, *map(float, numbers), n, reason)
                        )
                rows["bought"] += _buy(random, start, groups, sizes, 1 + 3 * hard * (at % 5), labeled)
                for phase, typical in PHASES.items():
                    growth = (1 + round / 10 if phase == "fit" else 1) * random.lognormal(0, 0.2)
                    rows["timings"].append((*start, phase, typical * growth))
    tables = {name: pd.DataFrame(rows[name], columns=list(COLUMNS[name])) for name in COLUMNS}
    return Results("digits", question, **tables, configuration='[study]\nname = "digits"\n  batch = 20\n')


def _buy(
    random: np.random.Generator,
    start: tuple[str, int, int],
    groups: tuple[str, ...],
    sizes: np.ndarray[Any, Any],
    taste: np.ndarray[Any, Any],
    labeled: np.ndarray[Any, Any],
) -> list[tuple[Any, ...]]:
    """Buy one batch, more where the taste is; every item lies in exactly one slice."""
    if not groups:
        return []
    bought = random.multinomial(BATCH, sizes * taste / (sizes * taste).sum())
    labeled += bought
    return [
        (*start, group, int(n), int(held), held / labeled.sum(), size / sizes.sum())
        for group, n, held, size in zip(groups, bought, labeled, sizes, strict=True)
    ]


def _names(strategies: int) -> tuple[str, ...]:
    return NAMES[:strategies] if strategies <= len(NAMES) else tuple(f"way_{at}" for at in range(strategies))


def _slice_names(slices: int) -> tuple[str, ...]:
    inks = [f"ink: {low / 4:g} to {(low + 1) / 4:g}" for low in range(min(slices, 4))]
    return (*inks, *(f"class: {at}" for at in range(slices - len(inks))))
