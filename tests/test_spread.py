"""Means over seeds: the t interval, only where every seed has a value, and pairs where two are compared."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from activeloop.errors import DataError
from activeloop.final_scores import final_scores
from activeloop.findings import comparisons, summary
from activeloop.plots import learning_curves
from activeloop.results import Results
from activeloop.spread import gaps, over_seeds, paired
from tests.made_results import make


def test_mean_and_interval_are_student_s() -> None:
    results = make(1, seeds=4, rounds=2)
    wanted = "n_labeled == 40 and slice == 'all' and score == 'accuracy'"
    values = results.history.query(wanted)["value"]
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    found = over_seeds(results).query(wanted)[["value", "low", "high"]].to_numpy()
    np.testing.assert_allclose(found, [[values.mean(), low, high]])


def test_one_seed_keeps_its_own_interval() -> None:
    results = make(1, seeds=1, rounds=2)
    means = over_seeds(results)
    for column in ("value", "low", "high"):
        np.testing.assert_array_equal(means[column], results.history[column])


def test_a_value_missing_in_one_seed_is_missing_in_the_mean_with_its_reason() -> None:
    whole = make(1, seeds=3, rounds=1, scores=("accuracy",))
    history = whole.history.copy()
    first = history.index[history["slice"] == "all"][0]
    history.loc[first, ["value", "low", "high"]] = np.nan
    history.loc[first, "reason"] = "the model was not fitted"
    means = over_seeds(dataclasses.replace(whole, history=history)).set_index("slice")
    assert np.isnan(means.loc["all", ["value", "low", "high"]].astype(float)).all()
    assert means.loc["all", "reason"] == "the model was not fitted"


def test_seeds_are_paired_so_what_they_share_cancels() -> None:
    whole = make(("random", "margin"), seeds=4, rounds=1, slices=0, scores=("accuracy",))
    luck = np.array([0.1, -0.2, 0.3, 0.0])
    gain = {"random": np.zeros(4), "margin": np.array([0.02, 0.03, 0.02, 0.03])}
    history = whole.history.assign(
        value=[0.5 + luck[s] + gain[n][s] for n, s in whole.history[["strategy", "seed"]].to_numpy()]
    )
    found = paired(dataclasses.replace(whole, history=history), "accuracy", "margin", "random")
    assert found is not None
    assert found.difference == pytest.approx(0.025)
    assert found.high - found.low == pytest.approx(2 * 3.182446 * 0.005773503 / 2, rel=1e-5)
    assert found.low > 0


def test_seeds_with_other_label_counts_meet_in_their_rounds() -> None:
    whole = make(2, seeds=2, rounds=3, scores=("accuracy",))
    apart = (whole.history["strategy"] == "margin") & (whole.history["seed"] == 1)
    fewer = dataclasses.replace(
        whole, history=whole.history.assign(n_labeled=whole.history["n_labeled"] - 2 * apart)
    )
    means, before = over_seeds(fewer), over_seeds(whole)
    margin = means["strategy"] == "margin"
    assert means.loc[margin, "n_labeled"].tolist() == (before.loc[margin, "n_labeled"] - 1).tolist()
    assert means["value"].equals(before["value"])
    one, same = paired(fewer, "accuracy", "margin", "random"), paired(whole, "accuracy", "margin", "random")
    assert one is not None
    assert same is not None
    assert (one.difference, one.low, one.high) == (same.difference, same.low, same.high)


def test_seeds_that_share_no_round_have_no_mean_and_it_is_said() -> None:
    whole = make(2, seeds=2, rounds=3, scores=("accuracy",))
    apart = 10 * ((whole.history["strategy"] == "margin") & (whole.history["seed"] == 1))
    history = whole.history.assign(
        round=whole.history["round"] + apart, n_labeled=whole.history["n_labeled"] + 1000 * apart
    )
    results = dataclasses.replace(whole, history=history)
    assert set(over_seeds(results)["strategy"]) == {"random"}
    assert paired(results, "accuracy", "margin", "random") is None
    assert "no round" in summary(results)[0]
    note = learning_curves(results).texts[1].get_text().replace("\n", " ")
    assert "Not drawn, as no round is shared by all of its seeds: margin." in note


def test_a_gap_takes_two_slices() -> None:
    assert gaps(over_seeds(make(slices=1, seeds=1, rounds=2)), "accuracy").empty


@pytest.mark.parametrize(
    ("shift", "verdict"), [(0.5, "higher"), (-0.5, "lower"), (0.0, "no difference shown")]
)
def test_verdicts_follow_the_interval(shift: float, verdict: str) -> None:
    whole = make(("random", "margin"), seeds=5, rounds=1, slices=0, scores=("accuracy",))
    noise = np.random.default_rng(1).normal(0, 0.01, len(whole.history))
    margin = whole.history["strategy"] == "margin"
    (one,) = comparisons(
        dataclasses.replace(whole, history=whole.history.assign(value=noise + shift * margin))
    )
    assert one.verdict == verdict


def test_a_table_without_a_column_is_refused() -> None:
    whole = make(rounds=1)
    with pytest.raises(DataError, match="the table 'timings' lacks seconds; its columns are: strategy"):
        dataclasses.replace(whole, timings=whole.timings.drop(columns="seconds"))


def test_failed_runs_are_named_in_the_summary() -> None:
    whole = make(2, seeds=2, rounds=2)
    status = ["complete", "complete", "complete", "failed"]
    results: Results = dataclasses.replace(whole, runs=whole.runs.assign(status=status))
    assert "1 run of 4 failed (margin seed 1), left out of all means." in summary(results)
    assert final_scores(results)[1].seeds == 1
