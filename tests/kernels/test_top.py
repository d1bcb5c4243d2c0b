"""top: equal to a full sort, whatever the ties and the order of the pool."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.arrays import FloatArray, IntArray
from activeloop.kernels import top
from activeloop.seeds import uniforms

module = sys.modules["activeloop.kernels.top"]  # its name in the package is the function's
values = st.lists(st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 2.0]) | st.floats(-3, 3), max_size=100)


@given(values=values, n=st.integers(0, 70), groups=st.integers(1, 20), seed=st.integers(0, 99))
def test_equals_a_full_sort(values: list[float], n: int, groups: int, seed: int) -> None:
    utilities = np.array(values, dtype=np.float64)
    keys = uniforms(np.arange(len(values), dtype=np.uint64), seed, 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_GROUPS", groups)
        patch.setattr(module, "_GROUPS_PER_WANTED", 2)
        patch.setattr(module, "_SHALLOW", 1)
        found = top(utilities, n, lambda positions: keys[positions])
    assert found.tolist() == np.lexsort((keys, -utilities))[:n].tolist()


@given(values=values, n=st.integers(1, 10), seed=st.integers(0, 99))
def test_the_items_chosen_do_not_hang_on_the_order_of_the_pool(
    values: list[float], n: int, seed: int
) -> None:
    utilities, ids = np.array(values, dtype=np.float64), np.arange(len(values), dtype=np.uint64)
    order = np.random.default_rng(seed).permutation(len(values))
    one = top(utilities, n, lambda positions: uniforms(ids[positions], seed, 5))
    other = top(utilities[order], n, lambda positions: uniforms(ids[order][positions], seed, 5))
    assert ids[one].tolist() == ids[order][other].tolist()


def test_only_the_tied_are_asked_about() -> None:
    asked: list[list[int]] = []

    def tie_break(positions: IntArray) -> FloatArray:
        asked.append(sorted(positions.tolist()))
        return np.zeros(len(positions))

    assert top(np.array([5.0, 1.0, 1.0, 4.0, 0.0, 0.0]), 3, tie_break).tolist() == [0, 3, 1]
    assert asked == [[1, 2]]
    assert top(np.array([3.0, 1.0]), 2, tie_break).tolist() == [0, 1]
    assert len(asked) == 1


def test_a_pool_of_equals_takes_one_pass() -> None:
    found = top(np.zeros(2_000_000), 3, lambda positions: -positions.astype(np.float64))
    assert found.tolist() == [1_999_999, 1_999_998, 1_999_997]
