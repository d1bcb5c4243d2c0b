"""Everything about a comparison as files: the page, pictures, tables as data, LaTeX and Markdown."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from activeloop.comparison import Comparison
from activeloop.comparison_report.frames import frames
from activeloop.comparison_report.page import Drawn, page
from activeloop.comparison_report.table import Table, latex, markdown
from activeloop.comparison_report.tables import main_tables
from activeloop.errors import MissingDependencyError
from activeloop.first_asked import Items
from activeloop.page import replacing
from activeloop.plots import to_bytes
from activeloop.plots.compared import pictures


def render(compared: Comparison, items: Items | None = None) -> str:
    """Give the page as HTML: no script, nothing fetched, the pictures inside; equal input, equal text."""
    compared = _remembering(compared)
    return page(compared, tuple(_drawn(compared, items)), main_tables(compared))


def write(
    compared: Comparison, folder: str | Path, items: Items | None = None, parquet: bool = False
) -> tuple[Path, ...]:
    """Write a comparison into a folder, made when it is not there, and give the paths, the page first.

    `compare.html`: the answer, tables and pictures on one page. `pictures/NAME.png` and `.svg`.
    `tables/NAME.csv`, and `.parquet` where asked: every row. `tables/NAME.tex` and `.md`: the main tables.
    `items` gives what an item looks like by data set and id (an image, a text, or None) for the gallery.

    A reader never meets half a file: each is written beside its place and then moved there, the page last.
    Raises MissingDependencyError for Parquet without pyarrow, before anything is written; OSError where the
    folder cannot be written.
    """
    if parquet and find_spec("pyarrow") is None:
        raise MissingDependencyError.of("pyarrow", "parquet", "to write Parquet")
    compared, folder = _remembering(compared), Path(folder)
    for inside in ("pictures", "tables"):
        (folder / inside).mkdir(parents=True, exist_ok=True)
    tables = main_tables(compared)
    paths = [*_data(compared, folder / "tables", parquet), *_papers(tables, folder / "tables")]
    drawn = tuple(_drawn(compared, items))
    for one in drawn:
        for ending, content in (("png", one.png), ("svg", one.svg)):
            paths.append(_put(folder / "pictures" / f"{one.name}.{ending}", content))
    html = _put(folder / "compare.html", page(compared, drawn, tables).encode("utf-8", "replace"))
    return (html, *paths)


def _remembering(compared: Comparison) -> Comparison:
    """Let each score be read once: tables and pictures ask for the same curves."""
    read = functools.cache(compared.runs.read)
    return dataclasses.replace(compared, runs=dataclasses.replace(compared.runs, read=read))


def _drawn(compared: Comparison, items: Items | None) -> Iterator[Drawn]:
    for one in pictures(compared, items):
        figure = one.draw(compared)
        # The PNG first: matplotlib leaves a figure at the 72 dots an inch of an SVG.
        png, svg = to_bytes(figure, "png"), to_bytes(figure, "svg")
        yield Drawn(one.name, one.heading, one.describe(compared), svg, png)


def _data(compared: Comparison, folder: Path, parquet: bool) -> Iterator[Path]:
    for name, table in frames(compared).items():
        yield _put(folder / f"{name}.csv", table.to_csv(index=False).encode("utf-8", "replace"))
        if parquet:
            yield _put(folder / f"{name}.parquet", table.to_parquet(index=False))


def _papers(tables: tuple[Table, ...], folder: Path) -> Iterator[Path]:
    for one in tables:
        yield _put(folder / f"{one.name}.tex", latex(one).encode("utf-8", "replace"))
        yield _put(folder / f"{one.name}.md", markdown(one).encode("utf-8", "replace"))


def _put(path: Path, content: bytes) -> Path:
    with replacing(path) as file:
        file.write(content)
    return path
