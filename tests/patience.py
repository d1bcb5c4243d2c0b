"""How long a test waits for what must come: a fault is found the sooner, a busy machine is no fault."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 30
"""As long as Playwright waits if it is not told otherwise; these waits say nothing of how quick a page is."""


def until(seen: Callable[[], object], pause: float = 0.02, seconds: float = SECONDS) -> None:
    """Wait until something is seen; raises TimeoutError when it never is."""
    end = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > end:
            raise TimeoutError(f"it was not seen within {seconds} seconds")
        time.sleep(pause)
