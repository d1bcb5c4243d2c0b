"""The options of a command that say what is labeled: which file, and what its columns are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from activeloop.data.to_label import ToLabel

F = TypeVar("F", bound=Callable[..., Any])

NAMES = ("text", "classes", "label", "id", "time", "metadata", "sheet", "labels")


def data_options(command: F) -> F:
    """Give a command the options of `ToLabel`; `to_label` makes one of what was said."""
    options = (
        click.option(
            "--text", metavar="COLUMN", help="The column with the texts; without it the items are rows."
        ),
        click.option("--classes", metavar="A,B,...", help="What a label may be, separated by commas."),
        click.option(
            "--label", metavar="COLUMN", help='Labels that are known; of images "folder", their subfolders.'
        ),
        click.option("--id", metavar="COLUMN", help="Unique ids [default: id, or made of the content]."),
        click.option("--time", metavar="COLUMN", help="Dates; they describe items, and no model sees them."),
        click.option(
            "--metadata", metavar="COLUMN", multiple=True, help="Another column that no model sees."
        ),
        click.option("--sheet", help="Of a workbook [default: its first]."),
        click.option(
            "--labels", metavar="FILE", help="Labels that exist already, by id (also Label Studio)."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def to_label(path: str, said: Mapping[str, Any]) -> ToLabel:
    """Give what is to be labeled; a comma within a class is written twice.

    >>> to_label("a.csv", {"classes": "good, bad,,worse"}).classes
    ('good', 'bad,worse')
    """
    from activeloop.data.to_label import ToLabel

    given = {name: said[name] for name in NAMES if said.get(name)}
    if "classes" in given:
        split = str(given["classes"]).replace(",,", "\0").split(",")
        given["classes"] = tuple(one.strip().replace("\0", ",") for one in split)
    return ToLabel(path, **given)
