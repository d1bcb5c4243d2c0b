"""The fast medcouple against its definition and against statsmodels."""

import math
from functools import partial

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.stattools import medcouple as known

from activeloop.arrays import FloatArray
from activeloop.statistics.medcouple import medcouple
from tests.cost import cost


def by_definition(values: FloatArray) -> float:
    centered = np.sort(values - np.median(values))
    below, above = centered[centered <= 0], centered[centered >= 0]
    ties = int((centered == 0).sum())
    h = np.empty((len(above), len(below)))
    for i, y in enumerate(above):
        for j, x in enumerate(below):
            from_last = len(below) - 1 - j
            h[i, j] = (y + x) / (y - x) if y > x else np.sign(i + (ties - 1 - from_last) - (ties - 1))
    return float(np.median(h))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(-6, 6) | st.floats(-50, 50).map(lambda x: round(x, 3)), min_size=1, max_size=25))
def test_it_is_the_median_over_all_pairs(values: list[float]) -> None:
    array = np.array(values, dtype=float)
    assert math.isclose(medcouple(array), by_definition(array), abs_tol=1e-12)


def test_it_is_that_of_statsmodels() -> None:
    random = np.random.default_rng(0)
    for values in (random.normal(size=301), random.lognormal(size=400), random.poisson(3, 500).astype(float)):
        assert math.isclose(medcouple(values), float(known(values)), abs_tol=1e-12)


@settings(deadline=None)
@given(st.lists(st.integers(-99, 99), min_size=3, max_size=30), st.integers(1, 9), st.integers(-9, 9))
def test_scale_place_and_order_do_not_matter_and_a_mirror_turns_the_sign(
    values: list[int], scale: int, place: int
) -> None:
    array = np.array(values, dtype=float)
    found = medcouple(array)
    assert math.isclose(medcouple(scale * array[::-1] + place), found, abs_tol=1e-9)
    assert math.isclose(medcouple(-array), -found, abs_tol=1e-12)


def test_nothing_and_one_value() -> None:
    assert math.isnan(medcouple(np.array([])))
    assert medcouple(np.array([3.0])) == 0.0
    assert medcouple(np.full(9, 3.0)) == 0.0


def test_a_hundred_thousand_values_take_no_table_of_pairs() -> None:
    """All pairs would be 2.5e9 numbers, 20 GB."""
    random = np.random.default_rng(0)
    even, skewed = random.normal(size=100_000), random.lognormal(size=100_000)
    assert abs(medcouple(even)) < 0.02
    assert 0.38 < medcouple(skewed) < 0.42
    for values in (even, skewed):
        spent = cost(partial(medcouple, values))
        assert spent.calls < 5_000, "halvings, each a few calls, and no loop over values"
        assert spent.bytes < 40 * values.nbytes
