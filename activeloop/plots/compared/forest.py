"""Forest plots: a value with its interval in every row, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop.comparison.result import BETTER, WORSE
from activeloop.plots.compared.effects import BAD, GOOD
from activeloop.plots.compared.grid import PANELS, few
from activeloop.plots.paper import FAINT, blank, down, legend_line, panels, picture, sheet
from activeloop.wording import short

OPEN = "#777777"
"""The color of what is not shown; the shape says the same to those who do not see colors."""


class Row(NamedTuple):
    """A value with its 95 % interval and verdict; `remark` stands beside it, or says why there is none."""

    name: str
    value: float
    low: float
    high: float
    verdict: str
    remark: str = ""


class Forest(NamedTuple):
    """What is drawn: panels by name, each with its rows; `x` labels the horizontal axis that all share.

    `marks` says what the three marks mean: better, worse, neither.
    """

    title: str
    note: str
    x: str
    panels: tuple[tuple[str, tuple[Row, ...]], ...]
    marks: tuple[str, str, str]
    empty: str


@picture
def forest(plan: Forest) -> Figure:
    """Draw the panels side by side, three in a row, each with a line at 0."""
    shown = plan.panels[:PANELS]
    if not any(np.isfinite(row.value) for _, rows in shown for row in rows):
        return blank(plan.title, plan.empty)
    n, most = len(shown), max(len(rows) for _, rows in shown)
    legend = [
        legend_line(plan.marks[0], GOOD, ">"),
        legend_line(plan.marks[1], BAD, "<"),
        legend_line(plan.marks[2], OPEN, "o", markerfacecolor="white"),
    ]
    ends, clipped = _ends([row for _, rows in shown for row in rows])
    note = plan.note + " Intervals go on beyond the edge." * clipped
    body = (max(0.5, 0.185 * most + 0.1) + 0.66) * down(n)
    figure = sheet(plan.title, note + few(len(plan.panels), "panel"), body, legend)
    drawn = panels(figure, n, sharex=True, sharey=True)
    for axes, (name, rows) in zip(drawn, shown, strict=True):
        axes.set(title=short(name, 40), xlabel=plan.x)
        _draw(axes, rows)
    drawn[0].set_xlim(*ends)
    return figure


def _ends(rows: Sequence[Row]) -> tuple[tuple[float, float], bool]:
    """Give the ends of the axis: all values, 0, and intervals as far as they let others be seen."""
    values = np.array([0.0, *(row.value for row in rows if np.isfinite(row.value))])
    whiskers = np.array([end for row in rows for end in (row.low, row.high) if np.isfinite(end)])
    most = 3 * float(np.abs(values).max())
    kept = np.concatenate([values, np.clip(whiskers, -most, most)])
    low, high = float(kept.min()), float(kept.max())
    room = 0.04 * (high - low) or 0.5
    return (low - room, high + room), bool((np.abs(whiskers) > most).any())


def _draw(axes: Axes, rows: Sequence[Row]) -> None:
    axes.axvline(0, color=FAINT, linewidth=0.9)
    axes.grid(False, axis="y")
    known = [(at, row) for at, row in enumerate(rows) if np.isfinite(row.value)]
    for verdict, color, marker in ((BETTER, GOOD, ">"), (WORSE, BAD, "<"), ("", OPEN, "o")):
        mine = [
            (at, row)
            for at, row in known
            if (row.verdict if row.verdict in (BETTER, WORSE) else "") == verdict
        ]
        places = [at for at, _ in mine]
        axes.hlines(
            places, [row.low for _, row in mine], [row.high for _, row in mine], color=color, linewidth=1.7
        )
        fill = color if verdict else "white"
        axes.plot(
            [row.value for _, row in mine], places, marker, color=color, markerfacecolor=fill, markersize=5.5
        )
    for at, row in enumerate(rows):
        if not np.isfinite(row.value):
            why, edge = short(row.remark or "not known", 34), axes.get_yaxis_transform()
            axes.text(
                0.02, at, why, transform=edge, va="center", size=8, color=FAINT, backgroundcolor="white"
            )
        elif row.remark:
            axes.annotate(
                row.remark, (row.value, at), (4, 3), textcoords="offset points", size=8, color=FAINT
            )
    axes.set_yticks(range(len(rows)), [short(row.name, 22) for row in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
