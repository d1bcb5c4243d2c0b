"""The command line: run, compare, label, resume, report, export, metrics, test, list, new."""

from __future__ import annotations

import json
from pathlib import Path

import click

from activeloop import __version__
from activeloop.command_export import command as export_command
from activeloop.command_label import command as label_command
from activeloop.command_metrics import command as metrics_command
from activeloop.command_study import compare, report, resume, run
from activeloop.command_test import command as test_command
from activeloop.commands import EXIT_CODES, Commands, Listed


@click.group(cls=Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="activeloop")
def main() -> None:
    """Decide what to label next, have it labeled, and see on which slices the model got better."""


for command in (run, compare, label_command, resume, report, export_command, metrics_command, test_command):
    main.add_command(command)


LISTED = (
    "strategies",
    "batch-rules",
    "metrics",
    "scores",
    "measures",
    "stopping-rules",
    "data",
    "consensus",
    "closing-policies",
)


@main.command("list", epilog=EXIT_CODES)
@click.argument("what", type=Listed("list", LISTED), required=False)
@click.option("--file", type=click.Path(path_type=Path), multiple=True, help="Metrics of this .py file, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(what: str | None, file: tuple[Path, ...], as_json: bool) -> None:
    """List strategies, metrics, scores, measures of a run, data sets and rules, each with one line."""
    from activeloop.catalog import catalog, metrics_in

    found = {name: catalog(name) for name in ([what] if what else LISTED)}
    for path in file if "metrics" in found else ():
        found["metrics"] |= metrics_in(path)
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for name, lines in found.items():
        click.echo(click.style(name, bold=True))
        width = max(map(len, lines), default=0)
        for one, line in lines.items():
            click.echo(f"  {one:<{width}}  {line}")


@main.command(epilog=EXIT_CODES)
@click.argument("file", type=click.Path(path_type=Path), default=Path("study.toml"))
@click.option(
    "--data", "data_name", default="digits", show_default=True, help="A data set's name, or a CSV file."
)
def new(file: Path, data_name: str) -> None:
    """Write a commented study FILE to start from."""
    from activeloop.templates import new_study

    made = new_study(file, data_name)
    click.echo(f"wrote {made}; now: activeloop run {made}")
