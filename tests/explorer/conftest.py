"""A real browser, and pages that fail the test when they complain or ask for anything from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from activeloop.explorer import Exploration, write

Browse = Callable[..., Any]


@pytest.fixture
def browse(browser: Any, tmp_path: Path) -> Iterator[Browse]:
    """Write a page and open it; after the test it must have complained of nothing and fetched nothing."""
    complaints: list[str] = []
    fetched: list[str] = []
    contexts: list[Any] = []

    def opened(exploration: Exploration, address: str = "", **options: Any) -> Any:
        path = write(exploration, tmp_path / "page.html")
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: fetched.append(request.url.partition("#")[0]))
        page.goto(path.as_uri() + address)
        settle(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in fetched if not url.startswith(("data:", "blob:", "file:"))] == []
    assert {url for url in fetched if url.startswith("file:")} <= {(tmp_path / "page.html").as_uri()}


def settle(page: Any) -> None:
    """Wait until the page has drawn what was chosen: two frames."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def items(page: Any) -> list[int]:
    """Give the positions of the items as they stand in the grid."""
    settle(page)
    places: list[int] = page.evaluate(
        """() => [...document.querySelectorAll("#grid [data-position]")]
        .map((one) => [one.getBoundingClientRect(), Number(one.dataset.position)])
        .sort(([a], [b]) => a.top - b.top || a.left - b.left).map(([, position]) => position)"""
    )
    return places


def texts(page: Any, selector: str) -> list[str]:
    """Give the texts of all elements."""
    settle(page)
    found: list[str] = page.eval_on_selector_all(selector, "all => all.map((one) => one.textContent.trim())")
    return found
