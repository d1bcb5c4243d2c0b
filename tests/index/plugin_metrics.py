import os
import time

import activeloop as al

CALLS: list[str] = []


@al.metric("data", unit="characters")
def length(item):  # type: ignore[no-untyped-def]
    return len(item)


@al.metric("data")
def slow(item):  # type: ignore[no-untyped-def]
    time.sleep(float(os.environ.get("SECONDS_PER_ITEM", "0")))
    return len(item)


@al.metric("data")
def touchy(item):  # type: ignore[no-untyped-def]
    if item == "bad":
        raise RuntimeError("this one is bad")
    return None if item == "none" else float("inf") if item == "endless" else len(item)
