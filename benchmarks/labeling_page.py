"""From the press of a key to "Saved", in a real browser: python benchmarks/labeling_page.py [PRESSES].

Opens rounds of 500, 2,000 and 10,000 asks in a SQLite file that survives a power cut, labels by keyboard in
Chromium, and prints the milliseconds from keydown to the moment at which the page says "Saved" (the answer is
on disk), from keydown to the next item on the screen, and what a page load weighs. Needs the extras label and
test.
"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from activeloop.label import Annotators, Desk, Server
from activeloop.label.static import page_files
from activeloop.people.people import People
from activeloop.query import Ask, Query

ASKS = (500, 2_000, 10_000)
WATCH = """() => {
  window.times = { saved: [], shown: [] };
  let pressed = 0;
  addEventListener("keydown", () => { pressed = performance.now(); }, true);
  const tell = (kind) => pressed && times[kind].push(performance.now() - pressed);
  const status = document.querySelector("#status");
  new MutationObserver(() => status.textContent.startsWith("Saved") && tell("saved"))
    .observe(status, { childList: true, subtree: true });
  new MutationObserver(() => requestAnimationFrame(() => tell("shown")))
    .observe(document.querySelector("#item"), { childList: true });
}"""


@contextmanager
def served(n: int) -> Iterator[Server]:
    """Serve n asks from a durable file."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "run.db"
        people = People(store, classes=("good", "bad"))
        asks = tuple(Ask(f"0.{at}", at, None, None) for at in range(n))
        people(Query(0, asks, "margin", 0, ("good", "bad"), str))
        with Server(Desk(people, lambda item: f"item {item}"), Annotators(store, "run")) as server:
            yield server


def pressed(page: Any, presses: int) -> dict[str, list[float]]:
    """Press keys, each when the one before is saved; give the milliseconds."""
    page.locator("#item .text").wait_for()
    page.evaluate(WATCH)
    for at in range(presses):
        page.keyboard.press("12"[at % 2])
        page.wait_for_function("(n) => times.saved.length > n", arg=at, polling=5)
        page.locator("#answer").wait_for()
    times: dict[str, list[float]] = page.evaluate("() => times")
    return times


def main(presses: int) -> None:
    """Print the table."""
    weight = sum(len(one.content) for one in page_files().values())
    print(f"{platform.platform()}, Python {platform.python_version()}, {presses} presses")
    print(f"page load: {weight:,} bytes in {len(page_files())} files, no compression\n")
    print("| asks in the round | p50 saved | p95 saved | p50 next item shown | p95 |\n|---|---|---|---|---|")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for n in ASKS:
            with served(n) as server:
                page = browser.new_context(bypass_csp=True).new_page()
                page.goto(server.invite("ada"))
                times = pressed(page, presses)
                cells = [np.percentile(times[kind], at) for kind in ("saved", "shown") for at in (50, 95)]
                print(f"| {n:,} | " + " | ".join(f"{cell:.1f} ms" for cell in cells) + " |")
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
