"""What is written after a comparison: its numbers, inert names, equal bytes, whole files, every odd study."""

from __future__ import annotations

import base64
import importlib
import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from activeloop import comparison_report
from activeloop.comparison import Comparison, compare
from activeloop.comparison_report.page import page as page_of
from activeloop.comparison_report.tables import main_tables
from activeloop.errors import MissingDependencyError
from activeloop.reading import question
from tests.made_runs import make
from tests.test_report import HOSTILE, OURS, Page

SVG = "{http://www.w3.org/2000/svg}"


def items(data: str, id: int | str) -> Any:
    """Show digits as images, hearts as texts, and fail for all else."""
    if data == "digits":
        return np.full((8, 8), int(id) % 17, dtype=np.float64)
    if data == "heart":
        return f"</text><script>alert({id})</script>"
    raise KeyError(id)


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return compare(make(3, 3, seeds=8, slices=2))


@pytest.fixture(scope="module")
def written(compared: Comparison, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return comparison_report.write(compared, tmp_path_factory.mktemp("out") / "new", items, parquet=True)


@pytest.fixture(scope="module")
def page(written: tuple[Path, ...]) -> Page:
    return Page(written[0].read_text("utf-8"))


def test_the_numbers_of_the_page_are_those_of_the_comparison(compared: Comparison, page: Page) -> None:
    shown = {float(a["value"] or "nan") for tag, a in page.elements if tag == "data"}
    rows = question(compared, compared.against)
    assert len(rows) == 6
    for column in ("mean", "baseline_mean", "difference", "seeds", "p_adjusted"):
        assert set(rows[column].dropna()) <= shown, column
    assert set(compared.saved["saved"].dropna()) <= shown
    assert compared.ranks is not None
    assert set(compared.ranks.mean) <= shown


def test_every_comparison_has_its_row_with_interval_and_verdict(compared: Comparison, page: Page) -> None:
    one = question(compared, compared.against).iloc[0]
    row = next(row for row in page.rows if row[:2] == ["digits", "margin"] and len(row) == 10)
    ends = [float(end) for end in re.findall(r"-?[\d.]+", row[5])]
    assert ends == pytest.approx([one["low"], one["high"]], abs=0.001)
    assert row[7:] == ["8/0/0", f"{one['p_adjusted']:.3f}", "better"]


def test_the_page_fetches_nothing_and_runs_nothing(written: tuple[Path, ...], page: Page) -> None:
    assert {tag for tag, _ in page.elements} <= OURS
    images = [a["src"] or "" for tag, a in page.elements if tag == "img"]
    assert len(images) == 8
    assert all(source.startswith("data:image/") for source in images)
    assert all((a["href"] or "").startswith("#") for tag, a in page.elements if tag == "a")
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(set(ids)) == len(ids)
    assert {(a["href"] or "")[1:] for tag, a in page.elements if tag == "a"} <= set(ids)
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) in page.elements
    text = written[0].read_text("utf-8")
    assert "http" not in re.sub(r"http-equiv|data:image/[^\"]+", "", text)


def test_every_picture_is_told_in_words(page: Page) -> None:
    told = [a["alt"] or "" for tag, a in page.elements if tag == "img"]
    assert all(len(text) > 30 for text in told)
    assert len(set(told)) == len(told)


def test_pictures_come_as_png_and_svg_without_scripts(written: tuple[Path, ...]) -> None:
    pictures = [path for path in written if path.parent.name == "pictures"]
    assert len(pictures) == 16
    for path in pictures:
        if path.suffix == ".svg":
            tree = ElementTree.parse(path)
            assert not list(tree.iter(f"{SVG}script"))
        else:
            # 11 inches at 150 dots an inch.
            assert int.from_bytes(path.read_bytes()[16:20], "big") == 1650


def test_the_gallery_shows_images_texts_and_ids(written: tuple[Path, ...], compared: Comparison) -> None:
    (svg,) = (path for path in written if path.name == "first_asked.svg")
    tree = ElementTree.parse(svg)
    assert len(list(tree.iter(f"{SVG}image"))) == 3 * 12
    texts = [text.text or "" for text in tree.iter(f"{SVG}text")]
    first = compared.runs.asked[0]
    assert sum("script" in text for text in texts) >= 3 * 4
    sonar = next(at for at, run in enumerate(compared.runs.runs) if run.setting.data == "sonar")
    assert {str(id) for id in compared.runs.asked[sonar][:12]} <= set(texts)
    assert not {str(id) for id in first[:12]} & {text for text in texts if text.startswith("#")}


def test_tables_as_data_lose_nothing(compared: Comparison, written: tuple[Path, ...]) -> None:
    tables = {path.name: path for path in written if path.parent.name == "tables"}
    for name, table in (("against", compared.against), ("labels_saved", compared.saved)):
        read = pd.read_csv(tables[f"{name}.csv"], keep_default_na=False, na_values=[""])
        assert list(read.columns) == list(table.columns)
        for column in table.select_dtypes("float").columns:
            np.testing.assert_allclose(read[column], table[column], rtol=1e-12)
        assert len(pd.read_parquet(tables[f"{name}.parquet"])) == len(table)
    curves = pd.read_csv(tables["curves.csv"])
    digits = curves[(curves["data"] == "digits") & (curves["score"] == "accuracy")]
    whole = compared.runs.curves()
    expected = whole.where(whole.of(strategy="margin")).values[:8].mean(axis=0)
    np.testing.assert_allclose(digits[digits["strategy"] == "margin"]["value"], expected)
    assert len(pd.read_csv(tables["runs.csv"])) == len(compared.runs.runs)
    assert {"areas.tex", "areas.md", "labels_saved.tex", "wins.tex", "ranks.md"} <= set(tables)


def test_the_areas_are_marked_where_the_verdict_holds(
    compared: Comparison, written: tuple[Path, ...]
) -> None:
    (path,) = (path for path in written if path.name == "areas.tex")
    (line,) = (line for line in path.read_text("utf-8").splitlines() if line.startswith("digits"))
    verdicts = question(compared, compared.against)
    digits = verdicts[verdicts["data"] == "digits"]["verdict"]
    assert line.count(r"$\uparrow$") == (digits == "better").sum() > 0
    value = question(compared, compared.measured).iloc[0]["value"]
    assert f"& {value:.3f} $\\pm$" in line


def test_a_table_is_right_in_every_form() -> None:
    text = comparison_report.text(compare(make(("a|b_1",), ("random", "100% & <b>"), seeds=6, slices=0)))
    assert "100% & <b>" in text
    assert "a|b_1" in text


def test_equal_input_gives_equal_bytes_and_no_other_files(tmp_path: Path) -> None:
    one, two = (
        comparison_report.write(compare(make(1, 2, seeds=6, slices=1)), tmp_path / name, items)
        for name in "ab"
    )
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert sorted(one) == sorted(path for path in (tmp_path / "a").rglob("*") if path.is_file())


def test_no_name_can_break_page_or_tables(tmp_path: Path) -> None:
    names = (*HOSTILE, "\\input{/etc/passwd} | x" + "y" * 10_000)
    runs = make(
        names[:2], ("random", *names), seeds=2, slices=names[:3], rounds=3, name=names[1], question=names[0]
    )
    paths = comparison_report.write(compare(runs), tmp_path, lambda data, id: names[0])
    read = Page(paths[0].read_text("utf-8"))
    assert {tag for tag, _ in read.elements} <= OURS
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)
    assert any("<script>alert(1)</script>" in text for text in read.text)
    assert not set("\x00\x1b\u202e") & set("".join(read.text))
    assert paths[0].stat().st_size < 5_000_000
    for path in paths:
        if path.suffix == ".svg":
            assert not list(ElementTree.parse(path).iter(f"{SVG}script"))
        if path.suffix == ".tex":
            assert r"\input" not in path.read_text("utf-8")
        if path.suffix == ".md":
            header, edges, *rows = path.read_text("utf-8").splitlines()
            assert {len(re.findall(r"(?<!\\)\|", row)) for row in (header, edges, *rows)} == {
                edges.count("|")
            }
            assert not re.search(r"(?<!\\)<", header + "".join(rows))
    assert not set("\x00\x1b\u202e\r") & set(comparison_report.text(compare(runs)))


@pytest.mark.parametrize(
    ("runs", "sentence"),
    [
        (make(1, 3, seeds=8, slices=0), "was better than random"),
        (make(2, 3, seeds=1, slices=2), "insufficient"),
        (make(2, 3, seeds=7, equal=True, flawed=False), "no difference shown on 2"),
        (make(2, 3, seeds=7, without_runs="entropy"), "entropy"),
        (make(1, 1, seeds=3, slices=0), "Only random was run"),
        (make(1, 2, seeds=7, slices=0, batch_sizes=(5, 20)), "batches of 5"),
        (make(1, 2, seeds=7, slices=0, rounds=1), "random"),
    ],
    ids=["one data set", "one seed", "all equal", "without runs", "alone", "batch sizes", "one round"],
)
def test_a_study_of_any_shape_has_a_page_and_a_text(runs: Any, sentence: str) -> None:
    compared = compare(runs)
    assert sentence in "".join(Page(page_of(compared, (), main_tables(compared))).text)
    text = comparison_report.text(compared)
    assert text.startswith("made: Does margin need fewer labels than random?\n")
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_strategy_that_always_fails_is_named_and_counts_nowhere(tmp_path: Path) -> None:
    compared = compare(make(2, 3, seeds=7, slices=0, without_runs="entropy"))
    text = comparison_report.text(compared)
    rows = [line.split() for line in text.splitlines() if line.startswith(("digits", "heart"))]
    assert sum("–" in row and "entropy" in row for row in rows) == 2
    assert "StrategyError: utilities are NaN" in text


def test_a_comparison_too_wide_for_rows_is_told_by_strategy() -> None:
    text = comparison_report.text(compare(make(9, 6, seeds=6, slices=0, flawed=False)))
    compared = compare(make(9, 6, seeds=6, slices=0, flawed=False))
    rows = question(compared, compared.against)
    line = next(line.split() for line in text.splitlines() if line.startswith("margin"))
    counts = [(rows[rows["strategy"] == "margin"]["verdict"] == one).sum() for one in ("better", "worse")]
    assert [int(line[1]), int(line[3])] == counts
    assert math.isclose(float(line[5]), rows[rows["strategy"] == "margin"]["difference"].mean(), abs_tol=6e-4)


def test_parquet_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compared: Comparison
) -> None:
    monkeypatch.setattr(
        importlib.import_module("activeloop.comparison_report.files"), "find_spec", lambda _: None
    )
    with pytest.raises(MissingDependencyError, match=r"activeloop\[parquet\]"):
        comparison_report.write(compared, tmp_path / "out", parquet=True)
    assert not (tmp_path / "out").exists()


def test_svg_and_png_are_the_sources_of_the_page(written: tuple[Path, ...], page: Page) -> None:
    sources = [a["src"] or "" for tag, a in page.elements if tag == "img"]
    held = {path.read_bytes() for path in written if path.parent.name == "pictures"}
    assert all(base64.b64decode(source.partition(",")[2]) in held for source in sources)


def test_less_may_be_better_and_equivalence_is_told() -> None:
    lag = compare(make(6, 3, seeds=7, slices=0, flawed=False), measures=("deficiency",), rope=0.01)
    text = "".join(Page(page_of(lag, (), main_tables(lag))).text)
    assert "Practical equivalence" in text
    rows = question(lag, lag.against)
    better = rows[(rows["strategy"] == "entropy") & (rows["verdict"] == "better")]
    assert (better["difference"] < 0).all()
    assert f"better on {len(better)} ({', '.join(better['data'].iloc[:2])}" in text
