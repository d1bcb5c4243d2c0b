"""What every round asked, was told and scored: Round, History, and the run as tidy tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from activeloop.cases import Verdict
from activeloop.errors import PeekingError, UnknownNameError, unknown
from activeloop.scoring import ScoreRow

if TYPE_CHECKING:
    import pandas as pd

SCORE_COLUMNS = ("round", "n_labeled", "slice", "score", "value", "low", "high", "n", "reason")
CASE_COLUMNS = ("round", "n_labeled", *Verdict._fields)
BOUGHT_COLUMNS = (
    "round",
    "n_labeled",
    "slice",
    "bought",
    "n_labeled_in_slice",
    "labeled_share",
    "pool_share",
)


class Bought(NamedTuple):
    """What one slice was bought in a round; shares are of all labeled items and of the whole pool.

    `pool_share` is None for a slice by class: nobody knows the classes of the pool.
    """

    slice: str
    bought: int
    n_labeled_in_slice: int
    labeled_share: float | None
    pool_share: float | None


class Means(NamedTuple):
    """The mean of a metric or column over what a round bought, all labeled items, and the whole pool.

    Items where it is NULL take no part; None where no item is left.
    """

    column: str
    bought: float | None
    labeled: float | None
    pool: float | None


class Signals(NamedTuple):
    """What the model says of the stop set, a fixed sample of the pool; no label is needed to know it.

    `uncertainty`: mean entropy of its class probabilities divided by log2 C; `confidence`: the lowest of its
    highest probabilities; `agreement`: Cohen's kappa of its labels with those of the round before.
    """

    uncertainty: float | None
    confidence: float | None
    agreement: float | None


class _Hidden(tuple[Any, ...]):
    """The scores and verdicts of a round as a rule sees them that must not: whoever looks is told."""

    __slots__ = ()

    def _refuse(self, *_: object) -> Any:
        raise PeekingError(
            "a stopping rule looked at holdout scores; mark it with @stopping.rule(peeks=True), "
            "and use it in simulations only"
        )

    __iter__ = __len__ = __getitem__ = __contains__ = _refuse


@dataclass(frozen=True)
class Round:
    """One closed round. Totals count from the beginning of the run; initial labels cost nothing."""

    number: int
    strategy: str
    n_labeled: int
    asked: int
    bought: int
    bought_total: int
    cost_total: float
    seconds_total: float
    scores: tuple[ScoreRow, ...] = ()
    slices: tuple[Bought, ...] = ()
    means: tuple[Means, ...] = ()
    signals: Signals | None = None
    notes: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    def score(self, name: str, slice: str = "all") -> float | None:
        """Give the value of a score on a slice; None where it is undefined.

        Raises UnknownNameError for a score or slice that is not measured, PeekingError in a rule that may not
        know scores.
        """
        return self.row(name, slice).value

    def row(self, name: str, slice: str = "all") -> ScoreRow:
        """Give value, interval, n and reason of a score on a slice."""
        for row in self.scores:
            if row.score == name and row.slice == slice:
                return row
        if name not in {row.score for row in self.scores}:
            raise UnknownNameError(unknown("score", name, {row.score for row in self.scores}))
        raise UnknownNameError(unknown("slice", slice, {row.slice for row in self.scores}))

    def verdict(self, case: str) -> Verdict:
        """Give the verdict of a test-case; raises UnknownNameError for a case that is not judged."""
        for one in self.verdicts:
            if one.case == case:
                return one
        raise UnknownNameError(unknown("test-case", case, [one.case for one in self.verdicts]))

    @cached_property
    def blind(self) -> Round:
        """The same round without its scores and verdicts."""
        return replace(self, scores=_Hidden(), verdicts=_Hidden())

    def to_payload(self) -> dict[str, Any]:
        """Give the round as plain JSON values."""
        return {
            **{key: getattr(self, key) for key in _PLAIN},
            "scores": [list(row) for row in self.scores],
            "slices": [list(row) for row in self.slices],
            **({"means": [list(row) for row in self.means]} if self.means else {}),
            "signals": None if self.signals is None else list(self.signals),
            "notes": list(self.notes),
            **({"verdicts": [list(one) for one in self.verdicts]} if self.verdicts else {}),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Round:
        """Give the round back."""
        signals = payload["signals"]
        return cls(
            **{key: payload[key] for key in _PLAIN},
            scores=tuple(ScoreRow(*row) for row in payload["scores"]),
            slices=tuple(Bought(*row) for row in payload["slices"]),
            means=tuple(Means(*row) for row in payload.get("means", ())),
            signals=None if signals is None else Signals(*signals),
            notes=tuple(payload["notes"]),
            # Runs without test-cases, and those of older versions, have none.
            verdicts=tuple(Verdict(*one) for one in payload.get("verdicts", ())),
        )


_PLAIN = ("number", "strategy", "n_labeled", "asked", "bought", "bought_total", "cost_total", "seconds_total")


_NUMBERS_OF_CASES = ("value", "low", "high", "bound", "baseline_value", "difference", "diff_low", "diff_high")


@dataclass(frozen=True)
class History:
    """All closed rounds of a run, in order."""

    rounds: tuple[Round, ...] = ()

    def __len__(self) -> int:
        return len(self.rounds)

    @property
    def last(self) -> Round | None:
        """The newest round."""
        return self.rounds[-1] if self.rounds else None

    def before(self, rounds: int) -> History:
        """Give the history as it was some rounds ago."""
        return History(self.rounds[: len(self.rounds) - rounds])

    def blind(self) -> History:
        """Give the history as a rule that must not peek may see it: without scores."""
        return History(tuple(one.blind for one in self.rounds))

    def to_frame(self) -> pd.DataFrame:
        """Give the scores as a tidy table: one row per round, slice and score."""
        rows = (
            (one.number, one.n_labeled, row.slice, row.score, row.value, row.low, row.high, row.n, row.reason)
            for one in self.rounds
            for row in one.scores
        )
        return _frame(rows, SCORE_COLUMNS, floats=("value", "low", "high"))

    def cases_frame(self) -> pd.DataFrame:
        """Give the verdicts of the test-cases: one row per round and case."""
        rows = ((one.number, one.n_labeled, *verdict) for one in self.rounds for verdict in one.verdicts)
        return _frame(rows, CASE_COLUMNS, floats=_NUMBERS_OF_CASES)

    def bought_frame(self) -> pd.DataFrame:
        """Give what each slice was bought: one row per round and slice."""
        rows = ((one.number, one.n_labeled, *row) for one in self.rounds for row in one.slices)
        return _frame(rows, BOUGHT_COLUMNS, floats=("labeled_share", "pool_share"))

    def means_frame(self) -> pd.DataFrame:
        """Give the means of the metrics and columns that cut slices: one row per round and column."""
        rows = ((one.number, one.n_labeled, *row) for one in self.rounds for row in one.means)
        return _frame(rows, ("round", "n_labeled", *Means._fields), floats=Means._fields[1:])

    def rounds_frame(self) -> pd.DataFrame:
        """Give one row per round: counts, costs, signals and notes."""
        columns = (*_PLAIN, *Signals._fields, "notes")
        rows = (
            (*(getattr(one, key) for key in _PLAIN), *(one.signals or (None,) * 3), "; ".join(one.notes))
            for one in self.rounds
        )
        return _frame(rows, columns, floats=Signals._fields)


def _frame(rows: Iterable[tuple[Any, ...]], columns: tuple[str, ...], floats: Iterable[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns)).astype(dict.fromkeys(floats, "float64"))
