"""Hand the runs of a study to a tracker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from activeloop.errors import UnknownNameError, unknown
from activeloop.results import Results
from activeloop.trackers.mlflow import to_mlflow
from activeloop.trackers.tensorboard import to_tensorboard
from activeloop.trackers.track import Track, tracks
from activeloop.trackers.wandb import to_wandb

Tracker: TypeAlias = Callable[[Sequence[Track], str], str]
"""Writes runs to a folder or server, and gives the command that shows or sends them."""

TRACKERS: dict[str, Tracker] = {"mlflow": to_mlflow, "wandb": to_wandb, "tensorboard": to_tensorboard}


class Exported(NamedTuple):
    """How many runs a tracker was given, and the command that shows or sends them."""

    runs: int
    command: str


def export(made: Results, to: str, where: str | Path) -> Exported:
    """Write every run of a study to a tracker: "mlflow", "wandb" or "tensorboard".

    made : `tables.results(study, store)`, of a study that is finished or not. where : a folder, or for MLflow
    also the URI of a server or database; nothing goes over a network unless a server is named.

    A run a strategy and seed. The step is the number of labels, a value is called "slice/score" in letters
    that every tracker takes, parameters are what tells runs apart, and test-cases are told as they ended.
    Exported again, a run takes the place of what it was before: nothing is there twice.

    Raises UnknownNameError for another tracker, MissingDependencyError where its package (the extra of the
    same name) is not installed, and what the tracker raises.
    """
    if to not in TRACKERS:
        raise UnknownNameError(unknown("tracker", to, TRACKERS))
    found = tracks(made)
    return Exported(len(found), TRACKERS[to](found, str(where)))
