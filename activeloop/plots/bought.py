"""What each slice was bought: its share of the labels against the pool, and its labels round by round."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from activeloop.plots import heat
from activeloop.plots.chosen import left_out, slices, strategies
from activeloop.plots.paper import (
    FAINT,
    Description,
    across,
    blank,
    down,
    legend_line,
    look,
    panels,
    picture,
    sheet,
)
from activeloop.results import EVERYTHING, Results
from activeloop.spread import counting, n_seeds
from activeloop.wording import isolated, number, short

_SHARES = ["labeled_share", "pool_share"]
_INK = look(0).color


def final_shares(results: Results) -> pd.DataFrame:
    """Give each slice's labeled_share and pool_share (0 to 1) after a run's last round, mean over seeds."""
    rows = _bought(results)
    last = rows.groupby(["strategy", "seed", "slice"], sort=False)["round"].transform("max")
    ended = rows[rows["round"] == last]
    return ended.groupby(["strategy", "slice"], sort=False)[_SHARES].mean().reset_index()


@picture
def slice_shares(results: Results) -> Figure:
    """Draw per strategy a line a slice, from its share of the pool to its share of the labels."""
    shares = final_shares(results)
    names = slices(results, shares.groupby("slice", sort=False)[_SHARES].max().max(axis=1))
    if not names:
        return blank("Labels against pool", "nothing is known of what the slices were bought")
    shown = strategies(results)
    body = (max(1.3, 0.2 * len(names) + 0.2) + 0.75) * down(len(shown))
    legend = [
        legend_line("share of the pool", FAINT, "o", "", markerfacecolor="white"),
        legend_line("share of the labels", _INK, "o", ""),
    ]
    note = "After the last round of each run, mean over seeds. Filled dot to the right: more than its share."
    figure = sheet("Labels against pool", note + left_out(results, len(names)), body, legend)
    right = 1.05 * float(np.nanmax(shares[_SHARES].to_numpy(), initial=0.01))
    for at, (axes, strategy) in enumerate(zip(panels(figure, len(shown)), shown, strict=True)):
        _draw_shares(axes, shares[shares["strategy"] == strategy].set_index("slice").reindex(names))
        if at % across(len(shown)) == 0:
            axes.set_yticks(range(len(names)), [short(name) for name in names], fontsize=8)
        else:
            axes.set_yticks([])
        axes.set(title=short(strategy, 36), xlabel="share of all items (%)")
        axes.set(xlim=(0, right), ylim=(len(names) - 0.4, -0.6))
    return figure


def _draw_shares(axes: Axes, shares: pd.DataFrame) -> None:
    rows = range(len(shares))
    labeled, pool = (shares[name].to_numpy(dtype=float) for name in _SHARES)
    axes.hlines(rows, 0, 1, color="#e4e4e4", linewidth=0.6, transform=axes.get_yaxis_transform())
    axes.hlines(rows, labeled, pool, color=_INK, linewidth=2, alpha=0.55)
    axes.plot(pool, rows, "o", color=FAINT, markerfacecolor="white", markersize=5, label="pool")
    axes.plot(labeled, rows, "o", color=_INK, markersize=5, label="labels")
    axes.grid(False, axis="y")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.4g}"))


def describe_slice_shares(results: Results) -> Description:
    """Tell which slice's share of the labels is farthest above its share of the pool."""
    shows = (
        "Dot plot of each slice's share of the labels against its share of the pool, a panel per strategy."
    )
    shares = final_shares(results).dropna()
    if shares.empty:
        return Description(shows, "The shares are not known.")
    row = shares.iloc[int(np.argmax(shares["labeled_share"] - shares["pool_share"]))]
    most = f"{isolated(row['slice'])} by {isolated(row['strategy'])}"
    labeled, pool = f"{row['labeled_share']:.1%}", f"{row['pool_share']:.1%}"
    return Description(
        shows, f"Farthest above the pool: {most}, {labeled} of the labels, {pool} of the pool."
    )


def slice_purchases(results: Results) -> Figure:
    """Draw how many labels every slice (rows) was bought up to every round (columns), a panel a strategy."""
    spent = _spent(results)
    names = slices(results, spent.groupby("slice", sort=False)["value"].max())
    return heat.draw(
        heat.HeatMap(
            title="What each slice was bought",
            note="Labels bought in the slice so far, mean over seeds. Hatched: not reached by every seed."
            + left_out(results, len(names)),
            grids=heat.grids(results, spent, "round", names),
            row_labels=[short(name, 34) for name in names],
            x="round",
            color="labels bought so far (items)",
            empty="nothing is known of what the slices were bought",
        )
    )


def describe_slice_purchases(results: Results) -> Description:
    """Tell which slice was bought most."""
    shows = "Heat map of the labels bought so far: slices by round, a panel per strategy."
    spent = _spent(results)
    if spent.empty:
        return Description(shows, "Nothing is known of what the slices were bought.")
    row = spent.iloc[int(np.argmax(spent["value"]))]
    most = f"{isolated(row['slice'])} by {isolated(row['strategy'])}, {number(row['value'])} items"
    return Description(shows, f"Most labels: {most} (mean over seeds).")


def _bought(results: Results) -> pd.DataFrame:
    return counting(results, results.bought[results.bought["slice"] != EVERYTHING])


def _spent(results: Results) -> pd.DataFrame:
    """Give the labels bought so far by strategy, slice and round, mean over all seeds."""
    rows = _bought(results).sort_values("round", kind="stable")
    so_far = rows.groupby(["strategy", "seed", "slice"], sort=False)["bought"].cumsum()
    groups = rows.assign(value=so_far).groupby(["strategy", "slice", "round"], sort=False)
    means = groups.agg(value=("value", "mean"), seeds=("seed", "size")).reset_index()
    return means[means["seeds"] == means["strategy"].map(n_seeds(results))]
