"""Measures of whole runs, by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activeloop.arrays import FloatArray
from activeloop.comparison import MEASURES, Measure, SettingRuns, compare, measure
from activeloop.comparison.setting_runs import at, integral, shared_range
from activeloop.curves import Run
from activeloop.errors import ConfigurationError, PluginError, UnknownNameError
from tests.comparison.made_runs import HEART, study

NAN = np.nan


def made(x: list[list[float]], values: list[list[float]], base: int = 1) -> SettingRuns:
    a, v = np.array(x, dtype=float), np.array(values, dtype=float)
    runs = tuple(Run(HEART, "margin" if i < len(a) - base else "random", i) for i in range(len(a)))
    is_base = np.arange(len(a)) >= len(a) - base
    return SettingRuns(HEART, "accuracy", "all", "labels", runs, a, v, *shared_range(a, v), is_base)


def by(name: str, runs: SettingRuns) -> list[float]:
    return [float(one) for one in MEASURES[name](runs)]


TOY = made([[10, 20, 40], [10, 20, 40]], [[0.5, 0.9, 0.9], [0.5, 0.6, 0.8]])


def test_area_by_hand() -> None:
    # (10 * 0.7 + 20 * 0.9) / 30 and (10 * 0.55 + 20 * 0.7) / 30
    assert by("area", TOY) == pytest.approx([25 / 30, 19.5 / 30])


def test_the_area_of_a_flat_curve_is_its_height_and_a_line_its_middle() -> None:
    runs = made([[1, 2, 3], [1, 2, 3]], [[0.7, 0.7, 0.7], [0.0, 0.5, 1.0]])
    assert by("area", runs) == pytest.approx([0.7, 0.5])


def test_area_holds_the_first_round_and_the_last() -> None:
    first = made([[1, 2, 3]] * 2, [[1, 0, 0], [0, 0, 0]])
    last = made([[1, 2, 3]] * 2, [[0, 0, 1], [0, 0, 0]])
    assert by("area", first)[0] == by("area", last)[0] == pytest.approx(0.25)


def test_deficiency_by_hand() -> None:
    # the baseline's best is 0.8; margin lags by .3 - .1 - .1, random by .3 + .2 + 0
    assert by("deficiency", TOY) == pytest.approx([0.1 / 0.5, 1.0])


def test_the_mean_deficiency_of_the_baseline_is_one() -> None:
    runs = made([[1, 2, 3]] * 3, [[0.5, 0.6, 0.7], [0.4, 0.6, 0.9], [0.5, 0.7, 0.8]], base=2)
    assert np.mean(by("deficiency", runs)[1:]) == pytest.approx(1.0)


def test_deficiency_against_a_flat_baseline_is_undefined() -> None:
    assert np.isnan(by("deficiency", made([[1, 2]] * 2, [[0.5, 0.9], [0.5, 0.5]]))).all()


def test_final_is_the_value_at_the_shared_end() -> None:
    runs = made([[10, 20, 40], [10, 20, NAN]], [[0.5, 0.9, 1.0], [0.5, 0.6, NAN]])
    assert (runs.start, runs.end) == (10, 20)
    assert by("final", runs) == pytest.approx([0.9, 0.6])


def test_a_shared_end_between_two_rounds_is_read_off_the_line() -> None:
    runs = made([[10, 20, 40], [10, 30, NAN]], [[0.5, 0.7, 0.9], [0.5, 0.6, NAN]])
    assert by("final", runs) == pytest.approx([0.8, 0.6])
    # 10 * .6 + 10 * .75 of 20, and 20 * .55 of 20
    assert by("area", runs) == pytest.approx([13.5 / 20, 0.55])


def test_area_of_lu_2023_leaves_the_start_out_and_divides_by_all_queries() -> None:
    runs = made([[20, 21, 22, 23]] * 2, [[0.1, 0.5, 0.6, 0.7], [0.9, 0.5, 0.5, 0.5]])
    # points after query 1..3: (0.55 + 0.65) / 3, (0.5 + 0.5) / 3
    assert by("area_lu2023", runs) == pytest.approx([1.2 / 3, 1.0 / 3])


def test_area_of_lu_2023_takes_every_run_over_its_own_length() -> None:
    runs = made([[20, 21, 22, 23], [20, 21, 22, NAN]], [[0.1, 0.5, 0.6, 0.7], [0.9, 0.5, 0.5, NAN]])
    assert by("area_lu2023", runs) == pytest.approx([1.2 / 3, 0.25])


@pytest.mark.parametrize("name", ["area", "final", "deficiency"])
def test_a_score_that_is_undefined_within_the_range_makes_the_run_undefined(name: str) -> None:
    gap = 1 if name != "final" else 2
    values = [[0.5, 0.6, 0.7], [0.5, 0.6, 0.7]]
    values[0][gap] = NAN
    found = by(name, made([[1, 2, 3]] * 2, values))
    assert np.isnan(found[0])
    assert np.isfinite(found[1])


def test_rounds_before_every_run_has_a_score_are_left_out() -> None:
    runs = made([[1, 2, 3]] * 2, [[NAN, 0.6, 0.8], [0.1, 0.6, 0.8]])
    assert by("area", runs) == pytest.approx([0.7, 0.7])


def test_a_run_without_any_score_says_nothing_and_cuts_nothing() -> None:
    runs = made([[1, 2, 3], [NAN, NAN, NAN]], [[0.5, 0.6, 0.7], [NAN, NAN, NAN]])
    assert by("area", runs)[0] == pytest.approx(0.6)
    assert np.isnan(by("area", runs)[1])
    assert np.isnan(by("final", runs)[1])


def test_one_shared_point_has_no_area_but_a_final_score() -> None:
    runs = made([[10, 20], [10, NAN]], [[0.5, 0.9], [0.4, NAN]])
    assert np.isnan(by("area", runs)).all()
    assert by("final", runs) == pytest.approx([0.5, 0.4])


def test_a_round_that_bought_nothing_has_no_width_and_its_last_score_counts() -> None:
    runs = made([[1, 2, 2]] * 2, [[0.5, 0.7, 0.9], [0.5, 0.7, 0.7]])
    assert by("area", runs) == pytest.approx([0.6, 0.6])
    assert by("final", runs) == pytest.approx([0.9, 0.7])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=3, max_size=12), st.integers(0, 10_000))
def test_the_integral_is_numpys_on_whole_ranges_and_adds_up_on_parts(values: list[float], seed: int) -> None:
    x = np.sort(np.random.default_rng(seed).choice(1000, len(values), replace=False)).astype(float)[None]
    v = np.array([values])
    whole = integral(x, v, x[0, 0], x[0, -1])[0]
    by_hand = sum((x[0, i + 1] - x[0, i]) * (v[0, i] + v[0, i + 1]) / 2 for i in range(len(values) - 1))
    assert whole == pytest.approx(by_hand, abs=1e-9)
    middle = (x[0, 0] + x[0, -1]) / 2
    parts = integral(x, v, x[0, 0], middle)[0] + integral(x, v, middle, x[0, -1])[0]
    assert parts == pytest.approx(whole, abs=1e-9)
    assert at(x, v, middle)[0] == pytest.approx(np.interp(middle, x[0], v[0]))


def test_a_measure_is_a_plain_function_by_name_file_or_itself(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "from activeloop.comparison import Measure\n"
        "def start(runs):\n    return runs.values[:, 0]\n"
        "wasted = Measure('wasted', lambda runs: 1 - runs.values[:, -1], lower_is_better=True)\n"
    )
    ends = {"random": 0.6, "margin": 0.7}
    made_up = study({HEART: {(name, i): [0.5, end] for name, end in ends.items() for i in range(6)}})
    found = compare(made_up, measures=["own.py:start", "own.py:wasted", "area"], folder=tmp_path)
    assert found.measures == ("own.py:start", "wasted", "area")
    assert found.lower_is_better == {"wasted"}
    verdicts = found.against.set_index("measure")["verdict"]
    assert verdicts["wasted"] == verdicts["area"] == "better"
    assert found.against.set_index("measure").loc["wasted", "difference"] == pytest.approx(-0.1)
    assert found.against.set_index("measure").loc["wasted", "wins"] == 6


def test_a_measure_of_what_was_asked_sees_ids_and_labels() -> None:
    def found_early(runs: SettingRuns) -> FloatArray:
        return np.array([sum(runs.labels[one] for one in asked) for asked in runs.asked], dtype=float)

    curves = {HEART: {("random", 0): [0.5, 0.6], ("margin", 0): [0.5, 0.6]}}
    made_up = replace(study(curves, slices={"x": lambda _, y: y}), asked=(("a", "b"), ("b", "c")))
    relevant: dict[str, dict[int | str, int]] = {"heart": {"a": 0, "b": 1, "c": 1}}
    measures = [Measure("early", found_early, score_free=True)]
    found = compare(made_up, measures=measures, labels=lambda name: relevant[name])
    assert found.measured["value"].tolist() == [1.0, 2.0]


def test_the_example_of_the_page_is_a_measure(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "comparison.md").read_text(encoding="utf-8")
    (tmp_path / "own.py").write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    curves = {HEART: {("random", 0): [0.5, 0.6], ("margin", 0): [0.5, 0.6]}}
    made_up = replace(study(curves), asked=(("a", "b", "c", "d"), ("d", "c", "b", "a")))
    truth: dict[int | str, int] = {"a": 0, "b": 0, "c": 0, "d": 1}
    found = compare(made_up, measures=["own.py:half"], folder=tmp_path, labels=lambda name: truth)
    assert found.measured["value"].tolist() == [0.75, 0.0]
    assert found.lower_is_better == {"half found"}


def test_wrong_measures_are_refused() -> None:
    made_up = study({HEART: {("random", 0): [0.5, 0.6], ("margin", 0): [0.5, 0.6]}})
    with pytest.raises(UnknownNameError, match="did you mean 'area'"):
        compare(made_up, measures=["aera"])
    with pytest.raises(ConfigurationError, match="named twice"):
        compare(made_up, measures=["area", "area"])
    with pytest.raises(ConfigurationError, match="no measure"):
        compare(made_up, measures=[])
    with pytest.raises(ConfigurationError, match="no function"):
        measure("math:pi")
    with pytest.raises(PluginError, match="'first' gave an array of shape"):
        compare(made_up, measures=[Measure("first", lambda runs: runs.values)])


def test_an_infinite_measure_is_undefined() -> None:
    made_up = study({HEART: {("random", 0): [0.5, 0.6], ("margin", 0): [0.5, 0.6]}})
    found = compare(made_up, measures=[Measure("far", lambda runs: np.full(len(runs.runs), np.inf))])
    assert found.measured["value"].isna().all()
    assert found.measured["why"].tolist() == ["undefined under every seed"] * 2
