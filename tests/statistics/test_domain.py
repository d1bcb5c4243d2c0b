"""The domain classifier: what it sees that no single metric shows, its p, and its edges."""

import math

import numpy as np
import pytest

from activeloop.arrays import Array, FloatArray
from activeloop.errors import DataError
from activeloop.statistics import domain, drift
from activeloop.statistics.encoding import Encoded, Expansion


def table(x: FloatArray) -> dict[str, Array]:
    return {f"m{at}": column for at, column in enumerate(x.T)}


def test_it_finds_a_shift_and_says_which_metric() -> None:
    random = np.random.default_rng(0)
    before, after = random.normal(size=(2, 300, 5))
    after[:, 3] += 0.8
    found = domain(table(before), table(after), permutations=99)
    assert found.verdict == "detected"
    assert found.p == 0.01
    assert 0.62 < found.auc < 0.76  # a shift of 0.8 alone would be 0.714
    assert found.importance[0].metric == "m3"
    assert found.importance[0].drop > 5 * abs(found.importance[1].drop)
    assert found.reason.endswith("most by m3")


def test_it_sees_what_changed_in_no_metric_alone() -> None:
    random = np.random.default_rng(1)
    before, after = random.normal(size=(2, 400, 4))
    after[:, 1] = 0.7 * after[:, 0] + math.sqrt(1 - 0.49) * after[:, 1]
    sets = table(before), table(after)
    assert not any(row.verdict == "detected" for row in drift(*sets))
    found = domain(*sets, permutations=99)
    assert found.verdict == "detected"
    assert {one.metric for one in found.importance[:2]} == {"m0", "m1"}


def test_missing_values_and_categories_tell_sets_apart() -> None:
    random = np.random.default_rng(2)
    holes, kind = random.normal(size=200), random.choice(["cat", "dog"], 200)
    holes[:60] = np.nan
    missing = domain({"x": random.normal(size=200)}, {"x": holes}, permutations=99)
    assert (missing.verdict, missing.importance[0].metric) == ("detected", "x")
    kinds = domain({"k": kind}, {"k": np.where(kind == "dog", "cow", "cat")}, permutations=99)
    assert kinds.verdict == "detected"


def test_features_are_one_metric() -> None:
    random = np.random.default_rng(3)
    before, after = random.normal(size=(2, 120, 40))
    found = domain({"features": before}, {"features": after + 0.4}, permutations=99)
    assert found.verdict == "detected"
    assert [one.metric for one in found.importance] == ["features"]
    with pytest.raises(DataError, match="features: "):
        domain({"features": before}, {"features": after[:, :3]})


def test_p_is_uniform_where_nothing_differs() -> None:
    """A rank test of the held-out scores as if folds were independent would alarm in about twice 5 %."""
    p, auc = [], []
    for run in range(120):
        before, after = np.random.default_rng([4, run]).normal(size=(2, 25, 4))
        found = domain(table(before), table(after), seed=run, permutations=39)
        p.append(found.p)
        auc.append(found.auc)
    assert np.mean(np.array(p) <= 0.05) <= 0.11
    assert 0.4 < np.mean(p) < 0.6
    assert 0.48 < np.mean(auc) < 0.52


def test_identical_sets_and_constants_are_not_told_apart() -> None:
    x = np.random.default_rng(5).normal(size=60)
    assert domain({"x": x}, {"x": x}, permutations=39).verdict == "not detected"
    constant = domain({"x": np.ones(30)}, {"x": np.ones(30)}, permutations=39)
    assert (constant.auc, constant.p, constant.importance) == (0.5, 1.0, ())


def test_a_seed_fixes_all_and_large_sets_are_thinned() -> None:
    before, after = np.random.default_rng(6).normal(size=(2, 500, 2))
    sets = table(before), table(after + 0.3)
    first = domain(*sets, seed=1, permutations=39, most=100)
    assert first == domain(*sets, seed=1, permutations=39, most=100)
    assert first != domain(*sets, seed=2, permutations=39, most=100)
    assert (first.n_reference, first.n_current) == (500, 500)


def test_nine_items_are_insufficient() -> None:
    found = domain({"x": np.zeros(9)}, {"x": np.ones(1000)})
    assert found.verdict == "insufficient"
    assert found.reason == "insufficient: 9 items, then 1000; 10 each are needed"
    assert math.isnan(found.auc)
    assert domain({"x": np.zeros(10)}, {"x": np.ones(10)}).verdict == "detected"


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(DataError, match="the columns of a set need one length; given: x 10, y 9"):
        domain({"x": np.zeros(10), "y": np.zeros(9)}, {"x": np.zeros(10), "y": np.zeros(10)})


def test_encoding_is_by_rank_so_that_scale_does_not_matter() -> None:
    x = np.random.default_rng(7).normal(size=30)
    plain, curved = (Encoded.of({"x": one}).numbers for one in (x, np.exp(5 * x)))
    np.testing.assert_array_equal(plain, curved)
    assert Encoded.of({"x": np.full(4, np.nan)}).numbers.tolist() == [[0.0, 1.0]] * 4


def test_products_are_made_of_few_columns_only_and_weigh_together_as_much_as_the_columns() -> None:
    random = np.random.default_rng(8)
    few, many = random.random((500, 10)), random.random((500, 31))
    expanded = Expansion(few)(few)
    assert expanded.shape == (500, 10 + 10 + 45)
    assert Expansion(many)(many).shape == (500, 62)
    power = expanded.var(axis=0)
    assert power[:10].sum() == pytest.approx(power[20:].sum()) == pytest.approx(10)
