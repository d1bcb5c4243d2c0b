"""Runs to MLflow: an experiment a study, in a SQLite file or on the server of a URI."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from activeloop.errors import StoreError
from activeloop.trackers.package import package
from activeloop.trackers.track import Track

KEY, DIGEST = "activeloop.run", "activeloop.digest"
_STATUS = {"failed": "FAILED", "broken": "KILLED"}
MOST = 1000  # values that MLflow takes at once


def to_mlflow(tracks: Sequence[Track], where: str) -> str:
    """Write runs to the server of a URI, or to `mlflow.db` in a folder; give the command that shows them.

    A run that is there already stays when nothing of it has changed, and is replaced (MLflow keeps deleted
    runs in its trash) when something has. Raises StoreError for a server or file that takes no runs.
    """
    uri = where if "://" in where else f"sqlite:///{_made(Path(where)) / 'mlflow.db'}"
    mlflow = package("mlflow", "mlflow", ("MLFLOW_DISABLE_TELEMETRY", "true"))
    wrong = [mlflow.exceptions.MlflowException]
    if not uri.startswith("http"):
        package("alembic", "mlflow")
        wrong.append(package("sqlalchemy.exc", "mlflow").SQLAlchemyError)
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)  # it tells of every table it makes
    try:
        client = mlflow.MlflowClient(uri, uri)
        for study in dict.fromkeys(one.study for one in tracks):
            known = client.get_experiment_by_name(study)
            experiment = known.experiment_id if known else client.create_experiment(study)
            for one in tracks:
                if one.study == study:
                    _write(mlflow.entities, client, experiment, one)
    except tuple(wrong) as error:
        raise StoreError(f"MLflow at {uri} takes no runs: {error}") from error
    return f"mlflow ui --backend-store-uri {uri}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _write(entities: Any, client: Any, experiment: str, one: Track) -> None:
    for before in client.search_runs([experiment], f"tags.`{KEY}` = '{one.key}'"):
        if before.data.tags.get(DIGEST) == one.digest:
            return
        client.delete_run(before.info.run_id)
    run = client.create_run(experiment, run_name=one.name, tags={KEY: one.key}).info.run_id
    now = int(time.time() * 1000)
    parameters = [entities.Param(name, str(value)) for name, value in one.parameters]
    tags = {f"case.{name}": outcome for name, outcome in one.verdicts}
    tags |= {"status": one.status, "reason": one.reason}
    client.log_batch(run, params=parameters)
    for batch in _batches([entities.Metric(name, value, now, step) for step, name, value in one.values]):
        client.log_batch(run, metrics=batch)
    for name, value in (*tags.items(), (DIGEST, one.digest)):  # last, so that half a run is written anew
        client.set_tag(run, name, value)
    client.set_terminated(run, _STATUS.get(one.status, "FINISHED"))


def _batches(metrics: list[Any]) -> list[list[Any]]:
    return [metrics[start : start + MOST] for start in range(0, len(metrics), MOST)]
