"""The commands that run a study and show what it found: run, compare, resume, report."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from activeloop.commands import EXIT_CODES, executing

if TYPE_CHECKING:
    from activeloop.comparison import Comparison
    from activeloop.running import Outcome
    from activeloop.study import Study

F = TypeVar("F", bound=Callable[..., Any])

_study = click.argument("study", type=click.Path(path_type=Path))
_folder = click.argument("folder", type=click.Path(path_type=Path))
_out = click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="Folder for the results [default: results/NAME]."
)
_fresh = click.option("--fresh", is_flag=True, help="Forget the results that are there, and start anew.")


def _speaking(command: F) -> F:
    quiet = click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
    as_json = click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences."
    )
    parquet = click.option("--parquet", is_flag=True, help="Write the tables as Parquet, too.")
    return quiet(as_json(parquet(command)))


@click.command(epilog=EXIT_CODES)
@_study
@_out
@_fresh
@executing
@_speaking
def run(study: Path, out: Path | None, fresh: bool, **how: Any) -> None:
    """Run a STUDY file (TOML): simulate labeling, log every slice, write tables and a report.

    The same command again goes on where a broken run stopped, and changes nothing when all is done.
    """
    from activeloop import grid
    from activeloop import study as studies

    opened = studies.opened(study, out or Path("results") / study.stem)
    grid.single(opened.file)
    _go(opened, fresh, **how)


@click.command(epilog=EXIT_CODES)
@_study
@_out
@_fresh
@executing
@_speaking
def compare(study: Path, out: Path | None, fresh: bool, **how: Any) -> None:
    """Run a STUDY file (TOML), and say which strategy is better, by how much, where, and how sure one may be.

    Data sets, models, batch sizes and oracles may be lists; "random" is always among the strategies. What has
    been run already, by this command or by `run`, is not run again: add seeds or strategies, and repeat it.
    """
    from activeloop import study as studies

    _go(_comparable(studies.opened(study, out or Path("results") / study.stem)), fresh, compared=True, **how)


@click.command(epilog=EXIT_CODES)
@_folder
@executing
@_speaking
def resume(folder: Path, **how: Any) -> None:
    """Go on with the broken run or comparison in FOLDER; runs that failed are tried again."""
    given, compared = _recalled(folder)
    _go(given, False, compared=compared, **how)


@click.command(epilog=EXIT_CODES)
@_folder
@_speaking
def report(folder: Path, parquet: bool, **speaking: bool) -> None:
    """Write tables, pictures and pages anew from the runs in FOLDER, finished or not.

    Of a campaign that people label: the progress page as one file, and the scores of every round.
    """
    from activeloop import tables
    from activeloop.campaign.kept import reopened, write_report

    campaign = reopened(folder)
    if campaign is not None:
        click.echo(f"wrote {write_report(campaign, folder)}")
        return
    given, compared = _recalled(folder)
    if parquet:
        tables.parquet_ready()
    found = _write(given, parquet, compared)
    _say(given, [], f"wrote {_page(given, compared)}", found, **speaking)


def _comparable(study: Study) -> Study:
    from dataclasses import replace

    from activeloop import comparing, grid

    whole = replace(study, file=grid.with_baseline(study.file))
    comparing.check(whole)
    return whole


def _recalled(folder: Path) -> tuple[Study, bool]:
    from activeloop import study as studies

    given, compared = studies.recalled(folder), studies.was_compared(folder)
    return (_comparable(given) if compared else given), compared


def _go(
    study: Study,
    fresh: bool,
    *,
    workers: int,
    backend: str,
    scheduler: str | None,
    parquet: bool,
    compared: bool = False,
    **speaking: bool,
) -> None:
    from activeloop import backends, comparing, running, tables
    from activeloop import study as studies
    from activeloop.progress import following

    waiting = study.cells if fresh else studies.unfinished(study)
    if not waiting and not parquet and not compared and _page(study, compared).is_file():
        _say(study, [], "is complete; nothing was changed (start anew with --fresh)", None, **speaking)
        return
    if parquet:
        tables.parquet_ready()
    few = comparing.too_few(study) if compared else None
    if few and not speaking["quiet"]:
        click.echo(f"activeloop: {few}", err=True)
    if waiting:
        backends.check(backend, scheduler)
        studies.check(study)
        if fresh:
            studies.forget(study)
        studies.begin(study, compared=compared)
    silent = any(speaking.values()) or not sys.stderr.isatty()
    try:
        with following(study, silent=silent, whole=backend not in backends.LOCAL):
            outcomes = list(running.run(study, waiting, workers, backend, scheduler))
        found = _write(study, parquet, compared)
    except KeyboardInterrupt:
        click.echo(f"activeloop: broken off; go on with: activeloop resume {study.out}", err=True)
        sys.exit(130)
    _say(study, outcomes, f"done: {_page(study, compared)}", found, **speaking)
    if any(one.error for one in outcomes):
        sys.exit(1)


def _page(study: Study, compared: bool) -> Path:
    return study.out / ("compare.html" if compared else "report.html")


def _write(study: Study, parquet: bool, compared: bool) -> Comparison | None:
    """Write the comparison, where one is wanted, and the report of a study of one setting."""
    from activeloop import comparing, comparison_report, grid, tables
    from activeloop import report as reports
    from activeloop.store import read

    found = comparing.compared(study) if compared else None
    if len(grid.axes(study.file).settings) == 1:
        with closing(read(study.database)) as store:
            made = tables.results(study, store)
        tables.write(made, study.out, parquet=parquet)
        reports.write(made, study.out)
    if found is not None:
        comparison_report.write(found, study.out, items=comparing.items(study), parquet=parquet)
    return found


def _say(
    study: Study,
    outcomes: Sequence[Outcome],
    words: str,
    found: Comparison | None,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    from activeloop import comparison_report
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
        if found is not None:
            told |= {
                "against": json.loads(found.against.to_json(orient="records")),
                "warnings": found.warnings,
            }
        click.echo(json.dumps(told))
    elif not quiet:
        if found is not None:
            click.echo(comparison_report.text(found))
        some = f"{len(failed)} of {len(study.cells)} runs failed; " if failed else ""
        click.echo(f"{study.file.study.name}: {some}{words}")
