"""`activeloop export` of a run that a Loop left: its labels, its very model, sentences for what is wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import activeloop as al
from activeloop import exporting
from activeloop.campaign import Campaign, Setup
from activeloop.cli import main
from activeloop.command_export import _OF_LABELS, FORMATS
from activeloop.data import default_model
from activeloop.data.to_label import ToLabel
from activeloop.data_options import NAMES
from activeloop.errors import ModelError, StoreError
from activeloop.exports import FORMATS as KNOWN
from activeloop.exports.model import load_model
from activeloop.loop import Loop
from activeloop.people.annotation import Said
from activeloop.people.people import People
from activeloop.people.rules import Rules
from activeloop.store import SqliteStore

CLASSES = ("good", "bad")


class Ann:
    """A person who answers all but the last ask of a round."""

    simulated = False

    def __call__(self, query: al.Query) -> Iterable[al.Answer]:
        words = (("good" if "good" in query.item(one) else "bad", one) for one in query.asks)
        return [al.Answer(one.ask_id, said, annotator="ann", seconds=2.0) for said, one in words]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file of reviews, of which one is labeled, and the run in which more were."""
    rows = [f"{'good' if at % 2 else 'bad'} thing {at},{'good' if at == 1 else ''}" for at in range(40)]
    (tmp_path / "reviews.csv").write_text("review,verdict\n" + "\n".join(rows) + "\n")
    return tmp_path


def given(folder: Path) -> ToLabel:
    return ToLabel(str(folder / "reviews.csv"), text="review", classes=CLASSES, label="verdict")


def run(folder: Path, *, remember: bool = True) -> Loop:
    """Label 15 more."""
    read = given(folder).read()
    store = SqliteStore(folder / "run.db")
    if remember:
        store.remember(exporting.KEY, given(folder).to_json())
    pool = read.data.pool().starting_with(read.initial)
    loop = Loop(default_model(read.data), pool, strategy="margin", batch_size=5, store=store, seed=3)
    for _ in loop.run(Ann(), stop=al.stopping.budget(15)):
        pass
    store.close()
    return loop


def said(*words: object) -> Result:
    return CliRunner().invoke(main, ["export", *map(str, words)])


def test_what_was_labeled_is_written_beside_the_run(folder: Path) -> None:
    run(folder)
    result = said(folder, "--to", "csv")
    assert result.output == f"reviews: 16 items, 16 with a label, are in {folder / 'labels.csv'}\n"
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["label"] == row["text"].split()[0] for row in rows} == {True}
    assert sorted({row["strategy"] for row in rows}) == ["", "margin", "random"]
    assert [row["stream"] for row in rows].count("initial") == 1


def test_what_people_said_and_what_the_audit_came_to_is_in_it(folder: Path) -> None:
    data = given(folder).read().data
    pool, audited = data.pool(), data.ids[-3:].tolist()
    store = SqliteStore(folder / "run.db")
    store.remember(exporting.KEY, given(folder).to_json())
    people = People(store, classes=CLASSES, rules=Rules(needed=2))
    people.audit(audited)
    Loop(default_model(data), pool, strategy="random", batch_size=2, store=store).ask()
    while sum(tell(people, who, audited) for who in ("ann", "bob")):
        pass
    store.close()
    said(folder, "--to", "jsonl", "--rows", "all")
    rows = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    found = {row["id"]: row for row in rows if row["stream"] == "audit"}
    assert list(found) == audited
    first, second, third = found.values()
    assert (first["label"], first["annotators"], first["agreement"]) == ("good", ["ann", "bob"], 1.0)
    assert (second["label"], second["outcome"], second["agreement"]) == (None, None, 0.0)
    assert (third["label"], third["outcome"]) == (None, "bad")
    assert len(first["annotations"]) == 2


@pytest.mark.parametrize("consensus", ["majority", "first"])
def test_answers_of_a_round_that_is_open_have_the_label_that_people_agree_on(
    folder: Path, consensus: str
) -> None:
    setup = Setup(given(folder), batch=4, reserve=0, audit=0.0, needed=2, consensus=consensus)
    campaign = Campaign(setup, folder / "run.db", folder)
    campaign.labeling.step()
    people = campaign.people
    asked = [lease.item for lease in people.next("ann", 4)]
    for who, words in (("ann", ("good", "bad", "good", "bad")), ("bob", ("good", "good", "good"))):
        values = dict(zip(asked, words, strict=False))
        for lease in people.next(who, 4):
            if lease.item in values:
                told = Said(f"{who} {lease.item}", lease.ask_id, values[lease.item], lease=lease.token)
                people.tell(who, told)
    agreed = 3 if consensus == "first" else 2
    result = said(folder, "--to", "jsonl")
    assert result.output.startswith(f"reviews: 5 items, {agreed + 1} with a label, are in"), result.output
    rows = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    found = {row["id"]: row for row in rows}
    disputed = ("bad", "label") if consensus == "first" else (None, None)
    assert [(found[item]["label"], found[item]["outcome"]) for item in asked] == [
        ("good", "label"),
        disputed,
        ("good", "label"),
        (None, None),
    ]
    assert {found[item]["strategy"] for item in asked} == {"random"}


def tell(people: People, who: str, audited: list[Any]) -> bool:
    """Let a person say of the first audit item "good", dispute the second, and find the third broken."""
    leases = people.next(who)
    for lease in leases:
        at = audited.index(lease.item)
        value = "good" if at == 0 or who == "ann" else "bad"
        said = Said(f"{who} {lease.ask_id}", lease.ask_id, value, lease=lease.token)
        people.tell(who, said._replace(value=None, outcome="bad") if at == 2 else said)
    return bool(leases)


@pytest.mark.parametrize("to", [one for one in FORMATS if one not in ("coco", "model")])
def test_every_format_can_be_asked_for(folder: Path, to: str) -> None:
    if to in ("parquet", "huggingface"):
        pytest.importorskip("pyarrow")
    run(folder)
    out = folder / "somewhere" / "else"
    result = said(folder / "run.db", "--to", to, "--out", out, "--rows", "all", "--json")
    assert json.loads(result.output) == {
        "to": to,
        "out": str(out),
        "rows": 40,
        "labels": 16,
        "changed": False,
    }
    assert out.exists()


def test_the_formats_of_the_command_are_those_that_there_are() -> None:
    assert (*KNOWN, "model") == FORMATS
    assert set(NAMES) < set(_OF_LABELS)


def test_the_model_is_the_one_that_the_loop_has(folder: Path) -> None:
    pytest.importorskip("skops")
    loop = run(folder)
    result = said(folder, "--to", "model")
    assert result.output.startswith("reviews: the model that learned 16 labels is in"), result.output
    texts = given(folder).read().data.features
    assert np.array_equal(load_model(folder / "model").predict_proba(texts), loop.fitted.predict_proba(texts))


def test_the_card_has_the_scores_and_verdicts_of_the_last_round(tmp_path: Path) -> None:
    pytest.importorskip("skops")
    iris, path = al.load("iris"), tmp_path / "iris.csv"
    columns = {f"x{at}": iris.features[:, at] for at in range(4)}
    pd.DataFrame({**columns, "kind": iris.labels}).to_csv(path, index=False)
    told = ToLabel(str(path), label="kind")
    read = told.read().data
    pool, holdout = read.split(0.3, seed=0)
    case = al.TestCase("fine", "all", "accuracy", at_least=0.5)
    with_store: dict[str, Any] = {
        "store": tmp_path / "run.db",
        "holdout": holdout.slice_by("class"),
        "cases": [case],
    }
    loop = Loop(default_model(read), pool, strategy="margin", batch_size=20, **with_store)
    for _ in loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(60)):
        pass
    one = exporting.stored(tmp_path, given=told)
    card = exporting.export_model(one, tmp_path / "model")
    assert card.scores == loop.history.rounds[-1].scores
    assert card.verdicts == loop.history.rounds[-1].verdicts
    assert card.measured == f"the holdout, after round {len(loop.history) - 1}"
    assert np.array_equal(
        load_model(tmp_path / "model").predict(read.features), loop.fitted.predict(read.features)
    )


def test_rows_that_were_added_take_no_label_away(folder: Path) -> None:
    run(folder)
    with (folder / "reviews.csv").open("a") as file:
        file.write("a new one,\n")
    result = said(folder, "--to", "jsonl")
    assert result.output.endswith("; the data have changed since the run began\n")
    assert len((folder / "labels.jsonl").read_text().splitlines()) == 16
    with pytest.raises(ModelError, match="the data 'reviews' have changed since the run began"):
        exporting.export_model(exporting.stored(folder), folder / "model")


def test_data_that_are_not_remembered_can_be_named(folder: Path) -> None:
    run(folder, remember=False)
    missing = said(folder, "--to", "csv")
    assert (missing.exit_code, "does not say what was labeled; name the data" in missing.output) == (2, True)
    naming = [
        "--data",
        folder / "reviews.csv",
        "--text",
        "review",
        "--classes",
        "good, bad",
        "--label",
        "verdict",
    ]
    assert said(folder, "--to", "csv", "-q", *naming).output == ""
    other = said(folder, "--to", "csv", "--data", folder / "reviews.csv", "--classes", "good,bad")
    assert other.exit_code == 2


def test_another_model_is_not_taken_for_the_runs(folder: Path) -> None:
    pytest.importorskip("skops")
    run(folder)
    result = said(folder, "--to", "model", "--model", "sklearn.naive_bayes:GaussianNB")
    assert (result.exit_code, "the run learned with Pipeline(" in result.output) == (2, True)


def test_what_is_wrong_is_one_sentence(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    run(folder)
    empty = tmp_path_factory.mktemp("empty")
    for words, sentence in (
        ((folder, "--to", "csvv"), "unknown format 'csvv'; did you mean 'csv'?"),
        ((folder, "--to", "csv", "--run", "rum"), "unknown run 'rum'; did you mean 'run'?"),
        ((folder, "--to", "csv", "--where", "x"), "--where says nothing of an export to csv"),
        ((folder, "--to", "mlflow", "--rows", "all"), "--rows says nothing of an export to mlflow"),
        ((folder, "--to", "csv", "--text", "review"), "name them with --data"),
        ((folder, "--to", "coco"), "COCO holds images"),
        ((empty, "--to", "csv"), "holds no run; name the file of the store"),
        ((empty / "x.db", "--to", "csv"), "there is no run at"),
    ):
        result = said(*words)
        assert (result.exit_code, sentence in result.output) == (2, True), result.output


def test_of_several_runs_one_is_named(folder: Path) -> None:
    run(folder)
    SqliteStore(folder / "other.db").close()
    store = SqliteStore(folder / "run.db")
    store.open("run/people", "{}")
    store.close()
    assert said(folder, "--to", "csv").exit_code == 0
    store = SqliteStore(folder / "run.db")
    store.open("other", "{}")
    store.close()
    with pytest.raises(StoreError, match=r"holds 2 runs; name one\. Runs: other, run"):
        exporting.stored(folder)
