"""The tables of a comparison for readers: what each strategy reached, where, and with how many labels."""

from __future__ import annotations

import math
from typing import Any

from activeloop.comparison import Comparison
from activeloop.comparison.result import BETTER, WORSE
from activeloop.comparison_report.standings import power, practical, ranks, seconds, wins
from activeloop.comparison_report.table import Cell, Number, Table, whole, written
from activeloop.reading import question, setting_names, setting_of, statements
from activeloop.wording import interval, labels, short

MARKS = {BETTER: " ▲", WORSE: " ▼"}
"""What stands beside a value whose difference from the baseline holds after correction."""


def main_tables(compared: Comparison) -> tuple[Table, ...]:
    """Give every table that has rows."""
    found = (
        areas(compared),
        differences(compared),
        saved(compared),
        wins(compared),
        ranks(compared),
        slices(compared),
        power(compared),
        practical(compared),
        seconds(compared),
    )
    return tuple(one for one in found if one is not None and one.rows)


def areas(compared: Comparison) -> Table | None:
    """Give the first measure of each strategy (columns) in each setting (rows), with intervals and marks."""
    if not compared.measures or not compared.runs.scores:
        return None
    rows, verdicts = question(compared, compared.measured), question(compared, compared.against)
    held = {(setting_of(one), one.strategy): MARKS.get(one.verdict, "") for one in statements(verdicts)}
    cells = {
        (setting_of(one), one.strategy): _area(one, held.get((setting_of(one), one.strategy), ""))
        for one in statements(rows)
    }
    strategies, names = compared.runs.strategies, setting_names(compared)
    measure, score = compared.measures[0], compared.runs.scores[0]
    return Table(
        "areas",
        f"{short(measure)} by data set".capitalize(),
        f"{measure} of {score}, mean over seeds ± half of its 95 % interval. ▲ better, ▼ worse than "
        f"{compared.baseline}: holds after correction.",
        ("data set", *strategies),
        frozenset(range(1, len(strategies) + 1)),
        tuple((name, *(cells.get((one, way), "–") for way in strategies)) for one, name in names.items()),
    )


def differences(compared: Comparison) -> Table:
    """Give every strategy against the baseline, by the question of the study."""
    names, base, measure = setting_names(compared), compared.baseline, compared.measures[0]
    rows = tuple(
        (
            names[setting_of(one)],
            one.strategy,
            written(one.mean),
            written(one.baseline_mean),
            written(one.difference, signed=True),
            _interval(one.low, one.high),
            whole(one.seeds),
            f"{one.wins}/{one.ties}/{one.losses}",
            written(one.p_adjusted),
            f"{one.verdict}: {one.why}" if one.why else one.verdict,
        )
        for one in statements(question(compared, compared.against))
    )
    return Table(
        "differences",
        "Every strategy against the baseline",
        f"{measure} against that of {base}, paired by seed. Interval: 95 % over seeds, not corrected; p "
        "is corrected, and the verdict goes by it. w/t/l: seeds won, tied and lost.",
        (
            "data set",
            "strategy",
            "value",
            "baseline",
            "difference",
            "95 % interval",
            "seeds",
            "w/t/l",
            "p",
            "verdict",
        ),
        frozenset({2, 3, 4, 6, 8}),
        rows,
    )


def saved(compared: Comparison) -> Table:
    """Give the labels that each strategy needs for each target, and what it saves."""
    names = setting_names(compared)
    rows = tuple(
        (
            names[setting_of(one)],
            one.strategy,
            one.target,
            written(one.target_value),
            *(
                Number("–" if math.isnan(n) else labels(n), n)
                for n in (one.labels, one.baseline_labels, one.saved)
            ),
            "–" if math.isnan(one.low) else f"[{labels(one.low)}, {labels(one.high)}]",
            f"{one.reached}, {one.baseline_reached} of {one.seeds}",
            "; ".join(filter(None, (one.bound, one.why))),
        )
        for one in statements(compared.saved)
    )
    return Table(
        "labels_saved",
        "Labels saved",
        f"Labels needed for a target score, and labels saved against {compared.baseline}: mean over "
        "seeds, 95 % interval by a paired bootstrap. Reached: runs of the strategy and of the baseline "
        "that came there.",
        (
            "data set",
            "strategy",
            "target",
            "score",
            "labels",
            "baseline",
            "saved",
            "95 % interval",
            "reached",
            "remark",
        ),
        frozenset({3, 4, 5, 6}),
        rows,
    )


def slices(compared: Comparison) -> Table | None:
    """Give, per setting and strategy, the slices that it raised and those that paid for it."""
    if len(compared.runs.slices) < 2:
        return None
    names = setting_names(compared)
    return Table(
        "slices",
        "Which strategy fixes which slice, and which pays for it",
        f"{compared.measures[0]} against that of {compared.baseline} on each slice, after the correction "
        "of Benjamini and Hochberg over strategies and slices.",
        ("data set", "strategy", "better on", "worse on", "undecided", "insufficient"),
        frozenset({4, 5}),
        tuple(
            (
                names[setting_of(one)],
                one.strategy,
                _some(one.better),
                _some(one.worse),
                whole(one.undecided),
                whole(one.insufficient),
            )
            for one in statements(compared.by_slice())
        ),
    )


def _area(one: Any, mark: str) -> Cell:
    if math.isnan(one.value):
        return "–"
    half = "" if math.isnan(one.high) else f" ± {(one.high - one.low) / 2:.3f}"
    return f"{written(one.value).text}{half}{mark}"


def _interval(low: float, high: float) -> str:
    return interval(low, high) if math.isfinite(low) and math.isfinite(high) else "–"


def _some(names: tuple[str, ...], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(short(one, 40) for one in names[:most]) + more
