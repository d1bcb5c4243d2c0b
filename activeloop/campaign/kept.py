"""A campaign found again in its folder, and what it leaves there to be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from activeloop.campaign.campaign import Campaign
from activeloop.campaign.honest import audit_history, by_chosen
from activeloop.campaign.setup import KEPT, Setup
from activeloop.campaign.standing import standing
from activeloop.history import Round
from activeloop.progress_page import write
from activeloop.store import open_store

PAGE, TABLE, CHOSEN = "progress.html", "history.csv", "chosen.csv"


def known_setup(folder: Path, store: str | None = None) -> Setup | None:
    """Give the setup of the campaign in a folder, or at a URL; None where there is no campaign."""
    if store is None and not (folder / "run.db").is_file():
        return None
    kept: Any = open_store(store or folder / "run.db")
    try:
        text = kept.recall(KEPT)
    finally:
        kept.close()
    return None if text is None else Setup.from_json(text)


def reopened(folder: Path, store: str | None = None) -> Campaign | None:
    """Open the campaign in a folder, where it is; None where there is none."""
    setup = known_setup(folder, store)
    return None if setup is None else Campaign(setup, store or folder / "run.db", folder)


def last_audited(campaign: Campaign) -> Round | None:
    """Give the newest round with its scores on all audit labels; None where there is none yet."""
    found = audit_history(campaign, campaign.people.annotations())
    return None if found is None else found.last


def write_report(campaign: Campaign, folder: Path) -> Path:
    """Write the progress page as one file, and as tables the scores of every round.

    Those in history.csv are on all audit labels, those in chosen.csv by what was chosen next, weighted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write(standing(campaign, campaign.data.name), folder / PAGE)
    audited = audit_history(campaign, campaign.people.annotations())
    (audited or campaign.loop.history).to_frame().to_csv(folder / TABLE, index=False)
    by_chosen(campaign).to_frame().to_csv(folder / CHOSEN, index=False)
    return folder / PAGE
