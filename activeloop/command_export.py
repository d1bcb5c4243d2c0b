"""The command `export`: labels and model of a run, or the history of a study, for other tools."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from activeloop.commands import EXIT_CODES, Listed
from activeloop.data_options import NAMES, data_options, to_label

if TYPE_CHECKING:
    from activeloop.trackers.export import Exported

TRACKERS = ("mlflow", "wandb", "tensorboard")
FORMATS = ("csv", "parquet", "jsonl", "huggingface", "label-studio", "coco", "model")
_ROWS = ("labeled", "answered", "all")
_OF_LABELS = ("out", "run", "rows", "data", "model", *NAMES)


@click.command("export", epilog=EXIT_CODES)
@click.argument("folder")
@click.option("--to", type=Listed("format", FORMATS + TRACKERS), required=True, metavar="FORMAT")
@click.option("--out", type=click.Path(path_type=Path), help="Where to [default: beside the run].")
@click.option("--rows", type=Listed("choice of rows", _ROWS), help="Which items [default: answered].")
@click.option("--run", help="Of the runs in a store [default: the only one].")
@click.option("--data", metavar="PATH", help="What was labeled [default: as the run remembers it].")
@data_options
@click.option(
    "--model", metavar="NAME", help="package.module:attribute [default: the one built for the data]."
)
@click.option(
    "--where", help="Folder of a tracker, or for MLflow the URI of a server [default: FOLDER/TRACKER]."
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
def command(folder: str, to: str, where: str | None, quiet: bool, as_json: bool, **said: Any) -> None:
    """Write what was labeled in the run in FOLDER, or the history of the study there, for other tools.

    \b
    Labels: csv parquet jsonl huggingface label-studio coco
    The model with its card: model (skops)
    The history of a study: mlflow wandb tensorboard

    FOLDER is a run's store (a file or a URL), or a folder that holds it. A file that was there is replaced,
    whole or not at all; nothing goes over a network unless --where names a server. In CSV a text that a
    spreadsheet would run as a formula gets an apostrophe before it.
    """
    if to in TRACKERS:
        _refuse(said, _OF_LABELS, to)
        sentence, told = _history(Path(folder), to, where)
    else:
        _refuse({"where": where}, ("where",), to)
        sentence, told = _labels(folder, to, said)
    if as_json:
        click.echo(json.dumps(told))
    elif not quiet:
        click.echo(sentence)


def _refuse(said: dict[str, Any], names: tuple[str, ...], to: str) -> None:
    for name in names:
        if said.get(name):
            raise click.UsageError(f"--{name} says nothing of an export to {to}; leave it out")


def _history(folder: Path, to: str, where: str | None) -> tuple[str, dict[str, Any]]:
    """Hand the study in a folder to a tracker."""
    from activeloop import grid, tables
    from activeloop import study as studies
    from activeloop.store import read
    from activeloop.trackers import export

    study = studies.recalled(folder)
    with closing(read(study.database)) as store:
        made = [tables.results(study, store, one) for one in grid.axes(study.file).settings]
    parts = [export(one, to, where or folder / to) for one in made]
    done: Exported = parts[0]._replace(runs=sum(one.runs for one in parts))
    return f"{study.file.study.name}: {done.runs} runs are in {to}; now: {done.command}", done._asdict()


def _labels(place: str, to: str, said: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Write the labels of a run, or its model."""
    from activeloop import exporting
    from activeloop.campaign.kept import known_setup, last_audited, reopened
    from activeloop.consensus.named import CONSENSUS
    from activeloop.exports import FORMATS, export
    from activeloop.names import resolve
    from activeloop.sql_store import is_url

    if said["data"] is None and (named := next((name for name in NAMES if said.get(name)), None)):
        raise click.UsageError(f"--{named} says what is in the data; name them with --data")
    given = to_label(said["data"], said) if said["data"] else None
    beside = Path() if is_url(place) else Path(place) if Path(place).is_dir() else Path(place).parent
    kept = known_setup(beside, place if is_url(place) or Path(place).is_file() else None)
    consensus = resolve("consensus", kept.consensus if kept else "majority", CONSENSUS)
    one = exporting.stored(place, said["run"], given, consensus)
    name = one.labeled.data.name
    if to == "model":
        out = said["out"] or beside / "model"
        campaign = reopened(beside) if Path(place).is_dir() else None
        word = said["model"] or (campaign.setup.model if campaign else "")
        found = resolve("model", word, {}) if word else None
        model = found() if isinstance(found, type) else found
        card = exporting.export_model(one, out, model, last_audited(campaign) if campaign else None)
        sentence = (
            f"{name}: the model that learned {card.n_learned} labels is in {out}; its card is README.md there"
        )
        return sentence, {"to": to, "out": str(out), "n_learned": card.n_learned, "trusted": card.types}
    labeled = one.labeled.only(said["rows"] or "answered")
    out = export(labeled, to, said["out"] or beside / FORMATS[to].name)
    n = sum(row.outcome == "label" for row in labeled.rows)
    changed = "; the data have changed since the run began" if one.changed else ""
    told = {"to": to, "out": str(out), "rows": len(labeled.rows), "labels": n, "changed": one.changed}
    return f"{name}: {len(labeled.rows)} items, {n} with a label, are in {out}{changed}", told
