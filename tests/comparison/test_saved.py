"""Labels to a target and labels saved: by hand, censored, and honest where nothing is saved."""

import numpy as np
import pandas as pd
import pytest

from activeloop.comparison import compare
from activeloop.comparison.bootstrap import bootstrap_t
from tests.comparison.made_runs import HEART, noisy, on, study


def first(table: pd.DataFrame) -> pd.Series:
    return table.iloc[0]


RANDOM = [0.5, 0.6, 0.7, 0.8, 0.9]
FAST = [0.5, 0.8, 0.9, 0.9, 0.9]


def test_labels_saved_by_hand() -> None:
    curves = {("random", s): RANDOM for s in range(6)} | {("margin", s): FAST for s in range(6)}
    row = first(compare(study({HEART: curves}), targets=[0.8]).saved)
    assert (row["labels"], row["baseline_labels"], row["saved"]) == (20, 40, 20)
    assert row["saved_share"] == pytest.approx(0.5)
    assert (row["reached"], row["baseline_reached"], row["bound"]) == (6, 6, "")
    assert row["target"] == "0.8"
    assert np.isnan(row["low"])
    assert row["why"] == "the same under every seed: no interval"


def test_the_targets_are_the_baselines_end_and_most_of_its_gain() -> None:
    curves = {("random", s): RANDOM for s in range(2)} | {("margin", s): FAST for s in range(2)}
    saved = compare(study({HEART: curves})).saved
    assert saved["target"].tolist() == ["the final score of random", "95 % of the gain of random"]
    np.testing.assert_allclose(saved["target_value"], [0.9, 0.88])
    assert saved["labels"].tolist() == [30, 30]
    assert saved["baseline_labels"].tolist() == [50, 50]


def test_who_never_gets_there_counts_with_the_whole_budget_and_is_marked() -> None:
    never = [0.5, 0.6, 0.6, 0.6, 0.6]
    curves = {("random", 0): RANDOM, ("random", 1): RANDOM, ("margin", 0): never, ("margin", 1): FAST}
    row = first(compare(study({HEART: curves}), targets=[0.8]).saved)
    assert row["labels"] == (50 + 20) / 2
    assert (row["reached"], row["bound"]) == (1, "at most")
    curves = {("margin", s): FAST for s in range(2)} | {("random", 0): never, ("random", 1): RANDOM}
    row = first(compare(study({HEART: curves}), targets=[0.8]).saved)
    assert row["saved"] == (30 + 20) / 2
    assert (row["baseline_reached"], row["bound"]) == (1, "at least")
    curves = {(name, s): never for name in ("random", "margin") for s in range(2)}
    row = first(compare(study({HEART: curves}), targets=[0.8]).saved)
    assert (row["saved"], row["bound"], row["why"]) == (0, "unknown", "no run reached the target")


def test_labels_count_up_to_the_shared_end_only() -> None:
    curves = {("random", 0): RANDOM, ("margin", 0): [0.5, 0.6, 0.7]}
    row = first(compare(study({HEART: curves}), targets=[0.85]).saved)
    assert (row["labels"], row["baseline_labels"], row["baseline_reached"]) == (30, 30, 0)


def test_a_baseline_that_gains_nothing_has_no_share_of_its_gain() -> None:
    curves = {(name, s): [0.7, 0.6] for name in ("random", "margin") for s in range(3)}
    row = compare(study({HEART: curves})).saved.iloc[1]
    assert np.isnan(row["labels"])
    assert row["why"] == "random gained nothing"


def test_equal_strategies_save_nothing_on_average_and_the_interval_says_so() -> None:
    made = noisy({"random": 0.0, "other": 0.0}, 10, [f"d{i}" for i in range(200)], rounds=12, noise=0.02)
    saved = compare(study(made)).saved
    ends = saved[saved["target"].str.contains("final")]
    assert abs(ends["saved"].mean()) < 3 * ends["saved"].std() / np.sqrt(len(ends))
    outside = (ends["low"] > 0) | (ends["high"] < 0)
    assert outside.mean() <= 0.08


def test_the_same_seed_draws_the_same_intervals_and_the_order_of_studies_does_not_matter() -> None:
    made = noisy({"random": 0.0, "margin": 0.03}, 8, ("a", "b"), rounds=10)
    both = compare(study(made), seed=3).saved
    pd.testing.assert_frame_equal(both, compare(study(made), seed=3).saved)
    alone = compare(study({on("b"): made[on("b")]}), seed=3).saved
    pd.testing.assert_frame_equal(both[both["data"] == "b"].reset_index(drop=True), alone)
    assert not both["low"].equals(compare(study(made), seed=4).saved["low"])


@pytest.mark.parametrize("n", [6, 10, 20])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(n: int) -> None:
    rng = np.random.default_rng(n)
    values = rng.normal(3.0, 2.0, (500, n))
    ends = np.array([bootstrap_t(row) for row in values])
    held = ((ends[:, 0] <= 3) & (ends[:, 1] >= 3)).mean()
    assert 0.92 < held < 0.98


def test_an_interval_of_coarse_values_falls_back_to_t() -> None:
    low, high = bootstrap_t(np.array([0.0, 0.0, 0.0, 10.0]))
    assert (low, high) == pytest.approx((2.5 - 3.1824 * 2.5, 2.5 + 3.1824 * 2.5), rel=1e-4)
    assert np.isnan(bootstrap_t(np.array([1.0, 1.0]))).all()
    assert np.isnan(bootstrap_t(np.array([1.0]))).all()
