"""The answer to a study's question in sentences: by how much, where, and how sure."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pandas as pd

from activeloop.comparison import Comparison
from activeloop.comparison.result import BETTER, NO_DIFFERENCE, VERDICTS, WORSE
from activeloop.reading import first_target, question, setting_names, setting_of, standing, statements
from activeloop.wording import count, interval, isolated, labels, listed, number

TOLD = 6
"""Strategies, data sets or slices that are named one by one; the tables have all."""

CAUTIONS = 20
"""Warnings that are written at most."""


def answer(compared: Comparison) -> tuple[str, ...]:
    """Answer the question of the study: each strategy against the baseline, the ranks, the slices."""
    rows = question(compared, compared.against)
    if rows.empty:
        return (f"Only {isolated(compared.baseline)} was run, so there is nothing to compare.",)
    one = len(compared.runs.settings) == 1
    others = [name for name in standing(compared) if name != compared.baseline]
    told = [
        _alone(compared, rows, name) if one else _over_settings(compared, rows, name)
        for name in others[:TOLD]
    ]
    if len(others) > TOLD:
        tally = _tally(rows["verdict"])
        told.append(f"All {len(others)} strategies together: {tally} (table below).")
    return (*told, *(_over_all(compared) if one else findings(compared)))


def findings(compared: Comparison) -> tuple[str, ...]:
    """Say what holds of all strategies: labels saved, ranks, slices, how small a difference could be seen."""
    return (*_labels_saved(compared), *_over_all(compared))


def _over_all(compared: Comparison) -> tuple[str, ...]:
    return (*_ranks(compared), *_slices(compared), *_power(compared))


def cautions(compared: Comparison) -> tuple[str, ...]:
    """Say what cannot be concluded, and which runs are not in any number; the first, where there are many."""
    said = compared.warnings
    more = (f"And {len(said) - CAUTIONS} more of these.",) if len(said) > CAUTIONS else ()
    return (*said[:CAUTIONS], *more)


def _alone(compared: Comparison, rows: pd.DataFrame, name: str) -> str:
    """Tell of one strategy in the only setting."""
    found = rows[rows["strategy"] == name]
    if found.empty or not math.isfinite(found["difference"].iloc[0]):
        why = f": {found['why'].iloc[0]}" if len(found) and found["why"].iloc[0] else ""
        return f"{isolated(name)} cannot be compared with {isolated(compared.baseline)}{why}."
    one: Any = found.iloc[0]
    base, measure, shown = isolated(compared.baseline), isolated(compared.measures[0]), one["verdict"]
    head = f"was {shown} than {base}" if shown in (BETTER, WORSE) else f"against {base}: {shown}"
    why = f" ({one['why']})" if one["why"] else ""
    start = (
        f"{isolated(name)} {head}{why}: {measure} {number(one['mean'])} against "
        f"{number(one['baseline_mean'])}, difference {number(one['difference'], signed=True)}"
    )
    if one["seeds"] > 1:
        start += f", 95 % interval over {count(one['seeds'], 'seed')} {interval(one['low'], one['high'])}"
    sure = f", p = {number(one['p_adjusted'])} after correction" if math.isfinite(one["p_adjusted"]) else ""
    return f"{start}{sure}.{_saved(compared, name)}"


def _saved(compared: Comparison, name: str) -> str:
    rows = first_target(compared)
    rows = rows[(rows["strategy"] == name) & rows["saved"].notna()]
    if rows.empty:
        return ""
    one: Any = rows.iloc[0]
    bounds = {"unknown": " (some runs of both never came there, so this is no bound)"}
    bound = bounds.get(one["bound"], f" ({one['bound']}: not all runs came there)" if one["bound"] else "")
    more = f"{labels(abs(one['saved']))} {'saved' if one['saved'] >= 0 else 'more'}"
    return (
        f" To reach {isolated(one['target'])} it needed {labels(one['labels'])} labels in place of "
        f"{labels(one['baseline_labels'])}: {more}, 95 % interval of the labels saved "
        f"[{labels(one['low'])}, {labels(one['high'])}]{bound}."
    )


def _over_settings(compared: Comparison, rows: pd.DataFrame, name: str) -> str:
    """Tell of one strategy over several settings: how often better and worse, and where most."""
    names = setting_names(compared)
    mine = rows[rows["strategy"] == name]
    base, measure = isolated(compared.baseline), isolated(compared.measures[0])
    told = []
    for verdict in VERDICTS:
        where = [isolated(names[setting_of(one)]) for one in statements(mine[mine["verdict"] == verdict])]
        if where:
            named = listed(where[:3]) + (f" and {len(where) - 3} more" if len(where) > 3 else "")
            told.append(f"{verdict} on {len(where)} ({named})")
    head = f"{isolated(name)} against {base} by {measure}, on {count(len(mine), 'setting')}"
    start = f"{head}: {listed(told)}"
    known = mine[mine["difference"].notna()].sort_values("difference", kind="stable")
    if known.empty:
        return f"{start}."
    ends: list[Any] = [known.iloc[-1], known.iloc[0]][: len(known)]
    extremes = [
        f"{number(one['difference'], signed=True)} {interval(one['low'], one['high'])} on "
        f"{isolated(names[setting_of(one)])}"
        for one in ends
    ]
    return f"{start}. Differences from {' down to '.join(extremes)}."


def _tally(verdicts: Any) -> str:
    counts = Counter(verdicts)
    words = [f"{one} on {n}" for one in (BETTER, WORSE, NO_DIFFERENCE) if (n := counts.pop(one, 0))]
    return listed(words + [f"{one} on {n}" for one, n in counts.items()])


def _ranks(compared: Comparison) -> list[str]:
    ranks = compared.ranks
    if ranks is None:
        return []
    differ = (
        "the strategies differ" if ranks.iman_davenport_p < 0.05 else "no difference between them is shown"
    )
    near = next((group for group in ranks.groups if ranks.strategies[0] in group), ())
    beside = [isolated(one) for one in near if one != ranks.strategies[0]][:TOLD]
    apart = f"; not told apart from it: {listed(beside)}" if beside else "; all others are told apart from it"
    return [
        f"Over {count(len(ranks.data), 'data set')} {isolated(ranks.strategies[0])} has the best mean "
        f"rank, {number(ranks.mean[0])} of {len(ranks.strategies)} (Friedman's test, p = "
        f"{number(ranks.iman_davenport_p)}: {differ}){apart} (Nemenyi, critical difference "
        f"{number(ranks.critical_difference)})."
    ]


def _slices(compared: Comparison) -> list[str]:
    if len(compared.runs.slices) < 2:
        return []
    names, told = setting_names(compared), []
    table = compared.by_slice()
    table = table.assign(held=table["better"].map(len) + table["worse"].map(len))
    for one in statements(table.sort_values("held", ascending=False, kind="stable").head(TOLD)):
        parts = [
            f"{word} {listed([isolated(slice) for slice in slices[:3]])}"
            + (f" and {len(slices) - 3} more" if len(slices) > 3 else "")
            for word, slices in (("raised", one.better), ("lowered", one.worse))
            if slices
        ]
        if parts:
            where = isolated(names[setting_of(one)])
            told.append(f"{isolated(one.strategy)} on {where} {listed(parts)}")
    if not told:
        return ["No difference on a slice holds after correction."]
    return [f"Slices, after correction: {'; '.join(told)}."]


def _labels_saved(compared: Comparison) -> list[str]:
    """Tell who saves or costs labels on the way to the first target, where the interval leaves out 0."""
    rows = first_target(compared)
    rows = rows[rows["low"].notna()].sort_values("saved_share", ascending=False, kind="stable")
    if rows.empty:
        return []
    saves = (rows["low"] > 0) & rows["bound"].isin(["", "at least"])
    costs = (rows["high"] < 0) & rows["bound"].isin(["", "at most"])
    target, held = isolated(rows["target"].iloc[0]), rows[saves | costs]
    if held.empty:
        return [f"On the way to {target}, no label is shown to be saved or lost."]
    names = setting_names(compared)
    told = [_saving(one, names[setting_of(one)]) for _, one in held.head(TOLD).iterrows()]
    more = f" and {len(held) - TOLD} more" if len(held) > TOLD else ""
    silent = len(rows) - len(held)
    rest = f" In {silent} of {count(len(rows), 'comparison')} nothing is shown." if silent else ""
    return [f"On the way to {target}, {listed(told)}{more}; 95 % intervals, each for itself.{rest}"]


def _saving(one: Any, where: str) -> str:
    saved = one["saved"] > 0
    verb, ends = ("saved", (one["low"], one["high"])) if saved else ("cost", (-one["high"], -one["low"]))
    bound = f"{one['bound']} " if one["bound"] else ""
    return (
        f"{isolated(one['strategy'])} on {isolated(where)} {verb} {bound}{number(abs(one['saved']))} of "
        f"{number(one['baseline_labels'])} labels {interval(*ends)}"
    )


def _power(compared: Comparison) -> list[str]:
    known = compared.power["detectable"]
    known = known[known < math.inf]
    if known.empty:
        return []
    low, high = float(known.min()), float(known.max())
    size = number(low) if number(low) == number(high) else f"{number(low)} to {number(high)}"
    return [
        f"With the seeds at hand a difference in {isolated(compared.measures[0])} of {size} is found with "
        "80 % power; what is smaller may be there all the same."
    ]
