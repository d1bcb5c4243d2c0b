"""The page in a browser: live under a strict policy, afterwards as one file, for eyes, ears and keys."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from activeloop.progress_page import progress, write
from activeloop.progress_page.page import script, style
from tests.explorer.test_access import FAINT, NAMELESS

from .conftest import Browse, serving
from .made import HOSTILE, START, made


@pytest.fixture
def page(browse: Browse, tmp_path: Path) -> Any:
    return browse(write(made(), tmp_path / "progress.html").as_uri())


def _rows(page: Any, section: str) -> list[list[str]]:
    found: list[list[str]] = page.eval_on_selector_all(
        f"#section-{section} tbody tr",
        "rows => rows.map((row) => [...row.cells].map((one) => one.innerText))",
    )
    return found


def test_every_question_has_its_answer(page: Any) -> None:
    facts = page.inner_text("#section-summary")
    assert "accuracy reaches 0.9 after about 310 labels" in facts
    assert page.inner_text("#state") == "The model is training on 160 labels; you may go on labeling."
    lacking = _rows(page, "lacking")
    assert [row[5] for row in lacking] == ["labels to learn from, 6 more to be judged", "", "", ""]
    assert lacking[0][1:5] == ["8", "5.0 %", "30 %", "4 of 10"]
    assert _rows(page, "bought")[0][:3] == ["short", "11", "88"]
    assert [row[0] for row in _rows(page, "work")[:2]] == ["ann", "bo"]
    assert [row[2] for row in _rows(page, "agreement")] == ["0.860", "0.740", "0.710", "–"]
    assert [row[1] for row in _rows(page, "cases")] == ["pass", "inconclusive", "insufficient"]


def test_names_of_users_are_shown_and_never_read_as_markup(page: Any) -> None:
    assert page.text_content("#title") == f"reviews {HOSTILE}"
    assert page.query_selector("main b:not(.facts b)") is None
    assert page.text_content("#section-lacking tbody th") == HOSTILE


def test_the_curve_is_of_the_chosen_source_score_and_slice(page: Any) -> None:
    chart = page.locator("#section-curve svg")
    assert "from 0.450 at 20 labels to 0.800 [0.650, 0.900] at 160" in chart.get_attribute("aria-label")
    assert (chart.locator("circle").count(), chart.locator("polygon").count()) == (8, 1)
    page.select_option("#source", "holdout")
    page.select_option("#score", "f1_macro")
    page.select_option("#slice", HOSTILE)
    label = chart.get_attribute("aria-label")
    assert "f1_macro, all: from 0.470" in label
    assert f"{HOSTILE}: from 0.650 at 80 labels" in label
    assert chart.locator("circle").count() == 8 + 5, "three rounds are undefined on this slice"
    page.locator("#curve-numbers summary").click()
    assert sum("no item of two classes" in row[4] for row in _rows(page, "curve")) == 3
    heat = _rows(page, "heat")
    assert [row[0] for row in heat][:2] == ["all", "long"]
    assert [" ".join(cell.split()) for cell in heat[4][1:5]] == ["–", "–", "–", "0.65 from only 4"]


def test_it_moves_while_the_model_trains_and_a_failing_server_is_told(browse: Browse) -> None:
    with serving(made(rounds=3)) as served:
        page = browse(served.address, allowed="status of 500")
        page.select_option("#slice", "long")
        page.locator("#curve-numbers summary").click()
        page.focus("#score")
        page.evaluate("document.querySelector('#section-cases table').dataset.mine = 'yes'")
        verdicts = made(rounds=3).verdicts
        served.progress = made(rounds=5, state="Round 5 is open.", verdicts=verdicts, agreement=())
        page.locator("#state", has_text="Round 5 is open.").wait_for()
        assert page.locator("#section-curve svg circle").count() == 2 * 5
        assert page.input_value("#slice") == "long"
        assert page.evaluate("document.querySelector('#curve-numbers').open")
        assert page.evaluate("document.activeElement.id") == "score"
        assert page.inner_text("#section-agreement") == "No item has been labeled by two people yet."
        kept = page.evaluate("document.querySelector('#section-cases table').dataset.mine")
        assert kept == "yes", "what has not changed is not drawn again"
        served.broken = True
        page.locator("#state", has_text="Not up to date: the server said 500. Trying again.").wait_for()
        assert page.locator("#section-curve svg").count() == 1, "what was known stays"
        served.broken = False
        page.locator("#state", has_text="Round 5 is open.").wait_for()


def test_many_who_look_cost_one_look_a_second() -> None:
    testing = pytest.importorskip("starlette.testclient", reason="starlette is in the extra label")
    from starlette.applications import Starlette

    from activeloop.progress_page import routes

    asked, now = [0], [0.0]

    def look() -> Any:
        asked[0] += 1
        return made()

    with testing.TestClient(Starlette(routes=routes(look, clock=lambda: now[0]))) as client:
        first = client.get("/data.json")
        tag = first.headers["etag"]
        for _ in range(5):
            again = client.get("/data.json", headers={"if-none-match": tag})
            assert (again.status_code, again.content) == (304, b"")
        assert asked == [1]
        now[0] = 1.0
        assert client.get("/data.json").json() == first.json()
        assert asked == [2]
        assert "script" in client.get("/").text
        assert "<style" not in client.get("/").text
        assert client.get("/progress.css").headers["content-type"].startswith("text/css")
        assert client.get("/progress.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(browse: Browse, tmp_path: Path, scheme: str) -> None:
    page = browse(write(made(), tmp_path / "progress.html").as_uri(), color_scheme=scheme)
    for one in page.locator("summary").all():
        if not one.evaluate("one => one.parentElement.open"):
            one.click()
    assert page.evaluate(FAINT) == []


def test_all_that_can_be_used_has_a_name_and_all_is_reached_by_keys(page: Any) -> None:
    assert page.evaluate(NAMELESS) == []
    ids = page.eval_on_selector_all("[id]", "all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert {"score", "source", "slice", "wide"} <= set(reached)
    tree = page.locator("main").aria_snapshot()
    for heading in ("So far", "Learning curve", "Which slices lack labels", "Test-cases"):
        assert f'heading "{heading}" [level=2]' in tree


def test_axe_finds_nothing(page: Any) -> None:
    found = importlib.util.find_spec("axe_playwright_python") or importlib.util.find_spec("axe_core_python")
    if found is None or found.origin is None:
        pytest.skip("axe is not installed: pip install axe-playwright-python")
    page.evaluate((Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    faults = page.evaluate(
        "axe.run().then((found) => found.violations.map((one) => [one.id, one.nodes[0].html]))"
    )
    assert faults == []


def test_a_phone_scrolls_down_only(browse: Browse, tmp_path: Path) -> None:
    page = browse(
        write(made(), tmp_path / "progress.html").as_uri(),
        viewport={"width": 360, "height": 740},
        has_touch=True,
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_nothing_yet_says_so(browse: Browse, tmp_path: Path) -> None:
    page = browse(write(progress("new", at=START), tmp_path / "progress.html").as_uri())
    shown = page.inner_text("main")
    for words in ("No round has been scored yet.", "Nobody has labeled yet.", "No test-case is judged."):
        assert words in shown


def test_the_page_is_small(tmp_path: Path) -> None:
    assert len(script()) + len(style()) < 60_000
    assert b"</script><b" not in write(made(), tmp_path / "progress.html").read_bytes()
