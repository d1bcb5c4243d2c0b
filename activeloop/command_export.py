"""The command `export`: the history of a study for MLflow, Weights & Biases or TensorBoard."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import click

from activeloop.commands import EXIT_CODES, Listed

TRACKERS = ("mlflow", "wandb", "tensorboard")


@click.command("export", epilog=EXIT_CODES)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--to", type=Listed("tracker", TRACKERS), required=True, help="The tracker.")
@click.option("--where", help="Folder, or for MLflow the URI of a server [default: FOLDER/TRACKER].")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
def command(folder: Path, to: str, where: str | None, quiet: bool, as_json: bool) -> None:
    """Write the history of the study in FOLDER, finished or not, to a tracker of experiments.

    A run a strategy and seed; exported again, it replaces what was exported before. Nothing goes over a
    network unless --where names a server.
    """
    from activeloop import grid, tables
    from activeloop import study as studies
    from activeloop.store import read
    from activeloop.trackers import export

    study = studies.recalled(folder)
    with closing(read(study.database)) as store:
        made = [tables.results(study, store, one) for one in grid.axes(study.file).settings]
    parts = [export(one, to, where or folder / to) for one in made]
    done = parts[0]._replace(runs=sum(one.runs for one in parts))
    if as_json:
        click.echo(json.dumps(done._asdict()))
    elif not quiet:
        click.echo(f"{study.file.study.name}: {done.runs} runs are in {to}; now: {done.command}")
