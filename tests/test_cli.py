"""The command line as a user meets it: words, exit codes, files; from inside, and as a process of its own."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from activeloop.cli import LISTED, main
from activeloop.store import SqliteStore

ROOT = Path(__file__).parents[1]
STUDY = """
[study]
name = "irises"
[data]
name = "iris"
[model]
name = "sklearn.naive_bayes:GaussianNB"
[loop]
strategies = ["random", "margin"]
batch_size = 15
budget = 45
[[slices]]
by = "class"
"""
TABLES = ("history.csv", "bought.csv", "runs.csv", "timings.csv")


def said(*words: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in words])


def process(*words: object, folder: Path = ROOT) -> subprocess.Popen[str]:
    # Started in the background by a shell, a process ignores Ctrl-C, and so would its children.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = listening + "from activeloop.cli import main; main(prog_name='activeloop')"
    return subprocess.Popen(
        [sys.executable, "-c", command, *map(str, words)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def written(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(one.relative_to(folder)): (one.read_bytes(), one.stat().st_mtime_ns)
        for one in folder.rglob("*")
        if one.is_file()
    }


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study: study.toml, and its results in `out`. Copy it before changing it."""
    folder = tmp_path_factory.mktemp("done")
    (folder / "study.toml").write_text(STUDY)
    result = said("run", folder / "study.toml", "--out", folder / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"irises: done: {folder / 'out' / 'report.html'}\n"
    return folder


@pytest.fixture
def mine(done: Path, tmp_path: Path) -> Path:
    """The finished study, to be changed."""
    shutil.copytree(done, tmp_path, dirs_exist_ok=True)
    return tmp_path


def study(folder: Path, old: str = "", new: str = "", more: str = "") -> Path:
    file = folder / "study.toml"
    file.write_text(STUDY.replace(old, new) + more)
    return file


def test_a_finished_run_leaves_tables_pictures_a_page_and_nothing_else(done: Path) -> None:
    files = {one.name for one in (done / "out").iterdir()}
    assert files == {"run.db", "curves.db", "report.html", "pictures", *TABLES}
    history = pd.read_csv(done / "out" / "history.csv")
    assert list(history.columns[:5]) == ["strategy", "seed", "round", "n_labeled", "slice"]
    assert (
        set(history["slice"]) == {"all", "label = setosa", "label = versicolor", "label = virginica"}
        or len(set(history["slice"])) == 4
    )
    runs = pd.read_csv(done / "out" / "runs.csv")
    assert runs["status"].tolist() == ["complete", "complete"]
    assert runs["n_labeled"].tolist() == [45, 45]


def test_the_same_command_again_says_so_and_changes_nothing(done: Path) -> None:
    before = written(done)
    result = said("run", done / "study.toml", "--out", done / "out")
    assert result.stdout == "irises: is complete; nothing was changed (start anew with --fresh)\n"
    assert result.exit_code == 0
    assert said("resume", done / "out").exit_code == 0
    assert written(done) == before


def test_quiet_says_nothing_and_json_is_one_object(done: Path) -> None:
    assert said("run", done / "study.toml", "--out", done / "out", "--quiet").output == ""
    told = json.loads(said("resume", done / "out", "--json").stdout)
    assert told == {
        "study": "irises",
        "folder": str(done / "out"),
        "ran": [],
        "failed": {},
        "warned": {},
        "complete": True,
    }


def test_new_seeds_and_strategies_run_beside_what_is_there(mine: Path) -> None:
    before = pd.read_csv(mine / "out" / "history.csv")
    file = study(mine, '["random", "margin"]', '["random", "margin", "entropy"]')
    told = json.loads(said("run", file, "--out", mine / "out", "--json").stdout)
    assert told["ran"] == ["entropy / seed 0"]
    after = pd.read_csv(mine / "out" / "history.csv")
    old = after[after["strategy"] != "entropy"].reset_index(drop=True)
    pd.testing.assert_frame_equal(old, before)
    assert set(after["strategy"]) == {"random", "margin", "entropy"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("budget = 45", "budget = 46", "loop.budget is 45 there and 46 here"),
        ('by = "class"', 'by = "petal_length"', "slices is"),
        ('name = "iris"\n', 'name = "wine"\n', "data.name is 'iris' there and 'wine' here"),
        (
            '"margin"',
            '{ name = "margin", acquisition = "entropy" }',
            "loop.strategies.margin is 'margin' there",
        ),
    ],
)
def test_another_study_in_the_same_folder_is_refused(mine: Path, old: str, new: str, words: str) -> None:
    before = written(mine / "out")
    result = said("run", study(mine, old, new), "--out", mine / "out")
    assert result.exit_code == 2
    assert words in result.stderr
    assert "--fresh" in result.stderr
    assert written(mine / "out") == before


def test_fresh_starts_anew_but_not_before_the_study_is_known_to_be_good(mine: Path) -> None:
    before = written(mine / "out")
    assert said("run", study(mine, "margin", "margn"), "--out", mine / "out", "--fresh").exit_code == 2
    assert written(mine / "out") == before
    result = said("run", study(mine, "45", "30"), "--out", mine / "out", "--fresh", "--json")
    assert len(json.loads(result.stdout)["ran"]) == 2
    assert pd.read_csv(mine / "out" / "runs.csv")["n_labeled"].tolist() == [30, 30]


def test_fresh_leaves_the_database_of_something_else_alone(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "run.db") as other:
        other.execute("CREATE TABLE precious (x)")
    other.close()
    result = said("run", study(tmp_path), "--out", tmp_path, "--fresh")
    assert result.exit_code == 2
    assert "a database of something else" in result.stderr
    assert (tmp_path / "run.db").is_file()


def test_a_refused_study_writes_nothing_not_even_the_folder(tmp_path: Path) -> None:
    for old, new in (("margin", "margn"), ("iris", "irs"), ("45", "-1"), ("[loop]", "[lop]")):
        result = said("run", study(tmp_path, old, new), "--out", tmp_path / "out")
        assert result.exit_code == 2
        assert result.stderr.startswith("activeloop: ")
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""
        assert not (tmp_path / "out").exists()


def test_a_refused_addition_does_not_change_what_a_resumed_study_is(mine: Path) -> None:
    before = written(mine / "out")
    assert said("run", study(mine, '"margin"]', '"margin", "margn"]'), "--out", mine / "out").exit_code == 2
    assert written(mine / "out") == before


def test_misspelt_words_get_the_nearest(done: Path, tmp_path: Path) -> None:
    for words, near in (
        (["rnu"], "did you mean 'run'"),
        (["run", done / "study.toml", "--frsh"], "--fresh"),
        (["run", done / "studdy.toml"], f"did you mean '{done / 'study.toml'}'"),
        (["resume", done / "ot"], f"did you mean '{done / 'out'}'"),
        (["report", done / "outt"], f"did you mean '{done / 'out'}'"),
        (["run", done / "out"], "is a folder, not a study file; to go on with the run in it"),
        (["resume", tmp_path / "nowhere"], "there is no run.db in it"),
        (["list", "strategy"], "did you mean 'strategies'"),
        (["new", tmp_path / "s.toml", "--data", "diggits"], "did you mean 'digits'"),
        (["run", done / "study.toml", "--workers", "0"], "x>=1"),
    ):
        result = said(*words)
        assert result.exit_code == 2, words
        assert near in result.stderr


def test_a_report_can_be_had_of_a_run_that_is_broken_off(mine: Path) -> None:
    database = mine / "out" / "run.db"
    store = SqliteStore(database)
    store._db.execute("DELETE FROM events WHERE run = 'margin / seed 0' AND number > 5")
    store.close()
    result = said("report", mine / "out", "--json")
    assert (result.exit_code, json.loads(result.stdout)["complete"]) == (0, False)
    runs = pd.read_csv(mine / "out" / "runs.csv").set_index("strategy")
    assert runs["status"].to_dict() == {"margin": "broken", "random": "complete"}
    assert json.loads(said("resume", mine / "out", "--json").stdout)["ran"] == ["margin / seed 0"]


def test_resumed_history_is_the_unbroken_one(mine: Path, done: Path) -> None:
    store = SqliteStore(mine / "out" / "run.db")
    store._db.execute("DELETE FROM events WHERE number > 4")
    store.close()
    assert said("resume", mine / "out", "--quiet").output == ""
    for name in ("history.csv", "bought.csv", "runs.csv"):
        assert (mine / "out" / name).read_bytes() == (done / "out" / name).read_bytes()


def test_a_run_that_fails_leaves_the_others_whole_and_is_tried_again(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "plugins" / "broken.py", tmp_path)
    file = study(tmp_path, '"margin"', '"broken.py:in_round_2"')
    for _ in range(2):
        result = said("run", file, "--out", tmp_path / "out")
        assert result.exit_code == 1
        assert result.stdout.startswith("irises: 1 of 2 runs failed; done: ")
        assert result.stderr.count("Traceback") == 1
        assert ", in in_round_2\n" in result.stderr
        runs = pd.read_csv(tmp_path / "out" / "runs.csv").set_index("strategy")
        assert list(runs.loc["broken.py:in_round_2", ["status", "reason", "rounds"]]) == [
            "failed",
            "ZeroDivisionError: no such luck",
            2,
        ]
        assert runs.loc["random", "status"] == "complete"
        assert "1 run of 2 failed" in (tmp_path / "out" / "report.html").read_text()
    (tmp_path / "broken.py").write_text((tmp_path / "broken.py").read_text().replace("== 2", "== 99"))
    done = process("resume", tmp_path / "out", "--json")
    told, _ = done.communicate()
    assert json.loads(told) == {
        "study": "irises",
        "folder": str(tmp_path / "out"),
        "ran": ["broken.py:in_round_2 / seed 0"],
        "failed": {},
        "warned": {},
        "complete": True,
    }
    assert set(pd.read_csv(tmp_path / "out" / "runs.csv")["status"]) == {"complete"}


def test_one_worker_or_two_write_the_same_bytes_and_fail_the_same_way(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "plugins" / "broken.py", tmp_path)
    file = study(tmp_path, '"margin"]', '"margin", "broken.py:in_round_2"]\nseeds = [0, 1]')
    for workers in (1, 2):
        child = process("run", file, "--out", tmp_path / str(workers), "--workers", workers)
        out, err = child.communicate()
        assert child.returncode == 1
        assert out.startswith("irises: 2 of 6 runs failed")
        assert err.count("ZeroDivisionError: no such luck\nTraceback") == 2
    for name in ("history.csv", "bought.csv", "runs.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


LONG = "seeds = [0, 1]\nbatch_size = 1\nbudget = 60"


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_in_a_sentence_and_resume_goes_on(tmp_path: Path, workers: int) -> None:
    study(tmp_path, "batch_size = 15\nbudget = 45", LONG)
    child = process("run", "study.toml", "--out", "out", "--workers", workers, folder=tmp_path)
    database = tmp_path / "out" / "run.db"
    while child.poll() is None and (not database.is_file() or _rounds(database) < 3):
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=120)
    assert (child.returncode, out) == (130, "")
    assert err == "activeloop: broken off; go on with: activeloop resume out\n"
    assert 3 <= _rounds(database) < 240
    assert not (tmp_path / "out" / "report.html").exists()
    out, err = process("resume", "out", "--json", "--workers", 3 - workers, folder=tmp_path).communicate()
    assert (json.loads(out)["complete"], err) == (True, "")
    assert _rounds(database) == 240


def _rounds(database: Path) -> int:
    store = SqliteStore(database)
    try:
        return sum(rounds for rounds, _ in store.progress().values())
    finally:
        store.close()


def _on_a_terminal(*words: object, folder: Path) -> str:
    """Give what a command writes to a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-m", "activeloop", *map(str, words)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while block := os.read(ours, 4096):
            shown += block
    except OSError:  # how Linux says that the other side was closed
        pass
    os.close(ours)
    child.communicate()
    return shown.decode()


def test_a_bar_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    study(tmp_path)
    shown = _on_a_terminal("run", "study.toml", "--out", "out", folder=tmp_path)
    assert "irises: 100%" in shown
    assert "6/6" in shown
    assert "2/2 runs" in shown
    study(tmp_path, '"margin"]', '"margin", "entropy"]')
    assert _on_a_terminal("run", "study.toml", "--out", "out", "--quiet", folder=tmp_path) == ""


def test_parquet_is_written_beside_csv_even_when_all_is_done(mine: Path) -> None:
    assert said("run", mine / "study.toml", "--out", mine / "out", "--parquet").exit_code == 0
    one = pd.read_parquet(mine / "out" / "history.parquet")
    pd.testing.assert_frame_equal(
        one[["strategy", "round", "value"]],
        pd.read_csv(mine / "out" / "history.csv")[["strategy", "round", "value"]],
        check_dtype=False,
    )


def test_new_writes_a_study_that_can_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = said("new", 'my "irises"', "--data", "iris")
    assert result.stdout == 'wrote my "irises".toml; now: activeloop run my "irises".toml\n'
    text = Path('my "irises".toml').read_text()
    assert not re.search(r"\{(name|file|data)\}", text)
    short = text.replace("seeds = [0, 1, 2]", "seeds = [0]").replace("budget = 200", "budget = 60")
    Path("short.toml").write_text(short)
    assert said("run", "short.toml", "-q").exit_code == 0
    assert (tmp_path / "results" / "short" / "report.html").is_file()
    assert "exists; name another file" in said("new", 'my "irises".toml').stderr
    assert said("new", "no/such/folder/s.toml").exit_code == 2


def test_new_names_a_table_by_its_path(tmp_path: Path) -> None:
    said("new", tmp_path / "s.toml", "--data", "my data.csv")
    assert 'path = "my data.csv"' in (tmp_path / "s.toml").read_text()


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("strategies", "margin"),
        ("batch-rules", "softmax"),
        ("metrics", "entropy"),
        ("scores", "f1_macro"),
        ("stopping-rules", "plateau"),
        ("data", "digits"),
    ],
)
def test_list_gives_each_name_a_line(what: str, name: str) -> None:
    found = json.loads(said("list", what, "--json").stdout)[what]
    assert name in found
    assert all(line.strip() and "\n" not in line for line in found.values())
    assert f"  {name} " in said("list", what).stdout


def test_list_gives_all_when_nothing_is_named() -> None:
    assert list(json.loads(said("list", "--json").stdout)) == list(LISTED)


def test_help_tells_the_exit_codes_and_every_command() -> None:
    shown = said("--help").stdout
    for words in ("Exit codes:", "  0 ", "  1 ", "  2 ", "  130 ", "run", "resume", "report", "list", "new"):
        assert words in shown
    for command in ("run", "resume", "report", "list", "new"):
        assert "Exit codes:" in said(command, "--help").stdout


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    result = said("run", study(tmp_path), "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.startswith("activeloop: ")
    assert "out" in result.stderr


def test_what_a_model_warns_of_again_and_again_is_said_once(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text(
        '[study]\nname = "slow"\n[data]\nname = "digits"\n'
        '[model]\nname = "sklearn.linear_model:LogisticRegression"\nparameters = { max_iter = 1 }\n'
        '[loop]\nstrategies = ["random", "margin"]\nstart_size = 30\nbatch_size = 10\nbudget = 50\n'
    )
    result = said("run", file, "--out", tmp_path / "out")
    assert result.exit_code == 0
    lines = [line for line in result.stderr.splitlines() if "ConvergenceWarning" in line]
    assert len(lines) == 1
    assert lines[0].startswith("activeloop: warned 6 times: ConvergenceWarning: lbfgs failed to converge")
