"""The page is for everyone: no barrier that axe finds, a tree that can be read aloud, small screens."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from tests.label.conftest import Visit, running
from tests.patience import until

ROW = {"age": 41, "town": "Riga", "note": None}
PIXELS = np.linspace(0, 255, 300 * 400 * 3).reshape(300, 400, 3).astype(np.uint8)
LONG = "A long review. " * 300

BIG_ENOUGH = """() => [...document.querySelectorAll("#answer button, nav button")]
  .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
  .filter((box) => box.width < 24 || box.height < 24).length"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is in the extra test")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def _barriers(page: Any, axe: str) -> list[tuple[str, list[str]]]:
    page.evaluate(axe)
    found = page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Visit, axe: str, scheme: str) -> None:
    """Whatever is shown, and in each dialog."""
    items = ["good <b>", LONG, ROW, PIXELS, object()]
    with running(items, guidelines="Good: one would come back.", rooms={"/progress": []}) as one:
        page = visit(one, role="owner", color_scheme=scheme, bypass_csp=True)
        assert page.get_by_role("link", name="Progress").get_attribute("href") == "/progress/"
        page.keyboard.press("n")
        kinds = set()
        for _ in items:
            kinds.add(page.locator("#item").get_attribute("data-kind"))
            assert _barriers(page, axe) == []
            page.get_by_role("button", name="Unsure").click()
            until(lambda: page.evaluate("() => document.querySelector('#status').className === 'saved'"))
        assert kinds == {"text", "row", "picture", "refused"}
        for dialog in ("help", "guidelines", "people"):
            page.locator(f"#open-{dialog}").click()
            assert _barriers(page, axe) == [], dialog
            page.keyboard.press("Escape")


def test_axe_finds_nothing_with_many_classes_and_on_a_phone(visit: Visit, axe: str) -> None:
    with running(["text"] * 3, classes=range(500)) as one:
        page = visit(one, bypass_csp=True, viewport={"width": 360, "height": 640})
        page.locator("#find-class").fill("12")
        assert _barriers(page, axe) == []


def test_the_page_can_be_read_aloud(visit: Visit) -> None:
    from playwright.sync_api import expect

    with running(["A kind place."] * 3, guidelines="Be fair.", title="Reviews") as one:
        page = visit(one)
        expect(page.locator("#progress")).to_be_visible()
        expect(page.locator("body")).to_match_aria_snapshot(
            """
            - link "Go to the item"
            - banner:
              - heading "Reviews" [level=1]
              - progressbar "0 of 3 in this round · 0 in all"
              - status
              - navigation "Page":
                - button "Guidelines"
                - button "Shortcuts"
            - main:
              - region "Item to label":
                - paragraph: A kind place.
              - region "Your answer":
                - group "Classes":
                  - button "good"
                  - button "bad"
                - group "Other answers and actions":
                  - button "Unsure"
                  - button "Skip"
                  - button "Bad item"
                  - button "Flag"
                  - button "Note"
                  - button "Undo"
            """
        )
        page.keyboard.press("1")
        expect(page.get_by_role("status")).to_have_text("Saved: good")
        expect(page.locator("#item")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_small_screens_need_no_sideways_scrolling(visit: Visit, width: int) -> None:
    with running([LONG, ROW, PIXELS], classes=("very good indeed", "good", "bad")) as one:
        page = visit(one, viewport={"width": width, "height": 640}, has_touch=True)
        for _ in range(3):
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            assert page.evaluate("() => document.documentElement.scrollHeight") <= 640
            assert page.evaluate(BIG_ENOUGH) == 0
            page.get_by_role("button", name="good", exact=True).tap()
            until(lambda: page.evaluate("() => document.querySelector('#status').className === 'saved'"))


def test_a_picture_is_enlarged_and_fitted_again(visit: Visit) -> None:
    with running([PIXELS] * 2) as one:
        page = visit(one)
        image = page.locator("#item img")
        whole = image.bounding_box()
        page.get_by_role("button", name="Larger").click()
        assert image.bounding_box()["width"] == pytest.approx(1.5 * whole["width"], rel=0.01)
        page.get_by_role("button", name="Fit").click()
        assert image.bounding_box() == whole
        page.mouse.move(whole["x"] + whole["width"] / 2, whole["y"] + whole["height"] / 2)
        page.mouse.wheel(0, -300)
        until(lambda: page.evaluate("() => document.querySelector('.frame').classList.contains('zoomed')"))
