"""Runs in TensorBoard, read back by its own accumulator: every value, parameter and verdict, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from activeloop.results import Results
from activeloop.trackers import export
from tests.trackers.made_study import VERDICTS, curves, study

pytest.importorskip("tensorboardX")
accumulating = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")


def read(folder: Path) -> Any:
    found = accumulating.EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
    found.Reload()
    return found


def holds(folder: Path, made: Results) -> None:
    runs = {(name, seed): f"{name}_seed_{seed}" for name in ("random", "margin") for seed in (0, 1)}
    assert {one.name for one in (folder / "digits").iterdir()} == set(runs.values())
    for (strategy, seed), place in runs.items():
        found = read(folder / "digits" / place)
        expected = curves(made, strategy, seed)
        assert set(found.Tags()["scalars"]) == set(expected)
        for tag, steps in expected.items():
            scalars = [(one.step, one.value) for one in found.Scalars(tag)]
            assert scalars == [(step, np.float32(value)) for step, value in steps.items()]


def test_tensorboard_holds_the_study_and_an_export_again_replaces_it(tmp_path: Path) -> None:
    assert export(study(rounds=3), "tensorboard", tmp_path) == (4, f"tensorboard --logdir {tmp_path}")
    holds(tmp_path, study(rounds=3))
    own = tmp_path / "digits" / "margin_seed_0" / "notes.txt"
    own.write_text("mine")
    for one in (tmp_path / "digits").glob("*/events*"):  # as if written in another second
        one.rename(one.with_name(f"events.out.tfevents.1700000000.host{one.suffix}"))
    export(study(rounds=4), "tensorboard", tmp_path)
    assert own.read_text() == "mine"
    own.unlink()
    holds(tmp_path, study(rounds=4))


def test_verdicts_and_parameters(tmp_path: Path) -> None:
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

    export(study(), "tensorboard", tmp_path)
    found = read(tmp_path / "digits" / "random_seed_0")
    texts = {
        tag: found.Tensors(tag)[0].tensor_proto.string_val[0].decode()
        for tag in found.Tags()["tensors"]
        if tag.endswith("text_summary")
    }
    assert texts == {f"case/{name}/text_summary": outcome for name, outcome in VERDICTS.items()} | {
        "status/text_summary": "complete: budget is spent"
    }
    content = found.PluginTagToContent("hparams")["_hparams_/session_start_info"]
    told = HParamsPluginData.FromString(content).session_start_info.hparams
    assert {name: one.string_value or one.number_value for name, one in told.items()} == {
        "study": "digits",
        "strategy": "random",
        "seed": 0,
    }
