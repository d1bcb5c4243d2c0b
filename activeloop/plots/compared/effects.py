"""Differences as colors, with the verdict in each cell: many of them in little room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from activeloop.arrays import FloatArray
from activeloop.comparison.result import BETTER, INSUFFICIENT, WORSE
from activeloop.plots.paper import across, blank, down, look, panels, picture, sheet
from activeloop.wording import short

GOOD, BAD = look(0).color, look(1).color
BALANCE = LinearSegmentedColormap.from_list("balance", [BAD, "#f4f4f4", GOOD])
"""Orange to blue over nearly white: told apart by every kind of color vision."""
MARKS = {BETTER: "^", WORSE: "v", INSUFFICIENT: "_"}
"""What stands in a cell: better, worse, too few seeds or items; nothing where no difference is shown."""
TOLD = "▲ better, ▼ worse; –: too few items or seeds for a verdict; no mark: no difference shown."


class Panel(NamedTuple):
    """One panel: values and verdicts, (n_rows, n_columns), NaN and "" where there is none."""

    name: str
    rows: tuple[str, ...]
    values: FloatArray
    verdicts: Any


class Effects(NamedTuple):
    """What is drawn: panels with the same columns, on one scale; `less` where less is better."""

    title: str
    note: str
    columns: tuple[str, ...]
    panels: tuple[Panel, ...]
    color: str
    less: bool
    empty: str


@picture
def effects(plan: Effects) -> Figure:
    """Draw the panels side by side, blue where the strategy is better, orange where it is worse."""
    largest = max((float(np.nanmax(np.abs(one.values), initial=0)) for one in plan.panels), default=0.0)
    if not plan.panels or not any(np.isfinite(one.values).any() for one in plan.panels):
        return blank(plan.title, plan.empty)
    n, rows = len(plan.panels), max(len(one.rows) for one in plan.panels)
    height = 0.2 * rows + 0.45 + _reach(plan.columns)
    figure = sheet(plan.title, plan.note, height * down(n))
    axes = panels(figure, n)
    alike = len({one.rows for one in plan.panels}) == 1
    for at, (panel, one) in enumerate(zip(axes, plan.panels, strict=True)):
        image = _draw(panel, one, plan, largest or 1.0)
        if alike and at % across(n):
            panel.set_yticks([])
    bar = figure.colorbar(image, ax=axes, pad=0.01, shrink=0.95, aspect=5 * height * down(n))
    bar.set_label(plan.color)
    return figure


def _draw(panel: Axes, one: Panel, plan: Effects, largest: float) -> Any:
    panel.grid(False)
    panel.patch.set(hatch="/////", facecolor="#ececec", edgecolor="#9a9a9a")
    colors = BALANCE.reversed() if plan.less else BALANCE
    shown = np.ma.masked_invalid(one.values)
    image = panel.imshow(shown, aspect="auto", cmap=colors, vmin=-largest, vmax=largest, interpolation="none")
    _mark(panel, one, largest)
    panel.set_title(short(one.name, 40) if one.name else "")
    names = [short(name, 18) for name in plan.columns]
    panel.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor", fontsize=8)
    panel.set_yticks(range(len(one.rows)), [short(name, 26) for name in one.rows], fontsize=8)
    panel.tick_params(length=0)
    return image


def _mark(panel: Axes, one: Panel, largest: float) -> None:
    """Write the verdicts, as markers: thousands of texts would take long to lay out."""
    deep = np.abs(np.nan_to_num(one.values)) > 0.6 * largest
    for verdict, marker in MARKS.items():
        mine = np.isfinite(one.values) & (one.verdicts == verdict)
        for cells, ink in ((mine & deep, "white"), (mine & ~deep, "#1b1b1b")):
            row, column = np.nonzero(cells)
            panel.plot(column, row, marker, color=ink, markersize=4.5, linestyle="")


def _reach(names: Sequence[str]) -> float:
    """Say how many inches the turned names take below a panel."""
    return 0.2 + 0.055 * max(min(len(name), 18) for name in names)
