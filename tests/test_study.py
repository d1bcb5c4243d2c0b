"""A study from Python: plug-ins by every kind of name, one thread a cell, and what is kept of a failure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from activeloop import running, study, tables
from activeloop.cli import main
from activeloop.errors import StoreError
from activeloop.kernels.threads import available
from activeloop.store import read

ROOT = Path(__file__).parents[1]
PLUGINS = ROOT / "tests" / "plugins"
TEXT = """
[study]
name = "irises"
[data]
name = "iris"
[model]
name = "iris.py:bayes"
[loop]
strategies = [%s]
batch_size = 10
budget = 30
scoring = ["accuracy", "iris.py:mistakes"]
[oracle]
item_noise = "iris.py:often_wrong"
cost = "iris.py:dear"
[[slices]]
by = "iris.py:petal_area"
bins = 3
[[stop]]
rule = "any_of"
rules = [{ rule = "iris.py:three_rounds" }, { rule = "budget", cost = 1000.0 }]
"""
NEAR = '{ name = "near", acquisition = "iris.py:Near", batch = { rule = "iris.py:second_best" } }'
AREA = '{ name = "area", acquisition = "iris.py:petal_area" }'


def opened(folder: Path, strategies: str = '"random"') -> study.Study:
    file = folder / "study.toml"
    file.write_text(TEXT % strategies)
    (folder / "iris.py").write_text((PLUGINS / "iris.py").read_text())
    return study.opened(file, folder / "out")


def test_plug_ins_of_every_kind_run_the_same_in_one_process_and_in_two(tmp_path: Path) -> None:
    histories = []
    for workers in (1, 2):
        (tmp_path / str(workers)).mkdir()
        given = opened(tmp_path / str(workers), f'"iris.py:central", {NEAR}, {AREA}')
        study.check(given)
        study.begin(given)
        outcomes = list(running.run(given, study.unfinished(given), workers))
        assert [one.error for one in outcomes] == [""] * 3
        store = read(given.database)
        made = tables.results(given, store)
        histories.append(made.history.to_csv())
        costs = {cell.strategy: store.events(cell.run)[-2].payload["cost_total"] for cell in given.cells}
        store.close()
        assert set(made.history["score"]) == {"accuracy", "mistakes"}
        assert len(set(made.history["slice"])) == 4
        assert all(cost > 30 for cost in costs.values())
        assert study.unfinished(given) == ()
    assert histories[0] == histories[1]


@pytest.mark.usefixtures("several_threads")
def test_a_cell_has_one_thread_and_the_caller_keeps_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIVELOOP_THREADS", "2")
    given = opened(tmp_path, '"threads.py:counted"')
    (tmp_path / "threads.py").write_text(
        "from pathlib import Path\n"
        "from threadpoolctl import threadpool_info\n"
        "from activeloop.kernels.threads import available\n"
        "def counted(candidates):\n"
        "    blas = [one['num_threads'] for one in threadpool_info()]\n"
        "    Path(__file__).with_suffix('.txt').write_text(f'{available()} {max(blas)}')\n"
        "    return candidates.features[:, 0]\n"
    )
    study.begin(given)
    assert [one.error for one in running.run(given, given.cells)] == [""]
    assert (tmp_path / "threads.txt").read_text() == "1 1"
    assert (available(), os.environ["ACTIVELOOP_THREADS"]) == (2, "2")


def test_a_failure_is_kept_until_the_run_has_been_tried_again(tmp_path: Path) -> None:
    given = opened(tmp_path, '"iris.py:central"')
    study.begin(given)
    plugin = tmp_path / "iris.py"
    whole = plugin.read_text()
    plugin.write_text(
        whole.replace("return np.asarray(-np.linalg", "raise KeyError('x')\n    return np.asarray(-np.linalg")
    )
    (outcome,) = running.run(given, given.cells)
    assert (outcome.reason, outcome.error) == ("failed", "KeyError: 'x'")
    assert outcome.details.startswith("Traceback")
    assert "in central" in outcome.details
    store = read(given.database)
    assert tables.results(given, store).runs["status"].tolist() == ["failed"]
    assert running.failure(store, given.cells[0]) == "KeyError: 'x'"
    store.close()
    plugin.write_text(whole)
    code = (
        "from pathlib import Path\nfrom activeloop import running, study\n"
        "given = study.recalled(Path('out'))\nprint(*[one.reason for one in running.run(given, given.cells)])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    again = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.strip() == "the budget of 30 labels is spent"
    store = read(given.database)
    assert tables.results(given, store).runs["status"].tolist() == ["complete"]
    assert running.failure(store, given.cells[0]) == ""
    store.close()


def test_a_folder_without_a_study_cannot_be_recalled(tmp_path: Path) -> None:
    given = opened(tmp_path)
    with pytest.raises(StoreError, match=r"there is no run\.db in it"):
        study.recalled(given.out)
    study.begin(given)
    assert study.recalled(given.out) == given


def test_what_an_installed_package_offers_is_listed_and_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "flowers.py").write_text((PLUGINS / "iris.py").read_text())
    metadata = tmp_path / "flowers-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: flowers\nVersion: 1.0\n")
    groups = {
        "strategy": "central = flowers:central",
        "metric": "area = flowers:petal_area",
        "score": "mistakes = flowers:mistakes",
        "batch_rule": "second = flowers:second_best",
        "stopping_rule": "three = flowers:three_rounds",
    }
    lines = "".join(f"[activeloop.{group}]\n{line}\n" for group, line in groups.items())
    (metadata / "entry_points.txt").write_text(lines)
    monkeypatch.syspath_prepend(tmp_path)
    listed = json.loads(CliRunner().invoke(main, ["list", "--json"]).stdout)
    assert listed["strategies"]["central"] == "from flowers:central"
    assert listed["batch-rules"]["second"] == "from flowers:second_best"
    assert {"area"} <= listed["metrics"].keys()
    assert {"mistakes"} <= listed["scores"].keys()
    assert {"three"} <= listed["stopping-rules"].keys()
    (tmp_path / "study.toml").write_text(
        '[study]\nname = "s"\n[data]\nname = "iris"\n[model]\nname = "flowers:bayes"\n[loop]\n'
        'strategies = [{ acquisition = "central", batch = { rule = "second" } }]\n'
        'budget = 90\nscoring = ["mistakes"]\n[[slices]]\nby = "area"\n[[stop]]\nrule = "three"\n'
    )
    given = study.opened(tmp_path / "study.toml", tmp_path / "out")
    study.begin(given)
    assert [one.reason for one in running.run(given, given.cells)] == ["three rounds are enough"]
