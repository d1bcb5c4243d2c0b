"""The sentences on labels saved: who, where, how many, and silence where nothing is shown."""

import numpy as np

from activeloop.comparison import Comparison, compare
from activeloop.comparison_report.sentences import findings
from tests.comparison.made_runs import on, study

SLOW = np.array([0.5, 0.6, 0.7, 0.8, 0.8, 0.8])


def compared(ahead: dict[str, int]) -> Comparison:
    """Compare strategies that are ahead of random, or behind it, by rounds; one more every other seed."""
    curves: dict[tuple[str, int], list[float]] = {}
    for name, rounds in {"random": 0, **ahead}.items():
        for seed in range(8):
            shift = rounds + (seed % 2 if rounds else 0)
            at = np.clip(np.arange(6) + shift, 0, 5)
            curves[name, seed] = SLOW[at].tolist()
    return compare(study({on("heart"): curves}), targets=[0.75])


def saved(of: Comparison) -> str:
    return next(one for one in findings(of) if one.startswith("On the way to"))


def test_labels_saved_are_told_with_their_interval() -> None:
    said = saved(compared({"quick": 1}))
    assert "quick on heart saved 15.00 of 40.00 labels [" in said
    assert said.endswith("each for itself.")


def test_labels_that_a_strategy_costs_are_told_as_a_cost() -> None:
    found = compared({"slow": -2})
    row = found.saved.iloc[0]
    assert row["saved"] < 0
    said = saved(found)
    assert "slow on heart cost " in said
    assert f"[{-row['high']:.2f}, {-row['low']:.2f}]" in said


def test_where_nothing_is_shown_nothing_is_named() -> None:
    curves = {("random", seed): SLOW.tolist() for seed in range(8)}
    curves |= {
        ("same", seed): SLOW[np.clip(np.arange(6) + (1, -1)[seed % 2], 0, 5)].tolist() for seed in range(8)
    }
    said = saved(compare(study({on("heart"): curves}), targets=[0.75]))
    assert said.endswith("no label is shown to be saved or lost.")


def test_a_target_out_of_reach_is_no_sentence() -> None:
    curves = {(name, seed): SLOW.tolist() for name in ("random", "other") for seed in range(8)}
    found = compare(study({on("heart"): curves}), targets=[0.99])
    assert not any(one.startswith("On the way to") for one in findings(found))
