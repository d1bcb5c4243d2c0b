"""A run of some rounds with people, slices, an audit stream and hostile names, made without any clock."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd

from activeloop.cases import Verdict
from activeloop.history import SCORE_COLUMNS, Bought, History, Round
from activeloop.people.annotation import Annotation
from activeloop.progress_page import Progress, progress
from activeloop.scoring import ScoreRow

START = 1_700_000_000.0
HOSTILE = "</script><b onload=alert(1)>‮ slice"
SLICES = ("long", "short", "class good", HOSTILE)
SHARES = {"long": 0.6, "short": 0.4, "class good": None, HOSTILE: 0.3}


def annotation(number: int, **fields: Any) -> Annotation:
    """One annotation; what is not given is plain."""
    plain: dict[str, Any] = {
        "key": str(number),
        "ask_id": f"0.{number}",
        "item": number,
        "annotator": "ann",
        "outcome": "label",
        "value": "good",
        "seconds": 4.0,
        "at": START + 10.0 * number,
        "round": 0,
        "stream": "active",
        "position": number,
        "reveal": "never",
        "guidelines": "",
        "note": "",
        "flagged": False,
        "late": False,
    }
    return Annotation(number=number, **{**plain, **fields})


def told(n: int = 400) -> list[Annotation]:
    """Annotations of three people over a working day, with a pause at noon."""
    draw = random.Random(0)
    found, at = [], START
    for number in range(n):
        at += draw.uniform(2, 20) + (5400 if number == n // 2 else 0)
        value = draw.choice(["good", "good", "bad", "mixed"])
        taken = draw.lognormvariate(1.2 + 0.5 * (value == "mixed"), 0.4)
        outcome = draw.choices(["label", "abstain", "skip", "bad"], [94, 3, 2, 1])[0]
        who = draw.choice(["ann", "bo", "‮evil<script>"])
        found.append(annotation(number, annotator=who, outcome=outcome, value=value, seconds=taken, at=at))
    return found


def history(rounds: int = 8) -> History:
    return History(tuple(_round(number) for number in range(rounds)))


def _round(number: int) -> Round:
    labeled = 20 * (number + 1)
    value = 0.9 - 0.4 / (number + 1)
    rows = [
        ScoreRow("all", name, value - drop, value - drop - 0.06, value - drop + 0.05, 200, "")
        for name, drop in (("accuracy", 0.0), ("f1_macro", 0.03))
    ]
    for at, slice in enumerate(SLICES):
        n = (90, 60, 12, 4)[at]
        undefined = at == 3 and number < 3
        for name in ("accuracy", "f1_macro"):
            low = value - 0.05 * at
            rows.append(
                ScoreRow(
                    slice,
                    name,
                    None if undefined else low,
                    None if undefined else low - 0.1,
                    None if undefined else min(low + 0.1, 1.0),
                    n,
                    "no item of two classes" if undefined else "",
                )
            )
    bought = [
        Bought(
            name,
            (9, 11, 6, 1)[at],
            (9, 11, 6, 1)[at] * (number + 1),
            (0.45, 0.55, 0.3, 0.05)[at],
            SHARES[name],
        )
        for at, name in enumerate(SLICES)
    ]
    verdicts = (
        Verdict(
            "overall", "all", "accuracy", "pass", value, value - 0.06, value + 0.05, 200, "at_least", 0.5
        ),
        Verdict(
            "long ones",
            "long",
            "accuracy",
            "inconclusive",
            value,
            value - 0.1,
            value + 0.1,
            90,
            "at_least",
            0.85,
            reason="the interval holds the bound",
        ),
        Verdict(
            HOSTILE,
            HOSTILE,
            "accuracy",
            "insufficient",
            None,
            None,
            None,
            4,
            "at_least",
            0.7,
            reason="n is 4, below 10",
        ),
    )
    return Round(
        number,
        "margin",
        labeled,
        20,
        20,
        labeled,
        float(labeled),
        5.0 * labeled,
        tuple(rows),
        tuple(bought),
        verdicts=verdicts,
    )


def audit(rounds: int = 8) -> pd.DataFrame:
    """Scores estimated from the audit stream."""
    rows = [
        (
            number,
            20 * (number + 1),
            slice,
            "accuracy",
            0.85 - 0.4 / (number + 1),
            0.7 - 0.4 / (number + 1),
            0.95 - 0.4 / (number + 1),
            40,
            "",
        )
        for number in range(rounds)
        for slice in ("all", "long")
    ]
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS))


def made(rounds: int = 8, **fields: Any) -> Progress:
    """All of it."""
    given: dict[str, Any] = {
        "at": START + 20_000,
        "annotations": told(),
        "history": history(rounds),
        "audit": audit(rounds),
        "agreement": [
            ("all", "raw", "", 0.86, 0.78, 0.93, 60, ""),
            ("all", "krippendorff", "", 0.74, 0.6, 0.86, 60, ""),
            ("all", "cohen", "ann, bo", 0.71, 0.5, 0.88, 40, ""),
            (HOSTILE, "raw", "", None, None, None, 0, "nobody labeled one twice"),
        ],
        "forecast": [
            "accuracy reaches 0.9 after about 310 labels [240, 460]: some 2 hours of one person's work."
        ],
        "state": "The model is training on 160 labels; you may go on labeling.",
        "slices_of": lambda item: [SLICES[item % 4], "even"] if item % 2 == 0 else [SLICES[item % 4]],
    }
    return progress(f"reviews {HOSTILE}", **{**given, **fields})
