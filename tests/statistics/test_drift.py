"""Drift: effect and corrected p together; what peers got wrong; NULLs, constants, small sets."""

import math

import numpy as np
import pytest

from activeloop.arrays import Array
from activeloop.errors import DataError
from activeloop.statistics import Drift, Least, benjamini_hochberg, drift

RANDOM = np.random.default_rng(0)


def single(before: object, after: object) -> Drift:
    rows = drift({"x": before}, {"x": after})
    assert len(rows) == 1
    return rows[0]


def normal(n: int, shift: float = 0.0, seed: int = 0) -> Array:
    return np.random.default_rng([seed, n]).normal(size=n) + shift


def test_a_verdict_says_what_it_rests_on() -> None:
    row = single(normal(300), normal(400, 1, seed=1))
    assert (row.metric, row.kind, row.verdict) == ("x", "continuous", "detected")
    assert (row.effect, row.statistic_name, row.n_reference, row.n_current) == ("W1 / std", "KS D", 300, 400)
    assert row.value == pytest.approx(1, abs=0.15)
    assert row.q == row.p < 1e-6
    assert row.reason.startswith("x: median ")
    assert "is at least 0.1, q " in row.reason


def test_a_tiny_shift_in_a_large_set_is_not_called_drift() -> None:
    """P alone finds 0.02 standard deviations in 200,000 values."""
    row = single(normal(200_000), normal(200_000, 0.02, seed=1))
    assert row.q < 0.05
    assert row.value < 0.1
    assert row.verdict == "not detected"


def test_chance_in_a_small_set_is_not_called_drift() -> None:
    """The KS statistic of 30 values against 30 is 0.21 without drift, W1 0.3: both alone are alarms."""
    verdicts = [single(normal(30, seed=2 * at), normal(30, seed=2 * at + 1)) for at in range(40)]
    assert np.mean([row.statistic for row in verdicts]) > 0.15
    assert np.mean([row.value >= 0.1 for row in verdicts]) > 0.95
    assert np.mean([row.verdict == "detected" for row in verdicts]) <= 0.1


def test_the_verdict_does_not_turn_at_a_thousand_rows() -> None:
    """Evidently changes the test at 1,000 rows of the reference, and with it the verdict."""
    for shift, verdict in ((0.0, "not detected"), (0.5, "detected")):
        for n in (990, 999, 1000, 1001, 1010):
            assert single(normal(n), normal(n, shift, seed=1)).verdict == verdict


def test_eight_rows_are_insufficient_however_far_off_they_are() -> None:
    """Evidently flagged 8 rows."""
    row = single(normal(1000), np.full(8, 99.0))
    assert row.verdict == "insufficient"
    assert row.reason == "insufficient: 1000 values, then 8; 10 each are needed"
    assert math.isnan(row.p)
    assert math.isnan(row.value)
    assert single(normal(1000), np.full(10, 99.0) + np.arange(10)).verdict == "detected"


def test_twenty_tests_are_corrected_together_and_untested_ones_do_not_count() -> None:
    before = {f"m{at}": normal(60, seed=at) for at in range(20)} | {"few": np.full(60, np.nan)}
    after = {f"m{at}": normal(60, seed=100 + at) for at in range(20)} | {"few": np.full(60, np.nan)}
    rows = drift(before, after)
    p = np.array([row.p for row in rows])
    np.testing.assert_array_equal([row.q for row in rows], benjamini_hochberg(p))
    assert np.count_nonzero(np.isnan(p)) == 1
    assert not any(row.verdict == "detected" for row in rows)
    assert rows[-1].kind == "missing"


@pytest.mark.parametrize("values", [["a", "b"], [0, 1], [True, False], [1.5, 2.5, 3.5, 4.5, 5.5]])
def test_five_distinct_values_are_categories(values: list[object]) -> None:
    before = np.array(values * 40)
    row = single(before, np.array(values[:1] * len(before)))
    assert (row.kind, row.effect, row.verdict) == ("categorical", "Cramer's V", "detected")
    assert single(before, before[::-1]).verdict == "not detected"
    assert single(np.arange(6).repeat(20), np.arange(6).repeat(20)).kind == "continuous"


def test_a_metric_that_became_null_is_drift_even_where_its_values_cannot_be_compared() -> None:
    values, missing = drift({"blur": normal(100)}, {"blur": np.full(100, np.nan)})
    assert (values.kind, values.verdict, values.n_current) == ("continuous", "insufficient", 0)
    assert (missing.metric, missing.kind, missing.verdict) == ("blur", "missing", "detected")
    assert missing.value == 1.0
    assert missing.reason.startswith("blur: NULL 0.0%, then 100.0%; share of NULL 1 is at least 0.05")
    assert (missing.n_reference, missing.n_current) == (100, 100)


def test_a_share_of_nulls_that_falls_is_drift_and_one_that_stays_is_not() -> None:
    holes = np.where(np.arange(400) % 4 == 0, np.nan, normal(400))
    assert [row.verdict for row in drift({"x": holes}, {"x": normal(400, seed=1)})] == [
        "not detected",
        "detected",
    ]
    assert [row.verdict for row in drift({"x": holes}, {"x": holes[::-1]})] == ["not detected"] * 2


def test_constants() -> None:
    same = single(np.ones(50), np.ones(40))
    assert (same.verdict, same.p, same.value) == ("not detected", 1.0, 0.0)
    assert single(np.ones(50), np.zeros(40)).verdict == "detected"
    assert single(np.ones(50), normal(50)).verdict == "detected"


def test_one_outlier_in_production_is_not_drift() -> None:
    """W1 is moved by a single huge value; the corrected test is not."""
    after = normal(200, seed=1)
    after[0] = 1e6
    row = single(normal(200), after)
    assert row.value > 100
    assert row.verdict == "not detected"


def test_small_sets_read_not_detected_and_no_verdict_ever_says_no_drift() -> None:
    found = [single(normal(30, seed=at), normal(30, 0.5, seed=at + 500)).verdict for at in range(50)]
    assert 5 < found.count("detected") < 35
    assert set(found) == {"detected", "not detected"}


def test_order_of_items_and_of_metrics_does_not_matter() -> None:
    before = {"x": normal(50), "k": RANDOM.choice(list("abcdefgh"), 50)}
    after = {"k": RANDOM.choice(list("abcdefgh"), 40), "x": normal(40, seed=1)}
    rows = {row.metric: row for row in drift(before, after)}
    mixed = drift(
        {name: before[name][::-1] for name in ("k", "x")}, {name: after[name][::-1] for name in after}
    )
    assert {row.metric: row for row in mixed} == rows
    assert [row.metric for row in mixed] == ["k", "x"]


def test_thresholds_are_parameters() -> None:
    before, after = {"x": normal(500)}, {"x": normal(500, 0.5, seed=1)}
    assert drift(before, after, least=Least(continuous=0.9))[0].verdict == "not detected"
    yes, more = {"k": np.arange(2000) % 2}, {"k": np.arange(2000) % 10 < 6}
    assert drift(yes, more)[0].verdict == "not detected"
    assert drift(yes, more, least=Least(categorical=0.09))[0].verdict == "detected"


def test_sets_with_other_metrics_are_refused_by_name() -> None:
    with pytest.raises(
        DataError, match="not in the current set: unknown metric 'blur'; did you mean 'blurr'"
    ):
        drift({"blur": [1.0]}, {"blurr": [1.0]})
    with pytest.raises(DataError, match="not in the reference set: unknown metric 'y'"):
        drift({"x": [1.0]}, {"x": [1.0], "y": [1.0]})
    with pytest.raises(DataError, match="no metric to compare"):
        drift({}, {})


def test_without_drift_alarms_are_rarer_than_one_run_in_twenty() -> None:
    alarms = 0
    for run in range(60):
        random = np.random.default_rng([9, run])
        sets = [{f"m{at}": random.lognormal(size=40) for at in range(20)} for _ in range(2)]
        alarms += any(row.verdict == "detected" for row in drift(*sets))
    assert alarms <= 8  # 3 are expected; more than 8 have a probability of 0.3 %
