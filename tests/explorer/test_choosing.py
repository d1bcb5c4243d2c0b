"""Sorting and filtering, in a real browser: what stands in the grid is what was chosen."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.explorer.conftest import Browse, items, settle, texts
from tests.explorer.made import SIZE, ids, made
from tests.patience import until

# NULL (i3, i8) last in both directions; the three 3s (i1, i10, i2) by id in both.
HIGHEST = [4, 7, 5, 0, 11, 1, 10, 2, 9, 6, 3, 8]
LOWEST = [6, 9, 1, 10, 2, 11, 0, 5, 7, 4, 3, 8]


@pytest.mark.parametrize("modality", ["image", "text", "table"])
def test_items_are_sorted_with_null_last_and_ties_by_id(browse: Browse, modality: Any) -> None:
    page = browse(made(modality))
    assert items(page) == HIGHEST
    page.click("#direction")
    assert items(page) == LOWEST
    page.select_option("#metric", "heat")
    assert items(page) == list(range(12)), "low is first, as the metric says"
    page.select_option("#metric", "")
    assert items(page) == np.argsort(ids()).tolist()


def _drag(page: Any, start: float, end: float) -> None:
    box = page.locator(".plot").bounding_box()
    page.mouse.move(box["x"] + start * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + (start + end) / 2 * box["width"], box["y"] + 30)
    page.mouse.move(box["x"] + end * box["width"], box["y"] + 40)
    page.mouse.up()


def test_a_brush_filters_and_its_chip_takes_it_away(browse: Browse) -> None:
    page = browse(made())
    _drag(page, 0.3, 0.7)
    found = items(page)
    low, high = (float(page.locator(".ends input").nth(end).input_value()) for end in (0, 1))
    assert 2 < low < high < 8
    assert found == [at for at in HIGHEST if low <= SIZE[at] <= high]
    assert 0 < len(found) < 10
    assert texts(page, "#count") == [f"{len(found)} of 12 items"]
    _drag(page, 0.5, 0.9)
    moved = [float(page.locator(".ends input").nth(end).input_value() or "inf") for end in (0, 1)]
    assert moved[0] > low, "a drag inside the window moves the window"
    page.click(".chip")
    assert items(page) == HIGHEST


def test_a_brush_drawn_with_a_finger(browse: Browse) -> None:
    page = browse(made(), has_touch=True)
    box = page.locator(".plot").bounding_box()
    touch = page.context.new_cdp_session(page)
    for kind, share in (("Start", 0.05), ("Move", 0.2), ("Move", 0.4), ("Move", 0.5), ("End", None)):
        points = [] if share is None else [{"x": box["x"] + share * box["width"], "y": box["y"] + 30}]
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        settle(page)
    high = float(page.locator(".ends input").nth(1).input_value())
    assert {at for at in items(page) if SIZE[at] > high} == set()
    assert 4 < high < 6


def test_a_brush_moved_with_the_keys(browse: Browse) -> None:
    page = browse(made())
    page.focus(".handle >> nth=0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert items(page) == HIGHEST[:8], "the lower end went from 1 to 3"
    page.keyboard.press("Home")
    assert items(page) == HIGHEST
    page.focus("#grid")
    page.keyboard.press("[")
    assert items(page) == [6]
    page.keyboard.press("}")
    assert items(page) == [9, 6]
    page.keyboard.press("{")
    assert items(page) == [6]
    page.keyboard.press("]")
    page.keyboard.press("]")
    assert 6 not in items(page)


def test_an_exact_end_is_typed(browse: Browse) -> None:
    page = browse(made())
    page.fill(".ends input >> nth=0", "7")
    page.keyboard.press("Enter")
    assert items(page) == [4, 7, 5]
    assert texts(page, ".chip") == ["size ≥ 7 ×"]


def test_filters_combine_and_null_is_a_filter(browse: Browse) -> None:
    page = browse(made())
    page.fill(".ends input >> nth=0", "5")
    page.keyboard.press("Tab")
    page.get_by_role("checkbox", name="not_applicable").check()
    assert items(page) == [4, 7, 5, 0, 3], "of one metric: the range, or NULL for that reason"
    page.get_by_role("group", name="Label", exact=True).get_by_label("cat").check()
    assert items(page) == [0, 3]
    page.get_by_role("group", name="Tag").get_by_label("first").check()
    assert items(page) == [0]
    assert len(texts(page, ".chip")) == 4
    page.click("#clear")
    assert items(page) == HIGHEST


def test_counts_say_what_a_choice_would_leave(browse: Browse) -> None:
    page = browse(made())
    page.get_by_role("group", name="Correct or wrong").get_by_label("wrong").check()
    assert items(page) == [at for at in HIGHEST if at % 3 == 1]
    labels = page.get_by_role("group", name="Label", exact=True)
    assert labels.locator(".many").all_text_contents() == ["0", "0", "4"]
    outcomes = page.get_by_role("group", name="Correct or wrong")
    assert outcomes.locator(".many").all_text_contents() == ["4", "4", "4"], "its own choice left aside"


@pytest.mark.parametrize(
    ("group", "choice", "expected"),
    [
        ("Slice", "small", {1, 2, 6, 9}),
        ("Review list", "outliers", {4, 6}),
        ("Predicted", "dog", {2, 5, 8, 11}),
    ],
)
def test_groups_of_items_are_filters(browse: Browse, group: str, choice: str, expected: set[int]) -> None:
    page = browse(made())
    page.get_by_role("group", name=group).get_by_label(choice).check()
    assert set(items(page)) == expected


def test_a_search_looks_into_ids_and_texts(browse: Browse) -> None:
    page = browse(made("text"))
    page.keyboard.press("/")
    page.keyboard.type("I1")
    assert items(page) == [11, 1, 10], "the largest first"
    page.fill("#search", "ITEM 7")
    assert items(page) == [7]
    page.fill("#search", "nothing like that")
    assert items(page) == []
    assert page.locator("#nothing").is_visible()


def test_a_link_restores_what_was_chosen(browse: Browse) -> None:
    page = browse(made())
    page.get_by_role("group", name="Label", exact=True).get_by_label("dog").check()
    page.select_option("#metric", "heat")
    page.keyboard.press("s")
    page.fill("#search", "i")
    page.click("#item-4")
    until(lambda: "item=" in page.evaluate("location.hash"))
    address = page.evaluate("location.hash")
    other = browse(made(), address)
    assert items(other) == items(page) == [10, 7, 4, 1]
    assert texts(other, ".chip") == texts(page, ".chip")
    assert texts(other, "#detail-title") == ["i4"]
    assert other.locator("#metric").input_value() == "heat"


@pytest.mark.parametrize(
    "address",
    [
        "#no-such-id",
        "#a=b",
        "#metric=none&tab=none&item=none&sort=",
        "#filter=%5B&filter=[]&filter=5&filter=null",
        '#filter=["range","size"]&filter=["range","none",1,2]&filter=["label","none"]&filter=["list","none"]',
        '#filter=["toString"]&filter=["label",{}]&filter=["search",null]&filter=["tag"]',
        "#%E0%A4%A",
    ],
)
def test_an_address_of_something_else_changes_nothing(browse: Browse, address: str) -> None:
    page = browse(made(), address)
    assert items(page) == HIGHEST
    assert texts(page, ".chip") == []
    assert page.locator("#detail").is_hidden()


def test_the_ids_that_are_shown_can_be_taken_away(browse: Browse, tmp_path: Path) -> None:
    quoted = ids().astype(object)
    quoted[1] = 'a "quoted", id'
    page = browse(
        made(ids=quoted, outliers=None, duplicates=None), permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("group", name="Slice").get_by_label("small").check()
    settle(page)
    with page.expect_download() as waiting:
        page.click("#download")
    waiting.value.save_as(tmp_path / "items.csv")
    with (tmp_path / "items.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ['a "quoted", id', "i2", "i9", "i6"]
    assert [row["label"] for row in rows] == ["dog", "", "cat", "cat"]
    assert [float(row["size"]) for row in rows] == [3, 3, 2, 1]
    page.click("#copy")
    until(
        lambda: page.evaluate(
            "document.querySelector('#toolbar [role=status]').textContent.includes('copied')"
        ),
    )
    assert page.evaluate("navigator.clipboard.readText()").split("\n") == [row["id"] for row in rows]
