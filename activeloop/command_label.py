"""The command `label`: people label what a file or a folder holds, on a page, in a terminal, or elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from activeloop.data_options import NAMES, data_options, to_label
from activeloop.errors import ConfigurationError, StoreError

if TYPE_CHECKING:
    from activeloop.campaign import Setup

F = TypeVar("F", bound=Callable[..., Any])

LABEL_EXIT_CODES = """
\b
Exit codes:
  0    done for now; the same command goes on, and nothing that was saved is lost
  2    the input cannot be used; nothing was changed
"""

_OF_SETUP = (
    "strategy", "batch_rule", "model", "batch", "reserve", "close", "audit", "budget",
    "needed", "overlap", "consensus", "relabel", "reveal", "seed",
)  # fmt: skip
_PATH = click.Path(path_type=Path)


def _campaign_options(command: F) -> F:
    options = (
        click.option("--strategy", help="What to ask next [default: margin]."),
        click.option("--batch-rule", help="How a batch is picked, as power [default: the strategy's]."),
        click.option("--model", metavar="NAME", help="package.module:attribute [default: for the data]."),
        click.option("--batch", type=int, help="Labels that close a round [default: 10]."),
        click.option("--reserve", type=int, help="Asks beyond them, for while it trains [default: 10]."),
        click.option("--close", help='When a round closes: batch, all, "labels 20", "quorum 0.8", ...'),
        click.option("--audit", type=float, help="Share of random items, never learned [default: 0.15]."),
        click.option("--budget", type=int, help="Labels after which to stop [default: none]."),
        click.option("--needed", type=int, help="People asked about one item [default: 1]."),
        click.option("--overlap", type=float, help="Share of the items that so many are asked about."),
        click.option("--relabel", type=float, help="Share of a batch for second opinions [default: 0]."),
        click.option("--consensus", help="majority, dawid_skene, unanimous, first, or file.py:function."),
        click.option("--reveal", help="Show the prediction: never, after, before [default: never]."),
        click.option("--guidelines", type=_PATH, help="A text file that people can read while they label."),
        click.option("--seed", type=int, help="Of every random choice [default: 0]."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _door_options(command: F) -> F:
    options = (
        click.option("--terminal", is_flag=True, help="Label in this terminal instead of a page."),
        click.option("--files", metavar="FOLDER", help="Batches and answers are files in this folder."),
        click.option("--label-studio", metavar="URL", help="In Label Studio; token: LABEL_STUDIO_TOKEN."),
        click.option("--chat", metavar="URL", help="A hosted model labels; key: OPENAI_API_KEY."),
        click.option("--chat-model", metavar="NAME", help="Its name at --chat."),
        click.option("--chat-prices", type=(float, float), help="Of a million tokens, in and out."),
        click.option("--chat-budget", type=float, help="What it may cost at most, by these prices."),
        click.option("--chat-key", metavar="VARIABLE", help="Holds its key [default: OPENAI_API_KEY]."),
        click.option("--annotator", metavar="NAME", help="Who is at the terminal [default: your account]."),
        click.option("--invite", metavar="NAME", multiple=True, help="Print a link for another; repeatable."),
        click.option("--reviewer", metavar="NAME", multiple=True, help="The same, who may settle disputes."),
        click.option("--host", default="127.0.0.1", show_default=True, help="Where the page is served."),
        click.option("--port", type=int, default=0, help="[default: a free one]"),
        click.option("--public", default="", metavar="URL", help="The address that people type."),
        click.option("--certificate", type=_PATH, help="For other hosts: a TLS certificate, with --key."),
        click.option("--key", type=_PATH, help="The key of the certificate."),
        click.option("--behind-proxy", is_flag=True, help="A proxy in front has the certificate."),
        click.option("--open/--no-open", "open_", default=True, help="Open the page in a browser."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("label", epilog=LABEL_EXIT_CODES)
@click.argument("data", required=False)
@data_options
@_campaign_options
@_door_options
@click.option("--out", "-o", type=_PATH, help="Folder of the campaign [default: results/NAME-labels].")
@click.option("--store", metavar="URL", help="PostgreSQL, for a team [default: run.db in the folder].")
@click.option("--quiet", "-q", is_flag=True, help="Print the links and errors only.")
def command(data: str | None, out: Path | None, store: str | None, quiet: bool, **said: Any) -> None:
    """Let people label DATA: a .csv, .tsv, .parquet, .jsonl or .xlsx file, or a folder of images.

    A page opens; one key labels and goes on. The model learns behind, and decides what is worth asking next.
    A share of the items is drawn at random and never learned: by these the scores are honest. Ctrl-C ends;
    the same command, or only --out FOLDER, goes on. `activeloop export FOLDER --to csv` gives the labels.
    """
    from activeloop.campaign import Campaign, doors

    door = _door(said)
    folder = _folder(data, out)
    setup = _setup(data, folder, store, said)
    campaign = Campaign(setup, store or folder / "run.db", folder, doors.oracle(door, said, folder))
    if not quiet:
        for note in (f"{len(campaign.data)} items", *campaign.notes):
            click.echo(note)
    if door == "terminal":
        doors.in_terminal(campaign, said["annotator"])
    elif door is None:
        doors.on_page(campaign, said, quiet)
    else:
        doors.elsewhere(campaign, quiet)
    counts = campaign.people.counts() if door in (None, "terminal") else None
    told = f"{counts.told} answers are saved in {folder}" if counts else f"answers are saved in {folder}"
    click.echo(f"{told}; go on: activeloop label --out {folder}; labels: activeloop export {folder} --to csv")


def _door(said: dict[str, Any]) -> str | None:
    from activeloop.campaign.doors import DOORS

    given = [name for name in DOORS if said[name]]
    if len(given) > 1:
        words = " and ".join("--" + name.replace("_", "-") for name in given)
        raise click.UsageError(f"{words} are two doors; give one")
    if bool(said["chat"]) != bool(said["chat_model"]):
        raise click.UsageError("--chat and --chat-model go together")
    return given[0] if given else None


def _folder(data: str | None, out: Path | None) -> Path:
    if out is not None:
        return out
    if data is None:
        raise click.UsageError("name the DATA to label, or with --out the folder of a campaign to go on with")
    return Path("results") / f"{Path(data).resolve().name.split('.')[0]}-labels"


def _setup(data: str | None, folder: Path, store: str | None, said: dict[str, Any]) -> Setup:
    """Make the setup of what was said; what was not said is as the campaign has it already."""
    from activeloop.campaign import Setup
    from activeloop.campaign.kept import known_setup
    from activeloop.data.to_label import ToLabel

    known = known_setup(folder, store)
    given = {name: said[name] for name in _OF_SETUP if said[name] is not None}
    if said["guidelines"] is not None:
        given["guidelines"] = _text(said["guidelines"])
    if known is not None:
        if data is not None:
            columns = to_label(data, said)
            given["data"] = ToLabel.from_json(columns.to_json())
            unsaid = {one: getattr(known.data, one) for one in NAMES if not said.get(one)}
            given["data"] = replace(given["data"], **unsaid)
        return replace(known, **given)
    if data is None:
        raise StoreError(f"there is no campaign in {folder}; name the DATA to label")
    return Setup(to_label(data, said), **given)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is no text in UTF-8: {error}") from error
