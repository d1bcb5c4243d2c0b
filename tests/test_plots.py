"""The pictures: labeled axes with units, the values of the tables, nothing left behind in matplotlib."""

from __future__ import annotations

import dataclasses

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from activeloop import plots
from activeloop.plots.paper import look
from activeloop.results import Results
from activeloop.spread import gaps, over_seeds
from tests.made_results import make

UNITS = ("(items)", "(%)", "(higher is better)", "round", "(accuracy)", "seconds")


def _panels(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


@pytest.fixture(scope="module", params=[(2, 3), (5, 30)], ids=["3 slices", "30 slices"])
def results(request: pytest.FixtureRequest) -> Results:
    strategies, slices = request.param
    return make(strategies, seeds=2, slices=slices, early=True)


@pytest.mark.parametrize("picture", plots.PICTURES, ids=lambda picture: picture.name)
def test_axes_are_labeled_and_nothing_is_cut(picture: plots.Picture, results: Results) -> None:
    figure = picture.draw(results)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    sheet = figure.bbox
    for axes in figure.axes:
        labels = [axes.get_xlabel(), axes.get_ylabel()]
        assert any(label.startswith(UNITS) or label.endswith(UNITS) or "(" in label for label in labels)
        box = axes.get_tightbbox(renderer)
        assert box is not None
        assert box.x0 >= -1
        assert box.x1 <= sheet.x1 + 1
        assert box.y0 >= -1
        assert box.y1 <= sheet.y1 + 1
    for text in figure.texts:
        assert text.get_window_extent(renderer).x1 <= sheet.x1
        assert float(text.get_fontsize()) >= 8


def test_a_learning_curve_is_the_mean_over_seeds(results: Results) -> None:
    accuracy, f1 = _panels(plots.learning_curves(results))
    assert len(accuracy.lines) == len(f1.lines) == len(results.strategies)
    assert len(accuracy.collections) == len(results.strategies)
    means = over_seeds(results)
    means = means[(means["slice"] == "all") & (means["score"] == "accuracy")]
    for line, strategy in zip(accuracy.lines, results.strategies, strict=True):
        curve = means[means["strategy"] == strategy]
        np.testing.assert_array_equal(line.get_xdata(), curve["n_labeled"])
        np.testing.assert_array_equal(line.get_ydata(), curve["value"])
    assert accuracy.lines[-1].get_xdata()[-1] == 160  # type: ignore[index]


def test_many_strategies_stay_apart_and_lose_their_bands() -> None:
    looks = [look(at) for at in range(40)]
    assert len({(one.color, one.marker) for one in looks}) == 40
    (axes,) = _panels(plots.learning_curves(make(8, seeds=2, slices=0, rounds=3, scores=("accuracy",))))
    assert len(axes.lines) == 8
    assert not axes.collections


def test_a_heat_map_shows_every_slice_and_leaves_null_open(results: Results) -> None:
    panels = _panels(plots.slice_scores(results))
    assert len(panels) == len(results.strategies)
    values = panels[0].images[0].get_array()
    assert values is not None
    assert values.shape == (len(results.slices) + 1, 15)
    assert np.ma.getmaskarray(values)[3, :3].all()
    labels = [text.get_text() for text in panels[0].get_yticklabels()]
    assert labels[0].startswith("all  n=")
    assert labels[2].endswith("n=6*")
    limits = {panel.images[0].get_clim() for panel in panels}
    assert len(limits) == 1


def test_ticks_are_thinned_at_100_rounds() -> None:
    panels = _panels(plots.slice_scores(make(1, seeds=1, rounds=100, scores=("accuracy",))))
    assert 3 <= len(panels[0].get_xticks()) <= 7


def test_the_gap_panel_holds_the_gaps_of_slices_with_enough_items(results: Results) -> None:
    *_, common = _panels(plots.slice_gaps(results))
    table = gaps(over_seeds(results), "accuracy")
    assert len(common.lines) == len(results.strategies)
    np.testing.assert_array_equal(common.lines[0].get_ydata(), table[table["strategy"] == "random"]["gap"])
    small = results.history[results.history["n"] < 10]["slice"].unique()
    assert len(small) == 1
    assert not set(small) & (set(table["worst"]) | set(table["best"]))


def test_shares_are_those_of_the_last_round(results: Results) -> None:
    first = _panels(plots.slice_shares(results))[0]
    pool, labels = (np.asarray(line.get_xdata()) for line in first.lines)
    rows = results.bought[(results.bought["strategy"] == "random") & (results.bought["round"] == 14)]
    expected = rows.groupby("slice", sort=False)[["pool_share", "labeled_share"]].mean()
    np.testing.assert_allclose(pool, expected["pool_share"])
    np.testing.assert_allclose(labels, expected["labeled_share"])


def test_purchases_add_up_to_the_budget(results: Results) -> None:
    image = _panels(plots.slice_purchases(results))[0].images[0].get_array()
    assert image is not None
    np.testing.assert_allclose(image.sum(axis=0), 20 * np.arange(1, 16))


def test_timings_have_a_line_a_phase(results: Results) -> None:
    panels = _panels(plots.seconds_per_round(results))
    assert [len(panel.lines) for panel in panels] == [6] * len(results.strategies)
    fit = results.timings[(results.timings["strategy"] == "random") & (results.timings["phase"] == "fit")]
    medians = fit.groupby("round")["seconds"].median()
    np.testing.assert_allclose(np.asarray(panels[0].lines[0].get_ydata()), medians)


def test_the_user_s_matplotlib_is_neither_read_nor_changed() -> None:
    results = make(seeds=2, rounds=3)
    plain = plots.to_bytes(plots.learning_curves(results), "svg")
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red"}):
        before = dict(matplotlib.rcParams)
        assert plots.to_bytes(plots.learning_curves(results), "svg") == plain
        assert dict(matplotlib.rcParams) == before


def test_a_failed_run_is_left_out_of_the_mean() -> None:
    whole = make(1, seeds=3, rounds=4)
    runs = whole.runs.assign(status=["complete", "complete", "failed"])
    history = whole.history[(whole.history["seed"] < 2) | (whole.history["round"] == 0)]
    means = over_seeds(dataclasses.replace(whole, runs=runs, history=history))
    assert set(means["seeds"]) == {2}
    assert means["n_labeled"].max() == 80
