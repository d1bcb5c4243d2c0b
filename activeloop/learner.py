"""What a round learns: a fresh model on all that is labeled; its scores and the verdicts on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from activeloop import models
from activeloop.cases import Judge, Verdict
from activeloop.clock import Clock
from activeloop.errors import NotTrainableError
from activeloop.ledger import Ledger
from activeloop.pool import Holdout, Pool
from activeloop.scoring import Scoreboard, ScoreRow
from activeloop.seeds import Component, integer


class Examined(NamedTuple):
    """What the holdout says of a model: every score on every slice, and a verdict for every test-case."""

    scores: tuple[ScoreRow, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True)
class Examiner:
    """The holdout with what is measured on it."""

    holdout: Holdout | None
    board: Scoreboard | None
    judge: Judge | None


class Learner:
    """The model of a loop, fitted afresh every round, and examined on the holdout."""

    def __init__(self, model: Any, pool: Pool, examiner: Examiner, seed: int, clock: Clock) -> None:
        self._pool, self._examiner, self._seed, self._clock = pool, examiner, seed, clock
        self._untrained = models.untrained(model)
        self._fitted: tuple[tuple[int, int], Any] | None = None

    def fit(self, round: int, ledger: Ledger) -> Any:
        """Give the model of a round, fitted on all that is labeled now; once, unless an answer changes.

        Raises NotTrainableError while too little is labeled.
        """
        key = (round, ledger.changes)
        if self._fitted is None or self._fitted[0] != key:
            rows = ledger.labeled()
            with self._clock.phase("fit"):
                fitted = models.fit(
                    self._untrained,
                    self._pool.rows(rows),
                    ledger.labels(rows),
                    ids=self._pool.ids[rows],
                    seed=integer(self._seed, Component.MODEL, round),
                    is_classifier=self._pool.classes is not None,
                )
            self._fitted = (key, fitted)
        return self._fitted[1]

    def examine(self, fitted: Any) -> Examined:
        """Predict the holdout once; measure every score on every slice, and judge every case."""
        holdout, board, judge = self._examiner.holdout, self._examiner.board, self._examiner.judge
        if board is None or holdout is None:
            return Examined()
        wanted = board.needs_probabilities or (judge is not None and judge.needs_probabilities)
        with self._clock.phase("predict"):
            said = models.predictions(fitted, holdout, probabilities=wanted)
        with self._clock.phase("score"):
            rows = board.rows(said.labels, said.probabilities)
            return Examined(rows, judge.verdicts(said.labels, said.probabilities) if judge else ())

    def unexamined(self, error: NotTrainableError) -> Examined:
        """Give every score as undefined and every case as insufficient: no model, no value."""
        board, judge, reason = self._examiner.board, self._examiner.judge, f"not trained: {error}"
        return Examined(board.undefined(reason) if board else (), judge.undefined(reason) if judge else ())
