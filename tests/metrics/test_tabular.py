"""Rows of tables in numbers: by hand, against textbook formulas, and for columns that say nothing."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import IsolationForest

from activeloop.arrays import Array, FloatArray
from activeloop.data import Dataset
from activeloop.errors import DataError
from activeloop.metrics import Metric, Table
from activeloop.metrics.neighbors import density, kth_distance
from activeloop.metrics.tabular import isolation, leverage, missing_share

CLOUD = np.random.default_rng(0).normal(size=(80, 4))


def of(metric: Metric, design: Any, **parameters: Any) -> FloatArray:
    design = np.asarray(design)
    data = Table({"design": design, "id": np.arange(len(design))})
    return metric.with_parameters(**parameters).over(data).values


def hat(X: Array) -> FloatArray:
    """The diagonal of the textbook hat matrix, with an intercept."""
    X = np.column_stack([np.ones(len(X)), X])
    return np.diag(X @ np.linalg.pinv(X.T @ X) @ X.T)


def test_missing_share_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "size": [1.0, None, 2.0],
            "city": ["Oslo", None, pd.NA],
            "when": pd.to_datetime(pd.Series(["2020-01-01", None, "2021-01-01"])),
            "whole": pd.array([1, None, 3], dtype="Int64"),
        }
    )
    assert missing_share.over(Dataset(frame)).values.tolist() == [0, 1, 0.25]
    assert missing_share.over(Dataset([[1.0, np.nan], [np.nan, np.nan]])).values.tolist() == [0.5, 1]
    assert missing_share.over(Dataset([[1, 2]])).values.tolist() == [0]
    empty = missing_share.over(Dataset(pd.DataFrame(index=range(2))))
    assert empty.reasons == {0: "not_applicable", 1: "not_applicable"}


@pytest.mark.parametrize("metric", [missing_share, isolation, leverage])
def test_metrics_of_tables_are_not_of_texts_and_images(metric: Metric) -> None:
    for other in (Dataset(["a text", "b"]), Dataset(np.zeros((3, 4, 4)))):
        with pytest.raises(DataError, match=r"column '(cells|design)'"):
            metric.over(other)


def test_leverage_equals_the_hat_matrix() -> None:
    assert of(leverage, CLOUD) == pytest.approx(hat(CLOUD))
    assert of(leverage, CLOUD.astype(np.float32)) == pytest.approx(hat(CLOUD), rel=1e-4)
    assert of(leverage, CLOUD).sum() == pytest.approx(5)
    assert of(leverage, CLOUD * [1e-9, 1, 1e9, 1e3]) == pytest.approx(hat(CLOUD))
    assert of(leverage, CLOUD + 1e6) == pytest.approx(hat(CLOUD), rel=1e-6)


def test_leverage_by_blocks_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activeloop.metrics.tabular._ROWS", 7)
    assert of(leverage, CLOUD) == pytest.approx(hat(CLOUD))


def test_constant_and_collinear_columns_add_nothing() -> None:
    more = np.column_stack([CLOUD, np.full(80, 3.0), CLOUD[:, 0] * 2 - CLOUD[:, 1], np.zeros(80)])
    assert of(leverage, more) == pytest.approx(hat(CLOUD))
    assert of(leverage, np.ones((5, 3))) == pytest.approx(np.full(5, 0.2))


def test_leverage_of_few_rows() -> None:
    assert of(leverage, [[1.0, 2.0]]).tolist() == [1]
    assert of(leverage, CLOUD[:3]) == pytest.approx(np.ones(3))
    assert of(leverage, [[1.0], [1.0], [4.0]]) == pytest.approx([0.5, 0.5, 1])
    empty = leverage.fitted(Table({"design": np.zeros((0, 2))}))
    assert leverage.over(Table({"design": np.zeros((1, 2))}), empty).reasons == {0: "no_reference"}


def test_leverage_of_new_rows_is_that_of_the_reference_fit() -> None:
    new = CLOUD[:5] * 3
    X = np.column_stack([np.ones(80), CLOUD])
    x = np.column_stack([np.ones(5), new])
    fitted = leverage.fitted(Table({"design": CLOUD}))
    found = leverage.over(Table({"design": new}), fitted).values
    assert found == pytest.approx(np.diag(x @ np.linalg.inv(X.T @ X) @ x.T))


def test_isolation_is_that_of_scikit_learn_and_does_not_hang_on_order() -> None:
    random = np.random.default_rng(1)
    at = np.concatenate([random.normal(size=(400, 4)), [[9.0, 9.0, 9.0, 9.0]]])  # more than a tree takes
    found = of(isolation, at, seed=3)
    assert found.argmax() == 400
    assert found[400] > 0.6 > np.median(found)
    ids, order = np.arange(401), random.permutation(401)
    data = Table({"design": at[order], "id": ids[order]})
    assert (isolation.with_parameters(seed=3).over(data).values == found[order]).all()
    assert (of(isolation, at, seed=4) != found).any()
    peer = IsolationForest(random_state=0).fit(at)
    assert np.corrcoef(found, -peer.score_samples(at))[0, 1] > 0.97


def test_isolation_of_few_and_equal_rows() -> None:
    found = isolation.over(Table({"design": np.ones((1, 2)), "id": np.array(["a"])}))
    assert found.reasons == {0: "too_few"}
    same = of(isolation, np.ones((6, 2)))
    assert (same == same[0]).all()
    assert 0 <= same[0] <= 1
    assert np.isfinite(of(isolation, [[1.0, 2.0], [1.0, 2.0]])).all()


def test_tables_with_constant_missing_and_equal_parts_have_all_values() -> None:
    frame = pd.DataFrame(
        {
            "size": [1.0, 1.0, 5.0, None],
            "same": [7, 7, 7, 7],
            "never": [np.nan] * 4,
            "city": ["Oslo", "Oslo", None, "Rome"],
        }
    )
    data = Dataset(frame)
    for metric in (missing_share, isolation, leverage, kth_distance, density):
        found = metric.over(data)
        assert np.isfinite(found.values).all(), metric.name
        assert found.values[0] == found.values[1], metric.name
