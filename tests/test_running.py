"""Cells run here, in processes, in threads and on Dask: the same results, whoever dies on the way."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import joblib
import pytest
from joblib.parallel import ThreadingBackend

from activeloop import backends, running, study, tables
from activeloop.errors import ConfigurationError, MissingDependencyError, StoreError, UnknownNameError
from activeloop.store import read

ROOT = Path(__file__).parents[1]
STUDY = """
[study]
name = "irises"
[data]
name = "iris"
[model]
name = "sklearn.naive_bayes:GaussianNB"
[loop]
strategies = ["random", "plug.py:%s"]
seeds = [0, 1]
batch_size = 10
budget = 40
"""
# `dies_once` kills its process in the second round, unless a file says that this was done.
PLUG = """
import os, signal
from pathlib import Path
from threadpoolctl import threadpool_info

def first(candidates):
    return candidates.features[:, 0]

def dies_once(candidates):
    done = Path(__file__).with_name("died")
    if candidates.round == 2 and not done.exists():
        done.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return first(candidates)

def dies(candidates):
    if candidates.round == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return first(candidates)

def leaves(candidates):
    raise SystemExit("\\udcff")

def counts(candidates):
    several = {one["filepath"]: one["num_threads"] for one in threadpool_info() if one["num_threads"] != 1}
    assert not several, several
    return first(candidates)
"""


def opened(folder: Path, function: str) -> study.Study:
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY % function)
    (folder / "plug.py").write_text(PLUG)
    given = study.opened(folder / "study.toml", folder / "out")
    study.begin(given)
    return given


def of(given: study.Study) -> tuple[str, str, str]:
    store = read(given.database)
    made = tables.results(given, store)
    store.close()
    return tuple(  # type: ignore[return-value]
        table.replace(r"plug\.py:\w+", "plug", regex=True).to_csv()
        for table in (made.history, made.bought, made.runs)
    )


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    given = opened(tmp_path_factory.mktemp("unbroken") / "study", "first")
    assert [one.error for one in running.run(given, given.cells)] == [""] * 4
    return of(given)


@pytest.mark.usefixtures("several_threads")
@pytest.mark.parametrize(
    ("backend", "function"),
    [("loky", "dies_once"), ("loky", "counts"), ("threading", "counts"), ("dask", "dies_once")],
)
def test_every_backend_gives_the_same_tables_whatever_dies(
    tmp_path: Path, unbroken: tuple[str, str, str], backend: str, function: str
) -> None:
    if backend == "dask":
        pytest.importorskip("distributed")
    given = opened(tmp_path / "study", function)
    outcomes = list(running.run(given, given.cells, 2, backend))
    assert [one.error for one in outcomes] == [""] * 4
    assert (tmp_path / "study" / "died").exists() == (function == "dies_once")
    assert of(given) == unbroken


class Ours(ThreadingBackend):  # type: ignore[misc] # joblib has no types
    """A backend of somebody's own, which remembers for how many jobs it was asked."""

    jobs: ClassVar[list[int]] = []

    def configure(self, n_jobs: int = 1, *given: Any, **more: Any) -> Any:
        self.jobs.append(n_jobs)
        return super().configure(n_jobs, *given, **more)


class Whole(Ours):
    """One that gives no result before it has all, as Ray's."""

    supports_return_generator = False


@pytest.mark.usefixtures("several_threads")
@pytest.mark.parametrize("backend", [Ours, Whole])
def test_a_backend_that_was_registered_with_joblib_is_used(
    tmp_path: Path, unbroken: tuple[str, str, str], backend: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activeloop.backends.AT_ONCE", 1)
    Ours.jobs.clear()
    joblib.register_parallel_backend("ours", backend)
    try:
        given = opened(tmp_path / "study", "counts")
        assert [one.error for one in running.run(given, given.cells, 2, "ours")] == [""] * 4
    finally:
        del joblib.parallel.BACKENDS["ours"]
    assert set(Ours.jobs) == {2}
    assert of(given) == unbroken


def test_a_cell_whose_process_dies_twice_has_failed_and_the_others_go_on(tmp_path: Path) -> None:
    given = opened(tmp_path / "study", "dies")
    errors = {one.cell.run: one.error for one in running.run(given, given.cells, 2)}
    assert len(errors) == 4
    for run, error in errors.items():
        assert error == ("its process died twice; resume tries it again" if "dies" in run else "")
    store = read(given.database)
    assert [running.failure(store, cell) for cell in given.cells] == [errors[one.run] for one in given.cells]
    store.close()


def test_a_plug_in_that_leaves_fails_alone_and_what_it_says_can_be_kept(tmp_path: Path) -> None:
    given = opened(tmp_path / "study", "leaves")
    errors = [one.error for one in running.run(given, given.cells)]
    assert errors == ["", "SystemExit: \\udcff"] * 2


def test_a_cell_that_another_process_is_writing_is_refused(tmp_path: Path) -> None:
    given = opened(tmp_path / "study", "first")
    cell = given.cells[0]
    list(running.run(given, [cell]))
    store = read(given.database)
    with pytest.raises(StoreError, match="is being written by another process"):
        store.append(cell.run, store.events(cell.run)[:1])
    store.close()


def test_a_backend_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = opened(tmp_path / "study", "first")
    with pytest.raises(UnknownNameError, match="unknown backend 'dsk'; did you mean 'dask'"):
        running.run(given, given.cells, backend="dsk")
    with pytest.raises(ConfigurationError, match="takes no scheduler address"):
        running.run(given, given.cells, address="tcp://here:1")
    monkeypatch.setattr("activeloop.cluster.find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"activeloop\[dask\]"):
        backends.check("dask")


def test_processes_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, signal\nfrom activeloop.processes import as_done\n"
        "def who(task):\n    import os\n    return os.getpid()\n"
        "for _, one in as_done(who, [0, 1, 2], 1):\n    print(one.result(), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
        timeout=60,
    )  # returns when the last process that holds its output has ended, or raises TimeoutExpired
    assert killed.returncode == -9
    assert len(killed.stdout.split()) == 1
