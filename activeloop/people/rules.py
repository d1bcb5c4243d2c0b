"""What people are shown and how many are asked: the rules of a run that people label."""

from __future__ import annotations

from dataclasses import dataclass

from activeloop.errors import ConfigurationError
from activeloop.people.annotation import REVEALS, Reveal


@dataclass(frozen=True)
class Rules:
    """How asks become leases.

    needed         people who are asked about one item, where several are
    overlap        share of the asks about which so many are asked; about the others it is one person
    audit_share    share of what a person is given that comes from the audit stream, while that has items
    lease_seconds  how long an item is one person's before another may be given it
    reveal         whether the model's prediction is shown: never, after or before the answer
    guidelines     the version of the guidelines that are shown, kept with every annotation

    Raises ConfigurationError for a value that is not allowed.

    >>> Rules(needed=2, overlap=0.1).needed
    2
    """

    needed: int = 1
    overlap: float = 1.0
    audit_share: float = 0.0
    lease_seconds: float = 900.0
    reveal: Reveal = "never"
    guidelines: str = ""

    def __post_init__(self) -> None:
        if self.needed != int(self.needed) or self.needed < 1:
            raise ConfigurationError(f"needed is {self.needed!r}; allowed: a whole number from 1")
        for name in ("overlap", "audit_share"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise ConfigurationError(f"{name} is {value!r}; allowed: a share from 0 to 1")
        if not 0.0 < self.lease_seconds < float("inf"):
            raise ConfigurationError(f"lease_seconds is {self.lease_seconds!r}; allowed: a number above 0")
        if self.reveal not in REVEALS:
            raise ConfigurationError(f"reveal is {self.reveal!r}; allowed: {', '.join(REVEALS)}")
