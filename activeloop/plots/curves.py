"""The learning curve: what each label bought."""

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
    say,
    sheet,
    whole_numbers,
)
from activeloop.results import EVERYTHING, Results
from activeloop.spread import at_the_end, n_seeds, over_seeds
from activeloop.wording import count, isolated, listed, number, short

SCORES = 6
"""Panels that are drawn; the tables have every score."""
BANDS = 6
"""Strategies up to which bands are drawn: more of them hide each other."""
TOLD = 8
"""Strategies that are told of in words."""


@picture
def learning_curves(results: Results) -> Figure:
    """Draw a panel a score: each strategy on the whole holdout, mean over seeds with a 95 % band."""
    means = over_seeds(results)
    means = means[means["slice"] == EVERYTHING]
    scores = results.scores[:SCORES]
    legend = [legend_line(name, *look(at)) for at, name in enumerate(results.strategies)]
    if not scores:
        return blank("Learning curves", "nothing is scored yet")
    body = 4.4 if len(scores) <= 2 else 3.4 * down(len(scores))
    figure = sheet("Learning curves", _note(results, means), body, legend)
    for axes, score in zip(panels(figure, len(scores)), scores, strict=True):
        _draw_score(axes, results, means[means["score"] == score], score)
    return figure


def describe_learning_curves(results: Results) -> Description:
    """Tell where each curve ends."""
    means = over_seeds(results)
    ends = at_the_end(means[(means["slice"] == EVERYTHING) & means["score"].isin(results.scores[:1])])
    told = [
        f"{isolated(row['strategy'])} {number(row['value'])} at {count(row['n_labeled'], 'label')}"
        for _, row in ends.head(TOLD).iterrows()
    ]
    scores = listed([isolated(name) for name in results.scores[:SCORES]]) or "no score yet"
    shows = f"Line chart of {scores} against labels bought, a line per strategy."
    found = f"{isolated(results.scores[0])} at the end: {listed(told)}." if told else "Nothing is scored yet."
    return Description(shows, found)


def _draw_score(axes: Axes, results: Results, means: pd.DataFrame, score: str) -> None:
    axes.set(xlabel="labels bought (items)", ylabel=better(score))
    if means["value"].isna().all():
        reasons = means["reason"].dropna().unique()
        return say(axes, f"undefined: {reasons[0]}" if len(reasons) else "no round that all seeds reached")
    whole_numbers(axes)
    for at, strategy in enumerate(results.strategies):
        curve = means[means["strategy"] == strategy].sort_values("n_labeled")
        x, (color, marker, dash) = curve["n_labeled"].to_numpy(dtype=float), look(at)
        if len(curve):
            axes.plot(
                x,
                curve["value"].to_numpy(dtype=float),
                color=color,
                marker=marker,
                linestyle=dash,
                markevery=max(1, len(curve) // 12),
                label=short(strategy),
                gid=f"curve-{at}",
            )
            band = curve[["low", "high"]].to_numpy(dtype=float)
            if len(results.strategies) <= BANDS:
                axes.fill_between(x, band[:, 0], band[:, 1], color=color, alpha=0.15, linewidth=0)
    return None


def _note(results: Results, means: pd.DataFrame) -> str:
    """Say what line and band are, and which curves end early."""
    seeds = n_seeds(results)
    several, one = [n for n in seeds.values() if n > 1], [n for n in seeds.values() if n == 1]
    parts = []
    if several:
        number = (
            count(several[0], "seed") if len(set(several)) == 1 else f"{min(several)} to {max(several)} seeds"
        )
        parts.append(f"Line: mean of {number}; band: 95 % t interval over the seeds.")
    if one:
        which = "Line: the only seed" if not several else "Strategies with one seed: that run"
        parts.append(
            f"{which}; band: its 95 % interval over holdout items, which holds no spread between runs."
        )
    ends = means.groupby("strategy", sort=False)["n_labeled"].max()
    early = [f"{short(name)} ({end})" for name, end in ends.items() if end < ends.max()]
    if several:
        parts.append("A curve ends at the last round that all of its seeds reached.")
    if early:
        parts.append(f"Ends early: {listed(early)}.")
    undrawn = [short(name) for name in results.strategies if name not in ends.index]
    if undrawn:
        parts.append(f"Not drawn, as no round is shared by all of its seeds: {listed(undrawn)}.")
    if len(results.strategies) > BANDS:
        parts.append(f"Bands are not drawn for more than {BANDS} strategies; the tables have the intervals.")
    if len(results.scores) > SCORES:
        parts.append(f"{SCORES} of {len(results.scores)} scores are drawn; the tables have all.")
    return " ".join(parts)
