"""The command `label`, as a user: a file goes in, answers are saved, it goes on, and labels come out."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from activeloop.cli import main
from activeloop.store import read

GOOD = ("a lovely film", "warm and funny", "best of the year", "I laughed and cried", "a joy to watch")
BAD = ("dull and long", "a waste of time", "the worst ever", "I walked out", "boring beyond words")


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "review", "year"])
        for at in range(60):
            words = GOOD if at % 2 else BAD
            writer.writerow([at, f"{words[at % 5]}, {words[(at // 5) % 5]} {at}", 2000 + at % 3])
    return path


def label(*said: object, input: str = "") -> Result:
    return CliRunner().invoke(main, ["label", *map(str, said)], input=input)


def given(reviews: Path, *more: object) -> tuple[object, ...]:
    return (reviews, "--text", "review", "--classes", "good,bad", "--out", reviews.parent / "out", *more)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def right(shown: str) -> str:
    """What a person would press: by the text of the item that is shown last."""
    item = re.findall(r"^│ (.*)$", shown, re.M)[-1]
    return "1" if any(item.startswith(one) for one in GOOD) else "2"


class Person:
    """Sits at a terminal of a real process, reads what is shown, and types."""

    def __init__(self, *said: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "activeloop", "label", *map(str, said)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.shown = ""

    def sees_an_item(self) -> None:
        assert self.process.stdout is not None
        while "q quit" not in (line := self.process.stdout.readline()):
            assert line, f"it ended: {self.shown}"
            self.shown += line

    def types(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def labels(self, n: int) -> None:
        for _ in range(n):
            self.sees_an_item()
            self.types(right(self.shown))

    def quits(self) -> str:
        self.sees_an_item()
        said, _ = self.process.communicate("q\n", timeout=60)
        assert self.process.returncode == 0
        return said


def kinds(folder: Path) -> list[str]:
    store = read(folder / "run.db")
    try:
        return [one.kind for one in store.events("run")]
    finally:
        store.close()


def until(seen: Callable[[], bool]) -> None:
    for _ in range(600):
        if seen():
            return
        time.sleep(0.05)
    raise AssertionError("it was not seen within 30 seconds")


def test_a_file_is_labeled_in_a_terminal_the_model_learns_and_the_labels_come_out(reviews: Path) -> None:
    out = reviews.parent / "out"
    first = Person(*given(reviews, "--terminal", "--batch", 4, "--audit", 0, "--annotator", "ada"))
    first.labels(10)
    until(lambda: kinds(out).count("closed") == 1)
    assert "10 answers are saved" in first.quits()
    again = Person("--out", out, "--terminal", "--annotator", "ada")
    again.labels(6)
    until(lambda: kinds(out).count("closed") == 2)
    assert "16 answers are saved" in again.quits()
    exported = CliRunner().invoke(main, ["export", str(out), "--to", "csv"])
    assert exported.exit_code == 0, exported.output
    rows = table(out / "labels.csv")
    assert len(rows) == 16
    for row in rows:
        assert row["label"] == ("good" if any(row["text"].startswith(one) for one in GOOD) else "bad")
        assert row["annotators"] == "ada"
    assert {row["stream"] for row in rows} <= {"active", "audit"}


def test_a_report_and_a_model_with_its_honest_scores_are_left(reviews: Path) -> None:
    pytest.importorskip("skops")
    out = reviews.parent / "out"
    person = Person(*given(reviews, "--terminal", "--batch", 4, "--reserve", 2, "--audit", 0.4))
    person.labels(20)
    until(lambda: "closed" in kinds(out))
    person.quits()
    assert CliRunner().invoke(main, ["report", str(out)]).exit_code == 0
    page = (out / "progress.html").read_text()
    assert "reviews" in page
    scored = [row for row in table(out / "history.csv") if row["value"]]
    assert {row["slice"] for row in scored} >= {"all"}
    assert CliRunner().invoke(main, ["export", str(out), "--to", "model"]).exit_code == 0
    assert "items drawn at random for an audit" in (out / "model" / "README.md").read_text()


def test_what_was_set_up_is_not_changed_by_the_way(reviews: Path) -> None:
    assert label(*given(reviews, "--terminal"), input="q\n").exit_code == 0
    same = label(*given(reviews, "--terminal"), input="q\n")
    assert same.exit_code == 0, same.output
    other = label(*given(reviews, "--terminal", "--batch", 7), input="q\n")
    assert other.exit_code == 2
    assert "was set up with batch = 10, not 7; leave it out to go on, or name another folder" in other.output


TEXTS = ("reviews.csv", "--text", "review", "--classes", "a,b")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (("nosuch.csv", "--classes", "a,b"), "there is no file 'nosuch.csv'"),
        ((), "name the DATA to label"),
        (("reviews.csv", "--text", "revew", "--classes", "a,b"), "did you mean 'review'?"),
        (("reviews.csv", "--text", "review"), "name at least two with classes"),
        (
            (*TEXTS, "--strategy", "margn"),
            "did you mean 'margin'?",
        ),
        (
            (*TEXTS, "--close", "labls 3"),
            "closing policy 'labls 3'",
        ),
        (
            (*TEXTS, "--audit", "1.5"),
            "a share from 0 to below 1",
        ),
        (
            (*TEXTS, "--reveal", "now"),
            "allowed: never, after, before",
        ),
        (
            (*TEXTS, "--consensus", "majorty"),
            "did you mean 'majority'",
        ),
        (
            ("reviews.csv", "--classes", "a,b", "--terminal", "--files", "f"),
            "--terminal and --files are two doors",
        ),
        (("reviews.csv", "--classes", "a,b", "--chat", "http://x"), "--chat and --chat-model go together"),
        (("--out", "empty"), "there is no campaign in empty; name the DATA to label"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    reviews: Path, monkeypatch: pytest.MonkeyPatch, said: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(reviews.parent)
    found = label(*said)
    assert found.exit_code == 2
    assert message in found.output
    assert not (reviews.parent / "results" / "reviews-labels" / "run.db").exists()


@contextmanager
def page(*said: object) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "activeloop", "label", *map(str, said), "--no-open"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        while not (found := re.search(r"label here: (\S+)", line := process.stdout.readline())):
            assert line, "it ended before it served"
        yield found.group(1)
    finally:
        process.kill()
        process.communicate()


def call(link: str, address: str, told: object, cookie: str = "") -> tuple[dict[str, object], str]:
    base = link.partition("/#")[0]
    request = urllib.request.Request(
        base + address,
        json.dumps(told).encode(),
        {"Content-Type": "application/json", "Origin": base, "Cookie": cookie},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"{}"), (answer.headers["Set-Cookie"] or "").partition(";")[0]


def test_the_page_is_served_lets_the_owner_in_once_and_the_progress_is_beside_it(reviews: Path) -> None:
    pytest.importorskip("uvicorn")
    with page(*given(reviews)) as link:
        token = link.partition("enter=")[2]
        _, cookie = call(link, "/api/enter", {"token": token})
        assert cookie
        with pytest.raises(urllib.error.HTTPError):
            call(link, "/api/enter", {"token": token})
        base = link.partition("/#")[0]
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(base + "/progress/data.json", timeout=30)
        request = urllib.request.Request(base + "/progress/data.json", headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert json.loads(answer.read())["title"] == "reviews"


def test_files_go_out_and_come_back(reviews: Path) -> None:
    folder, out = reviews.parent / "batches", reviews.parent / "out"
    said = given(reviews, "--files", folder, "--batch", 5, "--reserve", 0, "--audit", 0, "--budget", 10)
    process = subprocess.Popen([sys.executable, "-m", "activeloop", "label", *map(str, said)])
    try:
        for number in range(2):
            batch = folder / f"round-{number:04d}.csv"
            until(batch.is_file)
            rows = table(batch)
            answers = folder / "answers" / f"mine-{number}.csv"
            with answers.open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["ask_id", "label"])
                for row in rows:
                    text = next(value for value in row.values() if value and " " in value)
                    writer.writerow([row["ask_id"], "good" if text.startswith(GOOD) else "bad"])
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
    assert kinds(out).count("closed") == 2
    assert kinds(out)[-1] == "stopped"
