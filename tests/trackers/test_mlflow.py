"""Runs in MLflow, read back by its own client: every value, parameter and verdict, once."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from activeloop.errors import StoreError
from activeloop.results import Results
from activeloop.trackers import export
from tests.trackers.made_study import VERDICTS, curves, study

pytest.importorskip("sqlalchemy")
pytest.importorskip("alembic")
pytest.importorskip("mlflow", exc_type=ImportError)

# What MLflow and its database warn of among themselves.
pytestmark = pytest.mark.filterwarnings("ignore")


@cache
def client(folder: Path) -> Any:
    import mlflow

    uri = f"sqlite:///{folder / 'mlflow.db'}"
    return mlflow.MlflowClient(uri, uri)


def read(folder: Path) -> dict[str, Any]:
    """Give the runs that are not deleted, by name."""
    reading = client(folder)
    (experiment,) = reading.search_experiments(filter_string="name = 'digits'")
    found = reading.search_runs([experiment.experiment_id])
    assert len({one.info.run_name for one in found}) == len(found)
    return {one.info.run_name: one for one in found}


def holds(folder: Path, made: Results) -> None:
    found = read(folder)
    assert len(found) == 4
    for name, run in found.items():
        strategy, seed = run.data.params["strategy"], run.data.params["seed"]
        assert name == f"{strategy}, seed {seed}"
        assert run.data.params == {"study": "digits", "strategy": strategy, "seed": seed}
        expected = curves(made, strategy, int(seed))
        assert set(run.data.metrics) == set(expected)
        for metric, steps in expected.items():
            history = client(folder).get_metric_history(run.info.run_id, metric)
            assert [(one.step, one.value) for one in history] == list(steps.items())


def test_mlflow_holds_the_study_and_an_export_again_changes_only_what_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("activeloop.trackers.mlflow.MOST", 7)
    folder = tmp_path / "tracked"
    done = export(study(rounds=3), "mlflow", folder)
    assert done == (4, f"mlflow ui --backend-store-uri sqlite:///{folder}/mlflow.db")
    holds(folder, study(rounds=3))
    before = {name: one.info.run_id for name, one in read(folder).items()}
    export(study(rounds=3), "mlflow", f"sqlite:///{folder}/mlflow.db")
    assert {name: one.info.run_id for name, one in read(folder).items()} == before
    export(study(rounds=4), "mlflow", folder)
    holds(folder, study(rounds=4))
    run = read(folder)["random, seed 0"]
    assert (run.info.status, run.data.tags["status"]) == ("FINISHED", "complete")
    cases = {name: value for name, value in run.data.tags.items() if name.startswith("case.")}
    assert cases == {f"case.{name}": outcome for name, outcome in VERDICTS.items()}
    assert os.listdir(tmp_path) == ["tracked"]


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("something else " * 100)
    with pytest.raises(StoreError, match=r"MLflow at sqlite:.* takes no runs"):
        export(study(), "mlflow", tmp_path)
