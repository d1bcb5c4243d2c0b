"""Rank correlation and mutual information: against scipy and scikit-learn, by hand, at the edges."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import adjusted_mutual_info_score, mutual_info_score

from activeloop.errors import DataError
from activeloop.statistics import mutual_information, spearman
from tests.cost import cost

RANDOM = np.random.default_rng(0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=4, max_size=60))
def test_rho_and_p_are_scipys(pairs: list[tuple[int, int]]) -> None:
    x, y = np.array(pairs).T
    found = spearman(x, y)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert math.isnan(found.rho)
        assert math.isnan(found.p)
        return
    known = spearmanr(x, y)
    assert found.rho == pytest.approx(known.statistic, abs=1e-12)
    assert found.p == pytest.approx(max(known.pvalue, 2 / math.factorial(len(x))), abs=1e-9)
    if abs(found.rho) < 1 - 1e-9:
        assert -1 <= found.low <= found.rho <= found.high <= 1


def test_only_ranks_matter_and_the_sign_turns_with_a_column() -> None:
    x, y = RANDOM.normal(size=(2, 50))
    y = x + 2 * y
    found = spearman(x, y)
    assert spearman(np.exp(x), y**3) == pytest.approx(found)
    turned = spearman(-x, y)
    assert (turned.rho, turned.low, turned.high) == pytest.approx((-found.rho, -found.high, -found.low))
    order = RANDOM.permutation(50)
    assert spearman(x[order], y[order]) == pytest.approx(found)
    assert spearman(y, x) == pytest.approx(found)


def test_missing_pairs_are_dropped_not_filled() -> None:
    """Encord Active fills NaN with 0, which makes a correlation of its own."""
    x, y = RANDOM.normal(size=(2, 60))
    y = y + x
    holes = x.copy()
    holes[:20] = np.nan
    assert spearman(holes, y) == spearman(x[20:], y[20:])
    assert spearman(holes, y).n == 40
    names = np.where(x > 0, "up", "down").astype(object)
    names[:20] = None
    assert mutual_information(names, y).n == 40
    assert mutual_information(names, y) == mutual_information(names[20:], y[20:])


def test_a_perfect_correlation_has_no_interval_and_the_least_p_there_is() -> None:
    found = spearman([1, 2, 3, 4, 5], [10, 20, 30, 40, 99])
    assert found.rho == 1.0
    assert math.isnan(found.low)
    assert found.p == pytest.approx(2 / 120)


@pytest.mark.parametrize(("x", "y"), [([1, 2, 3], [1, 2, 3]), ([], []), ([np.nan] * 9, range(9))])
def test_too_few_pairs_give_nothing(x: list[float], y: list[float]) -> None:
    found = spearman(x, y)
    assert math.isnan(found.rho)
    assert math.isnan(found.p)


def test_a_target_of_right_and_wrong_is_a_number() -> None:
    confidence = RANDOM.random(300)
    right = RANDOM.random(300) < confidence
    assert spearman(confidence, right) == spearman(confidence, right.astype(float))
    assert spearman(confidence, right).low > 0.2


def test_categories_and_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(DataError, match="mutual_information takes categories"):
        spearman(["a", "b"] * 5, range(10))
    with pytest.raises(DataError, match="x has 3 values and y 4"):
        mutual_information([1, 2, 3], [1, 2, 3, 4])


@pytest.mark.parametrize("kind", ["normal", "two values", "spread grows"])
def test_the_interval_holds_the_truth_in_95_of_100(kind: str) -> None:
    random = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        x, noise = random.normal(size=(2, 40))
        y = {"normal": noise, "two values": noise > 1, "spread grows": x * noise}[kind]
        found = spearman(x, y)
        held += found.low <= 0 <= found.high
    assert 0.925 <= held / 400 <= 0.99


def test_information_is_scikit_learns_and_corrected_for_chance_like_its() -> None:
    x = RANDOM.integers(0, 4, 300)
    y = np.where(RANDOM.random(300) < 0.5, x, RANDOM.integers(0, 4, 300))
    entropy = mutual_info_score(y, y)
    found = mutual_information(x, y, permutations=4999)
    # With E the chance level, ours is (I - E) / (H(y) - E); AMI with "max" divides by max(H(x), H(y)) - E.
    expected = adjusted_mutual_info_score(x, y, average_method="max")
    assert entropy > 1.3
    assert found.value == pytest.approx(expected, abs=0.01)
    assert found.p == 1 / 5000


def test_information_sees_what_no_correlation_sees() -> None:
    x = RANDOM.normal(size=500)
    wrong = np.abs(x) > 1
    assert spearman(x, wrong).p > 0.01
    assert mutual_information(x, wrong).p == 0.001
    assert mutual_information(x, wrong).value > 0.6


def test_information_is_a_share_of_the_target_and_nothing_of_an_independent_one() -> None:
    """Encord Active documents 0 to 1 and gives nats."""
    x = np.repeat(np.arange(8), 50)
    assert mutual_information(x, x).value == pytest.approx(1.0)
    assert mutual_information(x % 2, x).value < 0.4  # knows one bit of three
    assert mutual_information(x, x % 2).value == pytest.approx(1.0)
    random = np.random.default_rng(2)
    pairs = [(random.normal(size=60), random.random(60) < 0.5) for _ in range(60)]
    values = [mutual_information(x, y, permutations=99) for x, y in pairs]
    assert np.mean([one.value for one in values]) < 0.02
    assert 0 <= np.mean([one.p < 0.05 for one in values]) <= 0.15


def test_information_has_a_seed_and_no_order() -> None:
    x, y = RANDOM.normal(size=(2, 100))
    order = RANDOM.permutation(100)
    assert mutual_information(x, y, seed=3) == mutual_information(x[order], y[order], seed=3)
    assert mutual_information(x, y, seed=3) != mutual_information(x, y, seed=4)


def test_a_constant_has_no_information() -> None:
    assert math.isnan(mutual_information([1.0] * 20, range(20)).value)
    assert math.isnan(mutual_information(range(20), [1.0] * 20).p)


def test_time_grows_as_sorting_does() -> None:
    x, y = RANDOM.normal(size=(2, 200_000))
    assert abs(spearman(x, y).rho) < 0.02
    assert mutual_information(x, y, permutations=99).value < 0.001
    for compute in (spearman, partial(mutual_information, permutations=99)):
        spent = cost(partial(compute, x, y))
        assert spent.calls < 2_000, "no loop over values"
        assert spent.bytes < 40 * x.nbytes, "no table of pairs"
