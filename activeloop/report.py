"""One page that tells what a study found: it opens anywhere, without a network."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import NamedTuple

import jinja2
from matplotlib.figure import Figure

from activeloop.final_scores import final_scores
from activeloop.findings import comparisons, summary
from activeloop.page import replacing, templates
from activeloop.plots import PICTURES, Description, Format, to_bytes
from activeloop.results import Results
from activeloop.verdict_table import SIGNS
from activeloop.verdicts_by_run import verdicts_by_run
from activeloop.wording import count, interval, number, printable, printable_lines

_LARGE = 400_000
"""Bytes of SVG above which the page carries the PNG instead."""


class Drawn(NamedTuple):
    """A picture as the page shows it; `width` in CSS pixels."""

    name: str
    heading: str
    description: Description
    source: str
    width: int


def render(results: Results) -> str:
    """Give the page as HTML: no script, nothing fetched, the pictures inside; equal results, equal text."""
    return _page(results, {picture.name: picture.draw(results) for picture in PICTURES})


def write(results: Results, folder: str | Path) -> tuple[Path, ...]:
    """Write `report.html`, and each picture as PNG and SVG into `pictures/`; give the paths, the page first.

    A reader never meets half a file: each is written beside its place and then moved there, the page last.
    """
    folder = Path(folder)
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    figures = {picture.name: picture.draw(results) for picture in PICTURES}
    formats: tuple[Format, ...] = ("png", "svg")
    paths = [
        _replace(folder / "pictures" / f"{name}.{format}", to_bytes(figure, format))
        for name, figure in figures.items()
        for format in formats
    ]
    page = _replace(folder / "report.html", _page(results, figures).encode("utf-8", "replace"))
    return (page, *paths)


def _page(results: Results, figures: dict[str, Figure]) -> str:
    drawn = [
        Drawn(
            picture.name,
            picture.heading,
            picture.describe(results),
            _source(figures[picture.name]),
            round(96 * figures[picture.name].get_size_inches()[0]),
        )
        for picture in PICTURES
    ]
    return (
        _environment()
        .get_template("report.html")
        .render(
            results=results,
            summary=summary(results),
            comparisons=comparisons(results),
            tables=final_scores(results),
            cases=verdicts_by_run(results),
            signs=SIGNS,
            runs=list(results.runs.itertuples(index=False)),
            pictures=drawn,
        )
    )


def _source(figure: Figure) -> str:
    svg = to_bytes(figure, "svg")
    kind, image = ("svg+xml", svg) if len(svg) <= _LARGE else ("png", to_bytes(figure, "png"))
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"


def _environment() -> jinja2.Environment:
    environment = templates("activeloop")
    environment.filters.update(
        count=count,
        interval=lambda ends: interval(*ends),
        lines=printable_lines,
        number=number,
        name=printable,
    )
    return environment


def _replace(path: Path, content: bytes) -> Path:
    with replacing(path) as file:
        file.write(content)
    return path
