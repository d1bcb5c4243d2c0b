"""The plain ways to one answer: the majority's, the first, or all of them alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from activeloop.consensus.ballots import Ballots, Dispute, Resolution, answer, decided
from activeloop.consensus.votes import Opinion


def majority(ballots: Ballots) -> Resolution:
    """Take the class with the most votes once enough people have spoken; a tie is disputed, reason "tie".

    More than half of those who spoke must say bad, abstain or skip for the ask to be that; otherwise who gave
    no label has no vote. Where there is neither such a majority nor a label the reason is "no majority".

    >>> from activeloop.consensus.votes import Votes
    >>> majority(Ballots((), ("0.0", "0.1")))
    Resolution(answers=(), disputes=())
    """
    return decided(ballots, _most)


def first(ballots: Ballots) -> Resolution:
    """Take what was said first, whatever comes after: further opinions serve agreement, not the label."""
    heard = ((ask, said) for ask, said in ballots.said.items() if said)
    return Resolution(tuple(answer(said[:1], said[0].outcome, said[0].value) for _, said in heard))


def unanimous(ballots: Ballots) -> Resolution:
    """Take what all say, once enough people have spoken; anything else is disputed, "disagreement"."""
    answers, disputes = [], []
    for ask, said in ballots.ready.items():
        if len({(one.outcome, one.value if one.outcome == "label" else None) for one in said}) == 1:
            answers.append(answer(said, said[0].outcome, said[0].value))
        else:
            disputes.append(Dispute(ask, "disagreement"))
    return Resolution(tuple(answers), tuple(disputes))


def _most(said: Sequence[Opinion]) -> tuple[Any, str]:
    votes = Counter(one.value for one in said if one.outcome == "label").most_common(2)
    tied = len(votes) == 2 and votes[0][1] == votes[1][1]
    return (None, "tie") if tied else (votes[0][0], "")
