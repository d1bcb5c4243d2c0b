"""Cells on a Dask cluster that was there before, and on one that is started: deaths, interrupts, misfits."""

import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import activeloop as al
from activeloop import running, study
from activeloop.candidates import Candidates
from activeloop.cli import main
from activeloop.errors import ConfigurationError

from . import LIBRARIES
from .same_results import assert_same, events

distributed = pytest.importorskip("distributed")

ROOT = Path(__file__).parents[1]
STUDY = """
[study]
name = "flowers and wines"
[[data]]
name = "iris"
[[data]]
name = "wine"
[model]
name = "sklearn.naive_bayes:GaussianNB"
[loop]
strategies = ["random", "plug.py:first"]
seeds = [0, 1]
batch_size = 10
budget = 40
"""
# Where ELSEWHERE is set, `first` kills its process once, and looks how many threads it has.
PLUG = """
import os, signal, time
from pathlib import Path
from threadpoolctl import threadpool_info

def first(candidates):
    if "ELSEWHERE" in os.environ:
        several = [one for one in threadpool_info() if one["num_threads"] != 1]
        assert not several, several
        Path(__file__).with_name("looked").touch()
        done = Path(__file__).with_name("died")
        if candidates.round == 2 and not done.exists():
            done.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return candidates.features[:, 0]

def slow(candidates):
    time.sleep(1)
    return candidates.features[:, 0]
"""
SEVERAL = {f"{library}_NUM_THREADS": "2" for library in LIBRARIES}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=3,
        threads_per_worker=2,
        dashboard_address="127.0.0.1:0",
        env={"ELSEWHERE": "yes", **SEVERAL},
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "study"
    made.mkdir()
    (made / "study.toml").write_text(STUDY)
    (made / "plug.py").write_text(PLUG)
    return made


def opened(folder: Path, out: str) -> study.Study:
    given = study.opened(folder / "study.toml", folder.parent / out)
    study.begin(given)
    return given


def said(*words: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in words])


def lines(result: Result) -> list[str]:
    return result.stderr.splitlines()


def test_a_cluster_that_is_there_gives_what_one_process_gives_though_a_worker_dies(
    folder: Path, address: str
) -> None:
    here, there = opened(folder, "here"), opened(folder, "there")
    assert {one.error for one in running.run(here, here.cells)} == {""}
    assert {one.error for one in running.run(there, there.cells, backend="dask", address=address)} == {""}
    assert (folder / "looked").exists()
    assert (folder / "died").exists()
    assert_same(there, here)


def test_the_command_line_compares_on_a_cluster_and_goes_on_from_what_is_stored(
    folder: Path, address: str
) -> None:
    file = folder / "study.toml"
    here, there = folder.parent / "here", folder.parent / "there"
    assert said("compare", file, "--out", here).exit_code == 0
    shutil.copytree(here, there)
    with closing(sqlite3.connect(there / "run.db")) as db, db:
        db.execute("DELETE FROM events WHERE run LIKE '%seed 1' AND number > 4")
    done = said("compare", file, "--out", there, "--backend", "dask", "--scheduler", address)
    assert done.exit_code == 0, done.output
    assert (folder / "died").exists()
    assert_same(study.recalled(there), study.recalled(here))
    for name in ("against", "measured", "per_seed"):
        table = f"tables/{name}.csv"
        assert (there / table).read_bytes() == (here / table).read_bytes()


@pytest.mark.parametrize("wrong", ["nonsense", "smoke://here:1", "tcp://127.0.0.1:9"])
def test_an_address_where_nobody_answers_is_one_sentence(
    folder: Path, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activeloop.cluster.PATIENCE", "0.3s")
    out = folder.parent / "out"
    refused = said("compare", folder / "study.toml", "--out", out, "--backend", "dask", "--scheduler", wrong)
    assert refused.exit_code == 2
    assert lines(refused)[-1].startswith(f"activeloop: no Dask scheduler answers at '{wrong}' (")
    assert lines(refused)[-1].endswith("an address is like tcp://host:8786")
    assert out.exists() == (wrong == "tcp://127.0.0.1:9")


class Locked:
    """A strategy that holds what no other process can be given."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def __call__(self, candidates: Candidates) -> Any:
        return candidates.features[:, 0]


@pytest.mark.parametrize("backend", ["dask", "loky"])
def test_what_cannot_be_sent_is_named_before_anything_runs(tmp_path: Path, backend: str) -> None:
    with pytest.raises(ConfigurationError, match=r"strategy 'locked' cannot be sent .*cannot pickle.*lock"):
        al.compare(
            data="iris",
            strategies={"locked": Locked()},
            seeds=1,
            budget=30,
            out=tmp_path / "out",
            workers=2,
            backend=backend,
        )
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_sent_may_still_run_here() -> None:
    found = al.compare(data="iris", strategies={"locked": Locked()}, seeds=1, budget=30)
    assert {run.status for run in found.runs.runs} == {"complete"}


def test_a_worker_without_the_files_of_a_study_says_so(folder: Path, address: str) -> None:
    given = opened(folder, "out")
    (folder / "plug.py").unlink()
    cells = [cell for cell in given.cells if cell.seed == 0 and cell.setting.data == "iris"]
    without_plug = {one.cell.strategy: one.error for one in running.run(given, cells, 1, "dask", address)}
    assert without_plug["random"] == ""
    assert "plug.py" in without_plug["plug.py:first"]
    shutil.rmtree(folder)
    [plain] = [one.error for one in running.run(given, cells[1:], 1, "dask", address)]
    assert f"the study's folder {str(folder)!r} is not on the worker" in plain


LISTENING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background processes ignore it
from activeloop.cli import main
main(prog_name="activeloop")
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="interrupts a group of processes, as a terminal does")
def test_an_interrupt_ends_a_cluster_of_our_own_at_once_and_in_one_sentence(folder: Path) -> None:
    (folder / "study.toml").write_text(STUDY.replace("first", "slow").replace("[0, 1]", "[0, 1, 2, 3]"))
    out = folder.parent / "out"
    asked = ["compare", folder / "study.toml", "--out", out, "--backend", "dask", "--workers", "2"]
    going = subprocess.Popen(
        [sys.executable, "-c", LISTENING, *map(str, asked)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    while going.poll() is None and not (out.is_dir() and events(out)):
        time.sleep(0.05)
    os.killpg(going.pid, signal.SIGINT)
    told, complained = going.communicate(timeout=60)  # until the last process that holds these has ended
    assert (going.returncode, told) == (130, "")
    assert complained.splitlines()[1:] == [f"activeloop: broken off; go on with: activeloop resume {out}"]
