"""Minutes to label texts in two pages: python benchmarks/label_studio.py --label-studio PATH --texts 500

PATH is the executable of a Label Studio (`.ci/label-studio` installs one in .venv-label-studio, and keeps the
data of an empty one, which --empty starts from). It is started with data of its own, texts are handed to it
by activeloop's oracle, and a scripted person labels them in its page, in a Chromium that is installed: they
read each text for a time drawn from a seeded lognormal, and every key that they press takes 0.2 s (Card,
Moran, Newell 1980). The reading is the same for every page, the keys are the page's choice, and the rest is
waiting for it. Then the same number is labeled through the API alone, without a person, one after the other.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import httpx
import numpy as np
from playwright.sync_api import sync_playwright

from activeloop.label import Annotators, Desk, Server
from activeloop.label_studio import LabelStudio
from activeloop.people.people import People
from activeloop.query import Ask, Query

CLASSES = ("praise", "complaint")
KEY_SECONDS = 0.2
READING = (1.5, 0.5)
"""Median seconds that a text is looked at, and the standard deviation of their logarithm."""

ADDRESS, PASSWORD, TOKEN = "ada@example.com", "pw-12345678", "0123456789abcdef0123456789abcdef01234567"
_SIDES = (
    ("works well", "arrived early", "looks great", "was worth it"),
    ("broke at once", "came late", "is too loud"),
)


class Step(NamedTuple):
    """One text, the key of its class, and the seconds for which the person looks at it first."""

    text: str
    key: str
    seconds: float


class Page(Protocol):
    """What the person needs of a page: the same for each that is compared."""

    name: str
    keys: int
    """Keys that one label takes."""

    def wait_for(self, text: str) -> None:
        """Return when this text is to be seen."""
        ...

    def choose(self, key: str) -> None:
        """Press what gives the class of this key."""
        ...

    def finish(self, n: int) -> None:
        """Return when `n` labels are stored."""
        ...


class Timing(NamedTuple):
    """Seconds in all, and what of them was reading and pressing keys; the rest was waiting, by text."""

    total: float
    reading: float
    pressing: float
    waits: tuple[float, ...]


def steps(n: int, seed: int) -> list[Step]:
    """Make n different texts with what the scripted person does."""
    random = np.random.default_rng(seed)
    median, spread = READING
    seconds = random.lognormal(math.log(median), spread, n)
    made = []
    for at in range(n):
        side = int(random.integers(2))
        said = _SIDES[side][int(random.integers(len(_SIDES[side])))]
        made.append(Step(f"Order {at + 1}: the thing {said}, I must say.", str(side + 1), float(seconds[at])))
    return made


def label(page: Page, plan: Sequence[Step]) -> Timing:
    """Let the person label all texts in a page."""
    waits, began = [], time.perf_counter()
    for step in plan:
        before = time.perf_counter()
        page.wait_for(step.text)
        waits.append(time.perf_counter() - before)
        time.sleep(step.seconds + page.keys * KEY_SECONDS)
        page.choose(step.key)
    page.finish(len(plan))
    total = time.perf_counter() - began
    reading = sum(step.seconds for step in plan)
    return Timing(total, reading, len(plan) * page.keys * KEY_SECONDS, tuple(waits))


class LabelStudioPage:
    """Label Studio's own label stream: the key of a class, then Ctrl and Enter."""

    name, keys = "Label Studio, its page", 3

    def __init__(self, browser: Any, url: str, oracle: LabelStudio, query: Query) -> None:
        self._oracle, self._query, self._page = oracle, query, browser.new_page()
        self._page.goto(f"{url}/user/login/")
        self._page.fill("input[name=email]", ADDRESS)
        self._page.fill("input[name=password]", PASSWORD)
        self._page.press("input[name=password]", "Enter")
        self._page.wait_for_url(lambda at: "login" not in at, wait_until="commit")
        self._page.goto(f"{oracle.address}?labeling=1", wait_until="commit")

    def wait_for(self, text: str) -> None:
        """Return when this text is to be seen."""
        self._page.get_by_text(text, exact=True).first.wait_for(timeout=120_000)

    def choose(self, key: str) -> None:
        """Press the key of the class, and submit."""
        self._page.keyboard.press(key)
        self._page.keyboard.press("Control+Enter")

    def finish(self, n: int) -> None:
        """Return when the server has all of them."""
        while len(self._oracle(self._query)) < n:
            time.sleep(0.1)


class OurPage:
    """The page of `activeloop label`: one key saves and goes on; each person has an order of their own."""

    name, keys = "activeloop, its page", 1

    def __init__(self, browser: Any, link: str, people: People, plan: Sequence[Step]) -> None:
        self._people, self._keys = people, {step.text: step.key for step in plan}
        self._page, self._shown = browser.new_page(), ""
        self._page.goto(link)

    def wait_for(self, text: str) -> None:
        """Return when another text than the last is to be seen: which one is the page's choice."""
        item = self._page.locator("#item .text")
        while (shown := item.text_content(timeout=120_000)) == self._shown:
            self._page.wait_for_timeout(2)
        self._shown = shown

    def choose(self, key: str) -> None:
        """Press the key of the class of the text that is shown."""
        self._page.keyboard.press(self._keys[self._shown])

    def finish(self, n: int) -> None:
        """Return when all of them are on disk."""
        while self._people.counts().told < n:
            time.sleep(0.01)


def in_our_page(browser: Any, asked: Query, plan: Sequence[Step]) -> tuple[Timing, int]:
    """Let the person label all texts in our page; gives the timing, and how many labels came back wrong."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "run.db"
        people = People(store, classes=CLASSES)
        people(asked)
        with Server(Desk(people, lambda item: plan[int(item)].text), Annotators(store, "run")) as server:
            page = OurPage(browser, server.invite("ada"), people, plan)
            timing = label(page, plan)
        right = {one.ask_id: one.value for one in people(asked)}
        wrong = sum(right[f"0.{at}"] != CLASSES[int(step.key) - 1] for at, step in enumerate(plan))
        return timing, wrong


def through_api(url: str, oracle: LabelStudio, query: Query) -> list[float]:
    """Label all asks without a person: the next task, then its annotation; gives seconds of each."""
    oracle(query)
    number, seconds = str(oracle.address).split("/")[-2], []
    chosen = {"from_name": "label", "to_name": "item", "type": "choices", "value": {"choices": [CLASSES[0]]}}
    with httpx.Client(base_url=url, headers={"Authorization": f"Token {TOKEN}"}, timeout=120) as person:
        for _ in query.asks:
            began = time.perf_counter()
            task = person.get(f"/api/projects/{number}/next").raise_for_status().json()["id"]
            made = {"result": [chosen], "lead_time": 1.0}
            person.post(f"/api/tasks/{task}/annotations/", json=made).raise_for_status()
            seconds.append(time.perf_counter() - began)
    return seconds


@contextmanager
def started(program: str, empty: str | None) -> Iterator[str]:
    """Start a Label Studio with data of its own, a copy of `empty` where it is given; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        if empty:
            shutil.copytree(empty, folder, dirs_exist_ok=True)
        told = {"BASE_DATA_DIR": folder, "USERNAME": ADDRESS, "PASSWORD": PASSWORD, "USER_TOKEN": TOKEN}
        told |= {
            "ENABLE_LEGACY_API_TOKEN": "true",
            "COLLECT_ANALYTICS": "false",
            "LATEST_VERSION_CHECK": "false",
        }
        environment = os.environ | {f"LABEL_STUDIO_{name}": value for name, value in told.items()}
        environment |= {"SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
        command = [program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            while server.poll() is None:
                try:
                    httpx.get(f"{url}/health", timeout=5).raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.5)
            yield url
        finally:
            server.terminate()
            server.wait()


def query(texts: Sequence[str]) -> Query:
    """Ask about texts in their order."""
    asks = tuple(Ask(f"0.{at}", at, None, None) for at in range(len(texts)))
    return Query(0, asks, "as they come", 0, CLASSES, lambda one: texts[int(one)])


def row(name: str, n: int, timing: Timing) -> str:
    """Write a line of the table."""
    waits = sorted(timing.waits[1:])
    p95 = waits[math.ceil(0.95 * len(waits)) - 1]
    parts = (timing.total / 60, timing.reading / 60, timing.pressing / 60)
    minutes = " | ".join(f"{one:.2f}" for one in parts)
    return (
        f"| {name} | {n} | {minutes} | {timing.waits[0]:.1f} | {statistics.median(waits):.2f} | {p95:.2f} |"
    )


def main() -> None:
    """Measure, and print the tables."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("--label-studio", required=True, help="the executable of Label Studio")
    given.add_argument("--empty", help="a folder with the data of an empty Label Studio")
    given.add_argument("--texts", type=int, default=500)
    given.add_argument("--seed", type=int, default=0)
    told = given.parse_args()
    plan = steps(told.texts, told.seed)
    asked = query([step.text for step in plan])
    began = time.perf_counter()
    with started(told.label_studio, told.empty) as url, sync_playwright() as driver:
        ready = time.perf_counter() - began
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        oracle = LabelStudio(url, TOKEN, run="page", kind="text")
        oracle(asked)
        page = LabelStudioPage(browser, url, oracle, asked)
        timing = label(page, plan)
        ours, lost = in_our_page(browser, asked, plan)
        browser.close()
        wrong = lost + sum(
            one.value != CLASSES[int(step.key) - 1] for one, step in zip(oracle(asked), plan, strict=True)
        )
        alone = LabelStudio(url, TOKEN, run="API", kind="text")
        each = sorted(through_api(url, alone, asked))
        began = time.perf_counter()
        alone(asked)
        polled = time.perf_counter() - began
        release = httpx.get(f"{url}/api/version").json()["release"]
        oracle.close()
        alone.close()
    load = os.getloadavg()[0]
    print(
        f"Label Studio {release}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}"
    )
    print(f"started in {ready:.0f} s; labels that came back other than they were given: {wrong}\n")
    print("| page | texts | minutes | of which reading | keys | first text, s | wait p50, s | wait p95, s |")
    print("|---|---|---|---|---|---|---|---|")
    print(row(page.name, told.texts, timing))
    print(row(OurPage.name, told.texts, ours))
    p95 = each[math.ceil(0.95 * len(each)) - 1]
    print(f"\nAPI alone, next and annotate: p50 {statistics.median(each):.2f} s, p95 {p95:.2f} s a text;")
    print(f"one call of the oracle on {told.texts} answers: {polled:.2f} s")


if __name__ == "__main__":
    main()
