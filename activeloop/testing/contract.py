"""What all checks need: what the package itself refuses is a failed check, and a small real pool."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from activeloop.errors import ActiveloopError
from activeloop.pool import Pool


@contextmanager
def contract(what: str) -> Iterator[None]:
    """Turn what the package itself refuses into a failed check."""
    try:
        yield
    except ActiveloopError as error:
        raise AssertionError(f"{what}: {error}") from error


def iris() -> Pool:
    """Give a pool of 105 iris flowers."""
    from activeloop.data import load

    return load("iris").split(0.3, seed=0)[0]
