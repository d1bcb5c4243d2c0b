"""The answer for a terminal: a table of strategies by data set, and what cannot be concluded."""

from __future__ import annotations

from activeloop.aligned import line, widths
from activeloop.comparison import Comparison
from activeloop.comparison.result import BETTER, NO_DIFFERENCE, WORSE
from activeloop.comparison_report.sentences import cautions, findings
from activeloop.comparison_report.table import Cell, Table, text, whole, written
from activeloop.comparison_report.tables import differences
from activeloop.reading import question, standing
from activeloop.wording import printable, short

ROWS = 40
"""Rows up to which every comparison is written; above, a row a strategy."""
_NAME = 32


def tell(compared: Comparison) -> str:
    """Write the answer to the study's question, in lines."""
    runs = compared.runs
    title = f"{short(runs.name, 60)}: {short(runs.question, 200)}" if runs.question else short(runs.name, 60)
    found = differences(compared)
    brief = tuple((*row[:-1], _verdict(row[-1])) for row in found.rows)
    table = found._replace(rows=brief) if len(brief) <= ROWS else overview(compared)
    measure, score = (short((*given, "none")[0], 40) for given in (compared.measures, runs.scores))
    lines = [title, "", f"{measure} of {score} against {short(compared.baseline, 40)}", *aligned(table)]
    lines += ["", *findings(compared)]
    warned = [f"! {printable(one)}" for one in cautions(compared)]
    return "\n".join([*lines, *([""] if warned else []), *warned]) + "\n"


def overview(compared: Comparison) -> Table:
    """Give a row a strategy: in how many settings it was better, worse or neither; its mean difference."""
    rows = question(compared, compared.against)
    found: list[tuple[Cell, ...]] = []
    for name in standing(compared):
        mine = rows[rows["strategy"] == name]
        if len(mine):
            kinds = [int((mine["verdict"] == one).sum()) for one in (BETTER, NO_DIFFERENCE, WORSE)]
            extremes = (mine["difference"].mean(), mine["difference"].min(), mine["difference"].max())
            rest = whole(len(mine) - sum(kinds))
            found.append((name, *map(whole, kinds), rest, *(written(one, signed=True) for one in extremes)))
    header = ("strategy", BETTER, NO_DIFFERENCE, WORSE, "open", "mean difference", "least", "most")
    return Table("overview", "By strategy", "", header, frozenset(range(1, 8)), tuple(found))


def aligned(table: Table) -> list[str]:
    """Write a table in columns, numbers at the right."""
    told = [tuple(short(text(one), _NAME) if text(one) else "" for one in row) for row in table.rows]
    rows = [table.header, *told]
    wide, right = widths(rows), [at in table.numbers for at in range(len(table.header))]
    return [line(row, wide, right) for row in rows]


def _verdict(cell: Cell) -> str:
    """Leave the reason out: the warnings below the table have it."""
    return text(cell).partition(":")[0]
