"""A table for readers, and how it is written as LaTeX and Markdown."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from activeloop.wording import number, printable, short

NAME = 60
"""Characters of a name in a paper or a terminal; the CSV files have all."""
_LONG = 40
"""Rows above which a LaTeX table may break over pages."""


class Number(NamedTuple):
    """A number and how it is written."""

    text: str
    value: float


Cell: TypeAlias = "str | Number"


class Table(NamedTuple):
    """A table by its name: what it shows, a header, rows of cells; `numbers` are its columns of numbers."""

    name: str
    title: str
    caption: str
    header: tuple[str, ...]
    numbers: frozenset[int]
    rows: tuple[tuple[Cell, ...], ...]


def written(value: float, signed: bool = False) -> Number:
    """Give a number as it is written everywhere; what is not known is a dash.

    >>> written(0.02, signed=True).text, written(float("nan")).text
    ('+0.020', '–')
    """
    return Number("–" if math.isnan(value) else number(value, signed), float(value))


def whole(value: float) -> Number:
    """Give a count.

    >>> whole(3.0).text
    '3'
    """
    return Number("–" if math.isnan(value) else f"{value:.0f}", float(value))


def text(cell: Cell) -> str:
    """Give what stands in a cell, on one line and not too long."""
    return cell.text if isinstance(cell, Number) else short(cell, NAME) if cell else ""


def markdown(table: Table) -> str:
    """Write a table as GitHub and CommonMark read it; names cannot become markup.

    >>> print(markdown(Table("t", "T", "", ("a|b", "n"), frozenset({1}), (("<i>", written(0.5)),))))
    | a\\|b | n |
    | :-- | --: |
    | \\<i\\> | 0.500 |
    <BLANKLINE>
    """
    edges = ["--:" if at in table.numbers else ":--" for at in range(len(table.header))]
    rows = [_cells(table.header, _plain), edges, *(_cells(row, _plain) for row in table.rows)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def latex(table: Table) -> str:
    r"""Write a table with the rules of booktabs; a long one breaks over pages (longtable).

    >>> print(latex(Table("t", "T", "100 %", ("a_b", "n"), frozenset({1}), (("x & y", written(0.5)),))))
    % \usepackage{booktabs}
    \begin{table}
    \caption{100 \%}
    \label{tab:t}
    \begin{tabular}{lr}
    \toprule
    a\_b & n \\
    \midrule
    x \& y & 0.500 \\
    \bottomrule
    \end{tabular}
    \end{table}
    <BLANKLINE>
    """
    columns = "".join("r" if at in table.numbers else "l" for at in range(len(table.header)))
    head, *rows = [f"{' & '.join(_cells(row, _tex))} \\\\" for row in (table.header, *table.rows)]
    caption, label = f"\\caption{{{_tex(table.caption)}}}", f"\\label{{tab:{table.name}}}"
    if len(rows) > _LONG:
        start = [
            "% \\usepackage{booktabs, longtable}",
            f"\\begin{{longtable}}{{{columns}}}",
            f"{caption} {label} \\\\",
        ]
        lines = [
            *start,
            "\\toprule",
            head,
            "\\midrule",
            "\\endhead",
            *rows,
            "\\bottomrule",
            "\\end{longtable}",
        ]
    else:
        start = [
            "% \\usepackage{booktabs}",
            "\\begin{table}",
            caption,
            label,
            f"\\begin{{tabular}}{{{columns}}}",
        ]
        ending = ["\\bottomrule", "\\end{tabular}", "\\end{table}"]
        lines = [*start, "\\toprule", head, "\\midrule", *rows, *ending]
    return "".join(f"{line}\n" for line in lines)


def _cells(row: tuple[Cell, ...], escape: Callable[[str], str]) -> list[str]:
    return [escape(text(cell)) for cell in row]


def _plain(given: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#~&!$])", r"\\\1", printable(given)) if given else ""


_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "▲": r"$\uparrow$",
    "▼": r"$\downarrow$",
    "±": r"$\pm$",
    "–": "--",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "…": r"\dots{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    **{one: f"\\{one}" for one in "&%$#_{}"},
}


def _tex(given: str) -> str:
    return "".join(_TEX.get(one, one) for one in printable(given)) if given else ""
