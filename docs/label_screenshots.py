"""Pictures of the labeling page, taken of the page itself: python docs/label_screenshots.py FOLDER.

Needs the extras label and test, and a Chromium. Writes FOLDER/label-KIND-VIEW.png for a text, a row and a
picture, each light, dark and as on a phone.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from sklearn.datasets import load_sample_image

from activeloop.label import Annotators, Desk, Server, Status
from activeloop.people.people import People
from activeloop.query import Ask, Query

REVIEW = "The room was clean and quiet, and the staff could not have been kinder. Breakfast was poor."
ROW = {
    "age": 41,
    "workclass": "Private",
    "education": "Bachelors",
    "occupation": "Sales",
    "hours per week": 40,
}
GUIDELINES = "good: the guest would come back.\nbad: the guest would not.\nmixed: both are said."
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "text": (REVIEW, ("good", "bad", "mixed")),
    "row": (ROW, ("up to 50K", "more than 50K")),
    "picture": (load_sample_image("china.jpg"), ("temple", "house", "bridge", "other")),
}
VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1200, "height": 760}},
    "dark": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 760}, "is_mobile": True, "has_touch": True},
}
STATUS = Status(round=3, done=12, needed=20)


def server(kind: str) -> Server:
    """Give a server that shows one item again and again."""
    item, classes = KINDS[kind]
    people = People(None, classes=classes)
    asks = tuple(Ask(f"0.{at}", at, None, None) for at in range(9))
    people(Query(0, asks, "margin", 0, classes, lambda one: item))
    desk = Desk(people, lambda one: item, title="Reviews", guidelines=GUIDELINES, status=lambda: STATUS)
    return Server(desk, Annotators(None, "run"))


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for kind in KINDS:
            with server(kind) as served:
                for view, options in VIEWS.items():
                    context = browser.new_context(**options)
                    page = context.new_page()
                    page.goto(served.invite("ada"))
                    page.locator("#answer").wait_for()
                    page.locator("#progress").wait_for()
                    page.locator("#classes button").first.click()
                    page.locator("#status.saved").wait_for()
                    page.screenshot(path=folder / f"label-{kind}-{view}.png")
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
