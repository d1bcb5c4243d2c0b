"""Killed at any moment, resumed, and equal to the unbroken run: a real study in real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from . import killed_study

STUDY = """
[study]
name = "tiny"

[data]
name = "iris"
holdout = 0.3

[model]
name = "sklearn.naive_bayes:GaussianNB"

[loop]
strategies = ["random", "margin"]
seeds = [0, 1]
batch_size = 4
budget = 60
scoring = ["accuracy"]

[oracle]
noise = 0.1
abstain = 0.1

[[slices]]
by = "class"

[[case]]
name = "overall"
at_least = 0.8

[[case]]
name = "virginica"
slice = "class virginica"
at_least = 0.9
"""

GUIDED = STUDY.replace("holdout = 0.3", "holdout = 0.3\nguide = 20").replace(
    '"random", "margin"',
    '"margin", { acquisition = "slice_aware", of = "margin", parameters = { bound = "low" } }',
)


def items_labeled(events: killed_study.Events) -> Counter[tuple[str, object]]:
    payloads = [(run, kind, json.loads(payload)) for (run, _), (kind, payload) in sorted(events.items())]
    items = {
        (run, ask[0]): ask[1] for run, kind, given in payloads if kind == "asked" for ask in given["asks"]
    }
    return Counter(
        (run, items[run, answer[0]])
        for run, kind, given in payloads
        if kind == "answered"
        for answer in given["answers"]
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
@pytest.mark.parametrize(
    ("study", "workers", "kills"),
    [(STUDY, 1, 20), (STUDY, 2, 2), (GUIDED, 1, 5)],
    ids=["1-20", "2-2", "guided-1-5"],
)
def test_a_study_killed_at_random_moments_ends_as_the_unbroken_one(
    tmp_path: Path, study: str, workers: int, kills: int
) -> None:
    (tmp_path / "study.toml").write_text(study)
    arguments = [tmp_path / "study.toml", tmp_path, kills, 0, workers]
    with (tmp_path / "said").open("w") as said, (tmp_path / "complained").open("w") as complained:
        driver = subprocess.Popen(
            [sys.executable, killed_study.__file__, *map(str, arguments)],
            stdout=said,
            stderr=complained,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        )
        try:
            code = driver.wait(timeout=300)
        finally:
            with suppress(ProcessLookupError):  # workers whose study was killed may still wait for work
                os.killpg(driver.pid, signal.SIGKILL)
    assert code == 0, (tmp_path / "complained").read_text()
    report = json.loads((tmp_path / "said").read_text())
    assert report["kills"] == kills
    whole = killed_study.events(Path(report["whole"]))
    assert len({run for run, _ in whole}) == 4
    assert len(whole) > 4 * 10 * 3
    for folder in map(Path, report["broken"]):
        for table in ("history.csv", "cases.csv"):
            assert (folder / table).read_bytes() == Path(report["whole"], table).read_bytes()
        events = killed_study.events(folder)
        assert events == whole, "event for event"
        assert set(items_labeled(events).values()) == {1}, "no item is bought twice"
