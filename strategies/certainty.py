"""Certainty sampling: ask first what the model holds to be of the wanted class, to find all of a rare one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from activeloop.arrays import FloatArray
from activeloop.candidates import Candidates
from activeloop.errors import StrategyError, unknown
from activeloop.strategy import Strategy


def certainty_of(label: Any = None) -> Strategy:
    """Make a strategy that gives P(label | x) as utility: the most certain candidate is asked first.

    Where there are two classes, the second is meant unless another is named (1 of 0 and 1, "relevant" of
    "irrelevant" and "relevant"), as scikit-learn takes the greater label to be the positive one.

    This does not look for what the model would learn the most from, but for the class itself: the order in
    which a screener should read. Cost: one pass over the (n, C) probabilities. Source: Lewis and Gale (1994)
    call it relevance sampling; Cormack and Grossman (2014), continuous active learning; ASReview's "max".

    Raises StrategyError, when asked, for a label that is no class, and for more classes without a label.

    >>> import activeloop as al
    >>> from sklearn.naive_bayes import GaussianNB
    >>> pool = al.load("breast_cancer").pool().starting_with([0, 19])
    >>> loop = al.Loop(GaussianNB(), pool, strategy=certainty_of("malignant"))
    >>> *_, last = loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(8))
    >>> loop.labeled.labels.tolist().count("malignant"), last.n_labeled
    (7, 10)
    """
    return Strategy(_Certainty(label), name="certainty", make=certainty_of)


@dataclass(frozen=True)
class _Certainty:
    """The acquisition function: one column of the probabilities."""

    label: Any
    needs = ("probabilities",)

    def __call__(self, candidates: Candidates) -> FloatArray:
        classes = candidates.classes or ()
        if self.label is None and len(classes) != 2:
            raise StrategyError(
                f"certainty needs the label that is looked for, as there are {len(classes)} classes: "
                f"certainty.with_parameters(label=...); allowed: {', '.join(map(repr, classes))}"
            )
        label = classes[1] if self.label is None else self.label
        if label not in classes:
            raise StrategyError(f"certainty: {unknown('label', label, classes)}")
        return candidates.probabilities[:, classes.index(label)]


certainty = certainty_of()
"""The second of two classes is looked for; `certainty.with_parameters(label=...)` looks for another."""
