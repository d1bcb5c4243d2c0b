"""activeloop compare, and what run, resume and report do with a study of several settings."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from activeloop.cli import main

PLAIN = """
[study]
name = "irises"
question = "Is margin better?"
[data]
name = "iris"
[model]
name = "sklearn.naive_bayes:GaussianNB"
[loop]
strategies = ["margin"]
seeds = 2
budget = 30
[[slices]]
by = "class"
"""
GRID = PLAIN.replace("[data]", "[[data]]") + '[[data]]\nname = "wine"\n'


def said(*words: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in words])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.toml").write_text(PLAIN)
    (tmp_path / "grid.toml").write_text(GRID)
    return tmp_path


def events(out: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(out / "run.db")) as db:
        return db.execute("SELECT run, count(*) FROM events GROUP BY run ORDER BY run").fetchall()


def test_compare_runs_a_grid_and_tells_the_verdicts(folder: Path) -> None:
    done = said("compare", "grid.toml")
    assert done.exit_code == 0, done.output
    assert "With 2 seeds and 1 strategy against the baseline no difference can be shown" in done.stderr
    assert "Is margin better?" in done.stdout
    assert f"done: {Path('results/grid/compare.html')}" in done.stdout
    page = (folder / "results/grid/compare.html").read_text(encoding="utf-8")
    assert "Is margin better?" in page
    against = pd.read_csv(folder / "results/grid/tables/against.csv")
    assert set(against["data"]) == {"iris", "wine"}
    assert set(against["verdict"]) == {"insufficient"}
    assert len(events(folder / "results/grid")) == 8


def test_compare_adds_random_to_what_run_has_run_already(folder: Path) -> None:
    assert said("run", "plain.toml").exit_code == 0
    before = events(folder / "results/plain")
    told = json.loads(said("compare", "plain.toml", "--json").stdout)
    assert told["ran"] == ["random / seed 0", "random / seed 1"]
    assert told["complete"] is True
    assert {one["strategy"] for one in told["against"]} == {"margin"}
    assert set(before) < set(events(folder / "results/plain"))
    assert (folder / "results/plain/report.html").is_file()
    assert set(pd.read_csv(folder / "results/plain/history.csv")["strategy"]) == {"random", "margin"}


def test_the_same_comparison_again_runs_nothing(folder: Path) -> None:
    said("compare", "grid.toml")
    before = events(folder / "results/grid")
    tables = {one.name: one.read_bytes() for one in (folder / "results/grid/tables").iterdir()}
    again = json.loads(said("compare", "grid.toml", "--json").stdout)
    assert again["ran"] == []
    assert events(folder / "results/grid") == before
    assert {one.name: one.read_bytes() for one in (folder / "results/grid/tables").iterdir()} == tables


def test_resume_and_report_know_that_a_folder_is_a_comparison(folder: Path) -> None:
    said("compare", "grid.toml")
    out = folder / "results/grid"
    page = (out / "compare.html").read_bytes()
    with closing(sqlite3.connect(out / "run.db")) as db, db:
        db.execute("DELETE FROM events WHERE run LIKE 'wine%margin / seed 1' AND number > 3")
    (out / "compare.html").unlink()
    shown = said("report", out)
    assert shown.exit_code == 0, shown.output
    assert (out / "compare.html").is_file()
    assert (out / "compare.html").read_bytes() != page
    told = json.loads(said("resume", out, "--json").stdout)
    assert told["ran"] == ["wine / default / 10 / exact / margin / seed 1".replace("default", "GaussianNB")]
    numbers = pd.read_csv(out / "tables" / "against.csv")
    assert set(numbers["seeds"]) == {2}


def test_run_does_not_take_several_settings(folder: Path) -> None:
    refused = said("run", "grid.toml")
    assert refused.exit_code == 2
    assert "has 2 settings" in refused.stderr
    assert "activeloop compare" in refused.stderr
    assert not (folder / "results").exists()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('[compare]\nmeasures = ["aera"]\n', "unknown measure 'aera'; did you mean 'area'?"),
        ('[compare]\nbaseline = "margn"\n', "unknown strategy 'margn'; did you mean 'margin'?"),
        ("[compare]\ndifference = 0\n", "compare.difference is 0"),
        ("[compare]\nmeasure = 3\n", "unknown key 'measure'; did you mean 'measures'?"),
    ],
)
def test_a_comparison_that_cannot_be_is_refused_before_anything_is_stored(
    folder: Path, table: str, sentence: str
) -> None:
    (folder / "wrong.toml").write_text(GRID + table)
    refused = said("compare", "wrong.toml")
    assert refused.exit_code == 2
    assert sentence in refused.stderr
    assert not (folder / "results").exists()


def test_a_strategy_that_always_fails_is_told_and_the_rest_compared(folder: Path) -> None:
    (folder / "broken.py").write_text("def broken(candidates):\n    raise ValueError('never works')\n")
    (folder / "some.toml").write_text(PLAIN.replace('"margin"', '"margin", "broken.py:broken"'))
    done = said("compare", "some.toml")
    assert done.exit_code == 1
    assert "2 of 6 runs failed" in done.stdout
    assert "never works" in done.stderr
    verdicts = pd.read_csv(folder / "results/some/tables/against.csv").set_index("strategy")["verdict"]
    assert set(verdicts["broken.py:broken"]) == {"not comparable"}


def test_fresh_forgets_a_comparison(folder: Path) -> None:
    said("compare", "grid.toml")
    (folder / "results/grid/mine.txt").write_text("kept")
    told = json.loads(said("compare", "grid.toml", "--fresh", "--json").stdout)
    assert len(told["ran"]) == 8
    assert (folder / "results/grid/mine.txt").read_text() == "kept"
