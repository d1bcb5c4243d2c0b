"""A person labels with the keyboard: one key, one answer, saved; undone, changed, switched off."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

import pytest

from activeloop.people.rules import Rules
from tests.label.conftest import Running, Visit, running
from tests.patience import until

TEXTS = [f"review {at}" for at in range(60)]


def _expect(page: Any, selector: str) -> Any:
    from playwright.sync_api import expect

    return expect(page.locator(selector))


def _saved(page: Any) -> None:
    _expect(page, "#status").to_have_class("saved")


def _text(page: Any) -> str:
    return str(page.locator("#item .text").text_content())


def _said(one: Running) -> dict[int | str, Any]:
    return {
        said.item: said.value if said.outcome == "label" else said.outcome
        for said in one.people.annotations()
    }


def _press(page: Any, key: str) -> str:
    """Press a key for the item that is shown, and wait until another has taken its place."""
    pressed_for, before = _text(page), page.locator("#item").text_content()
    page.keyboard.press(key)
    _expect(page, "#item").not_to_have_text(before)
    return pressed_for


def _shows_an_item(page: Any) -> bool:
    return bool(page.locator("#item").get_attribute("data-kind") == "text")


def test_fifty_items_are_labeled_by_keyboard(visit: Visit) -> None:
    with running(TEXTS) as one:
        page = visit(one)
        wanted = {}
        for at in range(50):
            key = "12"[at % 2]
            wanted[int(_press(page, key).split()[1])] = {"1": "good", "2": "bad"}[key]
        until(lambda: page.evaluate("() => !Object.keys(localStorage).some((key) => key.includes('answer'))"))
        assert _said(one) == wanted
        assert all(0 < said.seconds < 60 for said in one.people.annotations())


def test_each_outcome_has_its_key(visit: Visit) -> None:
    with running(TEXTS) as one:
        page = visit(one)
        items = {key: int(_press(page, key).split()[1]) for key in "usb2"}
        _expect(page, "#status").to_have_text("Saved: bad")
        assert _said(one) == {items["u"]: "abstain", items["s"]: "skip", items["b"]: "bad", items["2"]: "bad"}


def test_undo_gives_the_item_back_and_its_note_with_it(visit: Visit) -> None:
    with running(TEXTS) as one:
        page = visit(one)
        page.keyboard.press("f")
        page.keyboard.press("n")
        page.keyboard.type("1 of 2 s z")  # keys in a field are letters
        page.keyboard.press("Escape")
        first = _press(page, "1")
        _saved(page)
        page.keyboard.press("z")
        _expect(page, "#item .text").to_have_text(first)
        assert one.people.annotations() == ()
        assert page.locator("#note").input_value() == "1 of 2 s z"
        _press(page, "2")
        _saved(page)
        (said,) = one.people.annotations()
        assert (said.value, said.note, said.flagged) == ("bad", "1 of 2 s z", True)


def test_keys_are_changed_kept_and_switched_off(visit: Visit) -> None:
    with running(TEXTS) as one:
        page = visit(one)
        page.keyboard.press("?")
        page.get_by_role("button", name="Key of good: 1").click()
        page.keyboard.press("j")
        page.keyboard.press("Escape")
        page.reload()
        _expect(page, "#classes button >> nth=0").to_have_attribute("aria-keyshortcuts", "j")
        before = _text(page)
        page.keyboard.press("1")
        assert _text(page) == before
        _press(page, "j")
        _saved(page)
        page.keyboard.press("?")
        page.get_by_label("One key labels").uncheck()
        page.keyboard.press("Escape")
        before = _text(page)
        page.keyboard.press("j")
        page.keyboard.press("2")
        assert _text(page) == before
        assert page.locator("kbd").count() == 0
        page.get_by_role("button", name="bad", exact=True).click()
        _expect(page, "#item .text").not_to_have_text(before)
        _expect(page, "#status").to_have_text("Saved: bad")


def test_a_key_that_is_taken_leaves_the_other_without(visit: Visit) -> None:
    with running(TEXTS) as one:
        page = visit(one)
        page.keyboard.press("?")
        page.get_by_role("button", name="Key of Skip: S").click()
        page.keyboard.press("1")
        _expect(page, "#help [role=status]").to_contain_text("taken from “good”")
        page.get_by_role("button", name="Key of good: none").wait_for()
        page.keyboard.press("Escape")
        item = int(_press(page, "1").split()[1])
        _saved(page)
        assert _said(one) == {item: "skip"}


PRESSES = (
    {"key": "1", "code": "Digit1", "repeat": True},
    {"key": "1", "code": "Digit1", "isComposing": True},
    {"key": "1", "code": "Digit1", "ctrlKey": True},
    {"key": "1", "code": "Digit1", "altKey": True},
    {"key": "1", "code": "Digit1", "metaKey": True},
    {"key": "Process", "code": "Digit1", "keyCode": 229},
)


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: next(reversed(press)))
def test_a_held_composing_or_modified_key_is_no_answer(visit: Visit, press: dict[str, Any]) -> None:
    with running(TEXTS[:4]) as one:
        page = visit(one)
        page.evaluate(
            "(how) => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...how}))",
            press,
        )
        page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
        assert one.people.annotations() == ()
        plain = {"key": "ы", "code": "KeyS"}  # a letter of another script, by its place
        page.evaluate(
            "(how) => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...how}))",
            plain,
        )
        _expect(page, "#status").to_have_text("Saved: skipped")


def test_two_people_at_once_get_different_items(visit: Visit) -> None:
    with running(TEXTS[:20]) as one:
        pages = {name: visit(one, name) for name in ("ada", "bob")}
        shown: dict[str, list[str]] = {name: [] for name in pages}
        turns = deque(pages)
        for _ in range(20):
            until(lambda: any(_shows_an_item(page) for page in pages.values()))
            while not _shows_an_item(pages[turns[0]]):  # the other holds what is left
                turns.rotate()
            shown[turns[0]].append(_press(pages[turns[0]], "1"))
            turns.rotate()
        for page in pages.values():
            _expect(page, "#item").to_contain_text("Nothing to label just now")
        assert sorted(shown["ada"] + shown["bob"]) == sorted(TEXTS[:20])
        assert min(map(len, shown.values())) >= 5
        said = {f"review {one.item}": one.annotator for one in one.people.annotations()}
        assert said == {text: name for name, texts in shown.items() for text in texts}


def test_the_next_item_is_there_at_once(visit: Visit) -> None:
    """With a server that answers no more, the two items behind the first are still shown."""
    with running(TEXTS) as one:
        page = visit(one)
        until(
            lambda: page.evaluate(
                "() => performance.getEntriesByName(location.origin + '/api/next').length > 0"
            ),
        )
        page.route("**/api/**", lambda route: None)
        seen = [_press(page, "1"), _press(page, "1"), _text(page)]
        assert len(set(seen)) == 3


def test_many_classes_are_found_by_typing(visit: Visit) -> None:
    classes = [f"intent {at}" for at in range(10_000)]
    with running(TEXTS, classes=classes) as one:
        page = visit(one)
        page.keyboard.press("/")
        for wanted in ("intent 9876", "intent 41"):
            before = _text(page)
            page.keyboard.type(wanted.removeprefix("intent"))
            page.keyboard.press("Enter")
            _expect(page, "#item .text").not_to_have_text(before)
            _expect(page, "#status").to_have_text(f"Saved: {wanted}")
        page.keyboard.press("Escape")
        _press(page, "Shift+2")
        _expect(page, "#status").to_have_text("Saved: intent 11")
        assert [said.value for said in one.people.annotations()] == ["intent 9876", "intent 41", "intent 11"]


def test_the_model_is_shown_only_where_the_rules_say_so(visit: Visit) -> None:
    from activeloop.label import Prediction

    says = {"predict": lambda item: Prediction("bad", 0.75)}
    for reveal, item, after in (("never", 0, 0), ("before", 1, 0), ("after", 0, 1)):
        with running(TEXTS, rules=Rules(reveal=reveal), **says) as one:  # type: ignore[arg-type]
            page = visit(one)
            assert page.locator("#item").get_by_text("The model says bad (75 %)").count() == item
            _press(page, "1")
            _saved(page)
            assert page.locator("#after").get_by_text(re.compile("the model says bad")).count() == after
            assert one.people.annotations()[0].reveal == reveal
