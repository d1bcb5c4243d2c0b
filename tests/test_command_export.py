"""`activeloop export` as a user meets it: a study, run and half run, in a tracker, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from activeloop.cli import main
from activeloop.command_export import TRACKERS
from activeloop.trackers import TRACKERS as KNOWN

STUDY = """
[study]
name = "irises"
[data]
name = "iris"
[loop]
strategies = ["random", "margin"]
seeds = [0]
batch_size = 10
budget = 30
[[slices]]
by = "class"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("exported")
    (here / "irises.toml").write_text(STUDY)
    done = CliRunner().invoke(main, ["run", str(here / "irises.toml"), "-o", str(here / "out"), "-q"])
    assert done.exit_code == 0, done.output
    return here / "out"


def said(*words: object) -> Result:
    return CliRunner().invoke(main, ["export", *map(str, words)])


def test_what_is_exported_is_the_history(folder: Path) -> None:
    pytest.importorskip("tensorboardX")
    reading = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    result = said(folder, "--to", "tensorboard")
    place = folder / "tensorboard"
    assert result.output == f"irises: 2 runs are in tensorboard; now: tensorboard --logdir {place}\n"
    history = pd.read_csv(folder / "history.csv")
    for strategy in ("random", "margin"):
        found = reading.EventAccumulator(str(place / "irises" / f"{strategy}_seed_0"))
        found.Reload()
        rows = history[(history["strategy"] == strategy) & (history["slice"] == "class virginica")]
        curve = found.Scalars("class_virginica/accuracy")
        assert [one.step for one in curve] == rows["n_labeled"].tolist()
        assert [one.value for one in curve] == pytest.approx(rows["value"].tolist(), rel=1e-6)
        assert len(found.Tags()["scalars"]) == 4


def test_where_and_json(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    result = said(folder, "--to", "tensorboard", "--where", tmp_path / "else", "--json")
    assert json.loads(result.stdout) == {"runs": 2, "command": f"tensorboard --logdir {tmp_path / 'else'}"}
    assert (tmp_path / "else" / "irises" / "margin_seed_0").is_dir()
    assert said(folder, "--to", "tensorboard", "--where", tmp_path / "else", "--quiet").output == ""


def test_what_is_wrong_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    assert tuple(KNOWN) == TRACKERS
    for words, sentence in (
        ((folder, "--to", "tensorbord"), "unknown format 'tensorbord'; did you mean 'tensorboard'?"),
        ((folder,), "Missing option '--to'"),
        ((tmp_path, "--to", "mlflow"), "holds no study: there is no run.db in it"),
        ((folder, "--to", "wandb", "--where", "http://example.org"), "runs go to a folder"),
    ):
        result = said(*words)
        assert (result.exit_code, sentence in result.output) == (2, True), result.output
