"""Where the model got better: the score of every slice as labels were bought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matplotlib.figure import Figure

from activeloop.plots import heat
from activeloop.plots.chosen import left_out, slices
from activeloop.plots.paper import Description, better
from activeloop.results import ENOUGH, EVERYTHING, Results
from activeloop.spread import at_the_end, over_seeds
from activeloop.wording import count, isolated, listed, number, short


def slice_scores(results: Results) -> Figure:
    """Draw the first score of every slice (rows) at every label count (columns), a panel per strategy."""
    means = over_seeds(results)
    means = means[means["score"].isin(results.scores[:1])]
    sizes = means.groupby("slice", sort=False)["n"].min()
    rows = [name for name in (EVERYTHING, *slices(results, sizes)) if name in sizes.index]
    score = short(results.scores[0]) if results.scores else "score"
    note = "Mean over seeds. Hatched: undefined, or not reached by every seed. n: items of the holdout."
    if (sizes < ENOUGH).any():
        note += f" *: fewer than {ENOUGH} items, insufficient for a verdict."
    return heat.draw(
        heat.HeatMap(
            title=f"{score} of every slice",
            note=note + left_out(results, len(rows) - 1),
            grids=heat.grids(results, means, "n_labeled", rows),
            row_labels=[f"{short(name)}  n={sizes[name]}{'*' * int(sizes[name] < ENOUGH)}" for name in rows],
            x="labels bought (items)",
            color=better(score),
            empty="no slice has a defined score yet",
        )
    )


def describe_slice_scores(results: Results) -> Description:
    """Tell the lowest and the highest score of a slice at the end."""
    means = over_seeds(results)
    ends = at_the_end(means[means["score"].isin(results.scores[:1]) & (means["slice"] != EVERYTHING)])
    ends = ends[ends["value"].notna() & (ends["n"] >= ENOUGH)].sort_values("value", kind="stable")
    score = isolated(results.scores[0]) if results.scores else "the score"
    shows = (
        f"Heat map of {score}: {count(len(results.slices), 'slice')} by labels bought, a panel per strategy."
    )
    if ends.empty:
        return Description(shows, "No slice with enough items has a defined value.")
    extremes: Iterable[Any] = ends.iloc[[0, -1]].itertuples()
    told = [
        f"{word} {number(row.value)} ({isolated(row.slice)}, n={row.n}, {isolated(row.strategy)})"
        for word, row in zip(("lowest", "highest"), extremes, strict=True)
    ]
    return Description(shows, f"{score} of a slice at the end: {listed(told)}.")
