"""Offline runs of Weights & Biases, read back from their files: every value, parameter and verdict, once."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from activeloop.errors import ConfigurationError
from activeloop.results import Results
from activeloop.trackers import export
from tests.trackers.made_study import VERDICTS, curves, study

pytest.importorskip("wandb", exc_type=ImportError)

BLOCK, HEADER = 32768, 7  # of LevelDB's log, the format of .wandb files


def records(file: Path) -> Iterator[Any]:
    """Give the records of a .wandb file: the pieces of each, parsed by the package's own protocol."""
    protocol: Any = importlib.import_module("wandb.proto.wandb_internal_pb2")
    content, at, pieces = file.read_bytes(), HEADER, b""
    while at < len(content):
        if BLOCK - at % BLOCK < HEADER:
            at += BLOCK - at % BLOCK
            continue
        size, kind = int.from_bytes(content[at + 4 : at + 6], "little"), content[at + 6]
        pieces += content[at + HEADER : at + HEADER + size]
        at += HEADER + size
        if kind in (1, 4):  # whole, or the last piece
            yield protocol.Record.FromString(pieces)
            pieces = b""


def read(file: Path) -> tuple[dict[str, Any], dict[str, dict[int, float]], dict[str, Any]]:
    """Give the configuration, the curves and the summary of a run."""
    config: dict[str, Any] = {}
    history: dict[str, dict[int, float]] = {}
    summary: dict[str, Any] = {}
    for record in records(file):
        if record.HasField("run"):
            config |= {one.key: json.loads(one.value_json) for one in record.run.config.update}
            config["name"], config["id"] = record.run.display_name, record.run.run_id
        if record.HasField("history"):
            row = {
                one.key or "/".join(one.nested_key): json.loads(one.value_json) for one in record.history.item
            }
            for name, value in row.items():
                if not name.startswith("_"):
                    history.setdefault(name, {})[row["_step"]] = value
        if record.HasField("summary"):
            for one in record.summary.update:
                summary[one.key or "/".join(one.nested_key)] = json.loads(one.value_json)
    return config, history, summary


def holds(folder: Path, made: Results) -> None:
    files = sorted(folder.glob("wandb/offline-run-*/*.wandb"))
    assert len(files) == 4
    names = set()
    for file in files:
        config, history, summary = read(file)
        strategy, seed = config["strategy"], config["seed"]
        assert config["study"] == "digits"
        assert config["name"] == f"{strategy}, seed {seed}"
        assert config["id"] in file.parent.name
        assert history == curves(made, strategy, seed)
        cases = VERDICTS if (strategy, seed) in (("random", 0), ("margin", 1)) else {}
        told = {name: value for name, value in summary.items() if name.startswith("case")}
        assert told == {f"case/{name}": outcome for name, outcome in cases.items()}
        assert summary["status"] == "complete"
        names.add(config["name"])
    assert len(names) == 4


def test_wandb_holds_the_study_offline_and_an_export_again_replaces_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_MODE", "online")  # it is offline all the same
    done = export(study(rounds=3), "wandb", tmp_path)
    assert done == (4, f"wandb sync {tmp_path}/wandb/offline-run-*")
    holds(tmp_path, study(rounds=3))
    export(study(rounds=4), "wandb", tmp_path)
    holds(tmp_path, study(rounds=4))


def test_a_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="runs go to a folder; then send them with: wandb sync"):
        export(study(), "wandb", "https://example.org")
