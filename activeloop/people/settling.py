"""What has come of some asks: answers that a consensus finds or somebody has given, and disputes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from activeloop.consensus.ballots import Ballots, Consensus, answer, resolve
from activeloop.consensus.majority import first, majority, unanimous
from activeloop.people.annotation import Annotation
from activeloop.people.tasks import Task, Tasks
from activeloop.query import Answer

_ASK_BY_ASK = (first, majority, unanimous)
"""These look at one ask alone; any other consensus may learn from all that was said."""


class Dispute(NamedTuple):
    """An ask on which people do not come to one answer, and why."""

    ask_id: str
    item: int | str
    annotations: tuple[Annotation, ...]
    reason: str


class Settled(NamedTuple):
    """What has come of some asks; one in neither list is still open."""

    answers: list[Answer]
    disputes: list[Dispute]


def settled(
    consensus: Consensus, tasks: Tasks, asked: Sequence[Task], classes: tuple[Any, ...] | None
) -> Settled:
    """Settle what can be settled. A ruling stands above all; what was taken back is to be asked again."""
    ruled = [answer([one.ruling], one.ruling.outcome, one.ruling.value) for one in asked if one.ruling]
    taken_back = [
        Answer(one.ask_id, outcome="skip", cost=0.0, note="taken back")
        for one in asked
        if not one.said and not one.ruling and one.ask_id in tasks.changed
    ]
    ready = {one.ask_id: one for one in asked if not one.ruling and one.said and (one.met or one.withdrawn)}
    own = [said for one in ready.values() for said in one.counted()]
    ballots = Ballots(
        opinions=tuple(own if consensus in _ASK_BY_ASK else tasks.current()),
        asks=tuple(ready),
        classes=classes,
        wanted={ask_id: min(one.needed, len(one.said)) for ask_id, one in ready.items()},
    )
    found = resolve(consensus, ballots) if ready else None
    answers = [*ruled, *taken_back, *(found.answers if found else ())]
    disputes = found.disputes if found else ()
    return Settled(
        [_with_notes(one, tasks.all[one.ask_id]) for one in answers],
        [
            Dispute(one.ask_id, ready[one.ask_id].item, ready[one.ask_id].counted(), one.reason)
            for one in disputes
        ],
    )


def _with_notes(one: Answer, task: Task) -> Answer:
    notes = "; ".join(said.note for said in task.counted() if said.note)
    return one._replace(note=notes) if notes else one


def _dispute(task: Task, reason: str) -> Dispute:
    return Dispute(task.ask_id, task.item, task.counted(), reason)
