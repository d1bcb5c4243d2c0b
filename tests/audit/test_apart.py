"""Items set apart: which they are hangs on ids and seed alone, and every item has the same chance."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.audit import set_apart
from activeloop.errors import ConfigurationError, DataError


@given(st.permutations(list(range(40))), st.integers(0, 5))
def test_the_order_of_the_data_set_changes_nothing(ids: list[int], seed: int) -> None:
    assert set_apart(ids, 0.25, seed=seed) == set_apart(list(range(40)), 0.25, seed=seed)


def test_fewer_are_the_first_of_more_and_what_else_is_there_changes_no_order() -> None:
    few, many = set_apart(range(100), 10), set_apart(range(100), 60)
    assert few.ids == many.ids[:10]
    some = set_apart(range(50), 49).ids
    assert [one for one in set_apart(range(100), 99).ids if one in some] == list(some)


def test_every_item_is_chosen_as_often_as_any_other() -> None:
    chosen = np.zeros(20)
    for seed in range(2000):
        chosen[np.array(set_apart(range(20), 5, seed=seed).ids)] += 1
    assert set_apart(range(20), 5).probability == 0.25
    off = (chosen - 500) / np.sqrt(2000 * 0.25 * 0.75)
    assert np.abs(off).max() < 4


@pytest.mark.parametrize("amount", [0, 4, 1.0, -0.1, 0.01, True, "2"])
def test_another_amount_is_refused(amount: Any) -> None:
    with pytest.raises(ConfigurationError, match="amount is"):
        set_apart(["a", "b", "c", "d"], amount)


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(DataError, match="'a' stands there twice"):
        set_apart(["a", "b", "a"], 1)
