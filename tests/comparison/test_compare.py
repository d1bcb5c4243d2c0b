"""A whole comparison: verdicts, corrections, slices, cost, data sets."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from activeloop.arrays import FloatArray
from activeloop.comparison import VERDICTS, compare
from activeloop.comparison.result import AGAINST, MEASURED, PAIRS, PER_SEED, POWER, SAVED
from activeloop.curves import Run
from activeloop.errors import ConfigurationError, DataError, UnknownNameError
from activeloop.statistics import benjamini_hochberg, holm
from tests.comparison.made_runs import HEART, noisy, on, study

FOUR = {"random": 0.0, "margin": 0.03, "entropy": 0.0, "bad": -0.03}


def worse_slice(run: Run, values: FloatArray) -> FloatArray:
    return values - (0.08 if run.strategy == "margin" else 0.0)


@pytest.fixture(scope="module")
def found() -> Any:
    made = noisy(FOUR, 10, ("a", "b", "c"))
    slices = {"dark": worse_slice, "light": lambda _, values: values, "tiny": lambda _, values: values}
    return compare(study(made, slices=slices, support={"tiny": 9.0}), difference=0.005, rope=0.005)


def test_the_tables_have_the_columns_they_promise(found: Any) -> None:
    for table, columns in (
        (found.measured, MEASURED), (found.against, AGAINST), (found.pairs, PAIRS), (found.saved, SAVED),
        (found.power, POWER), (found.per_seed, PER_SEED),
    ):  # fmt: skip
        assert list(table.columns) == columns
        assert len(table)
    assert len(found.measured) == 3 * 4 * 4 * 2
    assert len(found.against) == 3 * 3 * 4 * 2
    assert len(found.pairs) == 3 * 4 * 3
    assert len(found.per_seed) == 3 * 4 * 10 * 2
    assert set(found.against["verdict"]) <= set(VERDICTS)
    assert (found.against["why"] == "").sum() > 0


def test_verdicts_say_what_was_put_in(found: Any) -> None:
    whole = found.against[(found.against["slice"] == "all") & (found.against["measure"] == "area")]
    verdicts = whole.groupby("strategy")["verdict"].agg(set).to_dict()
    assert verdicts == {"margin": {"better"}, "entropy": {"no difference shown"}, "bad": {"worse"}}


def test_values_and_intervals_are_those_of_scipy(found: Any) -> None:
    own = found.per_seed[(found.per_seed["measure"] == "area") & (found.per_seed["data"] == "a")]
    wide = own.pivot(index="seed", columns="strategy", values="value")
    row = found.against[(found.against["data"] == "a") & (found.against["strategy"] == "margin")].iloc[0]
    d = wide["margin"] - wide["random"]
    assert row["difference"] == pytest.approx(d.mean())
    assert row["p"] == pytest.approx(stats.wilcoxon(d, method="exact").pvalue)
    low, high = stats.t.interval(0.95, 9, d.mean(), d.std() / np.sqrt(10))
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert (row["wins"], row["ties"], row["losses"]) == ((d > 0).sum(), (d == 0).sum(), (d < 0).sum())
    mean = found.measured[(found.measured["data"] == "a") & (found.measured["strategy"] == "margin")].iloc[0]
    assert mean["value"] == pytest.approx(wide["margin"].mean())


def test_holm_on_the_whole_and_benjamini_hochberg_over_slices(found: Any) -> None:
    area = found.against[(found.against["data"] == "b") & (found.against["measure"] == "area")]
    whole = area[area["slice"] == "all"]
    np.testing.assert_allclose(whole["p_adjusted"], holm(whole["p"].to_numpy()))
    assert (whole["correction"] == "holm").all()
    parts = area[area["slice"].isin(["dark", "light"])]
    np.testing.assert_allclose(parts["p_adjusted"], benjamini_hochberg(parts["p"].to_numpy()))
    assert (parts["correction"] == "benjamini-hochberg").all()


def test_pairs_are_corrected_once_and_mirror_each_other(found: Any) -> None:
    pairs = found.pairs[found.pairs["data"] == "a"].set_index(["strategy", "other"])
    for (one, other), row in pairs.iterrows():
        back = pairs.loc[(other, one)]
        assert row["p_adjusted"] == back["p_adjusted"]
        assert row["difference"] == pytest.approx(-back["difference"])
        assert {row["verdict"], back["verdict"]} in ({"better", "worse"}, {"no difference shown"})
    once = pairs[[one < other for one, other in pairs.index]]
    np.testing.assert_allclose(once["p_adjusted"], holm(once["p"].to_numpy()))


def test_the_win_matrix_counts_settings_in_which_the_row_was_shown_better(found: Any) -> None:
    table = found.win_matrix()
    assert table.loc["margin"].tolist() == [3, 0, 3, 3]
    assert table.loc["bad"].tolist() == [0, 0, 0, 0]
    assert list(table.index) == list(table.columns) == list(FOUR)


def test_slices_say_who_fixes_and_who_pays(found: Any) -> None:
    margin = found.by_slice()[lambda table: table["strategy"] == "margin"].iloc[0]
    assert margin["better"] == ("light",)
    assert margin["worse"] == ("dark",)
    assert margin["insufficient"] == 1
    tiny = found.against[found.against["slice"] == "tiny"]
    assert (tiny["verdict"] == "insufficient").all()
    assert tiny["why"].iloc[0] == "the slice has 9 holdout items; a verdict takes 10"
    assert tiny["p_adjusted"].isna().all()


def test_ranks_and_the_bayesian_test_go_over_data_sets(found: Any) -> None:
    assert found.ranks.strategies[0] == "margin"
    assert found.ranks.data == ("a", "b", "c")
    better = found.practical.set_index("strategy")["better"]
    assert better["margin"] > 0.9 > 0.5 > better["bad"]
    assert any("Ranks rest on 3 data sets" in one for one in found.warnings)


def test_power_is_told_beside_the_verdicts(found: Any) -> None:
    assert (found.power["least_seeds"] == 7).all()
    assert (found.power["needed_seeds"] > 10).all()
    assert (found.power["detectable"] > 0.005).all()
    assert any("To see a difference of 0.005" in one for one in found.warnings)


def test_nothing_is_random_and_nothing_given_is_changed() -> None:
    made = study(noisy(FOUR, 7))
    before = made.curves().values.copy()
    state = str(np.random.get_state())  # noqa: NPY002 - the global generator, which nothing may touch
    one, other = compare(made, rope=0.01), compare(made, rope=0.01)
    for name in ("measured", "against", "pairs", "saved", "power", "per_seed", "practical"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    np.testing.assert_array_equal(made.curves().values, before)
    assert str(np.random.get_state()) == state  # noqa: NPY002


def test_the_order_of_runs_changes_no_number() -> None:
    made = noisy(FOUR, 7, ("a", "b"))
    turned = {key: dict(reversed(list(one.items()))) for key, one in reversed(list(made.items()))}
    one, other = compare(study(made)), compare(study(turned))
    for name in ("measured", "against", "saved", "pairs"):
        tables = [getattr(each, name) for each in (one, other)]
        keys = [c for c in tables[0].columns if c in ("data", "strategy", "other", "measure", "target")]
        first, second = (table.sort_values(keys).reset_index(drop=True) for table in tables)
        pd.testing.assert_frame_equal(first, second)


def test_cost_is_told_only_where_it_is_not_in_step_with_labels() -> None:
    made = noisy({"random": 0.0, "margin": 0.0}, 6)
    assert set(compare(study(made, cost=lambda _, x: 3 * x)).measured["per"]) == {"labels"}
    dear = study(made, cost=lambda run, x: x * (2 if run.strategy == "margin" else 1))
    found = compare(dear)
    assert set(found.measured["per"]) == {"labels", "cost"}
    cost = found.against[(found.against["per"] == "cost") & (found.against["measure"] == "area")].iloc[0]
    assert cost["verdict"] == "worse"


def test_area_over_cost_by_hand() -> None:
    made = {HEART: {("random", 0): [0.5, 0.7, 0.9], ("margin", 0): [0.5, 0.7, 0.9]}}
    dear = study(made, cost=lambda run, x: x * (2 if run.strategy == "margin" else 1))
    value = compare(dear, measures=["area"]).measured.set_index(["per", "strategy"])["value"]
    # random costs 10, 20, 30 and margin 20, 40, 60: shared are 20 to 30
    assert value["cost", "random"] == pytest.approx(0.8)
    assert value["cost", "margin"] == pytest.approx(0.55)
    assert value["labels", "margin"] == pytest.approx(0.7)


def test_settings_are_compared_by_themselves_and_averaged_into_data_sets() -> None:
    made = noisy({"random": 0.0, "margin": 0.03, "bad": -0.03}, 8, ("a", "b"))
    made |= {key._replace(batch_size=1): dict(one) for key, one in made.items()}
    found = compare(study(made))
    assert len(found.against[found.against["measure"] == "area"]) == 8
    assert found.ranks is not None
    assert found.ranks.data == ("a", "b")


def test_what_cannot_be_is_refused_with_the_nearest_name() -> None:
    made = study(noisy(FOUR, 3))
    with pytest.raises(UnknownNameError, match="did you mean 'random'"):
        compare(made, baseline="randm")
    with pytest.raises(ConfigurationError, match="unknown test 'welch'"):
        compare(made, test="welch")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="targets"):
        compare(made, targets=[])
    with pytest.raises(ConfigurationError, match="difference"):
        compare(made, difference=0.0)
    with pytest.raises(DataError, match="no runs"):
        compare(study({}))
    with pytest.raises(DataError, match="two runs of 'random' on 'heart' under seed 0"):
        compare(replace(made, runs=(*made.runs, made.runs[0])))


def test_one_setting_is_one_row_each() -> None:
    made = study({on("one"): {("random", 0): [0.5, 0.6], ("margin", 0): [0.5, 0.7]}})
    found = compare(made)
    assert len(found.against) == 2
    assert found.ranks is None
