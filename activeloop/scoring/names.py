"""From what a user writes in `scoring=` to scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sklearn.metrics import get_scorer, get_scorer_names

from activeloop.errors import ConfigurationError, UnknownNameError, unknown
from activeloop.scoring.called import custom, is_regression, is_scorer, scikit, scorer_name
from activeloop.scoring.counts import counted
from activeloop.scoring.losses import loss
from activeloop.scoring.predictions import Predictions
from activeloop.scoring.ranks import ranked
from activeloop.scoring.score import Score

Custom: TypeAlias = Callable[[Predictions], Any]
Scoring: TypeAlias = str | Custom | tuple[str, Custom]


def scores_of(scoring: Sequence[Scoring], classes: tuple[Any, ...] | None) -> tuple[Score, ...]:
    """Resolve every item: a scikit-learn name, `f1[c]` and the like, a function, or a pair (name, function).

    Raises UnknownNameError for a name that is none, ConfigurationError for one that does not fit the task or
    stands twice. `classes` are the sorted declared classes; None = regression.

    >>> [score.name for score in scores_of(["accuracy", "f1[cat]"], ("cat", "dog"))]
    ['accuracy', 'f1[cat]']
    """
    if isinstance(scoring, str) or not scoring:
        raise ConfigurationError(
            f"scoring={scoring!r}: give a list with at least one score, e.g. ['accuracy']"
        )
    scores = tuple(_score(item, classes) for item in scoring)
    names = [score.name for score in scores]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(f"two scores are named {name!r}; give a pair (name, function)")
    return scores


def _score(item: Scoring, classes: tuple[Any, ...] | None) -> Score:
    if isinstance(item, str):
        return _named(item, classes)
    name, function = item if isinstance(item, tuple) and len(item) == 2 else ("", item)
    if not callable(function):
        raise ConfigurationError(
            f"the score {item!r} is neither a name, a function nor a pair (name, function)"
        )
    if is_scorer(function):
        return scikit(name or scorer_name(function), function, classes)
    name = name or getattr(function, "__name__", type(function).__name__)
    if name == "<lambda>":
        raise ConfigurationError("a score that is a lambda has no name; give a pair (name, function)")
    return custom(name, function)


def _named(name: str, classes: tuple[Any, ...] | None) -> Score:
    base = name.partition("[")[0] if name.endswith("]") else name
    if base not in get_scorer_names():
        raise UnknownNameError(unknown("score", name, get_scorer_names()))
    scorer = get_scorer(base)
    if is_regression(scorer) != (classes is None):
        task, other = (
            ("regression", "classification") if classes is None else ("classification", "regression")
        )
        raise ConfigurationError(
            f"score {name!r} is for {other}, and this task is {task}; for example: {_FITS[task]}"
        )
    fast: Score | None = loss(name, classes is not None)
    if classes is not None:
        fast = fast or counted(name, classes) or ranked(name, classes)
    if fast is not None:
        return fast
    if base != name:
        raise UnknownNameError(unknown("score of one class", name, [f"{one}[class]" for one in _OF_CLASS]))
    return scikit(name, scorer, classes)


_OF_CLASS = ("precision", "recall", "f1", "jaccard")
_FITS = {
    "classification": "accuracy, balanced_accuracy, f1_macro, neg_log_loss",
    "regression": "r2, neg_mean_absolute_error, neg_root_mean_squared_error",
}
