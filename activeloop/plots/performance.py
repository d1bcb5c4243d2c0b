"""Where the model fails: a score along each metric, and which metric the errors hang on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop.performance import Importance, Point
from activeloop.plots.paper import (
    FAINT,
    better,
    blank,
    down,
    legend_line,
    look,
    panels,
    picture,
    say,
    sheet,
)
from activeloop.wording import count, short

METRICS = 12
"""Panels that are drawn; the tables have every metric."""
ROWS = 40
"""Metrics that get a row in the importance chart: the first, which are the strongest."""
_WRITTEN = 6
_COLOR, _OVERALL, _BAR = look(0).color, look(1).color, "#d9d9d9"


@picture
def performance_by_metric(points: Sequence[Point]) -> Figure:
    """Draw a panel a metric: the first score on its bins with 95 % intervals, the items of each as bars."""
    scores = list(dict.fromkeys(one.score for one in points))
    metrics = list(dict.fromkeys(one.metric for one in points))
    if not metrics:
        return blank("Performance by metric", "no metric was asked for")
    score = short(scores[0])
    legend = [
        legend_line("bin, 95 % interval", _COLOR, "o"),
        legend_line("all items", _OVERALL, dash="--"),
        legend_line("items in the bin", _BAR, "s", dash=""),
    ]
    drawn = metrics[:METRICS]
    figure = sheet(f"{score} by metric", _note(scores, metrics), 2.7 * down(len(drawn)), legend)
    for axes, metric in zip(panels(figure, len(drawn)), drawn, strict=True):
        _draw_metric(axes, [one for one in points if (one.metric, one.score) == (metric, scores[0])])
    return figure


@picture
def metric_importance(rows: Sequence[Importance]) -> Figure:
    """Draw a row a metric: its rank correlation with the outcome, and the share of it that it explains."""
    drawn = rows[:ROWS]
    if not drawn:
        return blank("Importance of metrics", "no metric was asked for")
    note = (
        "Spearman's rank correlation with its 95 % interval; information is corrected for chance, 1 = all. "
    )
    note += "Blue: p < 0.05 after Benjamini-Hochberg over the metrics; gray: no sign of a dependence."
    note += f" {ROWS} of {len(rows)} metrics are drawn." if len(rows) > ROWS else ""
    figure = sheet("Importance of metrics: what the errors hang on", note, 0.9 + 0.27 * len(drawn))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    places = np.arange(len(drawn))
    for place, one in zip(places, drawn, strict=True):
        color = _COLOR if one.p_adjusted is not None and one.p_adjusted < 0.05 else "#999999"
        right.barh(place, (one.information or 0.0) * (one.p is not None), height=0.55, color=color)
        if one.low is not None and one.high is not None and one.p is not None:
            left.plot([one.low, one.high], [place, place], color=color)
        if one.rho is not None and one.p is not None:
            left.plot(one.rho, place, "o", color=color)
        else:
            left.text(-0.98, place, one.reason or "categories", va="center", size=8, color=FAINT)
    left.axvline(0, color=FAINT, linewidth=0.8)
    left.set_yticks(places, [f"{short(one.metric)}  n={one.n}" for one in drawn])
    left.set(
        xlabel="rank correlation (above 0: worse as it rises)", ylim=(len(drawn) - 0.4, -0.6), xlim=(-1, 1)
    )
    right.set(xlabel="information (share of the outcome's entropy)", xlim=(0, None))
    return figure


def _draw_metric(axes: Axes, points: Sequence[Point]) -> None:
    """Draw the bins in their order, each as wide as the others, as they hold nearly as many items."""
    first, places = points[0], np.arange(len(points))
    axes.set(title=short(first.metric, 36), xlabel="median of the bin", ylabel=better(first.score))
    ends = [end for one in points for end in (one.value, one.low, one.high, one.overall) if end is not None]
    if not ends:
        return say(axes, first.reason or "undefined")
    room = 0.08 * (max(ends) - min(ends)) or 0.05
    bottom, most = min(ends) - 4 * room, max(one.n for one in points) or 1
    axes.set_ylim(bottom, max(ends) + room)
    axes.set_xticks(places, [_text(at, one.x, len(points)) for at, one in enumerate(points)], fontsize=8)
    axes.bar(places, [2.5 * room * one.n / most for one in points], 0.9, bottom, color=_BAR)
    for place, one in zip(places, points, strict=True):
        axes.text(float(place), bottom, f" {one.n}", ha="center", va="bottom", size=8, color=FAINT)
        if one.low is not None and one.high is not None:
            axes.plot([place, place], [one.low, one.high], color=_COLOR, linewidth=1.1)
    values = np.array([np.nan if one.value is None else one.value for one in points])
    known = np.array([one.x is not None for one in points])
    axes.plot(places[known], values[known], "o-", color=_COLOR)
    axes.plot(places[~known], values[~known], "o", color=_COLOR, markerfacecolor="white")
    if first.overall is not None:
        axes.axhline(first.overall, color=_OVERALL, linestyle="--", linewidth=1.2, zorder=1)
    return None


def _text(at: int, median: float | None, n_bins: int) -> str:
    """Write the median of a bin; of many bins every second one's, so that there is room."""
    if median is None:
        return "missing"
    return "" if at % 2 and n_bins > _WRITTEN else f"{median:.3g}"


def _note(scores: Sequence[str], metrics: Sequence[str]) -> str:
    text = (
        "Bins of nearly equal count, 10 items or more; the gray numbers are items, a hollow mark those whose "
    )
    text += "metric is missing. Intervals are of each bin alone: of 20, one may miss."
    if len(scores) > 1:
        text += f" The first of {count(len(scores), 'score')} is drawn."
    if len(metrics) > METRICS:
        text += f" {METRICS} of {len(metrics)} metrics are drawn; the tables have all."
    return text
