"""How far each strategy is from the baseline: in the study's measure, and in labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from activeloop.comparison import Comparison
from activeloop.comparison.result import BETTER, NO_DIFFERENCE, WORSE
from activeloop.curves import Setting
from activeloop.plots.compared.effects import Effects, Panel, effects
from activeloop.plots.compared.forest import Forest, Row, forest
from activeloop.plots.compared.grid import few
from activeloop.plots.paper import Description
from activeloop.reading import (
    first_target,
    question,
    setting_names,
    setting_of,
    standing,
    statements,
    towards,
)
from activeloop.wording import count, interval, isolated, number, short

SETTINGS, STRATEGIES = 60, 40
"""Rows and columns that the colors have at most; the tables have all."""
_SIGNS = {"at least": "≥", "at most": "≤"}


ROWS = 100
"""Rows up to which differences are drawn as a forest; more are drawn as colors."""


def differences(compared: Comparison) -> Figure:
    """Draw every strategy's difference from the baseline in the first measure, with its 95 % interval."""
    measure, base = compared.measures[0], short(compared.baseline)
    plan = Forest(
        title=f"Difference from {base} in {short(measure)}",
        note=f"Mean over seeds of {short(measure)} minus that of {base} under the same seed, and its 95 "
        "% interval; not the interval but the verdict is corrected for the number of strategies.",
        x=f"difference in {short(measure, 16)} ({towards(compared, measure)})",
        panels=_panels(compared, question(compared, compared.against), _difference),
        marks=("better, after correction", "worse, after correction", "no difference shown"),
        empty=f"there is no strategy to compare with {base}",
    )
    return _drawn(
        compared, plan, f"{short(measure, 20)} minus {short(base, 16)}", measure in compared.lower_is_better
    )


def describe_differences(compared: Comparison) -> Description:
    """Tell how many differences hold, and the largest of each kind."""
    rows = question(compared, compared.against)
    shows = (
        f"Forest plot of the difference from {isolated(compared.baseline)} in "
        f"{isolated(compared.measures[0])}: {count(len(rows), 'row')} with intervals."
    )
    counts = [f"{(rows['verdict'] == one).sum()} {one}" for one in (BETTER, WORSE, NO_DIFFERENCE)]
    told = f"Of {count(len(rows), 'comparison')}: {', '.join(counts)}."
    if not rows["difference"].notna().any():
        return Description(shows, told)
    one = rows.iloc[int(np.nanargmax(rows["difference"].abs()))]
    where = isolated(setting_names(compared)[setting_of(one)])
    ends = interval(one["low"], one["high"])
    largest = f"{isolated(one['strategy'])} on {where}, {number(one['difference'], signed=True)} {ends}"
    return Description(shows, f"{told} Largest: {largest}.")


def labels_saved(compared: Comparison) -> Figure:
    """Draw how many labels each strategy saves on the way to the first target, with its 95 % interval."""
    base, rows = short(compared.baseline), first_target(compared)
    target = short(rows["target"].iloc[0], 60) if len(rows) else "a target"
    plan = Forest(
        title=f"Labels saved against {base} on the way to {target}",
        note="Mean over seeds of the labels that the baseline needs minus those of the strategy; 95 % "
        "interval by a paired bootstrap over seeds. ≥: some runs of the baseline, ≤: some of the "
        "strategy, did not reach the target.",
        x="labels saved (items; right is better)",
        panels=_panels(compared, rows, _saved),
        marks=("saves, interval above 0", "costs, interval below 0", "interval holds 0"),
        empty="no run reached a target",
    )
    return _drawn(compared, plan, "labels saved (items)", False)


def describe_labels_saved(compared: Comparison) -> Description:
    """Tell where most labels are saved."""
    rows = first_target(compared)
    shows = f"Forest plot of the labels saved against {isolated(compared.baseline)}, with intervals."
    if not rows["saved"].notna().any():
        return Description(shows, "No number of labels saved is known.")
    one = rows.iloc[int(np.nanargmax(rows["saved"]))]
    where = isolated(setting_names(compared)[setting_of(one)])
    ends = interval(one["low"], one["high"])
    most = (
        f"{isolated(one['strategy'])} on {where}, {number(one['saved'])} of {number(one['baseline_labels'])}"
    )
    return Description(shows, f"Most labels saved: {most} labels, 95 % interval {ends}.")


def _drawn(compared: Comparison, plan: Forest, color: str, less: bool) -> Figure:
    """Draw a forest, or where it would be too tall, the same values as colors: settings by strategies."""
    if sum(len(rows) for _, rows in plan.panels) <= ROWS:
        return forest(plan)
    strategies = [one for one in standing(compared) if one != compared.baseline]
    names = tuple(setting_names(compared).values())
    of_settings = len(names) <= len(strategies)
    values = np.array([[row.value for row in rows] for _, rows in plan.panels])
    verdicts = np.array([[row.verdict for row in rows] for _, rows in plan.panels], dtype=object)
    if not of_settings:
        values, verdicts = values.T, verdicts.T
    panel = Panel("", names[:SETTINGS], values[:SETTINGS, :STRATEGIES], verdicts[:SETTINGS, :STRATEGIES])
    better, worse, neither = plan.marks
    note = f"{plan.note} Drawn as colors, as there are many; the tables have the intervals. "
    note += f"▲ {better}; ▼ {worse}; –: too few seeds; no mark: {neither}." + few(
        len(names), "setting", SETTINGS
    )
    note += few(len(strategies), "strategie", STRATEGIES)
    return effects(
        Effects(plan.title, note, tuple(strategies[:STRATEGIES]), (panel,), color, less, plan.empty)
    )


def _difference(one: Any) -> Row:
    return Row(
        "", one.difference, one.low, one.high, one.verdict, "" if np.isfinite(one.difference) else one.why
    )


def _saved(one: Any) -> Row:
    verdict = BETTER if one.low > 0 else WORSE if one.high < 0 else NO_DIFFERENCE
    remark = _SIGNS.get(one.bound, "") if np.isfinite(one.saved) else one.why
    return Row("", one.saved, one.low, one.high, verdict, remark)


def _panels(
    compared: Comparison, table: pd.DataFrame, row: Callable[[Any], Row]
) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Give panels of settings with strategies as rows, or the other way where those are fewer."""
    names = setting_names(compared)
    others = [one for one in standing(compared) if one != compared.baseline]
    rows = {(setting_of(one), one.strategy): row(one) for one in statements(table)}
    unknown = Row("", np.nan, np.nan, np.nan, "", "not in this study")

    def at(setting: Setting, strategy: str, name: str) -> Row:
        return rows.get((setting, strategy), unknown)._replace(name=name)

    if len(names) <= len(others):
        return tuple((name, tuple(at(one, way, way) for way in others)) for one, name in names.items())
    return tuple((way, tuple(at(one, way, name) for one, name in names.items())) for way in others)
