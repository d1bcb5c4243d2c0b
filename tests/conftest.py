"""What many tests start from: small real data, fast real models."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from sklearn.naive_bayes import GaussianNB
from threadpoolctl import threadpool_info, threadpool_limits

import activeloop as al
from activeloop.loop import Loop
from activeloop.pool import Holdout, Pool

from . import LIBRARIES, patience

LoopMaker = Callable[..., Loop]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def iris() -> tuple[Pool, Holdout]:
    """The pool and the holdout of iris, sliced by class."""
    pool, holdout = al.load("iris").split(0.3, seed=0)
    return pool, holdout.slice_by("class")


@pytest.fixture
def new_loop(iris: tuple[Pool, Holdout]) -> LoopMaker:
    """Make a small loop on iris; arguments replace its own."""
    pool, holdout = iris

    def made(model: Any = None, on: Pool = pool, **changed: Any) -> Loop:
        usual: dict[str, Any] = {"strategy": "margin", "holdout": holdout, "batch_size": 4}
        return Loop(model or GaussianNB(), on, **usual | changed)

    return made


@pytest.fixture
def several_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a user's libraries of sums are: with two threads, here and in processes that are started."""
    for library in LIBRARIES:
        monkeypatch.setenv(f"{library}_NUM_THREADS", "2")
    before = _blas()
    _set_blas(2)
    assert _blas() == 2
    yield
    _set_blas(before)


def _blas() -> int:
    return max(int(one["num_threads"]) for one in threadpool_info() if one["user_api"] == "blas")


def _set_blas(threads: int) -> None:
    """Set it for the process, by a thread that ends: a limit belongs to the thread that set it."""
    setting = threading.Thread(target=threadpool_limits, kwargs={"limits": threads, "user_api": "blas"})
    setting.start()
    setting.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium that is installed already; without one, or without playwright, the test is skipped."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is in the extra test")
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    playwright.expect.set_options(timeout=1000 * patience.SECONDS)
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()
