"""Performance by metric: bins that say something, missing apart, values and intervals of the scoreboard."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activeloop.arrays import Array
from activeloop.errors import ConfigurationError, DataError
from activeloop.metrics import Table
from activeloop.performance import by_metric, curve
from activeloop.performance.bins import equal_count
from activeloop.scoring import Predictions
from activeloop.statistics.intervals import wilson

RANDOM = np.random.default_rng(4)
N = 400
BLUR = RANDOM.random(N)
LABELS = RANDOM.integers(3, size=N)
PREDICTED = np.where(RANDOM.random(N) < 0.95 - 0.6 * BLUR, LABELS, (LABELS + 1) % 3)
GIVEN = Predictions(LABELS, PREDICTED, classes=(0, 1, 2), ids=np.arange(N))


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.25, 1.0, 2.0, 7.5, -3.0, float("nan"), float("inf")]), max_size=120),
    st.integers(1, 15),
)
def test_every_item_is_in_one_bin_and_every_bin_has_ten(values: list[float], n_bins: int) -> None:
    column = np.array(values, dtype=np.float64)
    made = equal_count(column, n_bins)
    assert (sum((one.members.astype(int) for one in made), np.zeros(len(column), dtype=int)) == 1).all()
    numbered = [one for one in made if one.low is not None]
    assert len(numbered) <= n_bins
    if len(numbered) > 1:
        assert min(int(one.members.sum()) for one in numbered) >= 10
    for one in numbered:
        assert one.median is not None
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.median <= one.high
    for before, after in itertools.pairwise(numbered):
        assert before.high == after.low


def test_bins_are_half_open_the_last_one_closed_and_equal_values_stay_together() -> None:
    made = equal_count(np.repeat([0.0, 1.0, 2.0], 20), bins=3)
    assert [(one.low, one.high, int(one.members.sum())) for one in made] == [
        (0.0, 1.0, 20),
        (1.0, 2.0, 20),
        (2.0, 2.0, 20),
    ]


def test_equal_counts() -> None:
    assert [int(one.members.sum()) for one in equal_count(RANDOM.random(1000))] == [100] * 10
    assert [int(one.members.sum()) for one in equal_count(RANDOM.random(35))] in ([17, 18], [10, 11, 14])


def test_a_bin_has_the_share_that_is_right_wilsons_interval_and_the_value_of_all_beside_it() -> None:
    rows = by_metric(GIVEN, BLUR, "blur", bins=5)
    assert len(rows) == 5
    for row in rows:
        assert row.low_edge is not None
        assert row.high_edge is not None
        inside = (row.low_edge <= BLUR) & (row.high_edge > BLUR)
        if row is rows[-1]:
            inside |= row.high_edge == BLUR
        right = (LABELS == PREDICTED)[inside]
        assert (row.metric, row.score, row.n) == ("blur", "accuracy", len(right))
        assert row.value == pytest.approx(right.mean())
        assert row.x == np.median(BLUR[inside])
        ends = wilson(np.array([right.sum()]), np.array([len(right)]))
        assert (row.low, row.high) == pytest.approx((ends.low[0], ends.high[0]))
        assert row.overall == pytest.approx((LABELS == PREDICTED).mean())
    assert (rows[0].value or 0) > (rows[-1].value or 1) + 0.3


def test_missing_values_are_a_bin_of_their_own_and_few_items_are_insufficient() -> None:
    ink = BLUR.copy()
    ink[:7] = np.nan
    *_, missing = by_metric(GIVEN, ink, "ink", bins=2)
    assert (missing.low_edge, missing.high_edge, missing.x, missing.n) == (None, None, None, 7)
    assert missing.value == pytest.approx((LABELS == PREDICTED)[:7].mean())
    assert missing.reason == "insufficient: fewer than 10 items"


def test_all_metrics_at_once_are_each_of_them_alone() -> None:
    table = Table({"blur": BLUR, "ink": RANDOM.random(N)})
    scoring = ["accuracy", "f1_macro", "recall[2]"]
    together = curve(GIVEN, table, ["blur", "ink"], scoring, bins=4)
    assert len(together) == 2 * 4 * 3
    alone = by_metric(GIVEN, table.column("ink"), "ink", scoring, bins=4)
    assert together[12:] == alone
    for one in together[2::3]:
        assert one.overall == pytest.approx((PREDICTED[LABELS == 2] == 2).mean())
    recall = together[2]
    first = ((recall.high_edge or 0) > BLUR) & (LABELS == 2)
    assert recall.n == first.sum()
    assert together[1].low is not None  # by the jackknife


def test_an_undefined_score_is_null_with_the_reason() -> None:
    labels = np.where(np.median(BLUR) > BLUR, 0, LABELS)
    low, high = by_metric(
        Predictions(labels, PREDICTED, classes=(0, 1, 2)), BLUR, scoring="recall[2]", bins=2
    )
    assert (low.value, low.reason) == (None, "no item of class 2")
    assert high.value is not None


def test_regression() -> None:
    labels = RANDOM.normal(size=N)
    given = Predictions(labels, labels + RANDOM.normal(size=N) * (0.1 + BLUR))
    clear, *_, blurred = by_metric(given, BLUR, scoring="neg_mean_absolute_error", bins=4)
    assert (clear.low or 0) > (blurred.high or 0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.array(["a"] * N), "not a number per item"),
        (np.zeros(3), "3 values for 400 predictions"),
        (np.zeros((N, 2)), "one value per item"),
    ],
)
def test_a_column_that_is_no_metric_is_refused(values: Array, message: str) -> None:
    with pytest.raises(DataError, match=message):
        by_metric(GIVEN, values)


def test_no_bins_and_no_metrics_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="0 bins"):
        by_metric(GIVEN, BLUR, bins=0)
    with pytest.raises(ConfigurationError, match="at least one metric"):
        curve(GIVEN, Table({"blur": BLUR}), [])
    with pytest.raises(DataError, match="2 keys for 400 predictions"):
        by_metric(GIVEN, BLUR, keys=np.zeros(2, dtype=np.uint64))
