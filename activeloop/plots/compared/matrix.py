"""Who beats whom: in how many settings the strategy of a row was shown better than that of a column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop.comparison import Comparison
from activeloop.plots.compared.effects import BALANCE
from activeloop.plots.paper import Description, blank, picture, sheet
from activeloop.reading import records, standing
from activeloop.wording import count, isolated, short

MOST = 25
"""Strategies that are drawn; the tables have all."""
_IN_FULL = 14


@picture
def win_matrix(compared: Comparison) -> Figure:
    """Draw wins, ties and losses of each strategy (row) against each other (column), best first."""
    names = list(standing(compared))[:MOST]
    n, all_strategies = len(names), len(compared.runs.strategies)
    if n < 2:
        return blank("Wins, ties and losses", "it takes two strategies")
    settings = len(compared.runs.settings)
    cells = "wins/ties/losses" if n <= _IN_FULL else "wins minus losses"
    note = (
        f"In each cell {cells} of the row against the column, over {count(settings, 'setting')}: shown "
        "better, no difference shown, shown worse, after Holm's correction over all pairs of a setting. "
        "Best mean rank first. What could not be concluded is not counted."
    )
    if n < all_strategies:
        note += f" The first {n} of {all_strategies} strategies are drawn."
    width = min(1.0, max(0.36, 8.6 / n / 2))
    figure = sheet("Wins, ties and losses", note, 1.15 + 0.36 * n)
    axes = figure.subplots()
    _draw(axes, records(compared).set_index(["strategy", "other"]), names, settings)
    bar = figure.colorbar(axes.images[0], ax=axes, pad=0.01, shrink=0.9, aspect=12 * width + 8)
    bar.set_label("wins minus losses (settings)")
    return figure


def describe_win_matrix(compared: Comparison) -> Description:
    """Tell who was shown better most often."""
    shows = "Matrix of wins, ties and losses of every strategy against every other."
    table = records(compared)
    if table.empty or not table["wins"].any():
        return Description(shows, "No strategy was shown better than another.")
    won = table.groupby("strategy", sort=False)[["wins", "losses"]].sum()
    at = int(np.argmax(won["wins"]))
    wins, losses = (int(won[kind].iloc[at]) for kind in ("wins", "losses"))
    most = f"{isolated(won.index[at])}, shown better {count(wins, 'time')}, worse {losses}"
    return Description(shows, f"Most wins: {most}.")


def _draw(axes: Axes, table: pd.DataFrame, names: list[str], settings: int) -> None:
    n = len(names)
    balance = np.full((n, n), np.nan)
    for row, mine in enumerate(names):
        for column, other in enumerate(names):
            if (mine, other) in table.index:
                one: Any = table.loc[(mine, other)]
                balance[row, column] = one["wins"] - one["losses"]
                concluded = one["wins"] + one["ties"] + one["losses"]
                told = f"{one['wins']}/{one['ties']}/{one['losses']}" if concluded else "–"
                dark = abs(balance[row, column]) > 0.6 * settings
                axes.text(
                    column,
                    row,
                    told if n <= _IN_FULL else f"{balance[row, column]:+.0f}".replace("+0", "0"),
                    ha="center",
                    va="center",
                    size=8,
                    color="white" if dark else "#1b1b1b",
                )
    axes.grid(False)
    axes.patch.set_facecolor("#ffffff")
    axes.imshow(np.ma.masked_invalid(balance), cmap=BALANCE, vmin=-settings, vmax=settings, aspect="auto")
    axes.set_xticks(range(n), [short(name, 16) for name in names], rotation=35, ha="left", fontsize=8)
    axes.xaxis.tick_top()
    axes.set_yticks(range(n), [short(name, 24) for name in names], fontsize=8)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(n - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(n - 1) + 0.5, minor=True)
    axes.grid(True, which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)
