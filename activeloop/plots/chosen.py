"""What is drawn where all would be too much to read; the tables always have all."""

from __future__ import annotations

from typing import Any

import pandas as pd

from activeloop.results import EVERYTHING, Results

STRATEGIES = 12
"""Panels in a picture that has one per strategy: the first in the order of the runs."""
SLICES = 60
"""Rows in a picture that has one per slice: the largest, in their own order."""


def strategies(results: Results) -> tuple[str, ...]:
    """Give the strategies that get a panel."""
    return results.strategies[:STRATEGIES]


def slices(results: Results, sizes: pd.Series[Any]) -> list[str]:
    """Give the slices that get a row: those of the largest size, in the order of the results."""
    ranked = sizes.drop(EVERYTHING, errors="ignore").sort_values(ascending=False, kind="stable")
    largest = set(ranked.index[:SLICES])
    return [name for name in results.slices if name in largest]


def left_out(results: Results, n_slices: int | None = None) -> str:
    """Say how much is not drawn; nothing where all is."""
    parts = []
    if n_slices is not None and SLICES <= n_slices < len(results.slices):
        parts.append(f" {n_slices} of {len(results.slices)} slices are drawn, the largest.")
    if len(results.strategies) > STRATEGIES:
        parts.append(f" The first {STRATEGIES} of {len(results.strategies)} strategies are drawn.")
    return "".join(parts)
