"""Looking at one item and at the other views, in a real browser, with the mouse and with the keys."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from activeloop.explorer import Exploration, MetricColumn
from tests.explorer.conftest import Browse, items, settle, texts
from tests.explorer.made import HOSTILE, bare, hostile, made, picture

TABS = ["Items", "Outliers", "Duplicates", "Label errors", "Slices", "Performance", "Drift", "Test-cases"]


def _active(page: Any) -> int:
    settle(page)
    return int(page.get_attribute("#grid", "aria-activedescendant").removeprefix("item-"))


def test_the_keys_move_open_and_close(browse: Browse) -> None:
    page = browse(made(), viewport={"width": 800, "height": 700})
    order = items(page)
    page.focus("#grid")
    assert _active(page) == order[0]
    for key, place in (("ArrowRight", 1), ("ArrowDown", 5), ("ArrowLeft", 4), ("ArrowUp", 0), ("End", 11)):
        page.keyboard.press(key)
        assert _active(page) == order[place], key
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    settle(page)
    assert page.evaluate("document.activeElement.id") == "detail-title"
    assert texts(page, "#detail-title") == [f"i{order[0]}"]
    page.keyboard.press("ArrowRight")
    assert texts(page, "#detail-title") == [f"i{order[1]}"]
    page.keyboard.press("Escape")
    settle(page)
    assert page.locator("#detail").is_hidden()
    assert page.evaluate("document.activeElement.id") == "grid"
    page.keyboard.press("s")
    assert items(page) != order
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()


def test_keys_that_are_typed_into_a_box_are_text(browse: Browse) -> None:
    page = browse(made())
    page.keyboard.press("/")
    page.keyboard.type("s/?[")
    assert page.locator("#search").input_value() == "s/?["
    assert page.locator("#help").is_hidden()


def test_an_item_is_shown_in_full(browse: Browse) -> None:
    page = browse(made(), "#i1")
    detail = page.locator("#detail").inner_text()
    for part in ("i1", "dog", "cat", "wrong", "small", "3 px", "0.150", "equal to i2"):
        assert part in detail, part
    page.get_by_role("button", name="Go to i2").click()
    assert texts(page, "#detail-title") == ["i2"]
    page.goto(page.url.partition("#")[0] + "#i3")
    settle(page)
    assert "NULL: not_applicable" in page.locator("#detail").inner_text()
    page.goto(page.url.partition("#")[0] + "#i8")
    settle(page)
    assert "NULL: failed: ValueError: no width" in page.locator("#detail").inner_text()


def test_pictures_are_the_pictures(browse: Browse) -> None:
    page = browse(made())
    for at in (0, 6, 11):
        pixels = page.evaluate(
            """async (id) => {
              const image = document.querySelector(`#${id} img`);
              await image.decode();
              const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
              canvas.getContext("2d").drawImage(image, 0, 0);
              return [...canvas.getContext("2d").getImageData(0, 0, 8, 8).data];
            }""",
            f"item-{at}",
        )
        np.testing.assert_array_equal(np.reshape(pixels, (8, 8, 4))[:, :, :3], picture(at))
    assert page.locator("#item-4 img").count() == 0
    page.click("#item-4")
    settle(page)
    assert "failed: OSError: image file is <b>truncated</b>" in page.locator("#detail").inner_text()


@pytest.mark.parametrize("modality", ["text", "table"])
def test_texts_and_rows_are_shown(browse: Browse, modality: Any) -> None:
    page = browse(made(modality))
    first = page.locator("#item-4").inner_text()
    wanted = {"text": ("the text of item 4", "i4", "9"), "table": ("i4", "9", "4", "NULL")}[str(modality)]
    assert all(part in first for part in wanted), first
    if modality == "table":
        assert texts(page, "#grid [role=columnheader]") == ["id", "size", "label", "age", "name"]


def test_every_view_shows_its_part(browse: Browse) -> None:
    page = browse(made())
    assert [text.rstrip(" 0123456789") for text in texts(page, "[role=tab]")] == TABS
    page.focus("#tab-items")
    for name, words in (
        ("outliers", ["size 9 lies above the upper fence, 8.5", "extreme", "i4"]),
        ("duplicates", ["equal to i2", "i1", "group 1"]),
        ("label_errors", ["No label errors were found."]),
        ("slices", ["small", "[0.100, 0.600]", "insufficient", "undefined"]),
        ("performance", ["heat", "rank correlation −0.600 [−0.800, −0.300]", "q < 0.001"]),
        ("drift", ["not detected", "0.400", "0.4 of the standard deviation"]),
        ("cases", ["fail", "accuracy >= 0.9", "too low", "undefined"]),
    ):
        page.keyboard.press("ArrowRight")
        settle(page)
        assert page.evaluate("document.activeElement.id") == f"tab-{name}"
        assert page.get_attribute(f"#tab-{name}", "aria-selected") == "true"
        shown = page.locator(f"#panel-{name}").inner_text()
        assert all(word in shown for word in words), (name, shown)
        assert page.locator("[role=tabpanel]:visible").count() == 1
    told = page.locator("#panel-slices svg").first.get_attribute("aria-label")
    assert told == "0.750, [0.500, 0.900]"


def test_intervals_are_drawn_to_scale(browse: Browse) -> None:
    page = browse(made(), "#tab=slices")
    lines = page.eval_on_selector_all(
        "#panel-slices svg .span", "all => all.map((one) => [one.x1.baseVal.value, one.x2.baseVal.value])"
    )
    (low, high), (least, most) = lines
    assert least == min(low, least)
    assert high == max(high, most)
    np.testing.assert_allclose((high - low) / (most - least), (0.9 - 0.5) / (0.6 - 0.1))
    np.testing.assert_allclose((low - least) / (high - least), (0.5 - 0.1) / (0.9 - 0.1))


def test_a_review_list_and_a_slice_lead_to_their_items(browse: Browse) -> None:
    page = browse(made(), "#tab=outliers")
    page.focus(".findings")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert texts(page, "#detail-title") == ["i6"]
    page.keyboard.press("Escape")
    page.select_option("#panel-outliers select", "mild")
    assert texts(page, "#panel-outliers .id") == ["i6"]
    page.click("#panel-outliers .show-in-items")
    assert set(items(page)) == {4, 6}
    page.click("#tab-slices")
    page.get_by_role("button", name="small").click()
    assert items(page) == [6]


def test_absent_parts_are_not_shown(browse: Browse) -> None:
    page = browse(bare())
    assert items(page) == [0, 1, 2]
    assert page.locator("[role=tab]").all_text_contents() == ["Items 3"]
    assert page.locator("#tabs").is_hidden()
    assert page.locator("#facets *").count() == 0
    assert page.locator(".plot").count() == 0


def test_no_items_are_no_error(browse: Browse) -> None:
    assert items(browse(bare(0))) == []


def test_a_metric_may_be_constant_or_missing_throughout(browse: Browse) -> None:
    metrics = (
        MetricColumn("constant", np.ones(5)),
        MetricColumn("missing", np.full(5, np.nan)),
        MetricColumn("huge", np.array([1e300, -1e300, 0, 1, 2])),
        MetricColumn("tailed", np.array([1.0, 2, 3, 4, 1e9])),
    )
    page = browse(Exploration("five", np.arange(5), "text", metrics=metrics))
    for name in ("missing", "huge", "tailed", "constant"):
        page.select_option("#metric", name)
        assert len(items(page)) == 5
        assert page.locator(".plot").is_visible() == (name != "missing")
        page.keyboard.press("[")
        settle(page)
        if name != "missing":
            page.click(".chip")


def test_hostile_texts_are_texts(browse: Browse) -> None:
    page = browse(hostile())
    page.wait_for_timeout(300)
    for tab in page.locator("[role=tab]").all():
        tab.click()
        settle(page)
    page.click("#tab-items")
    for box in page.locator("#facets input[type=checkbox]").all():
        box.check(force=True)
    page.keyboard.press("Escape")
    page.fill("#search", HOSTILE[0])
    page.click("#clear")
    page.click("#item-1")
    settle(page)
    assert HOSTILE[0] in page.locator("#detail").inner_text()
    assert page.evaluate("window.hacked") is None
    assert page.locator("script").count() == 3
    assert page.locator("main img, main svg[onload]").count() == 0


def test_five_thousand_rows_are_few_elements(browse: Browse) -> None:
    n = 5_000
    values = np.random.default_rng(0).permutation(n).astype(float)
    one = Exploration(
        "many",
        np.arange(n),
        "text",
        texts=[f"text {at}" for at in range(n)],
        metrics=(MetricColumn("value", values, direction="low"),),
    )
    page = browse(one)
    by_value = np.argsort(values).tolist()
    assert items(page) == by_value[: len(items(page))]
    assert page.evaluate("document.querySelectorAll('*').length") < 600
    page.focus("#grid")
    page.keyboard.press("End")
    assert items(page)[-1] == by_value[-1]
    assert page.locator(f"#item-{by_value[-1]}").is_visible()
    page.evaluate("document.querySelector('#grid').scrollTop = 2500 * 78")
    assert by_value[2503] in items(page)
    assert page.evaluate("document.querySelectorAll('*').length") < 600
    assert page.get_attribute("#grid", "aria-rowcount") == "5000"
