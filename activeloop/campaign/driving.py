"""A campaign driven in a thread of its own, beside the door at which people are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from activeloop.campaign.campaign import Campaign
from activeloop.errors import ActiveloopError, StoreConflictError, UnreachableError

AGAIN = 5.0
"""Seconds before a door that could not be reached is tried again."""


class Driver:
    """Runs `campaign.labeling` in a thread until it is stopped; `failed` says why it ended early."""

    def __init__(self, campaign: Campaign, tell: Callable[[str], None] = lambda sentence: None) -> None:
        self.failed, self._tell = "", tell
        self._campaign, self._until = campaign, threading.Event()
        self._thread = threading.Thread(target=self._run, name="activeloop-training", daemon=True)

    @property
    def running(self) -> bool:
        """Whether rounds are still asked and closed."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, so many seconds at most."""
        self._thread.join(seconds)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """End after this step; a model that trains longer is left: what was told is on disk."""
        self._until.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._until.is_set():
            try:
                self._campaign.labeling.run(self._until)
                return
            except UnreachableError as error:
                self._tell(f"{error}; trying again")
                self._until.wait(AGAIN)
            except StoreConflictError:
                self._tell("another process trains this campaign; this one lets people label")
                return
            except ActiveloopError as error:
                self.failed = str(error)
                return


@contextmanager
def driven(campaign: Campaign, tell: Callable[[str], None] = lambda sentence: None) -> Iterator[Driver]:
    """Drive a campaign within a `with`; the first batch is out when it begins, `tell` hears of troubles.

    Several processes may let people label one campaign; the first that closes a round goes on to train.
    """
    with suppress(StoreConflictError):
        campaign.labeling.step()
    driver = Driver(campaign, tell)
    driver.start()
    try:
        yield driver
    finally:
        driver.stop()
        close = getattr(campaign.labeling.oracle, "close", None)
        if close is not None:
            close()
