"""The pictures of a comparison: they hold its values, cut nothing, and stay readable where there is much."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop.comparison import Comparison, compare
from activeloop.mean_curves import mean_curves
from activeloop.plots.compared import pictures
from activeloop.plots.compared.curves import learning_curves
from activeloop.plots.compared.differences import differences
from activeloop.plots.compared.matrix import win_matrix
from activeloop.plots.compared.ranks import critical_difference
from activeloop.plots.compared.slices import slice_effects
from activeloop.reading import leading, question, records, standing, statements
from tests.made_runs import make


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return compare(make(3, 3, seeds=8, slices=3))


def _panels(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


def test_nothing_is_cut(compared: Comparison) -> None:
    for picture in pictures(compared):
        figure = picture.draw(compared)
        renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        for axes in figure.axes:
            box = axes.get_tightbbox(renderer)
            assert box is not None, picture.name
            assert box.x0 >= -1, picture.name
            assert box.x1 <= figure.bbox.x1 + 1, picture.name
            assert box.y0 >= -1, picture.name
            assert box.y1 <= figure.bbox.y1 + 1, picture.name


def test_learning_curves_are_means_over_seeds(compared: Comparison) -> None:
    first = _panels(learning_curves(compared))[0]
    digits = [one for one in mean_curves(compared.runs.curves()) if one.setting.data == "digits"]
    assert len(first.lines) == len(first.collections) == len(digits) == 3
    for line, curve in zip(first.lines, digits, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), curve.value)


def test_the_forest_holds_the_differences(compared: Comparison) -> None:
    panels = _panels(differences(compared))
    drawn = [float(x) for panel in panels for line in panel.lines[1:] for x in np.asarray(line.get_xdata())]
    assert sorted(drawn) == sorted(question(compared, compared.against)["difference"])


def test_wins_stand_in_their_cells(compared: Comparison) -> None:
    (panel,) = _panels(win_matrix(compared))
    table, names = (
        {(one.strategy, one.other): one for one in statements(records(compared))},
        standing(compared),
    )
    for text in panel.texts:
        column, row = (round(place) for place in text.get_position())
        one = table[names[row], names[column]]
        assert text.get_text() == f"{one.wins}/{one.ties}/{one.losses}"
    assert len(panel.texts) == 6


def test_ranks_are_written_beside_the_names(compared: Comparison) -> None:
    assert compared.ranks is not None
    (panel,) = _panels(critical_difference(compared))
    texts = [text.get_text().strip() for text in panel.texts]
    best = f"{compared.ranks.strategies[0]}  {compared.ranks.mean[0]:.3f}"
    assert best in texts


def test_marks_on_slices_are_the_verdicts_that_hold(compared: Comparison) -> None:
    marks = [line for panel in _panels(slice_effects(compared)) for line in panel.lines]
    rows = question(compared, compared.against, slice=None)
    rows = rows[rows["slice"] != "all"]
    for marker, verdict in (("^", "better"), ("v", "worse"), ("_", "insufficient")):
        drawn = sum(len(np.asarray(line.get_xdata())) for line in marks if line.get_marker() == marker)
        assert drawn == (rows["verdict"] == verdict).sum() > 0


def test_many_are_drawn_as_colors_and_the_best_curves() -> None:
    many = compare(make(10, 12, seeds=6, slices=0, rounds=3, flawed=False))
    (panel,) = _panels(differences(many))
    values = panel.images[0].get_array()
    assert values is not None
    assert values.shape == (10, 11)
    assert len(leading(many, 6)) == 6
    assert many.baseline in leading(many, 6)
    assert max(len(panel.lines) for panel in _panels(learning_curves(many))) == 6
