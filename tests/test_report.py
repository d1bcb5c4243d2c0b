"""The page: its numbers are the tables' numbers, it fetches nothing, and no name can break it."""

from __future__ import annotations

import base64
import dataclasses
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from activeloop import report
from activeloop.cases import Verdict
from activeloop.results import COLUMNS, Results
from activeloop.spread import at_the_end, over_seeds
from activeloop.verdicts_by_run import verdicts_by_run
from tests.made_results import make

EMPTY = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """Reads a page, and fails where an element is not closed by its own name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def page() -> str:
    return report.render(make(early=True))


def test_every_number_of_the_final_tables_is_in_the_page(page: str) -> None:
    results = make(early=True)
    ends = at_the_end(over_seeds(results))
    shown = [float(a["value"] or "nan") for tag, a in Page(page).elements if tag == "data"]
    expected = [value for value in ends["value"] if not math.isnan(value)]
    assert len(expected) == 2 * 2 * 4
    assert set(expected) <= set(shown)


def test_the_comparison_is_paired_by_seed(page: str) -> None:
    rows = make(early=True).history
    rows = rows[(rows["slice"] == "all") & (rows["score"] == "accuracy") & (rows["n_labeled"] == 160)]
    values = rows.pivot(index="seed", columns="strategy", values="value")
    difference = values["margin"] - values["random"]
    half = 2.776445 * difference.std() / math.sqrt(5)
    sentence = (
        f"After 160 labels margin scored {values['margin'].mean():.3f} accuracy (mean of 5 seeds), random "
        f"{values['random'].mean():.3f}; difference {difference.mean():+.3f}, 95 % interval over seeds "
        f"[{difference.mean() - half:.3f}, {difference.mean() + half:.3f}], 5 seeds"
    )
    assert sentence in page


def test_the_page_fetches_nothing_and_says_so(page: str) -> None:
    elements = Page(page).elements
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in elements}
    sources = [a["src"] or "" for tag, a in elements if tag == "img"]
    assert len(sources) == 6
    assert all(source.startswith("data:image/") for source in sources)
    assert all((a["href"] or "").startswith("#") for tag, a in elements if tag == "a")
    assert "http" not in re.sub(r"http-equiv|data:image/[^\"]+", "", page)
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) in elements


def test_pictures_are_well_formed_and_name_no_address_but_their_language(page: str) -> None:
    images = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)
    assert len(images) == 6
    for image in images:
        text = base64.b64decode(image).decode()
        assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
        hosts = set(re.findall(r"(?:href|src)=\"(\w+:)", text))
        assert hosts <= {"data:"}


def test_every_picture_is_told_in_words(page: str) -> None:
    told = [a["alt"] or "" for tag, a in Page(page).elements if tag == "img"]
    assert all(len(text) > 30 for text in told)
    assert len(set(told)) == len(told)


def test_small_slices_get_no_verdict_and_the_worst_is_named_in_words(page: str) -> None:
    rows = [row for row in Page(page).rows if len(row) == 7 and row[0].startswith("ink")]
    assert [row[-1] for row in rows if row[1] == "6"] == ["insufficient (n < 10)"] * 2
    assert sum(row[-1] == "worst" for row in rows) == 2


def test_runs_are_listed_with_their_reasons(page: str) -> None:
    rows = [row for row in Page(page).rows if len(row) == 6]
    assert ["margin", "4", "stopped", "plateau of accuracy", "160", "8"] in rows
    assert sum(row[2] == "complete" for row in rows) == 9


OURS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "main",
    "nav",
    "section",
    "h1",
    "h2",
    "h3",
}
OURS |= {"p", "ul", "li", "a", "bdi", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "data"}
OURS |= {"figure", "img", "figcaption", "details", "summary", "pre"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "שלום עולם \u202e evil",
    "$\\frac{broken$ {{ 7*7 }}",
    "controls \x00 \x1b and\nlines",
    "long " * 60,
)


def test_no_name_can_break_the_page(tmp_path: Path) -> None:
    results = dataclasses.replace(
        make(HOSTILE, seeds=2, slices=HOSTILE, rounds=4, scores=("<b>score</b>",), question=HOSTILE[0]),
        name=HOSTILE[1],
        configuration="</pre><script>alert(1)</script>\x00",
    )
    paths = report.write(results, tmp_path)
    read = Page(paths[0].read_text("utf-8"))
    assert {tag for tag, _ in read.elements} <= OURS
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)
    assert "<script>alert(1)</script>" in read.text
    assert not set("\x00\x1b\u202e") & set("".join(read.text))
    for path in paths:
        if path.suffix == ".svg":
            assert not list(ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}script"))


def test_one_seed_concludes_nothing() -> None:
    text = report.render(make(seeds=1, rounds=3))
    assert "With one seed no comparison can be concluded" in text
    assert "one seed: no conclusion" in text
    assert "intervals are 95&nbsp;% over holdout items" in text


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        (make(seeds=2, rounds=1), "Only the start (round 0) has been scored so far."),
        (make(seeds=2, slices=0, rounds=3), "difference"),
        (make(strategies=1, seeds=2, rounds=3), "One strategy ran"),
        (make(seeds=2, rounds=3, undefined=True), "accuracy is undefined on the whole holdout"),
        (make(seeds=2, rounds=3, regression=True, scores=("neg_mean_absolute_error",)), "-1"),
    ],
    ids=["start", "no slices", "one strategy", "undefined", "regression"],
)
def test_a_study_of_any_shape_has_a_page(results: Results, sentence: str) -> None:
    assert sentence in "".join(Page(report.render(results)).text)


def test_an_empty_study_has_a_page() -> None:
    tables = {name: pd.DataFrame(columns=list(columns)) for name, columns in COLUMNS.items()}
    text = report.render(Results("nothing", "", **tables, configuration=""))
    assert "Nothing has been scored yet." in Page(text).text


def test_equal_results_give_equal_files_and_no_half_files(tmp_path: Path) -> None:
    first = report.write(make(1, seeds=2, rounds=3, scores=("accuracy",)), tmp_path / "one")
    again = report.write(make(1, seeds=2, rounds=3, scores=("accuracy",)), tmp_path / "two")
    assert [path.name for path in first] == [path.name for path in again]
    assert len(first) == 13
    for one, other in zip(first, again, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert sorted(path for path in (tmp_path / "one").rglob("*") if path.is_file()) == sorted(first)


def test_a_page_stays_small() -> None:
    assert len(report.render(make(2, seeds=5, slices=15))) < 1_000_000


def with_cases(results: Results) -> Results:
    """Give the results with two cases: one that passes from the third round on, one that never can."""
    rows = [
        (strategy, seed, at, 20 * at + 20, *verdict)
        for strategy in results.strategies
        for seed in results.seeds[strategy]
        for at in range(4)
        for verdict in (
            Verdict(
                "night <b>",
                "lux < 5",
                "accuracy",
                ("fail", "inconclusive", "pass", "pass")[at],
                0.9,
                0.85,
                0.95,
                120,
                "at_least",
                0.8,
            ),
            Verdict("few", "all", "f1", "insufficient", None, None, None, 3, "max_drop", 0.1, reason="n = 3"),
        )
    ]
    return dataclasses.replace(results, cases=pd.DataFrame(rows, columns=list(COLUMNS["cases"])))


def test_the_page_shows_the_last_verdicts_when_each_case_first_passed_and_its_course() -> None:
    results = with_cases(make(strategies=2, seeds=2, rounds=4))
    tables = verdicts_by_run(results)
    assert [one.strategy for one in tables] == ["random", "margin"]
    assert [(one.last.case, one.seed, one.first_passed) for one in tables[0].rows] == [
        ("night <b>", 0, 60),
        ("night <b>", 1, 60),
        ("few", 0, None),
        ("few", 1, None),
    ]
    assert tables[0].rows[0].course == "✕?●●"
    assert tables[0].rows[0].told == "fail (1), then inconclusive (1), then pass (2)"
    text = report.render(results)
    assert text.count('class="cases"') == 2
    assert "night &lt;b&gt;" in text
    assert "night <b>" not in text
    assert 'aria-label="fail (1), then inconclusive (1), then pass (2)"' in text
    assert ">not yet<" in text


def test_a_study_without_cases_has_no_section_for_them() -> None:
    assert "Test-cases" not in report.render(make(seeds=2, rounds=2))
