"""Learning curves of every data set, small beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop.comparison import Comparison
from activeloop.mean_curves import MeanCurve, mean_curves
from activeloop.plots.compared.grid import ACROSS, PANELS, few
from activeloop.plots.paper import (
    Description,
    across,
    better,
    blank,
    down,
    legend_line,
    look,
    panels,
    picture,
    say,
    sheet,
    whole_numbers,
)
from activeloop.reading import leading, setting_names
from activeloop.wording import count, isolated, listed, number, short

CURVES = 6
"""Curves that a panel has at most; the tables have all."""


@picture
def learning_curves(compared: Comparison) -> Figure:
    """Draw a panel a setting: the mean of each strategy over seeds, with a 95 % band where there is room."""
    strategies, curves = leading(compared, CURVES), _curves(compared)
    if not curves:
        return blank("Learning curves", "nothing is scored yet")
    names = list(setting_names(compared).items())[:PANELS]
    n = len(names)
    legend = [legend_line(name, *look(at)) for at, name in enumerate(strategies)]
    side_by_side = 3 if n <= 6 else ACROSS
    body = 4.2 if n <= 2 else (3.0 if n <= 6 else 2.35) * down(n, side_by_side)
    figure = sheet("Learning curves", _note(compared, strategies, curves), body, legend)
    columns = across(n, side_by_side)
    for at, (axes, (setting, name)) in enumerate(zip(panels(figure, n, columns), names, strict=True)):
        _draw(axes, strategies, [one for one in curves if one.setting == setting])
        axes.set_title(short(name, 36 if n <= 3 else 30))
        if at % columns == 0:
            axes.set_ylabel(better(compared.runs.scores[0]))
        if at >= n - columns:
            axes.set_xlabel("labels bought (items)")
    return figure


def describe_learning_curves(compared: Comparison) -> Description:
    """Tell where the curves of the first setting end, and how many there are."""
    settings = compared.runs.settings
    shows = (
        f"Line charts of {isolated((*compared.runs.scores, 'the score')[0])} against labels bought, "
        f"a panel for each of {count(min(len(settings), PANELS), 'data set')}, a line per strategy."
    )
    strategies = leading(compared, CURVES)
    told = [
        f"{isolated(one.strategy)} {number(float(one.value[-1]))} at "
        f"{count(round(one.n_labeled[-1]), 'label')}"
        for one in _curves(compared)
        if one.setting == settings[0] and one.strategy in strategies
    ]
    where = isolated(setting_names(compared)[settings[0]]) if settings else ""
    return Description(shows, f"At the end on {where}: {listed(told)}." if told else "Nothing is scored yet.")


def _curves(compared: Comparison) -> tuple[MeanCurve, ...]:
    return mean_curves(compared.runs.curves()) if compared.runs.scores else ()


def _draw(axes: Axes, strategies: tuple[str, ...], curves: Sequence[MeanCurve]) -> None:
    drawn = [one for one in curves if one.strategy in strategies]
    if not any(np.isfinite(one.value).any() for one in drawn):
        return say(axes, "no round that all seeds reached has a score")
    whole_numbers(axes)
    for one in drawn:
        color, marker, dash = look(strategies.index(one.strategy))
        axes.plot(
            one.n_labeled,
            one.value,
            color=color,
            marker=marker,
            linestyle=dash,
            markevery=max(1, len(one.value) // 8),
            label=short(one.strategy),
        )
        axes.fill_between(one.n_labeled, one.low, one.high, color=color, alpha=0.13, linewidth=0)
    return None


def _note(compared: Comparison, strategies: Sequence[str], curves: Sequence[MeanCurve]) -> str:
    seeds = [one.seeds for one in curves]
    how_many = f"{min(seeds)} to {max(seeds)} seeds" if min(seeds) < max(seeds) else count(max(seeds), "seed")
    parts = [f"Line: mean of {how_many}; it ends at the last round that all of them reached."]
    if max(seeds) < 2:
        parts = ["Line: the only seed; there is no band without a second one."]
    else:
        parts.append(
            "Band: 95 % t interval over the seeds of each curve alone. Runs are paired, so a difference may "
            "hold where bands overlap."
        )
    absent = [one for one in strategies if one not in {curve.strategy for curve in curves}]
    if absent:
        parts.append(f"Not drawn, as no run ended well: {listed([short(one) for one in absent])}.")
    if len(strategies) < len(compared.runs.strategies):
        parts.append(
            f"{len(strategies)} of {len(compared.runs.strategies)} strategies are drawn: the baseline and "
            "the best by mean rank; the tables have all."
        )
    return " ".join(parts) + few(len(compared.runs.settings), "data set")
