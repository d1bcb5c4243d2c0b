"""What people chose for one ask, read from Label Studio, and the one answer that it comes to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from activeloop.errors import AnswerError
from activeloop.label_studio.choices import CONTROL, Choices
from activeloop.label_studio.mirror import Task
from activeloop.query import Answer, Outcome

Skips: TypeAlias = Literal["skip", "abstain"]
Numbered: TypeAlias = tuple[int, Mapping[str, Any]]


class Vote(NamedTuple):
    """What one person last said of one ask: `number` is the annotation's in Label Studio, `at` its time."""

    ask_id: str
    annotator: str
    outcome: Outcome
    value: Any
    seconds: float
    number: int
    at: str


def vote(
    ask_id: str, annotation: Mapping[str, Any], choices: Choices, people: Mapping[int, str], skips: Skips
) -> Vote:
    """Read one annotation; raises AnswerError where it names no choice, several, or one not offered."""
    outcome: Outcome = skips
    value = None
    if not annotation["was_cancelled"]:
        told = [one for one in annotation["result"] if one.get("from_name") == CONTROL]
        words = [word for one in told for word in one.get("value", {}).get("choices", ())]
        if len(words) != 1:
            raise AnswerError(f"{len(words)} choices were made, where one is needed")
        chosen = choices.meaning(words[0])
        outcome, value = chosen.outcome, chosen.value
    return Vote(
        ask_id=ask_id,
        annotator=people[annotation["completed_by"]],
        outcome=outcome,
        value=value,
        seconds=_seconds(annotation.get("lead_time")),
        number=annotation["id"],
        at=annotation["updated_at"],
    )


def votes_by_ask(
    tasks: Mapping[str, Sequence[Task]], choices: Choices, people: Mapping[int, str], skips: Skips
) -> tuple[dict[str, tuple[Vote, ...]], dict[tuple[int, str], str]]:
    """Read what each person last said of each ask; and a sentence for each that cannot be used."""
    said: dict[str, tuple[Vote, ...]] = {}
    refused: dict[tuple[int, str], str] = {}
    for ask_id, same in tasks.items():
        votes = []
        for number, one in newest((task.number, one) for task in same for one in task.annotations):
            try:
                votes.append(vote(ask_id, one, choices, people, skips))
            except AnswerError as error:
                refused[one["id"], one["updated_at"]] = (
                    f"annotation {one['id']} of task {number} (ask {ask_id}) is not used: {error}; open "
                    "the task in Label Studio and choose again"
                )
        said[ask_id] = tuple(votes)
    return said, refused


def newest(annotations: Iterable[Numbered]) -> list[Numbered]:
    """Keep what each person said last, in the order of time, with the number of its task.

    Label Studio stores an annotation that is sent twice as two.
    """
    last: dict[int, Numbered] = {}
    for task, one in sorted(annotations, key=lambda pair: (pair[1]["updated_at"], pair[1]["id"])):
        last.pop(one["completed_by"], None)
        last[one["completed_by"]] = task, one
    return list(last.values())


def answer(votes: Sequence[Vote], needed: int) -> Answer | None:
    """Give the answer to an ask from the newest vote of each person; None while people are missing.

    With `needed` 1 the last word counts. With more, what most people say; where two things are said equally
    often the ask is skipped, so that the item is asked again.

    >>> said = [Vote("0.0", who, "label", one, 2.0, 1, "") for who, one in (("ann", "a"), ("bob", "b"))]
    >>> answer(said, 1).value, answer(said, 2).outcome, answer(said[:1], 2)
    ('b', 'skip', None)
    """
    if len(votes) < needed:
        return None
    said = Counter((one.outcome, one.value) for one in (votes if needed > 1 else votes[-1:]))
    ranked = said.most_common(2)
    (outcome, value), most = ranked[0]
    note = ""
    if len(ranked) > 1 and ranked[1][1] == most:
        outcome, value = "skip", None
        note = "people disagree: " + ", ".join(f"{one.annotator} said {_word(one)}" for one in votes)
    agreed = [one for one in votes if note or (one.outcome, one.value) == (outcome, value)]
    return Answer(
        ask_id=votes[0].ask_id,
        value=value,
        outcome=outcome,
        annotator=", ".join(one.annotator for one in (agreed if needed > 1 else votes[-1:])),
        cost=float(len(votes)),
        seconds=sum(one.seconds for one in votes),
        note=note,
    )


def _word(vote: Vote) -> str:
    return repr(vote.value) if vote.outcome == "label" else vote.outcome


def _seconds(given: Any) -> float:
    try:
        seconds = float(given)
    except (TypeError, ValueError):
        return 0.0
    return seconds if math.isfinite(seconds) and seconds >= 0 else 0.0
