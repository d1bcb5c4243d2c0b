"""The pictures of where the model fails: the values of the tables, missing apart, labeled axes."""

import numpy as np
import pytest

from activeloop import plots
from activeloop.metrics import Table
from activeloop.performance import Importance, Point, curve, importance, outcome
from activeloop.plots.performance import METRICS, metric_importance, performance_by_metric
from activeloop.scoring import Predictions

RANDOM = np.random.default_rng(0)
N = 300
INK = np.where(RANDOM.random(N) < 0.1, np.nan, RANDOM.lognormal(size=N))
BLUR = RANDOM.random(N)
LABELS = RANDOM.integers(3, size=N)
GIVEN = Predictions(
    LABELS, np.where(RANDOM.random(N) < 0.9 - 0.6 * BLUR, LABELS, (LABELS + 1) % 3), classes=(0, 1, 2)
)
TABLE = Table({"ink": INK, "blur": BLUR, "place": RANDOM.choice(["n", "s"], N)})


def points(*metrics: str) -> tuple[Point, ...]:
    return curve(GIVEN, TABLE, metrics, ["accuracy", "recall[2]"], bins=4)


def test_a_panel_shows_the_bins_of_its_metric_and_the_value_of_all() -> None:
    rows = [one for one in points("ink", "blur") if one.score == "accuracy"]
    ink, blur = performance_by_metric(points("ink", "blur")).axes
    assert (ink.get_title(loc="left"), blur.get_title(loc="left")) == ("ink", "blur")
    assert ink.get_ylabel() == "accuracy (higher is better)"
    bins = [one for one in rows if one.metric == "blur"]
    (line,) = (one for one in blur.lines if one.get_linestyle() == "-" and one.get_marker() == "o")
    np.testing.assert_array_equal(np.asarray(line.get_ydata()), [one.value for one in bins])
    (dashed,) = (one for one in blur.lines if one.get_linestyle() == "--")
    assert set(np.asarray(dashed.get_ydata())) == {bins[0].overall}
    assert [text.get_text() for text in ink.get_xticklabels()][-1] == "missing"
    assert [text.get_text().strip() for text in blur.texts] == [str(one.n) for one in bins]
    ends = {tuple(np.asarray(one.get_ydata())) for one in blur.lines}
    assert {(one.low, one.high) for one in bins} <= ends


def test_many_metrics_are_cut_and_said_to_be() -> None:
    many = [one._replace(metric=str(at)) for at in range(METRICS + 3) for one in points("blur")[:2]]
    figure = performance_by_metric(many)
    assert len(figure.axes) == METRICS
    assert any(f"{METRICS} of {METRICS + 3} metrics" in text.get_text() for text in figure.texts)


def test_a_score_that_is_undefined_everywhere_says_why() -> None:
    undefined = [
        one._replace(value=None, low=None, high=None, overall=None, reason="no item of class 2")
        for one in points("blur")
    ]
    (axes,) = performance_by_metric(undefined).axes
    assert axes.texts[0].get_text() == "no item of class 2"


def test_importance_has_a_row_a_metric_in_the_order_of_the_table() -> None:
    rows: tuple[Importance, ...] = importance(TABLE, outcome(GIVEN), ["ink", "blur", "place"])
    left, right = metric_importance(rows).axes
    assert [text.get_text().split()[0] for text in left.get_yticklabels()] == [one.metric for one in rows]
    assert rows[0].metric == "blur"
    dots = [np.asarray(one.get_xdata())[0] for one in left.lines if one.get_marker() == "o"]
    assert dots == [one.rho for one in rows if one.rho is not None]
    assert [bar.get_width() for bar in right.patches] == pytest.approx([one.information for one in rows])  # type: ignore[attr-defined]
    assert [text.get_text() for text in left.texts] == ["categories"]


def test_pictures_of_nothing_and_the_same_bytes_each_time() -> None:
    for draw in (performance_by_metric, metric_importance):
        assert any("no metric" in text.get_text().lower() for text in draw(()).texts)
    once, again = (plots.to_bytes(performance_by_metric(points("ink")), "svg") for _ in range(2))
    assert once == again
