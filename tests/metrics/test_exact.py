"""Digests are equal where features are, whatever they are kept in."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from activeloop.metrics.exact import digests


def test_missing_values_and_zeros_are_one_value_each() -> None:
    odd = np.array([np.nan]).view(np.uint64) ^ np.uint64(1)
    one, same = digests(np.array([[np.nan, 0.0], [odd.view(np.float64)[0], -0.0]]))
    assert one == same
    first, second = digests(pd.DataFrame({"x": [np.nan, None], "y": [0.0, -0.0]}))
    assert first == second


def test_precision_and_storage_change_nothing() -> None:
    dense = np.array([[0.0, 0.5], [1.0, 0.0]])
    assert list(digests(dense)) == list(digests(dense.astype(np.float32)))
    stored = sparse.csr_matrix((np.array([0.0, 0.5, 1.0]), ([0, 0, 1], [0, 1, 0])), shape=(2, 2))
    before = stored.nnz
    assert list(digests(stored)) == list(digests(sparse.csr_matrix(dense)))
    assert stored.nnz == before


def test_what_differs_differs() -> None:
    assert len(set(digests(np.eye(4)))) == 4
    assert len(set(digests(sparse.csr_matrix(np.eye(4))))) == 4
    assert len(set(digests(np.array(["a", "b", "", "é"], dtype=object)))) == 4
