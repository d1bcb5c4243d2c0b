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

from activeloop import study as studies

from . import killed_study
from .same_results import assert_same

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

GRID = STUDY.replace("[data]", "[[data]]").replace("[model]", '[[data]]\nname = "wine"\n\n[model]')
GRID = GRID[: GRID.index("[[case]]")]


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
    ("study", "workers", "kills", "losses"),
    [(STUDY, 1, 20, 0), (GRID, 2, 4, 1), (GUIDED, 1, 5, 0)],
    ids=["1-20", "grid-2-4", "guided-1-5"],
)
def test_a_study_killed_at_random_moments_ends_as_the_unbroken_one(
    tmp_path: Path, study: str, workers: int, kills: int, losses: int
) -> None:
    (tmp_path / "study.toml").write_text(study)
    arguments = [tmp_path / "study.toml", tmp_path, kills, 0, workers, losses]
    with subprocess.Popen(
        [sys.executable, killed_study.__file__, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    ) as driver:
        try:  # returns when the last process that holds its output has ended: an orphan would be waited for
            said, complained = driver.communicate(timeout=900)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(driver.pid, signal.SIGKILL)
    assert driver.returncode == 0, complained
    report = json.loads(said)
    assert (report["kills"], report["losses"]) == (kills, losses)
    whole = killed_study.events(Path(report["whole"]))
    assert len({run for run, _ in whole}) == (8 if study is GRID else 4)
    assert len(whole) > 4 * 10 * 3
    for folder in map(Path, report["broken"]):
        events = killed_study.events(folder)
        assert events == whole, "event for event"
        assert set(items_labeled(events).values()) == {1}, "no item is bought twice"
        if study is GRID:
            assert_same(studies.recalled(folder), studies.recalled(Path(report["whole"])))
            continue
        for table in ("history.csv", "cases.csv"):
            assert (folder / table).read_bytes() == Path(report["whole"], table).read_bytes()
