"""One page that answers a study's question: it opens anywhere, without a network or a script."""

from __future__ import annotations

import base64
from collections import Counter
from typing import NamedTuple

from activeloop.comparison import Comparison
from activeloop.comparison_report.sentences import answer, cautions
from activeloop.comparison_report.table import Number, Table
from activeloop.page import templates
from activeloop.plots import Description
from activeloop.wording import count, printable, short

_LARGE = 300_000
"""Bytes of SVG above which the page carries the PNG instead."""
ROWS = 500
"""Rows that a table of the page has at most; the files have all."""
_NAME = 200


class Drawn(NamedTuple):
    """A picture as it is written: its name, heading, words and bytes."""

    name: str
    heading: str
    description: Description
    svg: bytes
    png: bytes

    @property
    def source(self) -> str:
        """The picture as an address that holds all of it."""
        kind, image = ("svg+xml", self.svg) if len(self.svg) <= _LARGE else ("png", self.png)
        return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"


class Shown(NamedTuple):
    """A table as the page shows it; `left` rows are in the file alone."""

    table: Table
    rows: tuple[tuple[Number | str, ...], ...]
    left: int


def page(compared: Comparison, pictures: tuple[Drawn, ...], tables: tuple[Table, ...]) -> str:
    """Give the page as HTML."""
    environment = templates("activeloop")
    environment.filters.update(count=count, name=lambda given: short(given, _NAME) if given else "")
    environment.tests["number"] = lambda given: isinstance(given, Number)
    runs = compared.runs
    return environment.get_template("compare.html").render(
        title=printable(short(runs.name, _NAME)),
        question=runs.question,
        sentences=answer(compared),
        cautions=cautions(compared),
        tables=[Shown(one, one.rows[:ROWS], max(0, len(one.rows) - ROWS)) for one in tables],
        pictures=pictures,
        overview=_overview(compared),
        unwell=[run for run in runs.runs if run.status != "complete"][:ROWS],
        statuses=sorted(Counter(run.status for run in runs.runs).items()),
    )


def _overview(compared: Comparison) -> str:
    runs = compared.runs
    seeds = len({run.seed for run in runs.runs})
    parts = [count(len(runs.data), "data set"), count(len(runs.settings), "setting")]
    parts += [count(len(runs.strategies), "strategy"), count(seeds, "seed"), count(len(runs.runs), "run")]
    return ", ".join(parts)
