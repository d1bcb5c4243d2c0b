"""What a campaign is made of, as plain values that are kept in its store, by which it goes on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from activeloop.data.to_label import ToLabel
from activeloop.errors import ConfigurationError, StoreError, unknown
from activeloop.labeling import Closing, after, every, everything, manual, quorum
from activeloop.people.rules import Rules

KEPT = "campaign"
"""What the store remembers a setup by."""

POLICIES = {
    "batch": "Close after the labels of --batch, or when nothing is left to answer",
    "all": "Close when every ask is answered",
    "labels N": "Close after N labels",
    "quorum SHARE": "Close when this share of the asks is answered",
    "after SECONDS": "Close when so much time has passed and a label is in",
    "manual": "Close when somebody asks for it",
}
SCORING = {"classification": ("accuracy", "f1_macro"), "regression": ("r2", "neg_mean_absolute_error")}


@dataclass(frozen=True)
class Setup:
    """Everything that decides what is asked, of whom, and what is learned.

    data        what is labeled, and what its columns are
    strategy    a name, or file.py:function; batch_rule : a name, which gives selection probabilities or not
    model       package.module:attribute or file.py:function; "" for the default of the data
    batch       labels that close a round; reserve : asks beyond them, which people go on with while it trains
    close       when a round closes: batch, all, "labels 20", "quorum 0.8", "after 600", manual
    audit       share of the items that is set apart as a random sample, and of what people are given
    budget      labels after which the campaign stops; 0 for none
    needed, overlap, lease_seconds, reveal : see `people.rules.Rules`; guidelines : their text
    consensus   how several people's labels become one
    relabel     share of a batch, at most, that goes to somebody else for a second opinion (ActiveLab)

    Raises ConfigurationError for a value that is not allowed.

    >>> Setup(ToLabel("reviews.csv", text="review", classes=("good", "bad"))).close
    'batch'
    """

    data: ToLabel
    strategy: str = "margin"
    batch_rule: str = ""
    model: str = ""
    batch: int = 10
    reserve: int = 10
    close: str = "batch"
    audit: float = 0.15
    budget: int = 0
    needed: int = 1
    overlap: float = 1.0
    consensus: str = "majority"
    relabel: float = 0.0
    lease_seconds: float = 900.0
    reveal: str = "never"
    guidelines: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("batch", 1), ("reserve", 0), ("budget", 0)):
            if getattr(self, name) < least:
                raise ConfigurationError(f"{name} is {getattr(self, name)}; allowed: {least} or more")
        if not 0.0 <= self.relabel <= 1.0:
            raise ConfigurationError(f"relabel is {self.relabel}; allowed: a share from 0 to 1")
        if not 0.0 <= self.audit < 1.0:
            raise ConfigurationError(f"audit is {self.audit}; allowed: a share from 0 to below 1")
        self.rules("")
        self.closing()

    def rules(self, version: str) -> Rules:
        """Give the rules for people; `version` is that of the guidelines."""
        return Rules(
            self.needed,
            self.overlap,
            self.audit,
            self.lease_seconds,
            self.reveal,  # type: ignore[arg-type]
            version,
        )

    def closing(self) -> Closing:
        """Give the policy that closes a round."""
        word, _, number = self.close.partition(" ")
        plain = {"batch": lambda: every(self.batch), "all": everything, "manual": manual}
        if word in plain and not number:
            return plain[word]()
        try:
            if word == "labels":
                return every(int(number))
            if word == "quorum":
                return quorum(float(number))
            if word == "after":
                return after(float(number))
        except ValueError as error:
            if isinstance(error, ConfigurationError):
                raise
        raise ConfigurationError(unknown("closing policy", self.close, POLICIES))

    def to_json(self) -> str:
        """Write it as JSON, its paths absolute."""
        return json.dumps(asdict(self) | {"data": json.loads(self.data.to_json())})

    @classmethod
    def from_json(cls, text: str) -> Setup:
        """Give it back; raises StoreError for what a newer activeloop has written."""
        given = json.loads(text)
        foreign = given.keys() - {one.name for one in fields(cls)}
        if foreign:
            raise StoreError(f"the campaign has {min(foreign)!r}, which this activeloop does not know")
        return cls(**given | {"data": ToLabel.from_json(json.dumps(given["data"]))})

    def differs(self, other: Setup) -> tuple[str, Any, Any] | None:
        """Give the first value in which another setup differs: its name, here and there; None if equal."""
        mine, theirs = json.loads(self.to_json()), json.loads(other.to_json())
        mine, theirs = mine | mine.pop("data"), theirs | theirs.pop("data")
        return next(((key, mine[key], theirs[key]) for key in mine if mine[key] != theirs[key]), None)
