"""What a query costs in seconds: asking apart from training."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from activeloop.comparison import Comparison
from activeloop.plots.compared.grid import few
from activeloop.plots.paper import Description, blank, down, legend_line, look, panels, picture, sheet
from activeloop.query_seconds import PARTS, REST, query_seconds
from activeloop.reading import by_setting, setting_names, standing
from activeloop.wording import isolated, number, short

PANELS = 6
"""Settings that are drawn: the first; the tables have all."""
_LEAST = 1e-6


@picture
def seconds_per_query(compared: Comparison) -> Figure:
    """Draw a panel a setting, a row a strategy: median seconds per round of each part, on a log axis."""
    table, title = query_seconds(compared.runs), "Seconds per query"
    if not (table["seconds"] > 0).any():
        return blank(title, "nothing was timed")
    parts = (*PARTS, REST)
    legend = [legend_line(part, *look(at)[:2], dash="") for at, part in enumerate(parts)]
    strategies, names = standing(compared), setting_names(compared)
    shown = list(by_setting(compared, table).items())[:PANELS]
    note = (
        "A query is the batch of one round. Median over the runs, the line from quartile to quartile; "
        "logarithmic axis, so equal steps are equal factors."
    )
    body = (max(0.6, 0.185 * len(strategies) + 0.1) + 0.66) * down(len(shown))
    figure = sheet(title, note + few(len(names), "setting", PANELS), body, legend)
    axes_of = panels(figure, len(shown), sharex=True, sharey=True)
    for axes, (setting, rows) in zip(axes_of, shown, strict=True):
        _draw(axes, rows, strategies, parts)
        axes.set(title=short(names[setting], 40), xlabel="seconds per query")
    return figure


def describe_seconds_per_query(compared: Comparison) -> Description:
    """Tell the quickest and the slowest way to ask."""
    shows = "Dot plot of the seconds per query of each strategy, asking apart from training."
    table = query_seconds(compared.runs)
    asking = table[table["part"] == "asking"].groupby("strategy", sort=False)["seconds"].median().dropna()
    if asking.empty:
        return Description(shows, "Nothing was timed.")
    ranked = [(seconds, isolated(name)) for name, seconds in asking.items()]
    least, most = (f"{name} {number(seconds)} s" for seconds, name in (min(ranked), max(ranked)))
    return Description(shows, f"Asking takes {least} at least and {most} at most (medians).")


def _draw(axes: Axes, rows: pd.DataFrame, strategies: tuple[str, ...], parts: tuple[str, ...]) -> None:
    place = {name: at for at, name in enumerate(strategies)}
    for at, part in enumerate(parts):
        mine = rows[(rows["part"] == part) & (rows["seconds"] > 0)]
        y = mine["strategy"].map(place).to_numpy(dtype=float)
        color, marker, _ = look(at)
        low = mine["low"].clip(lower=_LEAST)
        axes.hlines(y, low, mine["high"], color=color, linewidth=1.6)
        axes.plot(mine["seconds"], y, marker, color=color, markersize=5.5, label=part)
    axes.set_xscale("log")
    ends = rows["seconds"][rows["seconds"] > 0]
    steps = (1.0,) if len(ends) and ends.max() > 100 * ends.min() else (1.0, 2.0, 5.0)
    axes.xaxis.set_major_locator(LogLocator(subs=steps, numticks=7))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_yticks(range(len(strategies)), [short(name, 22) for name in strategies], fontsize=8)
    axes.set_ylim(len(strategies) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
