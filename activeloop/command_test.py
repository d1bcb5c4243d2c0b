"""The command `test`: model test-cases, judged for people and for CI."""

from __future__ import annotations

import sys
from pathlib import Path

import click

TEST_EXIT_CODES = """
\b
Exit codes:
  0    every test-case passes (those of severity "warn" left aside)
  1    a test-case fails; with --strict also one that is inconclusive or insufficient
  2    the input cannot be used; nothing was judged
  3    none fails, but one is inconclusive or insufficient: too little is known
"""

_COLORS = {"pass": "green", "fail": "red", "inconclusive": "yellow", "insufficient": "yellow"}


@click.command("test", epilog=TEST_EXIT_CODES)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a test-case, a line each.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML to this file, too.")
@click.option("--strict", is_flag=True, help="What is inconclusive or insufficient fails.")
@click.option(
    "--freeze",
    is_flag=True,
    help="Keep the slices as they are today in FILE.slices.json; runs that follow use it.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def command(file: Path, as_json: bool, junit: Path | None, strict: bool, freeze: bool, quiet: bool) -> None:
    """Judge the test-cases of FILE (TOML), or of the finished run in a folder."""
    from activeloop import junit as documents
    from activeloop import verdict_table
    from activeloop.tested import suites

    found = suites(file, freeze=freeze)
    if junit is not None:
        junit.parent.mkdir(parents=True, exist_ok=True)
        junit.write_bytes(documents.document(found, strict=strict))
    for suite in found:
        if as_json:
            for one in suite.verdicts:
                click.echo(verdict_table.json_line(suite.name, one))
        elif not quiet:
            title = "" if len(found) == 1 else click.style(suite.name, bold=True) + "\n"
            click.echo(title + verdict_table.table(suite.verdicts, _painted))
            click.echo(verdict_table.counts(suite.verdicts))
    outcomes = {one.outcome for suite in found for one in suite.verdicts if one.severity == "fail"}
    unknown = bool(outcomes & {"inconclusive", "insufficient"})
    sys.exit(1 if "fail" in outcomes or (strict and unknown) else 3 if unknown else 0)


def _painted(text: str, outcome: str) -> str:
    return click.style(text, fg=_COLORS[outcome])
