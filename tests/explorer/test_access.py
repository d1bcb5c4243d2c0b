"""The page is for everyone: names and roles, contrast, small screens, no motion."""

from __future__ import annotations

from typing import Any

import pytest

from tests.explorer.conftest import Browse, settle
from tests.explorer.made import made

TABS = ("items", "outliers", "duplicates", "label_errors", "slices", "performance", "drift", "cases")

NAMELESS = """() => [...document.querySelectorAll("button, input, select, summary, meter, [role=slider],"
  + "[role=grid], [role=tabpanel], [role=img], [role=region], [role=group]")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent.trim()
    || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent))
  .map((one) => one.outerHTML.slice(0, 200))"""

FAINT = """() => {
  const rgb = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
    return color.startsWith("color(") ? [255 * r, 255 * g, 255 * b, a] : [r, g, b, a];
  };
  const light = (parts) => parts.slice(0, 3).map((part) => part / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] === 1) return color;
    }
    return [255, 255, 255, 1];
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !one.checkVisibility()) continue;
    if (one.closest("script, option, noscript")) continue;
    const style = getComputedStyle(one);
    const [a, b] = [light(rgb(one.closest("svg") ? style.fill : style.color)), light(behind(one))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.push([one.outerHTML.slice(0, 120), contrast]);
  }
  return found;
}"""


def _each_view(page: Any) -> Any:
    for name in TABS:
        page.evaluate(f"document.querySelector('#tab-{name}').click()")
        settle(page)
        yield name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(browse: Browse, scheme: str) -> None:
    page = browse(made(), "#metric=size&filter=%5B%22label%22%2C%22dog%22%5D&item=i1", color_scheme=scheme)
    for name in _each_view(page):
        assert page.evaluate(FAINT) == [], name
    page.evaluate("document.querySelector('#count').style.color = '#777'")
    assert page.evaluate(FAINT) != [], "the measure sees what is too faint"


def test_all_that_can_be_used_has_a_name_and_every_id_is_one(browse: Browse) -> None:
    page = browse(made(), "#item=i1")
    for name in _each_view(page):
        assert page.evaluate(NAMELESS) == [], name
    ids = page.eval_on_selector_all("[id]", "all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("modality", ["image", "text", "table"])
def test_the_grid_is_a_grid_of_rows_of_cells(browse: Browse, modality: Any) -> None:
    page = browse(made(modality))
    page.focus("#grid")
    page.keyboard.press("ArrowDown")
    settle(page)
    outside = "all => all.filter((one) => !one.closest('[role=row]')).length"
    assert page.eval_on_selector_all("#grid [role=gridcell]", outside) == 0
    numbers = "all => all.map((one) => Number(one.ariaRowIndex))"
    assert 0 not in page.eval_on_selector_all("#grid [role=row]", numbers)
    active = page.get_attribute("#grid", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    assert page.locator("#grid [aria-selected=true]").count() == 1
    assert "size" in page.get_attribute(f"#{active}", "aria-label")


def test_focus_is_seen(browse: Browse) -> None:
    page = browse(made())
    for _ in range(8):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert (width >= 2, style) == (True, "solid")


@pytest.mark.parametrize("modality", ["image", "text", "table"])
def test_a_phone_shows_everything_without_scrolling_sideways(browse: Browse, modality: Any) -> None:
    page = browse(made(modality), viewport={"width": 320, "height": 640}, has_touch=True)
    for name in _each_view(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        assert page.evaluate("document.body.scrollHeight") <= 640, name
    page.click("#tab-items")
    page.click("#controls > summary")
    page.fill(".ends input >> nth=0", "7")
    page.keyboard.press("Enter")
    page.click("#controls > summary")
    settle(page)
    page.tap("#item-5")
    settle(page)
    box = page.locator("#detail").bounding_box()
    assert (box["width"], box["height"]) == (320, 640)
    page.tap("#close")
    settle(page)
    assert page.locator("#detail").is_hidden()


def test_nothing_moves(browse: Browse) -> None:
    page = browse(made(), reduced_motion="reduce")
    page.click("#item-0")
    settle(page)
    assert page.evaluate("document.getAnimations().length") == 0
    durations = "all => [...new Set(all.map((one) => getComputedStyle(one).transitionDuration))]"
    assert page.eval_on_selector_all("*", durations) == ["0s"]
