"""Which strategy fixes which slice, and which pays for it: differences from the baseline side by side."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from activeloop.comparison import Comparison
from activeloop.comparison.result import BETTER, WORSE
from activeloop.curves import EVERYTHING
from activeloop.plots.compared.effects import TOLD, Effects, Panel, effects
from activeloop.plots.compared.grid import few
from activeloop.plots.paper import Description
from activeloop.reading import by_setting, question, setting_names, standing
from activeloop.wording import isolated, number, short

SLICES = 40
"""Slices a panel has at most: those with the largest differences, in the order of the study."""
STRATEGIES = 25
"""Strategies a panel has at most: the best."""
PANELS = 9
"""Settings that are drawn: the first; the tables have all."""


def slice_effects(compared: Comparison) -> Figure:
    """Draw a panel a setting: slices by strategies, colored by the difference from the baseline."""
    strategies = tuple(one for one in standing(compared) if one != compared.baseline)[:STRATEGIES]
    base, measure = short(compared.baseline), compared.measures[0]
    found = _panels(compared, strategies)
    return effects(
        Effects(
            title="Slices: which strategy fixes which, and which pays for it",
            note=f"Blue: better than {base} on the slice, orange: worse. Marks hold after the correction "
            f"of Benjamini and Hochberg over strategies and slices: {TOLD} Hatched: no such slice, or no "
            "value." + few(len(found), "setting", PANELS),
            columns=strategies,
            panels=found[:PANELS],
            color=f"{short(measure, 20)} minus {short(base, 16)}",
            less=measure in compared.lower_is_better,
            empty="the study has no slices, or no difference on them is known",
        )
    )


def describe_slice_effects(compared: Comparison) -> Description:
    """Tell the slice that gained most and the one that paid most, among those whose verdict holds."""
    shows = "Heat maps of the difference from the baseline: slices by strategies, a panel per setting."
    rows = question(compared, compared.against, slice=None)
    rows = rows[(rows["slice"] != EVERYTHING) & rows["verdict"].isin([BETTER, WORSE])]
    told = []
    for verdict, word in ((BETTER, "gains"), (WORSE, "pays")):
        held = rows[rows["verdict"] == verdict]
        if len(held):
            one = held.iloc[int(np.argmax(held["difference"].abs()))]
            told.append(
                f"{isolated(one['slice'])} of {isolated(one['data'])} {word} most with "
                f"{isolated(one['strategy'])} ({number(one['difference'], signed=True)})"
            )
    holds = f"Differences on slices that hold after correction: {len(rows)}"
    return Description(shows, f"{holds}{'; ' if told else ''}{'; '.join(told)}.")


def _panels(compared: Comparison, strategies: tuple[str, ...]) -> tuple[Panel, ...]:
    rows = question(compared, compared.against, slice=None)
    rows = rows[
        (rows["slice"] != EVERYTHING) & rows["strategy"].isin(strategies) & rows["difference"].notna()
    ]
    names, found = setting_names(compared), []
    for setting, mine in by_setting(compared, rows).items():
        if not mine.empty:
            grid, verdicts = (
                mine.pivot(index="slice", columns="strategy", values=one) for one in ("difference", "verdict")
            )
            sizes = grid.abs().max(axis=1).sort_values(ascending=False, kind="stable")
            largest = set(sizes.index[:SLICES])
            kept = [name for name in compared.runs.slices if name in largest]
            values = grid.reindex(index=kept, columns=list(strategies)).to_numpy(dtype=float)
            marks = verdicts.reindex(index=kept, columns=list(strategies)).to_numpy(dtype=object)
            found.append(Panel(names[setting], tuple(kept), values, marks))
    return tuple(found)
