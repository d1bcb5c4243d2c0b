"""How probable a model finds a label: by hand, against cleanlab, and where label or prediction is missing."""

from __future__ import annotations

import numpy as np
import pytest

from activeloop.arrays import Array
from activeloop.errors import MetricError
from activeloop.metrics.label_quality import label_margin, label_quality

P = np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0], [0.25, 0.25, 0.5]])


def test_values_by_hand() -> None:
    codes = np.array([0, 0, 2])
    assert label_quality(P, codes).values.tolist() == [0.5, 0.0, 0.5]
    assert label_margin(P, codes).values.tolist() == [0.25, -1.0, 0.25]


def test_one_class_is_certain() -> None:
    assert label_margin(np.ones((2, 1)), np.zeros(2, dtype=int)).values.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_cleanlab_agrees(dtype: type) -> None:
    rank = pytest.importorskip("cleanlab.rank")
    rng = np.random.default_rng(0)
    p: Array = rng.dirichlet(np.ones(5), 300).astype(dtype)
    codes = rng.integers(0, 5, 300)
    theirs = rank.get_label_quality_scores(codes, p, method="self_confidence")
    assert np.allclose(label_quality(p, codes).values, theirs)
    theirs = rank.get_label_quality_scores(codes, p, method="normalized_margin")
    assert np.allclose((label_margin(p, codes).values + 1) / 2, theirs)


@pytest.mark.parametrize("metric", [label_quality, label_margin])
def test_what_is_missing_has_its_reason(metric: object) -> None:
    p = np.array([[0.5, 0.5], [np.nan, np.nan], [np.nan, np.nan]])
    values, reasons = metric(p, np.array([-1, 1, -1]))  # type: ignore[operator]
    assert np.isnan(values).all()
    assert dict(reasons) == {0: "not_labeled", 1: "not_predicted", 2: "not_labeled"}


@pytest.mark.parametrize("code", [3, -2])
def test_a_code_that_is_no_column_is_named(code: int) -> None:
    with pytest.raises(MetricError, match=rf"label code of item 1 is {code}; allowed: -1 .*, 0 to 2"):
        label_quality(P, np.array([0, code, 1]))
