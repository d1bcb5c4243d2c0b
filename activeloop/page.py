"""What all pages share: templates that escape, one palette, files that are never half written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

import jinja2


def templates(package: str) -> jinja2.Environment:
    """Give the templates of a package, which escape by default; the palette `page.css` is at hand in each.

    >>> templates("activeloop").from_string("{{ name }}").render(name="<b>")
    '&lt;b&gt;'
    """
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(
            lambda name: text_of("activeloop" if name == "page.css" else package, name)
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def text_of(package: str, name: str) -> str:
    """Read a text file that is shipped with a package.

    >>> "--ink" in text_of("activeloop", "page.css")
    True
    """
    return files(package).joinpath(name).read_text("utf-8")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside `path` that takes its place at the end; after a failure nothing has changed.

    A reader never meets half a file. Raises OSError where the folder cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            yield file
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
