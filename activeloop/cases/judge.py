"""The judge: every case on one set of predictions, all in one pass, with verdicts that hold together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from activeloop import slices as slicing
from activeloop.arrays import Array
from activeloop.cases.case import TestCase
from activeloop.cases.conclude import Said, Tried, conclude, unjudged
from activeloop.cases.evidence import of_difference, of_parts
from activeloop.cases.gates import gates
from activeloop.cases.place import Held, Placed, distinct, place
from activeloop.cases.predicted import Predicted
from activeloop.cases.verdict import Verdict
from activeloop.errors import ConfigurationError
from activeloop.scoring.parts import Parts


class Judge:
    """Cases on fixed labeled items, made once and asked for every set of predictions.

    Raises ConfigurationError for two cases of one name, a bound that the score cannot reach, and a `max_drop`
    without a baseline; SliceError, UnknownNameError and DataError as the parts of a case have it.
    """

    def __init__(self, cases: Sequence[TestCase], holdout: Held, baseline: Predicted | None = None) -> None:
        distinct(cases)
        self._boards, self._placed = place(cases, holdout)
        self._baseline, self._old = baseline, self._parts_of_baseline(holdout, baseline)

    @property
    def needs_probabilities(self) -> bool:
        """Whether some case wants class probabilities, where the model gives them."""
        return any(board.needs_probabilities for board in self._boards)

    def verdicts(self, predicted: Array, probabilities: Array | None = None) -> tuple[Verdict, ...]:
        """Judge every case, in their order.

        predicted : (n,) labels in the order of the items. probabilities : (n, C), columns in the order of the
        declared classes. Raises what `Scoreboard.rows` raises.
        """
        new = [board.parts(predicted, probabilities)[0] for board in self._boards]
        tried = [self._try(one, new) for one in self._placed]
        chances = [one.chances for one in tried]
        kept, broken = gates([one.broken for one in chances]), gates([one.kept for one in chances])
        return tuple(
            conclude(one, Said(bool(kept.decided[at]), bool(broken.decided[at]), kept.level, broken.level))
            for at, one in enumerate(tried)
        )

    def undefined(self, reason: str) -> tuple[Verdict, ...]:
        """Give every case as insufficient: no model, no verdict."""
        return tuple(unjudged(Tried(one, None, None, None, reason)) for one in self._placed)

    def describe(self) -> dict[str, Any]:
        """Give all that makes these the same tests, as JSON can hold it: frozen slices and baseline too."""
        return {
            "cases": [
                {
                    "name": one.case.name,
                    "slice": "all" if one.slice is None else slicing.to_json([one.slice])[0],
                    "score": one.score,
                    one.case.rule: one.case.bound,
                    "decide_on": one.case.decide_on,
                    "min_support": one.case.min_support,
                    "severity": one.case.severity,
                }
                for one in self._placed
            ],
            "baseline": self._baseline.fingerprint if self._baseline else None,
        }

    def _parts_of_baseline(self, holdout: Held, baseline: Predicted | None) -> list[tuple[Parts, ...]]:
        drops = [one for one in self._placed if one.case.rule == "max_drop"]
        if baseline is None:
            if drops:
                raise ConfigurationError(
                    f"test-case {drops[0].case.name!r}: max_drop needs a baseline to compare with; give one"
                )
            return []
        said = baseline.of(holdout.ids)
        return [board.parts(said.labels, said.probabilities)[0] for board in self._boards]

    def _try(self, one: Placed, new: Sequence[tuple[Parts, ...]]) -> Tried:
        if one.at is None:
            return Tried(one, None, None, None, "the slice holds no item")
        parts = new[one.board][one.at]
        old = self._old[one.board][one.at] if self._old else None
        compared = [parts, old] if one.case.rule == "max_drop" and old is not None else [parts]
        for which, given in zip(("", "the baseline: "), compared, strict=False):
            if math.isnan(given.value):
                return Tried(one, parts, old, None, which + (given.reason or "undefined"))
            if given.n < one.case.min_support:
                least = f"n = {given.n}; at least {one.case.min_support} needed"
                return Tried(one, parts, old, None, which + least)
        if one.case.rule == "max_drop":
            assert old is not None
            return Tried(one, parts, old, of_difference(parts, old), "")
        return Tried(one, parts, old, of_parts(parts), "")


def judge(
    cases: Sequence[TestCase], holdout: Held, predicted: Predicted, baseline: Predicted | None = None
) -> tuple[Verdict, ...]:
    """Judge predictions of a holdout by cases, once.

    >>> import activeloop as al
    >>> _, holdout = al.load("iris").split(0.5, seed=0)
    >>> said = Predicted(holdout.ids, holdout.labels)
    >>> [one.outcome for one in judge([TestCase("all right", at_least=0.9)], holdout, said)]
    ['pass']
    """
    said = predicted.of(holdout.ids)
    return Judge(cases, holdout, baseline).verdicts(said.labels, said.probabilities)
