"""How large the explorer page is, and how much work its answers are: python benchmarks/explorer.py 5000 50000

Writes a page of synthetic photos, as many as the arguments say, with 20 metrics, and opens it in a Chromium
that is installed. Writing is CPU time, loading is time on the clock. Sort, brush and scroll are the CPU time
of the page's main thread per step, painting in software included: a hand at 60 Hz leaves 16.7 ms, and people
notice a delay from about 100 ms.
"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from activeloop.arrays import Array
from activeloop.explorer import Exploration, MetricColumn, SliceRow, write

PAUSE = 60
"""Milliseconds between steps, so that each is drawn by itself."""


class Photos:
    """Photos of 256 by 192 pixels: smooth shapes with some grain, 200 different ones."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.different = [self._made(seed) for seed in range(200)]

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, position: int) -> Array:
        return self.different[position % len(self.different)]

    def _made(self, seed: int) -> Array:
        random = np.random.default_rng(seed)
        shapes = Image.fromarray(random.integers(0, 256, (8, 6, 3), dtype=np.uint8))
        smooth = np.asarray(shapes.resize((256, 192), Image.Resampling.BICUBIC)).astype(np.int64)
        return np.clip(smooth + random.normal(0, 12, (192, 256, 1)), 0, 255).astype(np.uint8)


def exploration(n: int) -> Exploration:
    """Give photos with 20 metrics, ten classes and 20 slices."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, n)
    predicted = np.where(random.random(n) < 0.1, random.integers(0, 10, n), labels)
    metrics = tuple(MetricColumn(f"metric {at}", random.normal(size=n) ** (1 + at % 3)) for at in range(20))
    slices = tuple(SliceRow(f"slice {at}", random.permutation(n)[: n // 5]) for at in range(20))
    ids = np.array([f"photo_{at:06d}.jpg" for at in range(n)])
    return Exploration(
        "photos", ids, "image", Photos(n), labels=labels, predicted=predicted, metrics=metrics, slices=slices
    )


def measured(page: Any, path: Path) -> list[str]:
    """Load the page and use it; give the cells of a row."""
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for_selector("#grid [data-position]")
    cells = [f"{time.perf_counter() - start:.1f}"]
    counters = page.context.new_cdp_session(page)
    counters.send("Performance.enable", {"timeDomain": "threadTicks"})
    for steps in (sort, brush, scroll):
        page.wait_for_timeout(500)
        before = busy(counters)
        n = steps(page)
        cells.append(f"{1000 * (busy(counters) - before) / n:.0f}")
    return [*cells, str(page.evaluate("document.querySelectorAll('*').length"))]


def busy(counters: Any) -> float:
    """Give the seconds that the page's main thread has worked."""
    given = {one["name"]: one["value"] for one in counters.send("Performance.getMetrics")["metrics"]}
    return float(given["TaskDuration"])


def sort(page: Any) -> int:
    """Sort by one metric after another, each for the first time."""
    for at in range(1, 11):
        page.select_option("#metric", f"metric {at}")
        page.wait_for_timeout(PAUSE)
    return 10


def brush(page: Any) -> int:
    """Draw a window over the histogram, a few pixels at a time."""
    box = page.locator(".plot").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    for at in range(40):
        page.mouse.move(box["x"] + 64 + 4 * at, box["y"] + 40)
        page.wait_for_timeout(PAUSE)
    page.mouse.up()
    page.click(".chip")
    return 40


def scroll(page: Any) -> int:
    """Turn the wheel over the grid, most of a screen at a time."""
    box = page.locator("#grid").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    for _ in range(40):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(PAUSE)
    return 40


def main() -> None:
    """Print a row for each number of items."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        print(f"Chromium {browser.version}, {platform.machine()}, Python {platform.python_version()}")
        print("| items | write (s) | MB | load (s) | sort (ms) | brush (ms) | scroll (ms) | elements |")
        print("|---|---|---|---|---|---|---|---|")
        for n in map(int, sys.argv[1:] or ["5000"]):
            start = time.process_time()
            path = write(exploration(n), Path(folder) / "page.html")
            written = time.process_time() - start
            page = browser.new_page(viewport={"width": 1360, "height": 860})
            row = [f"{n:,}", f"{written:.0f}", f"{path.stat().st_size / 1e6:.1f}", *measured(page, path)]
            print("|", " | ".join(row), "|", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
