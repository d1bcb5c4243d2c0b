"""A value of every slice at every step, as colors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop.arrays import FloatArray
from activeloop.plots.chosen import strategies
from activeloop.plots.paper import across, blank, down, panels, picture, sheet
from activeloop.results import Results
from activeloop.wording import number, short

_STEPS = [step * ten for ten in (1, 10, 100, 1000, 10_000) for step in (1, 2, 5)]


class HeatMap(NamedTuple):
    """A panel per strategy, on one color scale: slices (rows) by label counts or rounds (columns)."""

    title: str
    note: str
    grids: dict[str, pd.DataFrame]
    row_labels: list[str]
    x: str
    color: str
    empty: str


def grids(results: Results, means: pd.DataFrame, column: str, rows: list[str]) -> dict[str, pd.DataFrame]:
    """Give the table of each strategy from rows of (strategy, slice, `column`, value); all have one shape."""
    columns = sorted(means[column].unique())
    return {
        strategy: means[means["strategy"] == strategy]
        .pivot(index="slice", columns=column, values="value")
        .reindex(index=rows, columns=columns)
        for strategy in strategies(results)
    }


@picture
def draw(plan: HeatMap) -> Figure:
    """Draw the panels side by side, three in a row; what is NULL shows the hatched paper."""
    n, rows = len(plan.grids), len(plan.row_labels)
    tables = [grid.to_numpy(dtype=float) for grid in plan.grids.values()]
    cells = np.concatenate([np.empty(0), *(table.ravel() for table in tables)])
    cells = cells[np.isfinite(cells)]
    if not len(cells):
        return blank(plan.title, plan.empty)
    low, top = _ends(cells)
    body = (max(1.5, 0.2 * rows + 0.1) + 0.75) * down(n)
    clipped = bool(cells.min() < low)
    figure = sheet(plan.title, plan.note + f" Darkest: {number(low)} and below." * clipped, body)
    axes = panels(figure, n)
    for at, (panel, (strategy, grid)) in enumerate(zip(axes, plan.grids.items(), strict=True)):
        image = _draw_panel(panel, grid, low, top)
        panel.set(title=short(strategy, 36), xlabel=plan.x)
        if at % across(n) == 0:
            panel.set_yticks(range(rows), plan.row_labels, fontsize=8)
        else:
            panel.set_yticks([])
    bar = figure.colorbar(
        image,
        ax=axes,
        extend="min" if clipped else "neither",
        extendfrac=0.15 / body,
        pad=0.01,
        aspect=0.95 * body / 0.17,
        shrink=0.95,
    )
    bar.set_label(plan.color)
    return figure


def _draw_panel(panel: Axes, grid: pd.DataFrame, low: float, top: float) -> Any:
    panel.grid(False)
    panel.patch.set(hatch="/////", facecolor="#ececec", edgecolor="#9a9a9a")
    panel.spines[:].set_visible(True)
    every = next(step for step in _STEPS if len(grid.columns) <= 6 * step)
    panel.set_xticks(range(0, len(grid.columns), every), [str(name) for name in grid.columns[::every]])
    values = np.ma.masked_invalid(grid.to_numpy(dtype=float))
    return panel.imshow(values, aspect="auto", cmap="viridis", vmin=low, vmax=top, interpolation="none")


def _ends(values: FloatArray) -> tuple[float, float]:
    """Give the ends of the color scale; a few very low values of early rounds may not wash out all others."""
    lowest, low, top = (float(np.quantile(values, q)) for q in (0.0, 0.02, 1.0))
    low = lowest if lowest >= low - 0.1 * (top - low) else low
    return (low, top) if top > low else (low - 0.5, top + 0.5)
