"""The guide: labeled items, apart from pool and holdout, on which a strategy may see where the model lags."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from activeloop import models
from activeloop.candidates import GuideScores
from activeloop.errors import SliceError
from activeloop.metrics.kept import reads_labels
from activeloop.pool import Holdout
from activeloop.scoring import Scoreboard


def sliced(guide: Holdout, holdout: Holdout | None) -> Holdout:
    """Give the guide with slices: its own, or else those of the holdout that hold some item of the guide.

    Raises SliceError for a slice that no candidate can be held against: one by a metric that reads labels.
    """
    if not guide.slices and holdout is not None:
        guide = replace(guide, metrics={**holdout.metrics, **guide.metrics})
        guide = replace(guide, slices=tuple(one for one in holdout.slices if guide.members(one).any()))
    for one in guide.slices:
        blind = [
            name for name in one.rule.columns & guide.metrics.keys() if reads_labels(guide.metrics[name])
        ]
        if blind:
            raise SliceError(
                f"slice {one.name!r} is cut by metric {blind[0]!r}, which reads labels, and candidates have "
                "none, so it cannot guide; slice the guide by something else"
            )
    return guide


@dataclass(frozen=True, eq=False)
class Guide:
    """A guide and its scoreboard: the same scores as on the holdout, on the guide's slices."""

    items: Holdout
    board: Scoreboard

    def scores(self, fitted: Any) -> GuideScores:
        """Score a model on the guide. The same model gives the same scores, so nothing has to be kept."""
        said = models.predictions(fitted, self.items, probabilities=self.board.needs_probabilities)
        return GuideScores(self.board.rows(said.labels, said.probabilities), self.items.slices)

    def before(self) -> GuideScores:
        """Give the rows as they will come, each without a value."""
        return GuideScores(self.board.undefined("not scored yet"), self.items.slices)
