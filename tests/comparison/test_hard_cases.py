"""What studies are really like: failures, missing seeds, unequal lengths; and faults of peers."""

from typing import Any

import numpy as np
import pytest

from activeloop.comparison import Comparison, compare
from activeloop.curves import EVERYTHING
from tests.comparison.made_runs import HEART, Values, noisy, on, study

TWO = {"random": 0.0, "margin": 0.05}


def question(found: Comparison) -> Any:
    rows = found.against
    return rows[(rows["slice"] == EVERYTHING) & (rows["measure"] == "area")].set_index("strategy")


def test_alpbench_a_of_9_against_b_of_5_over_20_seeds_is_a_win() -> None:
    curves = {("random", s): [0.5, 0.5, 0.5] for s in range(20)} | {("A", s): [0.9] * 3 for s in range(20)}
    found = compare(study({HEART: curves}))
    assert question(found).loc["A", "verdict"] == "better"
    assert found.win_matrix().loc["A", "random"] == 1
    assert found.win_matrix().loc["random", "A"] == 0


def test_alpbench_noise_is_no_win() -> None:
    made = noisy({"random": 0.0, "A": 0.0}, 20, draw=5)
    assert compare(study(made)).win_matrix().to_numpy().sum() == 0


def test_many_strategies_that_are_all_random_are_corrected_for() -> None:
    """Peers test each pair at 0.05 (ALiPy, ALPBench): many strategies always have a false winner."""
    made = noisy({"random": 0.0} | {f"s{i}": 0.0 for i in range(19)}, 12, [f"d{i}" for i in range(40)])
    area = compare(study(made)).against.query("measure == 'area'")
    uncorrected = (area["p"] < 0.05).groupby(area["data"]).any().mean()
    told = area["verdict"].isin(["better", "worse"]).groupby(area["data"]).any().mean()
    assert uncorrected > 0.3
    assert told <= 0.1


def test_of_two_equal_strategies_one_in_twenty_studies_at_most_tells_a_winner() -> None:
    made = noisy({"random": 0.0, "same": 0.0}, 10, [f"d{i}" for i in range(400)], noise=0.02)
    told = question(compare(study(made)))["verdict"].isin(["better", "worse"])
    # 2^-9 steps: the level is at most 0.0488; three standard errors of 400 studies above it
    assert told.mean() <= 0.0488 + 3 * np.sqrt(0.0488 * 0.95 / 400)


def test_failed_and_broken_runs_are_left_out_and_named() -> None:
    made = noisy(TWO, 8)
    status = {("margin", 0): "failed", ("margin", 1): "broken"}
    found = compare(study(made, status=status))
    assert question(found).loc["margin", "seeds"] == 6
    assert found.warnings[0].startswith("2 runs of 16 left out, not ended: margin on heart seed 0 failed")
    assert any("only seeds that both have are compared" in one for one in found.warnings)
    assert len(found.per_seed) == 14 * 2


def test_a_strategy_that_always_fails_does_not_stop_the_others_nor_the_ranks() -> None:
    made = noisy(TWO | {"entropy": 0.02, "broken": 0.0}, 8, ("a", "b"))
    status = {("broken", s): "failed" for s in range(8)}
    found = compare(study(made, status=status))
    broken = question(found).loc["broken"]
    assert (broken["verdict"] == "not comparable").all()
    assert (broken["why"] == "no seed gave both a value").all()
    lost = found.measured[found.measured["strategy"] == "broken"]
    assert (lost["why"] == "no run ended").all()
    assert (question(found).loc["margin", "verdict"] == "better").all()
    assert found.ranks is not None
    assert set(found.ranks.strategies) == {"random", "margin", "entropy"}
    assert "Left out of the ranks, without a value on any data set: broken." in found.warnings
    # two tests were made, so Holm corrects for two
    assert question(found).loc["margin", "p_adjusted"].iloc[0] == pytest.approx(2 * 2**-7)


def test_a_baseline_that_always_fails_leaves_nothing_to_compare_with() -> None:
    made = noisy(TWO, 6)
    found = compare(
        study(made, status={("random", s): "failed" for s in range(6)}), measures=["area", "deficiency"]
    )
    assert (found.against["verdict"] == "not comparable").all()
    assert any("nothing can be compared with it" in one for one in found.warnings)
    assert found.saved["why"].iloc[0] == "random has no final score"


def test_a_study_in_which_everything_failed() -> None:
    made = noisy(TWO, 3)
    found = compare(study(made, status=dict.fromkeys(made[HEART], "failed")))
    assert found.measured["value"].isna().all()
    assert (found.measured["why"] == "no run ended").all()
    assert found.win_matrix().to_numpy().sum() == 0


def test_seeds_that_only_one_strategy_has_are_not_compared() -> None:
    made = noisy(TWO, 12)[HEART]
    kept: Values = {key: v for key, v in made.items() if key[1] < 10 or key[0] == "random"}
    found = compare(study({HEART: kept}))
    same: Values = {key: v for key, v in made.items() if key[1] < 10}
    ours, theirs = question(found).loc["margin"], question(compare(study({HEART: same}))).loc["margin"]
    assert ours["seeds"] == 10
    assert ours["difference"] == pytest.approx(theirs["difference"])
    assert ours["p"] == theirs["p"]


@pytest.mark.parametrize("seeds", [1, 2, 5])
def test_with_too_few_seeds_nothing_is_concluded_however_large_the_difference(seeds: int) -> None:
    found = compare(study(noisy({"random": 0.0, "margin": 0.3}, seeds)))
    row = question(found).loc["margin"]
    assert row["verdict"] == "insufficient"
    assert f"{seeds} seed" in row["why"]
    assert "fewer than 6" in row["why"]
    assert any(one.startswith("Insufficient: margin on heart") for one in found.warnings)


def test_a_t_test_takes_two_seeds_and_one_is_insufficient() -> None:
    assert question(compare(study(noisy(TWO, 1)), test="t")).loc["margin", "verdict"] == "insufficient"
    assert (
        question(compare(study(noisy({"random": 0, "margin": 0.3}, 4)), test="t")).loc["margin", "verdict"]
        == "better"
    )


def test_six_seeds_are_too_few_for_three_strategies() -> None:
    found = compare(study(noisy(TWO | {"b": 0.3, "c": 0.3}, 6)))
    assert (question(found)["verdict"] == "insufficient").all()
    assert question(found)["why"].iloc[0].endswith("with fewer than 7 when 3 are compared")


def test_equal_curves_are_ties_and_no_difference() -> None:
    one = noisy({"random": 0.0}, 8)[HEART]
    curves = {(name, s): one["random", s] for name in ("random", "a", "b") for s in range(8)}
    found = compare(study({on("x"): curves, on("y"): curves}))
    rows = question(found)
    assert (rows["verdict"] == "no difference shown").all()
    assert (rows["ties"] == 8).all()
    assert (rows["p"] == 1).all()
    assert found.ranks is not None
    assert found.ranks.p == 1.0
    assert (found.saved["saved"].dropna() == 0).all()


def test_seeds_that_repeat_one_run_are_warned_of() -> None:
    curves = {(name, s): [0.5, end] for name, end in (("random", 0.6), ("margin", 0.7)) for s in range(8)}
    told = [
        one for one in compare(study({HEART: curves})).warnings if "the same curve under every seed" in one
    ]
    assert len(told) == 2


def test_curves_of_different_length_are_compared_where_all_are() -> None:
    made = dict(noisy(TWO, 8, rounds=10)[HEART])
    cut = {key: list(v)[:6] if key == ("margin", 3) else list(v) for key, v in made.items()}
    found = compare(study({HEART: cut}))
    short = compare(study({HEART: {key: list(v)[:6] for key, v in made.items()}}))
    assert question(found).loc["margin", "difference"] == pytest.approx(
        question(short).loc["margin", "difference"]
    )
    assert found.saved["labels"].tolist() == short.saved["labels"].tolist()
    assert (
        "On heart runs differ in length: all are compared up to 60 labels, where the first ended (margin); "
        "the longest has 100."
    ) in found.warnings


def test_warnings_of_many_settings_stay_few() -> None:
    made = noisy(TWO, 2, [f"d{i}" for i in range(30)])
    cut = {
        key: {k: list(v)[: 4 if k == ("margin", 0) else 6] for k, v in one.items()}
        for key, one in made.items()
    }
    told = [one for one in compare(study(cut)).warnings if "differ in length" in one or "of this kind" in one]
    assert len(told) == 6
    assert told[-1] == "25 more sentences of this kind, about other settings, left out."


def test_a_run_that_ended_at_once_leaves_no_area_and_is_named() -> None:
    made = {key: list(v)[:1] if key == ("margin", 0) else list(v) for key, v in noisy(TWO, 6)[HEART].items()}
    found = compare(study({HEART: made}))
    assert any("share no range of labels" in one for one in found.warnings)
    assert question(found).loc["margin", "verdict"] == "not comparable"
    final = found.against[found.against["measure"] == "final"].iloc[0]
    assert final["seeds"] == 6


def test_a_score_that_is_undefined_under_some_seeds_drops_those_pairs_and_says_so() -> None:
    made: Any = {key: np.array(v) for key, v in noisy(TWO, 8)[HEART].items()}
    made["margin", 2][3] = np.nan
    found = compare(study({HEART: made}))
    row = found.measured[
        (found.measured["strategy"] == "margin") & (found.measured["measure"] == "area")
    ].iloc[0]
    assert (row["seeds"], row["undefined"], row["why"]) == (7, 1, "undefined under some seeds")
    assert question(found).loc["margin", "seeds"] == 7


def test_a_slice_without_any_score_is_not_comparable() -> None:
    found = compare(study(noisy(TWO, 8), slices={"empty": lambda _, v: np.full_like(v, np.nan)}))
    empty = found.against[found.against["slice"] == "empty"]
    assert (empty["verdict"] == "not comparable").all()
    assert question(found).loc["margin", "verdict"] == "better"


def test_a_data_set_where_a_strategy_is_missing_is_left_out_of_the_ranks_only() -> None:
    made = noisy(TWO | {"entropy": 0.0}, 8, ("a", "b", "c"))
    made[on("c")] = {key: v for key, v in made[on("c")].items() if key[0] != "entropy"}
    found = compare(study(made))
    assert found.ranks is not None
    assert found.ranks.data == ("a", "b")
    assert any(
        "Left out of the ranks, as a strategy has no value there under a shared seed: c." in w
        for w in found.warnings
    )
    assert (question(found).loc["margin", "verdict"] == "better").all()


def test_runs_without_a_single_round_have_no_number_and_stop_nothing() -> None:
    nothing: Values = {(name, s): [] for name in TWO for s in range(3)}
    measures = ["area", "final", "deficiency", "area_lu2023"]
    found = compare(study({HEART: nothing}), measures=measures)
    assert found.measured["value"].isna().all()
    both = compare(study({on("a"): nothing, on("b"): noisy(TWO, 8)[HEART]}), measures=measures)
    verdicts = both.against.query("measure == 'area'").set_index("data")["verdict"]
    assert verdicts.to_dict() == {"a": "not comparable", "b": "better"}
    assert both.against.query("data == 'b' and measure == 'area_lu2023'")["verdict"].iloc[0] == "better"


def test_only_the_baseline_ran() -> None:
    found = compare(study(noisy({"random": 0.0}, 4)))
    assert found.against.empty
    assert found.pairs.empty
    assert found.power.empty
    assert found.win_matrix().to_numpy().tolist() == [[0]]
    assert found.by_slice().empty


def test_mean_and_ranks_that_disagree_show_nothing() -> None:
    lift = np.array([0.01] * 11 + [-0.9])
    curves = {("random", s): [0.95, 0.95 - 0.001 * s] for s in range(12)}
    curves |= {("margin", s): [v + lift[s] for v in curves["random", s]] for s in range(12)}
    row = question(compare(study({HEART: curves}))).loc["margin"]
    assert row["difference"] < 0 < row["wins"] - row["losses"]
    assert row["verdict"] == "no difference shown"
    assert row["why"] == "mean and ranks point different ways"


def test_lower_is_better_turns_verdicts_wins_and_ranks() -> None:
    made = noisy(TWO | {"bad": -0.05}, 8, ("a", "b", "c"))
    found = compare(study(made), measures=["deficiency"])
    rows: Any = found.against.set_index("strategy")
    assert (rows.loc["margin", "verdict"] == "better").all()
    assert (rows.loc["margin", "difference"] < 0).all()
    assert (rows.loc["margin", "wins"] == 8).all()
    assert found.win_matrix().loc["margin", "random"] == 3
    assert found.ranks is not None
    assert found.ranks.strategies == ("margin", "random", "bad")
