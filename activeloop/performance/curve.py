"""Performance by metric: a score on equal-count bins of a metric, with support and interval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from activeloop.arrays import FloatArray, KeyArray
from activeloop.errors import ConfigurationError, DataError
from activeloop.metrics.metric import Columns
from activeloop.metrics.table import Table
from activeloop.performance.bins import ENOUGH, Bin, equal_count
from activeloop.performance.scored import Members, Scores, board_of
from activeloop.scoring import Predictions, ScoreRow
from activeloop.statistics.columns import column, is_number


class Point(NamedTuple):
    """A score on one bin of a metric.

    The bin goes from `low_edge` up to, not including, `high_edge`, the last one including it; `x` is its
    median. All three are None in the bin of the items whose metric is missing. `value` with its 95 % interval
    `low`, `high` rests on `n` (items, or the trials of a proportion such as recall of a class); `overall` is
    the value on all items. None = undefined, and `reason` says why.
    """

    metric: str
    score: str
    low_edge: float | None
    high_edge: float | None
    x: float | None
    value: float | None
    low: float | None
    high: float | None
    n: int
    overall: float | None
    reason: str = ""


def by_metric(
    predictions: Predictions,
    values: Any,
    metric: str = "metric",
    scoring: Scores | None = None,
    bins: int = 10,
    keys: KeyArray | None = None,
) -> tuple[Point, ...]:
    """Score the bins of one metric: bins in their order, the scores of each together.

    values : (n,) numbers, NaN or None where the metric has none; the rest is as in `curve`.

    >>> import numpy as np
    >>> blur = np.arange(40.0)
    >>> given = Predictions(np.zeros(40), (blur >= 20).astype(float), classes=(0, 1))
    >>> [(one.x, one.value, one.n, one.overall) for one in by_metric(given, blur, "blur", bins=2)]
    [(9.5, 1.0, 20, 0.5), (29.5, 0.0, 20, 0.5)]
    """
    return curve(predictions, Table({metric: values}), [metric], scoring, bins, keys)


def curve(
    predictions: Predictions,
    columns: Columns,
    metrics: Iterable[str],
    scoring: Scores | None = None,
    bins: int = 10,
    keys: KeyArray | None = None,
) -> tuple[Point, ...]:
    """Score the bins of several metrics in one pass: metric by metric, bins in their order, then scores.

    predictions : a row per item, in the order of the columns. scoring : one score, or several, as in
    `Scoreboard`; None = accuracy, in regression the mean absolute error. bins : at most so many, of nearly
    equal count and at least 10 items each (`equal_count`). keys : (n,) from `seeds.id_keys`, which deal the
    jackknife's blocks; None = by `predictions.ids`.

    The intervals are pointwise: of 20 bins one is expected to miss. Raises DataError for a metric that is not
    a number per item, ConfigurationError for no metric, and what `Scoreboard` raises.
    """
    cut = [(name, one) for name in metrics for one in equal_count(_numbers(columns, name, predictions), bins)]
    if not cut:
        raise ConfigurationError("metrics=[]: give at least one metric")
    slices: list[Members] = [(f"{at} {name}", one.members) for at, (name, one) in enumerate(cut)]
    board = board_of(predictions, slices, scoring, keys)
    rows = board.rows(predictions.predicted, predictions.probabilities)
    n_scores = len(board.scores)
    overall = [row.value for row in rows[:n_scores]]
    return tuple(
        _point(name, one, row, overall[at % n_scores])
        for at, row in enumerate(rows[n_scores:])
        for name, one in [cut[at // n_scores]]
    )


def _point(metric: str, one: Bin, row: ScoreRow, overall: float | None) -> Point:
    few = int(one.members.sum())
    reason = row.reason or (f"insufficient: fewer than {ENOUGH} items" if few < ENOUGH else "")
    return Point(
        metric=metric,
        score=row.score,
        low_edge=one.low,
        high_edge=one.high,
        x=one.median,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        overall=overall,
        reason=reason,
    )


def _numbers(columns: Columns, name: str, predictions: Predictions) -> FloatArray:
    values = column(columns.column(name), f"metric {name!r}")
    if not is_number(values):
        raise DataError(f"metric {name!r} is not a number per item; use slices of its categories")
    if len(values) != len(predictions):
        raise DataError(f"metric {name!r} has {len(values)} values for {len(predictions)} predictions")
    return values
