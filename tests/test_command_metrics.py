"""`activeloop metrics` as a user meets it: images, one of them broken, texts, tables; lists, pages, codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from PIL import Image

import activeloop as al
from activeloop.cli import main
from activeloop.index import Index
from activeloop.review import HASHES

OWN = """
import activeloop as al
@al.metric("data", needs=("pixels", "mask"))
def darkest(pixels, mask): return pixels[mask].min()
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*words: object) -> Result:
    return CliRunner().invoke(main, ["metrics", *map(str, words)])


def told(*words: object) -> dict[str, Any]:
    result = said(*words, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def photos(folder: Path, n: int, shade: int = 0) -> Path:
    random = np.random.default_rng(7)
    for at in range(n):
        place = folder / ("night" if at % 2 else "day")
        place.mkdir(parents=True, exist_ok=True)
        pixels = random.integers(0, 60, (16, 16, 3)) + (10 if at % 2 else 180) - shade
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(place / f"{at:02}.png")
    return folder


def reviews(path: Path) -> Path:
    texts = [f"{'good ' * (at % 5)}film number {at}" for at in range(60)]
    kinds = ["long" if at % 5 > 2 else "short" for at in range(60)]
    pd.DataFrame({"key": range(60), "review": texts, "kind": kinds}).to_csv(path, index=False)
    return path


def test_one_broken_file_is_one_reason(here: Path) -> None:
    photos(here / "photos", 20)
    (here / "photos" / "day" / "broken.png").write_bytes(b"no image")
    result = said("photos", "--workers", 2)
    assert result.exit_code == 0
    assert re.search(r"^brightness +20 +1 ", result.output, re.MULTILINE)
    (line,) = [one for one in result.output.splitlines() if "broken.png" in one]
    assert line.startswith("day/broken.png: failed: DataError: image")
    assert "21 items" in result.output
    assert said("photos", "--strict", "--quiet").exit_code == 1
    assert told("photos")["computed"] == {
        "computed": 0,
        "kept": told("photos")["computed"]["kept"],
        "failed": 20,
    }


def test_the_second_run_computes_nothing_and_a_new_metric_itself_alone(here: Path) -> None:
    photos(here / "photos", 12)
    (here / "metrics.py").write_text(OWN)
    first = told("photos", "--workers", 1)["computed"]
    assert first["computed"] > 12 * 20
    assert told("photos")["computed"]["computed"] == 0
    own = told("photos", "-m", "metrics.py:darkest")
    assert own["computed"] == {"computed": 12, "kept": 0, "failed": 0}
    assert [one["metric"] for one in own["summary"]] == ["darkest"]


def test_slices_outliers_duplicates_and_order(here: Path) -> None:
    photos(here / "photos", 24)
    copy = (here / "photos" / "day" / "00.png").read_bytes()
    (here / "photos" / "day" / "copy.png").write_bytes(copy)
    Image.new("RGB", (16, 16), (255, 0, 0)).save(here / "photos" / "night" / "red.png")
    found = told("photos", "--slice", "brightness < 0.5", "--slice", "class", "--outliers", "--duplicates")
    assert [(one["slice"], one["items"]) for one in found["slices"]] == [
        ("brightness < 0.5", 13),
        ("class day", 13),
        ("class night", 13),
    ]
    assert ["night/red.png", "redness"] in [[one["id"], one["metric"]] for one in found["outliers"]]
    (same,) = [one for one in found["duplicates"] if one["severity"] == "exact"]
    assert (same["id"], same["related"]) == ("day/copy.png", ["day/00.png"])
    by = said("photos", "--sort", "redness", "--top", 1).output
    assert re.search(r"By redness\nid +redness\nnight/red.png +1$", by, re.MULTILINE)


def test_a_hash_explains_nothing(here: Path) -> None:
    pytest.importorskip("sliceline")
    photos(here / "photos", 240)
    names = [f"{'night' if at % 2 else 'day'}/{at:02}.png" for at in range(240)]
    wrong = ["day" if at % 3 == 0 else name.partition("/")[0] for at, name in enumerate(names)]
    pd.DataFrame({"id": names, "predicted": wrong}).to_csv(here / "said.csv", index=False)
    only = [word for name in (*HASHES, "brightness", "blur") for word in ("-m", name)]
    found = told("photos", *only, "--predictions", "said.csv", "--performance", "--discover", "-w", 1)
    assert {one["metric"] for one in found["importance"]} == {"brightness", "blur"}
    assert {one["metric"] for one in found["points"]} == {"brightness", "blur"}
    assert found["discovered"]
    assert not [one["slice"] for one in found["discovered"] if "hash" in one["slice"]]


def test_drift_between_two_folders(here: Path) -> None:
    photos(here / "summer", 40)
    photos(here / "winter", 40, shade=60)
    found = told("summer", "--drift", "winter")
    verdicts = {one["metric"]: one["verdict"] for one in found["drift"]}
    assert verdicts["brightness"] == "detected"
    assert verdicts["random"] == "not detected"
    assert found["domain"]["verdict"] == "detected"
    again = told("summer", "--drift", "summer")
    assert {one["verdict"] for one in again["drift"]} == {"not detected"}


def test_texts_with_a_model_that_is_cross_validated(here: Path) -> None:
    file = reviews(here / "reviews.csv")
    words = (file, "--text", "review", "--label", "kind", "--id", "key")
    found = told(*words, "--label-errors", "--performance", "--slice", "text_words")
    summed = {one["metric"] for one in found["summary"]}
    assert summed >= {"text_words", "label_quality", "loss", "uniqueness"}
    assert found["slices"][0]["verdict"] in ("worse", "better", "not different", "insufficient")
    assert {one["metric"] for one in found["importance"]} >= {"text_words", "text_characters"}
    assert "label_quality" not in {one["metric"] for one in found["importance"]}
    assert found["points"]


def worse_at_night(path: Path) -> Path:
    random = np.random.default_rng(5)
    hour, speed = random.uniform(0, 24, 200), random.normal(size=200)
    label = 3 * speed + random.normal(size=200) * np.where(hour > 18, 5, 0.1)
    pd.DataFrame({"hour": hour, "speed": speed, "y": label}).to_csv(path, index=False)
    return path


def test_a_regression_is_looked_at_by_its_mean_absolute_error(here: Path) -> None:
    pytest.importorskip("sliceline")
    words = (
        worse_at_night(here / "reg.csv"),
        "--label",
        "y",
        "--performance",
        "--slice",
        "hour > 18",
        "-w",
        1,
    )
    found = told(*words, "--discover", "--page")
    (night,) = found["slices"]
    assert (night["score"], night["verdict"]) == ("neg_mean_absolute_error", "worse")
    assert night["value"] < -2 < -0.5 < night["rest_value"]
    assert {one["score"] for one in found["points"]} == {"neg_mean_absolute_error"}
    assert {one["metric"] for one in found["points"]} == {one["metric"] for one in found["importance"]}
    assert "Slices (neg_mean_absolute_error)\n" in said(*words).output


def test_a_regression_is_judged_by_test_cases_of_its_own(here: Path) -> None:
    file = worse_at_night(here / "reg.csv")
    table = pd.read_csv(file)
    pd.DataFrame({"id": range(200), "predicted": 3 * table["speed"]}).to_csv(here / "said.csv", index=False)
    (here / "cases.toml").write_text(
        """
        data = {path = "reg.csv", label = "y"}
        predictions = {path = "said.csv"}
        [[case]]
        name = "whole"
        score = "r2"
        at_most = 0.99
        """
    )
    words = (file, "--label", "y", "--predictions", "said.csv", "--cases", "cases.toml", "-w", 1)
    found = told(*words, "--performance")
    assert [(one["case"], one["outcome"]) for one in found["cases"]] == [("whole", "pass")]


def test_predictions_of_ones_own(here: Path) -> None:
    file = reviews(here / "reviews.csv")
    kinds = pd.read_csv(file)["kind"]
    predicted = ["long" if at < 20 else kind for at, kind in enumerate(kinds)]
    pd.DataFrame({"id": range(60), "predicted": predicted}).to_csv(here / "said.csv", index=False)
    words = (file, "--text", "review", "--label", "kind", "--id", "key", "--predictions", "said.csv")
    (first,) = told(*words, "--slice", "text_characters < 20", "--metric", "text_characters")["slices"]
    rest = [at for at in range(60) if len(f"{'good ' * (at % 5)}film number {at}") >= 20]
    wrong = [at for at in range(20) if kinds[at] != "long"]
    assert first["rest_value"] == 1 - len(set(wrong) & set(rest)) / len(rest)
    pd.DataFrame({"id": [99], "predicted": ["long"]}).to_csv(here / "said.csv", index=False)
    result = said(*words)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "1 predictions are of items that are not in the data (first 99)" in result.output


def test_tags_and_export_are_kept(here: Path) -> None:
    photos(here / "photos", 10)
    assert said("photos", "--tag", "dark=brightness < 0.5", "--export", "values.csv", "-q").output == ""
    assert said("photos", "--export", "values.parquet", "-q").exit_code == 0
    index = Index(al.load("photos", size=None, check=False), here / "results/photos-metrics/metrics.index")
    assert index.where("tags is not None").size == 10
    assert sum("dark" in one for one in index.column("tags")) == 5
    table = pd.read_csv("values.csv", index_col="id")
    assert np.allclose(table["brightness"], index.frame()["brightness"], rtol=1e-12)
    pd.testing.assert_frame_equal(pd.read_parquet("values.parquet"), index.frame())


def test_the_page_has_what_was_asked(here: Path) -> None:
    photos(here / "photos", 12)
    result = said("photos", "--page", "--slice", "class")
    page = here / "results" / "photos-metrics" / "explorer.html"
    assert f"wrote {page.relative_to(here)}" in result.output
    text = page.read_text(encoding="utf-8")
    assert "http-equiv" in text
    assert text.count("day/00.png") >= 1
    assert "colorfulness" in text


def test_the_page_asks_for_no_search_of_all_pairs_in_large_data(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activeloop.command_metrics.MOST_PAIRS", 59)
    file = reviews(here / "reviews.csv")
    words = (file, "--text", "review", "-m", "text_words", "-w", 1)
    assert "duplicates" not in told(*words, "--page")
    assert "duplicates" in told(*words, "--page", "--duplicates")
    monkeypatch.setattr("activeloop.command_metrics.MOST_PAIRS", 60)
    assert "duplicates" in told(*words, "--page")
    photos(here / "photos", 80)
    assert "duplicates" in told("photos", "--page", "-m", "perceptual_hash", "-w", 1)


def test_wide_letters_and_marks_keep_the_columns_straight(here: Path) -> None:
    pd.DataFrame({"key": ["日本語", "e\u0301te\u0301", "abc"], "review": ["a", "bb", "ccc"]}).to_csv(
        here / "reviews.csv", index=False
    )
    words = ("--text", "review", "--id", "key", "-m", "text_characters", "-w", 1)
    lines = said("reviews.csv", *words, "--sort", "text_characters").output.splitlines()
    rows = lines[lines.index("By text_characters") + 1 :][:4]
    assert sorted(rows) == sorted(
        [
            "id      text_characters",
            "日本語                1",
            "e\u0301te\u0301                   2",
            "abc                   3",
        ]
    )


def test_a_digit_is_an_image_and_a_table_is_none(here: Path) -> None:
    assert {"brightness", "perceptual_hash"} <= {one["metric"] for one in told("digits", "-w", 1)["summary"]}
    table = {one["metric"] for one in told("iris", "-w", 1)["summary"]}
    assert {"leverage", "isolation"} <= table
    assert table.isdisjoint({"brightness", "text_words"})


def test_a_new_metric_is_written_and_works(here: Path) -> None:
    assert (
        "wrote mine.py; now: activeloop metrics DATA --metric mine.py:shouting" in said("new", "mine").output
    )
    reviews(here / "reviews.csv")
    found = told("reviews.csv", "--text", "review", "-m", "mine.py:shouting", "--slice", "shouting")
    assert [one["metric"] for one in found["summary"]] == ["shouting"]
    assert found["slices"][0]["slice"] == "shouting any"
    assert said("new", "mine.py").exit_code == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["iri"], "unknown data set 'iri'; did you mean 'iris'?"),
        (["iris", "-m", "isolatio"], "unknown metric 'isolatio'; did you mean 'isolation'?"),
        (["iris", "-m", "brightness"], "metric 'brightness' needs pixels, mask, and data set 'iris'"),
        (["iris", "-m", "nothing.py:x"], "there is no file"),
        (["iris", "--slice", "leverag > 1"], "unknown column 'leverag'"),
        (["iris", "--slice", "leverage >"], "cannot read the slice expression"),
        (["iris", "--tag", "x"], "--tag 'x'; allowed: NAME=EXPRESSION"),
        (["iris", "other"], "one data set at a time"),
        (["iris", "--export", "x.xls"], "allowed endings are .csv"),
        (["iris", "--drift", "nowhere"], "unknown data set 'nowhere'"),
    ],
)
def test_what_is_wrong_is_one_sentence(here: Path, words: list[str], sentence: str) -> None:
    result = said(*words, "-w", "1")
    assert result.exit_code == 2
    assert sentence in result.output
    assert "Traceback" not in result.output
