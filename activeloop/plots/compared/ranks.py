"""The critical-difference diagram: mean ranks over data sets, and which are too near to be told apart."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop.comparison import Comparison, Ranks
from activeloop.plots.paper import FAINT, Description, blank, picture, sheet
from activeloop.wording import count, isolated, listed, number, short

_LINE, _BAR = 0.24, 0.13


@picture
def critical_difference(compared: Comparison) -> Figure:
    """Draw the mean ranks on a line, best at the left, and a bar over each group that is not told apart."""
    ranks = compared.ranks
    if ranks is None:
        return blank("Mean ranks", "ranks take three strategies or more on two data sets or more")
    k = len(ranks.strategies)
    left = math.ceil(k / 2)
    bars = _levels(ranks)
    top = 0.62 + _BAR * (max(bars, default=-1) + 1)
    height = top + 0.1 + _LINE * left
    figure = sheet("Mean ranks over data sets", _note(ranks), height)
    axes = figure.subplots()
    axes.set_axis_off()
    # Down the picture in inches, so that lines of text stay apart whatever their number is.
    axes.set(xlim=(1 - 0.55 * (k - 1), k + 0.55 * (k - 1)), ylim=(height, 0))
    _draw_axis(axes, ranks)
    for level, group in zip(bars, ranks.groups, strict=True):
        ends = [ranks.mean[ranks.strategies.index(one)] for one in (group[0], group[-1])]
        y, reach = 0.58 + _BAR * level, 0.012 * (k - 1)
        axes.plot(
            [ends[0] - reach, ends[1] + reach], [y, y], color="#D55E00", linewidth=4, solid_capstyle="butt"
        )
    for place, (name, mean) in enumerate(zip(ranks.strategies, ranks.mean, strict=True)):
        y = top + 0.1 + _LINE * (place if place < left else k - 1 - place)
        _draw_name(axes, name, mean, y, k, place < left)
    return figure


def describe_critical_difference(compared: Comparison) -> Description:
    """Tell who ranks first and last, and whether the ranks differ at all."""
    shows = "Critical-difference diagram: mean rank of each strategy over the data sets."
    ranks = compared.ranks
    if ranks is None:
        return Description(shows, "Ranks take three strategies or more on two data sets or more.")
    told = [
        f"{isolated(ranks.strategies[at])} ({number(ranks.mean[at])}) {word}"
        for at, word in ((0, "first"), (-1, "last"))
    ]
    return Description(
        shows, f"Of {count(len(ranks.strategies), 'strategy')}, {listed(told)}. {_note(ranks)}"
    )


def _draw_axis(axes: Axes, ranks: Ranks) -> None:
    k, y = len(ranks.strategies), 0.42
    axes.plot([1, k], [y, y], color="black", linewidth=1.2, solid_capstyle="butt")
    for tick in range(1, k + 1):
        axes.plot([tick, tick], [y - 0.06, y], color="black", linewidth=1)
        axes.text(tick, y - 0.08, str(tick), ha="center", va="bottom", size=9)
    width = ranks.critical_difference
    if math.isfinite(width) and width <= 1.5 * (k - 1):
        start = 1 - 0.5 * (k - 1)
        axes.plot([start, start + width], [0.12, 0.12], color="black", linewidth=1.2)
        for end in (start, start + width):
            axes.plot([end, end], [0.08, 0.16], color="black", linewidth=1.2)
        axes.text(start, 0.2, f"critical difference {number(width)}", va="top", size=8, color=FAINT)


def _draw_name(axes: Axes, name: str, mean: float, y: float, k: int, left: bool) -> None:
    edge = 1 - 0.04 * (k - 1) if left else k + 0.04 * (k - 1)
    axes.plot([mean, mean, edge], [0.42, y, y], color=FAINT, linewidth=0.8)
    text = f"{short(name, 30)}  {number(mean)}" if left else f"{number(mean)}  {short(name, 30)}"
    axes.text(
        edge, y, f"{text} " if left else f" {text}", ha="right" if left else "left", va="center", size=9
    )


def _levels(ranks: Ranks) -> list[int]:
    """Give each bar the lowest free level, so that bars that touch lie over each other."""
    ends: list[float] = []
    levels = []
    gap = 0.04 * (len(ranks.strategies) - 1)
    for group in ranks.groups:
        low, high = (ranks.mean[ranks.strategies.index(one)] for one in (group[0], group[-1]))
        level = next((at for at, end in enumerate(ends) if low > end + gap), len(ends))
        ends[level : level + 1] = [high]
        levels.append(level)
    return levels


def _note(ranks: Ranks) -> str:
    p = ranks.iman_davenport_p if math.isfinite(ranks.iman_davenport_p) else ranks.p
    differ = "the strategies differ" if p < 0.05 else "no difference between the strategies is shown"
    return (
        f"Rank 1 is best; mean over {count(len(ranks.data), 'data set')}. Strategies under one bar are "
        "nearer than the critical difference and not told apart (Nemenyi, 0.05). Friedman's test, Iman "
        f"and Davenport's F: p = {number(p)}, {differ}."
    )
