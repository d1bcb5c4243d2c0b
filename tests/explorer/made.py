"""Explorations that tests look at: a few of everything, nothing but ids, and names that attack."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from activeloop.explorer import (
    Case,
    Drift,
    Exploration,
    Finding,
    Importance,
    MetricColumn,
    Modality,
    PerformanceBin,
    SliceRow,
)

N = 12
NAN = float("nan")
SIZE = np.array([5, 3, 3, NAN, 9, 7, 1, 8, NAN, 2, 3, 4.0])
HEAT = np.arange(N) / 10 + 0.05
REASONS = {3: "not_applicable", 8: "failed: ValueError: no width"}

HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 1">',
    "<!-- <script> --><svg onload=window.hacked=1>",
    "javascript:window.hacked=1//${window.hacked=1}{{ 7*7 }}",
    "\u2028\u2029 \x00 \x1b \ud800 \u202e turned",
    "שלום עולם " * 30,
)


def picture(position: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Eight by eight pixels, other ones for each item."""
    return np.random.default_rng(position).integers(0, 256, (8, 8, 3), dtype=np.uint8)


class Pictures:
    """Pictures that are made when they are asked for; the fourth is no picture, the fifth a broken one."""

    def __len__(self) -> int:
        return N

    def __getitem__(self, position: Any) -> Any:
        if position == 4:
            raise OSError("image file is <b>truncated</b>")
        return None if position == 3 else picture(position)


def made(modality: Modality = "image", **changed: Any) -> Exploration:
    """Give twelve items with a few of everything."""
    parts: dict[str, Any] = {
        "labels": np.array(["cat", "dog", None] * 4, dtype=object),
        "predicted": np.array(["cat", "cat", "dog"] * 4, dtype=object),
        "tags": [("first", "review") if at == 0 else ("review",) if at % 4 == 0 else () for at in range(N)],
        "metrics": (
            MetricColumn("size", SIZE, "data", "high", "px", "how large it is", REASONS),
            MetricColumn("heat", HEAT, "model", "low", "", "how hot it is"),
        ),
        "slices": (
            SliceRow("all", np.arange(N), "accuracy", 0.75, 0.5, 0.9, 8, ""),
            SliceRow("small", np.array([1, 2, 6, 9]), "accuracy", 0.25, 0.1, 0.6, 4, "insufficient"),
            SliceRow("hot", np.arange(6, N), "accuracy", NAN, NAN, NAN, 0, "insufficient"),
        ),
        "outliers": (
            Finding("i4", "size 9 lies above the upper fence, 8.5", "size", 9.0, "extreme"),
            Finding("i6", "size 1 lies below the lower fence, 1.5", "size", 1.0, "mild"),
        ),
        "duplicates": (Finding("i1", "equal to i2", "near_duplicate", 0.0, "", ("i2",), "group 1"),),
        "label_errors": (),
        "performance": tuple(
            PerformanceBin("heat", "accuracy", x, 0.9 - x / 2, 0.8 - x / 2, 0.95 - x / 2, 4, 0.75)
            for x in (0.2, 0.6, 1.0)
        ),
        "importance": (Importance("heat", "accuracy", -0.6, -0.8, -0.3, 0.2, 0.0001, N, "explains"),),
        "drift": (
            Drift("size", 0.4, 0.001, N, "detected", "0.4 of the standard deviation"),
            Drift("heat", 0.02, 0.8, N, "not detected"),
        ),
        "cases": (
            Case("most", "all", "accuracy >= 0.9", "fail", 0.75, 0.5, 0.85, N, "too low", 0.9),
            Case("some", "hot", "accuracy >= 0.5", "insufficient", n=0, reason="0 items", limit=0.5),
        ),
    }
    kinds: dict[str, dict[str, Any]] = {
        "image": {"pictures": Pictures()},
        "text": {"texts": [f"the text of item {at}" for at in range(N)]},
        "table": {"cells": pd.DataFrame({"age": range(N), "name": ["a", None, "c"] * 4})},
    }
    shown = kinds[modality]
    return Exploration(**{"name": "twelve", "ids": ids(), "modality": modality, **parts, **shown, **changed})


def ids() -> np.ndarray[Any, np.dtype[np.str_]]:
    """Give i0 to i11, whose order as texts is not their order as numbers."""
    return np.array([f"i{at}" for at in range(N)])


def bare(n: int = 3) -> Exploration:
    """Give ids and nothing else."""
    return Exploration("bare", np.arange(n), "text")


def hostile() -> Exploration:
    """Give an exploration in which every text attacks the page."""
    names = list(HOSTILE)
    n = len(names)
    bad = HOSTILE[0] + HOSTILE[1]
    values = np.array([NAN, *range(1, n)], dtype=float)
    one = Exploration(
        bad,
        np.array(names, dtype=object),
        "text",
        texts=names[::-1],
        cells=pd.DataFrame({bad: names}, dtype=object).assign(number=range(n)),
        labels=np.array(names, dtype=object),
        predicted=np.array(names[::-1], dtype=object),
        tags=[(name,) for name in names],
        metrics=(MetricColumn(bad, values, unit=bad, description=bad, reasons={0: bad}),),
        slices=(SliceRow(bad, np.arange(n), bad, 0.5, 0.4, 0.6, n, bad),),
        outliers=tuple(Finding(name, bad, bad, 1.0, bad, (names[0],), bad) for name in names),
        duplicates=(),
        label_errors=(Finding(names[1], bad),),
        performance=(PerformanceBin(bad, bad, 0.5, 0.5, 0.4, 0.6, n, 0.5),),
        importance=(Importance(bad, bad, 0.5, verdict=bad),),
        drift=(Drift(bad, 0.5, 0.5, n, bad, bad),),
        cases=(Case(bad, bad, bad, bad, reason=bad),),
    )
    return dataclasses.replace(one, pictures=[None] * n)
