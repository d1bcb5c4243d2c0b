"""From what a user writes to a consensus: a name, or a function of Ballots."""

from __future__ import annotations

from typing import Any

from activeloop.consensus.ballots import Consensus
from activeloop.consensus.dawid_skene import dawid_skene
from activeloop.consensus.majority import first, majority, unanimous
from activeloop.errors import ConfigurationError, UnknownNameError, unknown

CONSENSUS: dict[str, Consensus] = {
    "majority": majority,
    "dawid_skene": dawid_skene(),
    "first": first,
    "unanimous": unanimous,
}


def named(given: Any) -> Consensus:
    """Give the consensus of a name, or the function itself.

    Raises UnknownNameError for another name, ConfigurationError for what is neither.

    >>> named("majority") is majority
    True
    """
    if isinstance(given, str):
        if given not in CONSENSUS:
            raise UnknownNameError(unknown("consensus", given, CONSENSUS))
        return CONSENSUS[given]
    if not callable(given):
        raise ConfigurationError(f"consensus is {given!r}; allowed: a name or a function of Ballots")
    consensus: Consensus = given
    return consensus
