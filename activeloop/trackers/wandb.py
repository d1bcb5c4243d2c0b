"""Runs to Weights & Biases, always offline: `wandb sync` sends them once somebody wants it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from activeloop.errors import ConfigurationError
from activeloop.trackers.package import package
from activeloop.trackers.track import Track, safe


def to_wandb(tracks: Sequence[Track], where: str) -> str:
    """Write offline runs into a folder; give the command that sends them.

    Nothing is sent, whatever the environment says. A run that was exported to this folder before is
    replaced; it keeps its id, and so it is the same run wherever it is sent to.

    Raises ConfigurationError for a server in place of a folder.
    """
    if "://" in where:
        raise ConfigurationError(
            f"{where!r}: runs go to a folder; then send them with: wandb sync FOLDER/wandb/*"
        )
    wandb = package("wandb", "wandb", ("WANDB_ERROR_REPORTING", "false"))
    folder = Path(where).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for one in tracks:
        for before in folder.glob(f"wandb/offline-run-*-{one.key}"):
            shutil.rmtree(before)
        run = wandb.init(
            project=safe(one.study),
            name=one.name,
            id=one.key,
            config=dict(one.parameters),
            mode="offline",
            reinit="create_new",
            settings=wandb.Settings(
                root_dir=str(folder),
                silent=True,
                console="off",
                disable_code=True,
                disable_git=True,
                x_disable_machine_info=True,
                x_disable_meta=True,
                x_disable_stats=True,
                x_save_requirements=False,
            ),
        )
        for step, values in groupby(one.values, key=lambda value: value.step):
            run.log({value.name: value.value for value in values}, step=step)
        run.summary.update({f"case/{name}": outcome for name, outcome in one.verdicts})
        run.summary.update({"status": one.status, "reason": one.reason})
        run.finish(exit_code=int(one.status == "failed"))
    return f"wandb sync {folder / 'wandb'}/offline-run-*"
