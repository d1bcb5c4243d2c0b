"""Columns of values: what is a number, what is missing, and codes."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from activeloop.errors import DataError
from activeloop.statistics.columns import coded, column, is_missing, is_number, mid_ranks


@pytest.mark.parametrize(
    "values",
    [[1, 2.5, None], np.array([1, 2.5, np.nan]), pd.Series([1, 2.5, None]), [np.float32(1), 2.5, np.nan],
     pd.array([1, 2.5, None], dtype="Float64"), [True, 2.5, np.inf]],
)  # fmt: skip
def test_numbers_in_any_wrapping_are_floats_with_nan(values: object) -> None:
    found = column(values)
    assert is_number(found)
    np.testing.assert_array_equal(found, [1, 2.5, np.nan])


@pytest.mark.parametrize(
    "values",
    [["a", "b", None], pd.Series(["a", "b", None]), pd.Categorical(["a", "b", None]),
     np.array(["a", "b", np.nan], dtype=object)],
)  # fmt: skip
def test_categories_in_any_wrapping_are_objects_with_none(values: object) -> None:
    found = column(values)
    assert not is_number(found)
    assert found.tolist() == ["a", "b", None]
    assert is_missing(found).tolist() == [False, False, True]


def test_all_missing_is_a_column_of_numbers() -> None:
    assert is_number(column([None, None]))


def test_a_table_is_not_a_column() -> None:
    with pytest.raises(DataError, match=r"light has shape \(2, 2\); one value per item is needed"):
        column(np.zeros((2, 2)), "light")


def test_codes_depend_on_counts_and_names_not_on_order() -> None:
    assert coded(column(["b", "c", "a", "c"])) .names == ("c", "a", "b")  # fmt: skip
    assert coded(column(["c", "a", "c", "b"])).names == ("c", "a", "b")
    assert coded(column([None, None])).names == ()
    assert coded(column([2.0, 1.5, 2.0])).names == ("2", "1.5")


def test_mid_ranks_are_scipys() -> None:
    values = np.random.default_rng(0).integers(0, 5, 50).astype(float)
    np.testing.assert_array_equal(mid_ranks(values), rankdata(values))
