"""What was said of some asks goes in, answers and disputes come out: the plug-in of a consensus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from activeloop.consensus.votes import Opinion, Votes
from activeloop.errors import OracleError, unknown
from activeloop.query import OUTCOMES, Answer, Outcome


@dataclass(frozen=True, eq=False)
class Ballots:
    """The one value that a consensus takes.

    opinions : all that counts now (neither undone nor superseded), in the order in which it was told; that of
        asks decided long ago too, from which a consensus may learn who errs how.
    asks : the asks to be decided, in order. needed : the people who must have spoken of an ask; `wanted` says
    where an ask needs another number. classes : the declared ones; None = regression.
    """

    opinions: tuple[Opinion, ...]
    asks: tuple[str, ...]
    needed: int = 1
    classes: tuple[Any, ...] | None = None
    wanted: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def said(self) -> dict[str, tuple[Opinion, ...]]:
        """What was said of each ask to be decided: one opinion a person, the newest."""
        found: dict[str, dict[str, Opinion]] = {one: {} for one in self.asks}
        for opinion in self.opinions:
            if opinion.ask_id in found:
                found[opinion.ask_id][opinion.annotator] = opinion
        return {ask: tuple(by_person.values()) for ask, by_person in found.items()}

    @cached_property
    def ready(self) -> dict[str, tuple[Opinion, ...]]:
        """What was said of each ask of which enough people have spoken."""
        return {
            ask: said
            for ask, said in self.said.items()
            if len(said) >= max(1, self.wanted.get(ask, self.needed))
        }


class Dispute(NamedTuple):
    """An ask that people do not agree on, and why: it waits for more opinions, or for somebody who decides.

    reason : "tie", "disagreement", "no majority", or "probability 0.61" of a model that is not sure enough.
    """

    ask_id: str
    reason: str


class Resolution(NamedTuple):
    """What has been decided and what is disputed; an ask in neither has too few opinions."""

    answers: tuple[Answer, ...] = ()
    disputes: tuple[Dispute, ...] = ()


Consensus: TypeAlias = Callable[[Ballots], Resolution]


def outcome_of(said: Sequence[Opinion]) -> Outcome | None:
    """Give what more than half of the people say; "label" where no such majority keeps them from labeling.

    Every outcome is a vote: an item is bad, cannot be said or is asked later when more than half of those who
    spoke say so. Otherwise it has a label, if anybody gave one; None where nobody did.
    """
    counts = Counter(one.outcome for one in said)
    winner, most = counts.most_common(1)[0]
    if 2 * most > len(said):
        return winner
    return "label" if counts["label"] else None


def answer(said: Sequence[Opinion], outcome: Outcome, value: Any = None) -> Answer:
    """Make the one answer of several people: all are named and paid 1 each; the slowest takes the time.

    Cost and time are counted as `oracles.simulated` counts those of several annotators.
    """
    return Answer(
        said[0].ask_id,
        value if outcome == "label" else None,
        outcome,
        annotator="+".join(one.annotator for one in said),
        cost=float(len(said)),
        seconds=max(one.seconds for one in said),
    )


def resolve(consensus: Consensus, ballots: Ballots) -> Resolution:
    """Decide the asks by a consensus, one's own or a built-in one, and hold it to its contract.

    Raises OracleError where it answers an ask that was not to be decided, twice, with an outcome that is none
    or a class that was not declared.
    """
    given = consensus(ballots)
    asks = [one.ask_id for one in given.answers] + [one.ask_id for one in given.disputes]
    for at, ask in enumerate(asks):
        if ask not in ballots.said:
            raise OracleError(f"the consensus decided {_foreign(ask, ballots.asks)}")
        if ask in asks[:at]:
            raise OracleError(f"the consensus decided ask {ask!r} twice")
    for one in given.answers:
        if one.outcome not in OUTCOMES:
            raise OracleError(f"ask {one.ask_id!r}: {unknown('outcome', one.outcome, OUTCOMES)}")
        if one.outcome == "label" and ballots.classes is not None and one.value not in ballots.classes:
            raise OracleError(f"ask {one.ask_id!r}: {unknown('class', one.value, map(str, ballots.classes))}")
    return given


def _foreign(ask_id: str, asks: Iterable[str]) -> str:
    return unknown("ask", ask_id, list(asks)[:20])


def by_votes(function: Callable[[Votes], Sequence[Any]]) -> Consensus:
    """Make a consensus of a function from `Votes` to one label per item, None where it cannot say.

    So a library's aggregation is a few lines; it sees the labels of all asks, those decided before too. What
    is no label is decided as everywhere (`outcome_of`), and None is a dispute, "tie".

    >>> loudest = by_votes(lambda votes: [votes.classes[code] for code in votes.table().argmax(axis=1)])
    >>> loudest(Ballots((), ("0.1",)))
    Resolution(answers=(), disputes=())
    """

    def consensus(ballots: Ballots) -> Resolution:
        votes = Votes.among(ballots.opinions, ballots.classes)
        labels = dict(zip(votes.items, function(votes), strict=True)) if len(votes) else {}
        return decided(ballots, lambda said: (labels.get(said[0].item), "tie"))

    return consensus


def decided(
    ballots: Ballots, label: Callable[[Sequence[Opinion]], tuple[Any, str]], no_label: str = "no majority"
) -> Resolution:
    """Decide each ask of which enough people spoke; `label` gives a label, or None and the reason why not."""
    answers, disputes = [], []
    for ask, said in ballots.ready.items():
        outcome = outcome_of(said)
        value, reason = label(said) if outcome == "label" else (None, no_label)
        if outcome is None or (outcome == "label" and value is None):
            disputes.append(Dispute(ask, reason))
        else:
            answers.append(answer(said, outcome, value))
    return Resolution(tuple(answers), tuple(disputes))
