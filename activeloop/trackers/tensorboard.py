"""Runs to TensorBoard: a folder a run, a scalar a score and slice, parameters for its HPARAMS page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from activeloop.trackers.package import package
from activeloop.trackers.track import Track, distinct, safe

ENDING = ".activeloop"


def to_tensorboard(tracks: Sequence[Track], where: str) -> str:
    """Write runs into folders STUDY/RUN of a folder; give the command that shows them.

    The step is the number of labels; TensorBoard keeps 32 bits of each value. A run that was exported to
    this folder before is replaced.
    """
    board = package("tensorboardX", "tensorboard")
    folder = Path(where).resolve()
    names = distinct((one.key, f"{safe(one.study)}/{safe(one.name)}") for one in tracks)
    for one in tracks:
        place = folder / names[one.key]
        for before in place.glob(f"events.out.tfevents.*{ENDING}"):
            before.unlink()
        with board.SummaryWriter(str(place), filename_suffix=ENDING) as writer:
            for step, name, value in one.values:
                writer.add_scalar(name, value, step)
            last = {name: value for _, name, value in one.values}
            for part in board.summary.hparams(dict(one.parameters), last):
                writer.file_writer.add_summary(part)
            for name, outcome in one.verdicts:
                writer.add_text(f"case/{name}", outcome)
            writer.add_text("status", f"{one.status}: {one.reason}")
    return f"tensorboard --logdir {folder}"
