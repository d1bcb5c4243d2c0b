"""The slice gap: how far the worst slice lies below the best, round by round."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop.plots.paper import (
    Description,
    better,
    blank,
    down,
    legend_line,
    look,
    panels,
    picture,
    sheet,
    whole_numbers,
)
from activeloop.results import ENOUGH, EVERYTHING, Results
from activeloop.spread import at_the_end, gaps, over_seeds
from activeloop.wording import count, isolated, listed, number, short

STRATEGIES = 11
"""Panels that are drawn beside the one that compares all gaps."""
TOLD = 8
"""Strategies that are told of in words."""


@picture
def slice_gaps(results: Results) -> Figure:
    """Draw the worst and the best slice of each strategy, and in a last panel the gaps of all strategies."""
    means = over_seeds(results)
    score = results.scores[0] if results.scores else ""
    table = gaps(means, score)
    n = min(len(results.strategies), STRATEGIES) + 1
    legend = [legend_line(name, *look(at)) for at, name in enumerate(results.strategies)]
    title = f"Gap between slices: {short(score)}"
    if table.empty:
        return blank(title, f"a gap takes two slices with a score and at least {ENOUGH} items")
    figure = sheet(title, _note(means), 3.3 * down(n), legend)
    *single, common = panels(figure, n, sharex=True)
    for at, (axes, strategy) in enumerate(zip(single, results.strategies, strict=False)):
        axes.set(title=short(strategy, 36), ylabel=better(score))
        _draw_strategy(axes, table[table["strategy"] == strategy], look(at).color)
    low, high = table["worst_value"].min(), table["best_value"].max()
    room = 0.05 * (high - low) or 0.5
    for axes in single:
        axes.set_ylim(low - 4 * room, high + room)
    common.set(title="gap, all strategies", ylabel=f"best - worst slice\n({short(score)})")
    for at, strategy in enumerate(results.strategies):
        rows, (color, marker, dash) = table[table["strategy"] == strategy], look(at)
        x, every = rows["n_labeled"].to_numpy(), max(1, len(rows) // 12)
        common.plot(x, rows["gap"].to_numpy(), color=color, marker=marker, linestyle=dash, markevery=every)
    common.set_ylim(bottom=0)
    for axes in (*single, common):
        axes.set_xlabel("labels bought (items)")
        whole_numbers(axes)
    return figure


def describe_slice_gaps(results: Results) -> Description:
    """Tell each strategy's gap at the end, and between which slices."""
    table = gaps(over_seeds(results), results.scores[0] if results.scores else "")
    told = [
        f"{isolated(row['strategy'])} {number(row['gap'])} (worst {isolated(row['worst'])}, "
        f"best {isolated(row['best'])})"
        for _, row in at_the_end(table).head(TOLD).iterrows()
    ]
    shows = "Line charts of the worst and the best slice of each strategy, and of the gap between them."
    found = f"Gap at the end: {listed(told)}." if told else "No two slices with enough items have a score."
    return Description(shows, found)


def _draw_strategy(axes: Axes, rows: pd.DataFrame, color: str) -> None:
    if rows.empty:
        return
    x, worst, best = (rows[name].to_numpy(dtype=float) for name in ("n_labeled", "worst_value", "best_value"))
    axes.fill_between(x, worst, best, color=color, alpha=0.12, linewidth=0)
    axes.plot(
        x, best, color=color, linestyle="--", marker="^", markevery=max(1, len(x) // 8), label="best slice"
    )
    axes.plot(
        x, worst, color=color, linestyle="-", marker="v", markevery=max(1, len(x) // 8), label="worst slice"
    )
    last = rows.iloc[-1]
    ends = "\n".join(
        f"{end}: {short(last[end], 26)} ({number(last[f'{end}_value'])})" for end in ("best", "worst")
    )
    axes.text(0.97, 0.05, ends, transform=axes.transAxes, ha="right", va="bottom", size=8.5)


def _note(means: pd.DataFrame) -> str:
    few = means[(means["n"] < ENOUGH) & (means["slice"] != EVERYTHING)]["slice"].nunique()
    text = "Triangles up: best slice; down: worst slice, by the mean over seeds; named: those at the end."
    if few:
        text += (
            f" Insufficient, left out of the verdict: {count(few, 'slice')} with fewer than {ENOUGH} items."
        )
    return text + " Slices of equal quality show a gap above 0 by chance, the more so the smaller they are."
