"""The doors of a campaign: a page, this terminal, a folder of files, Label Studio, a hosted model."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from activeloop.campaign.campaign import Campaign
from activeloop.campaign.driving import driven
from activeloop.errors import ConfigurationError, StoreError

DOORS = ("terminal", "files", "label_studio", "chat")


def oracle(door: str | None, said: Mapping[str, Any], folder: Path) -> Callable[[Campaign], Any] | None:
    """Give what makes the door of a campaign; None for People themselves: the page and the terminal."""
    if door == "files":
        return lambda campaign: _files(campaign, said["files"])
    if door == "chat":
        return lambda campaign: _chat(campaign, said["chat"], said["chat_model"], _of_chat(said))
    if door == "label_studio":
        return lambda campaign: _label_studio(campaign, said["label_studio"], folder)
    return None


def _of_chat(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was said of a hosted model: prices, a budget, where its key is."""
    from activeloop.doors import Prices

    given: dict[str, Any] = {}
    if said["chat_prices"]:
        given["prices"] = Prices(*said["chat_prices"])
    if said["chat_budget"] is not None:
        given["budget"] = said["chat_budget"]
    if said["chat_key"] is not None:
        given["key_variable"] = said["chat_key"]
    return given


def _files(campaign: Campaign, folder: str) -> Any:
    from activeloop.doors.files import Files

    return Files(folder, store=campaign.store, report=_complain)


def _chat(campaign: Campaign, url: str, model: str, options: Mapping[str, Any]) -> Any:
    from activeloop.doors.chat import Chat

    return Chat(
        url,
        model,
        guidelines=campaign.setup.guidelines,
        seed=campaign.setup.seed,
        store=campaign.store,
        report=_complain,
        wait=False,
        **options,
    )


def _label_studio(campaign: Campaign, url: str, folder: Path) -> Any:
    from activeloop.label_studio import LabelStudio

    token = os.environ.get("LABEL_STUDIO_TOKEN")
    if not token:
        raise ConfigurationError("give the token of a Label Studio user in the variable LABEL_STUDIO_TOKEN")
    return LabelStudio(
        url,
        token,
        run=f"activeloop {folder.resolve().name}",
        kind="row" if campaign.modality == "table" else campaign.modality,
        needed=campaign.setup.needed,
        guidelines=campaign.setup.guidelines,
        report=_complain,
    )


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _complain(error: Exception) -> None:
    _say(str(error))


def in_terminal(campaign: Campaign, annotator: str | None) -> None:
    """Label here, item after item, while the model trains behind."""
    from activeloop.doors.terminal import Terminal

    terminal = Terminal(
        campaign.people,
        annotator=annotator or "",
        guidelines=campaign.setup.guidelines,
        item=campaign.item,
    )
    with driven(campaign) as driver:

        def more() -> bool:
            time.sleep(0.1)
            return driver.running

        terminal.label(more)
    _told(driver.failed)


def on_page(campaign: Campaign, said: Mapping[str, Any], quiet: bool) -> None:
    """Serve the page until Ctrl-C; the links that let people in are printed."""
    from activeloop.campaign.standing import desk, standing
    from activeloop.label.annotators import Annotators
    from activeloop.label.place import Place
    from activeloop.label.server import Server
    from activeloop.progress_page import routes

    title = campaign.data.name
    place = Place(
        said["host"], said["port"], said["public"], said["certificate"], said["key"], said["behind_proxy"]
    )
    rooms = {"/progress": routes(lambda: standing(campaign, title))}
    server = Server(desk(campaign, title), Annotators(campaign.store, "run"), place, rooms=rooms)
    with driven(campaign, _say) as driver, server:
        link = server.invite("owner", "owner")
        click.echo(f"label here: {link}")
        for name in said["invite"]:
            click.echo(f"link for {name}: {server.invite(name)}")
        for name in said["reviewer"]:
            click.echo(f"link for {name}, who may settle disputes: {server.invite(name, 'reviewer')}")
        if not quiet:
            click.echo("each link lets one person in, once; Ctrl-C ends")
        if said["open_"]:
            click.launch(link)
        try:
            server.wait()
        except KeyboardInterrupt:
            click.echo("")
    _told(driver.failed)


def elsewhere(campaign: Campaign, quiet: bool) -> None:
    """Drive in the foreground: the people are elsewhere."""
    with driven(campaign, _say) as driver:
        try:
            seen = 0
            while driver.running:
                driver.wait(0.5)
                rounds = campaign.loop.history.rounds
                for one in rounds[seen:] if not quiet else ():
                    click.echo(f"round {one.number}: {one.n_labeled} labels")
                seen = len(rounds)
        except KeyboardInterrupt:
            click.echo("")
    _told(driver.failed)


def _told(failed: str) -> None:
    if failed:
        raise StoreError(failed)
