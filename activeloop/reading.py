"""How a comparison is read: the rows that its question is about, settings by name, strategies best first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from activeloop.comparison import Comparison
from activeloop.comparison.result import BETTER, NO_DIFFERENCE, WORSE
from activeloop.curves import EVERYTHING, Setting, called


def question(compared: Comparison, table: pd.DataFrame, slice: str | None = EVERYTHING) -> pd.DataFrame:
    """Keep the rows about the first score, the first measure, labels and a slice; every slice with None."""
    wanted: dict[str, Any] = {
        "score": compared.runs.scores[:1],
        "measure": compared.measures[:1],
        "per": ("labels",),
        "slice": (slice,),
    }
    kept = pd.Series(True, index=table.index)
    for column, allowed in wanted.items():
        if column in table and (column, slice) != ("slice", None):
            kept &= table[column].isin(allowed)
    return table[kept]


def statements(table: pd.DataFrame) -> Iterator[Any]:
    """Give each row of a table by the names of its columns."""
    return iter(table.itertuples(index=False))


def setting_of(row: Any) -> Setting:
    """Give the setting that a row is about."""
    return Setting(row.data, row.model, row.batch_size, row.oracle)


def setting_names(compared: Comparison) -> dict[Setting, str]:
    """Name each setting by its data set and whatever else differs in the study; no two names are equal."""
    settings = compared.runs.settings
    return {one: called(one, settings) for one in settings}


def by_setting(compared: Comparison, table: pd.DataFrame) -> dict[Setting, pd.DataFrame]:
    """Divide a table by its setting, in the order of the runs; a setting without rows has an empty table."""
    columns = list(Setting._fields)
    if table.empty:
        return dict.fromkeys(compared.runs.settings, table)
    keys: Any = table.groupby(columns, sort=False, observed=True)
    groups = {Setting(*key): rows for key, rows in keys}
    return {one: groups.get(one, table.iloc[:0]) for one in compared.runs.settings}


def standing(compared: Comparison) -> tuple[str, ...]:
    """Give all strategies from best to worst: by their mean rank over the settings; ties as in the runs.

    A strategy without a value in a setting shares the last place there.
    """
    table = question(compared, compared.measured)
    columns = list(Setting._fields)
    values = table.pivot(index=columns, columns="strategy", values="value").reindex(
        columns=list(compared.runs.strategies)
    )
    less = compared.measures[0] in compared.lower_is_better if compared.measures else False
    ranks = values.rank(axis=1, ascending=less, na_option="bottom").mean()
    return tuple(ranks.sort_values(kind="stable").index)


def leading(compared: Comparison, n: int) -> tuple[str, ...]:
    """Give the baseline and the best others, n in all, in the order of the runs."""
    best = [one for one in standing(compared) if one != compared.baseline]
    kept = {compared.baseline, *best[: n - 1]}
    return in_order(compared, kept)


def in_order(compared: Comparison, strategies: Iterable[str]) -> tuple[str, ...]:
    """Put strategies into the order of the runs."""
    wanted = set(strategies)
    return tuple(one for one in compared.runs.strategies if one in wanted)


def towards(compared: Comparison, measure: str) -> str:
    """Say which side of a difference in a measure is the better one."""
    return "left is better" if measure in compared.lower_is_better else "right is better"


def first_target(compared: Comparison) -> pd.DataFrame:
    """Keep the rows of the labels saved that are about the first target."""
    targets = compared.saved["target"].unique()[:1]
    return compared.saved[compared.saved["target"].isin(targets)]


def records(compared: Comparison) -> pd.DataFrame:
    """Count over the settings, for every ordered pair of strategies, what was concluded of the first.

    Columns: strategy, other, wins (shown better), ties (no difference shown), losses (shown worse), open (too
    few seeds, or nothing to compare). The four sum to the number of settings in which both were run.
    """
    kinds = {BETTER: "wins", NO_DIFFERENCE: "ties", WORSE: "losses"}
    kind = pd.Categorical(
        compared.pairs["verdict"].map(kinds).fillna("open"), ["wins", "ties", "losses", "open"]
    )
    pairs = compared.pairs[["strategy", "other"]].astype(str).assign(kind=kind)
    if pairs.empty:
        return pd.DataFrame(columns=["strategy", "other", *kind.categories])
    sizes = pairs.groupby(["strategy", "other", "kind"], observed=False).size().unstack("kind")
    ran = sizes[sizes.sum(axis=1) > 0]  # some pandas give every strategy a row against itself, too
    return ran.astype("int64").rename_axis(columns=None).reset_index()
