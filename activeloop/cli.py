"""The command line: run, resume, report, test, list, new."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from activeloop import __version__
from activeloop.command_metrics import command as metrics_command
from activeloop.command_test import command as test_command
from activeloop.commands import EXIT_CODES, Commands, Listed
from activeloop.errors import ConfigurationError, UnknownNameError, unknown

if TYPE_CHECKING:
    from activeloop.study import Outcome, Study

F = TypeVar("F", bound=Callable[..., Any])


@click.group(cls=Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="activeloop")
def main() -> None:
    """Decide what to label next, have it labeled, and see on which slices the model got better."""


main.add_command(metrics_command)
main.add_command(test_command)


def _speaking(command: F) -> F:
    quiet = click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
    as_json = click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences."
    )
    parquet = click.option("--parquet", is_flag=True, help="Write the tables as Parquet, too.")
    return quiet(as_json(parquet(command)))


_workers = click.option(
    "--workers",
    "-w",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes that run at once.",
)
_folder = click.argument("folder", type=click.Path(path_type=Path))


@main.command(epilog=EXIT_CODES)
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="Folder for the results [default: results/NAME]."
)
@click.option("--fresh", is_flag=True, help="Forget the results that are there, and start anew.")
@_workers
@_speaking
def run(study: Path, out: Path | None, fresh: bool, workers: int, **speaking: bool) -> None:
    """Run a STUDY file (TOML): simulate labeling, log every slice, write tables and a report.

    The same command again goes on where a broken run stopped, and changes nothing when all is done.
    """
    from activeloop import study as studies

    _go(studies.opened(study, out or Path("results") / study.stem), fresh, workers, **speaking)


@main.command(epilog=EXIT_CODES)
@_folder
@_workers
@_speaking
def resume(folder: Path, workers: int, **speaking: bool) -> None:
    """Go on with the broken run whose results are in FOLDER; runs that failed are tried again."""
    from activeloop import study as studies

    _go(studies.recalled(folder), False, workers, **speaking)


@main.command(epilog=EXIT_CODES)
@_folder
@_speaking
def report(folder: Path, parquet: bool, **speaking: bool) -> None:
    """Write tables, pictures and report.html anew from the run in FOLDER, finished or not."""
    from activeloop import study as studies
    from activeloop import tables

    given = studies.recalled(folder)
    if parquet:
        tables.parquet_ready()
    _write(given, parquet)
    _say(given, [], f"wrote {folder / 'report.html'}", **speaking)


LISTED = ("strategies", "batch-rules", "metrics", "scores", "stopping-rules", "data")


@main.command("list", epilog=EXIT_CODES)
@click.argument("what", type=Listed(LISTED), required=False)
@click.option("--file", type=click.Path(path_type=Path), multiple=True, help="Metrics of this .py file, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(what: str | None, file: tuple[Path, ...], as_json: bool) -> None:
    """List strategies, metrics, scores, data sets and rules, each with one line."""
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
    from activeloop.data import datasets

    file = file if file.suffix else file.with_suffix(".toml")
    if file.exists():
        raise ConfigurationError(f"{str(file)!r} exists; name another file")
    key = "path" if Path(data_name).suffix else "name"
    if key == "name" and data_name not in datasets():
        raise UnknownNameError(unknown("data set", data_name, datasets()) + "; or the path of a CSV file")
    text = resources.files("activeloop").joinpath("new_study.toml").read_text(encoding="utf-8")
    text = text.replace("{file}", file.name).replace("{name}", _quoted(file.stem))
    file.write_text(text.replace("{data}", f"{key} = {_quoted(data_name)}"), encoding="utf-8")
    click.echo(f"wrote {file}; now: activeloop run {file}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _go(study: Study, fresh: bool, workers: int, *, parquet: bool, **speaking: bool) -> None:
    from activeloop import study as studies
    from activeloop import tables
    from activeloop.progress import following

    waiting = study.cells if fresh else studies.unfinished(study)
    if not waiting and not parquet and (study.out / "report.html").is_file():
        _say(study, [], "is complete; nothing was changed (start anew with --fresh)", **speaking)
        return
    if parquet:
        tables.parquet_ready()
    if waiting:
        studies.check(study)
        if fresh:
            studies.forget(study)
        studies.begin(study)
    silent = any(speaking.values()) or not sys.stderr.isatty()
    try:
        with following(study, silent=silent):
            outcomes = list(studies.run(study, waiting, workers))
        _write(study, parquet)
    except KeyboardInterrupt:
        click.echo(f"activeloop: broken off; go on with: activeloop resume {study.out}", err=True)
        sys.exit(130)
    _say(study, outcomes, f"done: {study.out / 'report.html'}", **speaking)
    if any(one.error for one in outcomes):
        sys.exit(1)


def _write(study: Study, parquet: bool) -> None:
    from activeloop import report as reports
    from activeloop import tables
    from activeloop.store import read

    with closing(read(study.database)) as store:
        made = tables.results(study, store)
    tables.write(made, study.out, parquet=parquet)
    reports.write(made, study.out)


def _say(study: Study, outcomes: Sequence[Outcome], words: str, *, quiet: bool, as_json: bool) -> None:
    from activeloop import study as studies

    failed = {one.cell.run: one.error for one in outcomes if one.error}
    for one in outcomes:
        if one.error:
            click.echo(f"activeloop: {one.cell.run} failed: {one.error}\n{one.details}".rstrip(), err=True)
    warned = Counter(line for one in outcomes for line in one.warned)
    if not quiet:
        for line, times in warned.items():
            click.echo(f"activeloop: warned {times} times: {line}", err=True)
    if as_json:
        told = {
            "study": study.file.study.name,
            "folder": str(study.out),
            "ran": [one.cell.run for one in outcomes],
            "failed": failed,
            "warned": warned,
            "complete": not studies.unfinished(study),
        }
        click.echo(json.dumps(told))
    elif not quiet:
        some = f"{len(failed)} of {len(study.cells)} runs failed; " if failed else ""
        click.echo(f"{study.file.study.name}: {some}{words}")
