"""A study of four runs with awkward names, holes and test-cases; and what of it a tracker must hold."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from activeloop.results import COLUMNS, Results
from tests import made_results

NAMES = {
    "all": "all",
    "class 3": "class_3",
    "blur > 0.5": "blur_above_0.5",
    "ink [0, 0.25)": "ink_0_to_0.25",
    "blur >> 0.5": "blur_above_above_0.5",
    "ink (0, 0.25]": "ink_0_to_0.25_2",
    "a/b": "a_b",
}
SCORES = {"accuracy": "accuracy", "recall[1]": "recall_1"}

Curves = dict[str, dict[int, float]]


def study(rounds: int = 4) -> Results:
    """Give the study; the values of "ink [0, 0.25)" are undefined in rounds 0 to 2."""
    made = made_results.make(2, 2, tuple(list(NAMES)[1:]), rounds, tuple(SCORES))
    return replace(made, cases=_cases(made))


def _cases(made: Results) -> pd.DataFrame:
    rows = [
        {
            "strategy": name,
            "seed": seed,
            "round": round,
            "n_labeled": 20 * round + 20,
            "n": 9,
            "case": case,
            "outcome": outcome,
        }
        for name, seed in [("random", 0), ("margin", 1)]
        for round, outcomes in enumerate((("fail", "insufficient"), ("pass", "fail")))
        for case, outcome in zip(("night > day", "whole"), outcomes, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS["cases"]))


VERDICTS = {"night_above_day": "pass", "whole": "fail"}


def curves(made: Results, strategy: str, seed: int) -> Curves:
    """Give what a tracker must hold of a run: by name, the value at each number of labels."""
    found: Curves = {}
    table = made.history[(made.history["strategy"] == strategy) & (made.history["seed"] == seed)]
    columns = (table[name].tolist() for name in ("slice", "score", "n_labeled", "value"))
    for one, score, n_labeled, value in zip(*columns, strict=True):
        if value == value:
            found.setdefault(f"{NAMES[one]}/{SCORES[score]}", {})[n_labeled] = value
    return found
