"""What a computation costs, as no busy machine changes it: function calls, and memory at its peak."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import NamedTuple


class Cost(NamedTuple):
    """Functions called, of Python and of C, and the most bytes held at once beyond those before."""

    calls: int
    bytes: int


def cost(compute: Callable[[], object]) -> Cost:
    """Count what one call of `compute` costs, in this thread."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    tracemalloc.start()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        held = tracemalloc.get_traced_memory()[0]
        compute()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        sys.setprofile(before)
        tracemalloc.stop()
    return Cost(calls, peak - held)
