"""Runs as every tracker keeps them: parameters, values by the number of labels, how each test-case ended."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from activeloop.results import Results

_Key = TypeVar("_Key")

_WORDS = {"<=": "at most", ">=": "at least", "==": "is", "!=": "is not", "<": "below", ">": "above"}
_LONGEST = 100
_OF_THE_END = ("status", "reason", "n_labeled", "rounds")


class Value(NamedTuple):
    """One score on one slice ("slice/score") when so many items were labeled."""

    step: int
    name: str
    value: float


class Track(NamedTuple):
    """One run: what it was of (study, strategy, seed), what it scored, and how it ended.

    `verdicts` are pairs of test-case and outcome after the last round.
    """

    parameters: tuple[tuple[str, Any], ...]
    values: tuple[Value, ...]
    verdicts: tuple[tuple[str, str], ...]
    status: str
    reason: str

    @property
    def study(self) -> str:
        """The study that it belongs to."""
        return str(self.parameters[0][1])

    @property
    def name(self) -> str:
        """What it is called within its study."""
        return ", ".join(
            value if isinstance(value, str) else f"{name.replace('_', ' ')} {value}"
            for name, value in self.parameters[1:]
        )

    @property
    def key(self) -> str:
        """What it is known by when it is exported again: the same for the same parameters."""
        return _sum(self.parameters)

    @property
    def digest(self) -> str:
        """What differs as soon as anything that is exported does."""
        return _sum(self)


def tracks(made: Results) -> tuple[Track, ...]:
    """Give every run that scored anything or failed; the columns that tell runs apart are its parameters.

    A score that is undefined is left out. Where rounds bought nothing, the last with as many labels counts.
    """
    who = [name for name in made.runs.columns if name not in _OF_THE_END]
    history = made.history.dropna(subset=["value"])
    history = history.drop_duplicates([*who, "n_labeled", "slice", "score"], keep="last")
    slices, scores = (_names(made.history[name]) for name in ("slice", "score"))
    values = _grouped(history, who, ["n_labeled", "slice", "score", "value"])
    last = made.cases.drop_duplicates([*who, "case"], keep="last")
    cases = _names(last["case"])
    verdicts = _grouped(last, who, ["case", "outcome"])
    ended = _grouped(made.runs, who, ["status", "reason"])
    return tuple(
        Track(
            parameters=(("study", made.name), *zip(who, run, strict=True)),
            values=tuple(
                Value(step, f"{slices[one]}/{scores[score]}", value)
                for step, one, score, value in values.get(run, ())
            ),
            verdicts=tuple((cases[case], outcome) for case, outcome in verdicts.get(run, ())),
            status=status,
            reason=reason,
        )
        for run, ((status, reason),) in ended.items()
        if run in values or status == "failed"
    )


def safe(name: str) -> str:
    """Spell a name with letters, digits, "_", "-" and "." alone, which every tracker takes.

    >>> safe("blur >= 0.5"), safe("ink [0, 0.25)"), safe("recall[virginica]"), safe("..")
    ('blur_at_least_0.5', 'ink_0_to_0.25', 'recall_virginica', 'unnamed')
    """
    ranged = re.sub(r"[\[(]([-+.\w]+), ([-+.\w]+)[\])]", r"\1 to \2", name)
    worded = re.sub("[<>]=?|[=!]=", lambda found: f" {_WORDS[found[0]]} ", ranged)
    return re.sub(r"[^\w.-]+", "_", worded)[:_LONGEST].strip("_.") or "unnamed"


def distinct(named: Iterable[tuple[_Key, str]]) -> dict[_Key, str]:
    """Number the names that are not the first of their kind, so that no two things share one.

    >>> distinct([("a b", "a_b"), ("a_b", "a_b"), ("c", "c")])
    {'a b': 'a_b', 'a_b': 'a_b_2', 'c': 'c'}
    """
    given: dict[_Key, str] = {}
    for key, name in named:
        numbered = (f"{name}_{number}" if number > 1 else name for number in itertools.count(1))
        given[key] = next(one for one in numbered if one not in given.values())
    return given


def _names(column: pd.Series[Any]) -> dict[str, str]:
    return distinct((name, safe(name)) for name in column.unique().tolist())


def _grouped(
    table: pd.DataFrame, who: Sequence[str], columns: Sequence[str]
) -> dict[tuple[Any, ...], list[tuple[Any, ...]]]:
    """Give the rows of each run, by what tells runs apart."""
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in zip(*(table[name].tolist() for name in (*who, *columns)), strict=True):
        found.setdefault(row[: len(who)], []).append(row[len(who) :])
    return found


def _sum(given: Any) -> str:
    return hashlib.sha256(json.dumps(given, default=str).encode()).hexdigest()[:16]
