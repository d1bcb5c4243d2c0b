"""What one person said of one ask, and under which circumstances: an Annotation, never changed."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias

from activeloop.query import Outcome

Reveal: TypeAlias = Literal["never", "after", "before"]
Stream: TypeAlias = Literal["active", "audit"]
REVEALS: tuple[Reveal, ...] = ("never", "after", "before")
STREAMS: tuple[Stream, ...] = ("active", "audit")


class Said(NamedTuple):
    """What a door hands in: `key` is the door's own and unique, so that a repeated delivery changes nothing.

    `seconds` is the time that the person looked at the item; `lease` the token the item came with, if any.
    """

    key: str
    ask_id: str
    value: Any = None
    outcome: Outcome = "label"
    seconds: float = 0.0
    note: str = ""
    flagged: bool = False
    lease: str = ""


class Annotation(NamedTuple):
    """What was said, by whom, of what, when, and what the person had seen.

    number      counts the annotations of a run from 0, in the order in which they became durable
    at          when it was stored, in seconds since 1970 by the server's clock
    round       in which the item was asked about; of the audit stream, in which it was told
    position    the place that the item had in this person's own order; -1 when it was never leased to them
    reveal      whether the model's prediction was shown: never, after or before the answer
    guidelines  version of the guidelines that were shown ("" without)
    late        told when the ask was withdrawn, its lease had run out, or enough others had told
    """

    number: int
    key: str
    ask_id: str
    item: int | str
    annotator: str
    outcome: Outcome
    value: Any
    seconds: float
    at: float
    round: int
    stream: Stream
    position: int
    reveal: Reveal
    guidelines: str
    note: str
    flagged: bool
    late: bool


class Lease(NamedTuple):
    """One ask that is one person's until `expires` (seconds since 1970), and nobody else's in that place.

    Neither prediction nor strategy nor stream is in it: what it holds may be shown to the person.
    """

    token: str
    ask_id: str
    item: int | str
    annotator: str
    expires: float
    position: int


class Receipt(NamedTuple):
    """What became of a Said: its annotation, and whether it had been told before."""

    annotation: Annotation
    repeated: bool


class Counts(NamedTuple):
    """How far the work is, for one person or for all.

    told      annotations that count now
    asked     asks of the newest round
    answered  those of them that need no further annotation
    waiting   asks, of any stream, that this person (anybody) could be given now
    leased    leases that run now
    """

    told: int
    asked: int
    answered: int
    waiting: int
    leased: int
