"""Where the time of a round goes."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from activeloop.plots.chosen import left_out, strategies
from activeloop.plots.paper import (
    Description,
    blank,
    down,
    legend_line,
    look,
    panels,
    picture,
    sheet,
    whole_numbers,
)
from activeloop.results import Results
from activeloop.wording import isolated, number, short


@picture
def seconds_per_round(results: Results) -> Figure:
    """Draw a panel a strategy: seconds per round of each phase, median over seeds, on a logarithmic axis."""
    medians = (
        results.timings.groupby(["strategy", "phase", "round"], sort=False)["seconds"].median().reset_index()
    )
    phases, shown = list(medians["phase"].unique()), strategies(results)
    n = len(shown)
    legend = [legend_line(phase, *look(at)) for at, phase in enumerate(phases)]
    note = "Median over seeds; logarithmic axis, so equal steps are equal factors."
    if not shown or not (medians["seconds"] > 0).any():
        return blank("Time per round", "nothing was timed")
    figure = sheet("Time per round", note + left_out(results), 3.1 * down(n), legend)
    for axes, strategy in zip(panels(figure, n, sharey=True), shown, strict=True):
        ours = medians[medians["strategy"] == strategy]
        for at, phase in enumerate(phases):
            rows, (color, marker, dash) = ours[ours["phase"] == phase].sort_values("round"), look(at)
            seconds = rows["seconds"].to_numpy(dtype=float)
            every = max(1, len(rows) // 10)
            axes.plot(
                rows["round"].to_numpy(),
                np.where(seconds > 0, seconds, np.nan),
                color=color,
                marker=marker,
                linestyle=dash,
                markevery=every,
                label=phase,
            )
        axes.set(title=short(strategy, 36), xlabel="round", ylabel="seconds per round", yscale="log")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_locator(NullLocator())
        whole_numbers(axes)
    return figure


def describe_seconds_per_round(results: Results) -> Description:
    """Tell which phase takes longest."""
    shows = "Line chart of the seconds of each phase in each round, a panel per strategy."
    if results.timings.empty:
        return Description(shows, "Nothing was timed.")
    medians = results.timings.groupby("phase", sort=False)["seconds"].median()
    longest = f"{isolated(medians.idxmax())}, {number(float(medians.max()))} s"
    return Description(shows, f"Longest phase: {longest} (median of all rounds).")
