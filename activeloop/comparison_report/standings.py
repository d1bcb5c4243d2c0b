"""Tables of how strategies stand over all data sets, what the seeds can show, and what a query takes."""

from __future__ import annotations

import math

from activeloop.comparison import Comparison
from activeloop.comparison_report.table import Table, whole, written
from activeloop.curves import Setting
from activeloop.query_seconds import PARTS, REST, query_seconds
from activeloop.reading import records, setting_names, setting_of, standing, statements


def wins(compared: Comparison) -> Table:
    """Give the win matrix: wins/ties/losses of the row against the column, best first."""
    order = standing(compared)
    found = records(compared)
    cells = {(one.strategy, one.other): f"{one.wins}/{one.ties}/{one.losses}" for one in statements(found)}
    rows = tuple((mine, *(cells.get((mine, other), "") for other in order)) for mine in order)
    return Table(
        "wins",
        "Wins, ties and losses",
        "Settings in which the strategy of the row was shown better / not told apart / shown worse than "
        "that of the column.",
        ("strategy", *order),
        frozenset(range(1, len(order) + 1)),
        rows if len(order) > 1 else (),
    )


def ranks(compared: Comparison) -> Table | None:
    """Give the mean rank of each strategy, and the groups that it is in."""
    found = compared.ranks
    if found is None:
        return None
    letters = {
        name: "".join(_letter(at) for at, group in enumerate(found.groups) if name in group)
        for name in found.strategies
    }
    return Table(
        "ranks",
        "Mean ranks",
        f"Mean rank over {len(found.data)} data sets, 1 is best. Strategies with a letter in common are "
        f"not told apart (Nemenyi at 0.05, critical difference {found.critical_difference:.3f}). "
        f"Friedman's test: chi-square {found.friedman:.2f}, p = {found.p:.2g}; Iman and Davenport's F "
        f"{found.iman_davenport:.2f}, p = {found.iman_davenport_p:.2g}.",
        ("strategy", "mean rank", "not told apart"),
        frozenset({1}),
        tuple(
            (name, written(mean), letters[name])
            for name, mean in zip(found.strategies, found.mean, strict=True)
        ),
    )


def power(compared: Comparison) -> Table:
    """Give what the seeds at hand can show."""
    names = setting_names(compared)
    return Table(
        "power",
        "How small a difference the seeds can show",
        "Detectable: the difference that is found with 80 % power. Needed: seeds for the difference "
        "that was wished for.",
        (
            "data set",
            "strategy",
            "seeds",
            "fewest seeds",
            "spread",
            "detectable",
            "wished for",
            "needed seeds",
            "remark",
        ),
        frozenset({2, 3, 4, 5, 6, 7}),
        tuple(
            (
                names[setting_of(one)],
                one.strategy,
                whole(one.seeds),
                whole(one.least_seeds),
                written(one.spread),
                written(one.detectable),
                written(one.difference),
                whole(one.needed_seeds),
                one.why,
            )
            for one in statements(compared.power)
        ),
    )


def practical(compared: Comparison) -> Table | None:
    """Give the posterior probabilities of the Bayesian signed-rank test."""
    if compared.practical is None:
        return None
    return Table(
        "practical",
        "Practical equivalence",
        "Bayesian signed-rank test over data sets: probability that the strategy is worse than "
        f"{compared.baseline}, practically the same (within the region), or better.",
        ("strategy", "data sets", "region", "worse", "same", "better"),
        frozenset({1, 2, 3, 4, 5}),
        tuple(
            (one.strategy, whole(one.data_sets), *map(written, (one.rope, one.worse, one.same, one.better)))
            for one in statements(compared.practical)
        ),
    )


def seconds(compared: Comparison) -> Table:
    """Give the median seconds per query of each part."""
    names, parts = setting_names(compared), (*PARTS, REST)
    found: dict[tuple[Setting, str], dict[str, float]] = {}
    for one in statements(query_seconds(compared.runs)):
        found.setdefault((setting_of(one), one.strategy), {})[one.part] = one.seconds
    return Table(
        "seconds",
        "Seconds per query",
        "Median over runs of the seconds per round.",
        ("data set", "strategy", *parts),
        frozenset({2, 3, 4}),
        tuple(
            (names[setting], strategy, *(written(each.get(part, math.nan)) for part in parts))
            for (setting, strategy), each in found.items()
        ),
    )


def _letter(at: int) -> str:
    return chr(ord("a") + at) if at < 26 else f"({at + 1})"
