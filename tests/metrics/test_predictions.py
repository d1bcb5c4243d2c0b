"""Several predictions in one item: every aggregate against a plain loop, empty items wherever they stand."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.arrays import Array
from activeloop.errors import ConfigurationError, ModelError
from activeloop.metrics import Ragged, aggregate, check_probabilities, fill_missing

counts = st.lists(st.integers(0, 4), max_size=12)


def ragged(counts: Sequence[int], C: int = 3, seed: int = 0) -> Ragged:
    p = np.random.default_rng(seed).dirichlet(np.ones(C), sum(counts))
    return Ragged(p, np.cumsum([0, *counts]))


def plain(scores: Array, p: Array, how: str) -> float:
    if len(scores) == 0:
        return math.nan
    if how == "confidence":
        weights = [max(row) for row in p]
        return float(sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights))
    kept = sorted(scores, reverse=True)[: int(how[3:]) if how.startswith("top") else None]
    return float({"max": max(kept), "sum": sum(kept)}.get(how, sum(kept) / len(kept)))


@pytest.mark.parametrize("how", ["mean", "max", "sum", "top1", "top2", "top10", "confidence"])
@given(counts=counts, seed=st.integers(0, 2**32 - 1))
def test_aggregates_are_a_plain_loop(how: str, counts: list[int], seed: int) -> None:
    predictions = ragged(counts, seed=seed)
    scores = np.random.default_rng(seed + 1).normal(size=sum(counts))
    bounds = zip(predictions.offsets, predictions.offsets[1:], strict=False)
    expected = [plain(scores[a:b], predictions.values[a:b], how) for a, b in bounds]
    assert np.allclose(aggregate(scores, predictions, how), expected, rtol=1e-12, equal_nan=True)


@pytest.mark.parametrize("counts", [[0, 2, 1], [2, 0, 0, 1], [1, 2, 0], [0, 0], [0], []])
def test_empty_items_anywhere(counts: list[int]) -> None:
    predictions = ragged(counts)
    for how in ("mean", "max", "sum", "top2", "confidence"):
        values = aggregate(np.ones(sum(counts)), predictions, how)
        assert np.isnan(values).tolist() == [count == 0 for count in counts]


@pytest.mark.parametrize("how", ["men", "top", "top0", "top-1", "topx", ""])
def test_an_unknown_aggregate_is_named(how: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"unknown aggregate .*Allowed: confidence, max, mean, sum, top<k>"
    ):
        aggregate(np.ones(1), ragged([1]), how)


@pytest.mark.parametrize(
    ("offsets", "says"),
    [
        ([1, 2], "from 1 to 2"),
        ([0, 1], "from 0 to 1; allowed: from 0 to 2"),
        ([0, 2, 1, 2], "fall after item 1"),
        ([], "allowed: n . 1 integers"),
        ([0.0, 2.0], "allowed: n . 1 integers"),
    ],
)
def test_offsets_that_do_not_fit_are_refused(offsets: list[int], says: str) -> None:
    with pytest.raises(ModelError, match=says):
        Ragged(np.ones((2, 1)), np.array(offsets))


def test_lists_become_ragged() -> None:
    made = Ragged.from_lists([[], [[0.2, 0.8]], np.array([[1.0, 0.0], [0.5, 0.5]]), []], classes=2)
    assert made.values.tolist() == [[0.2, 0.8], [1, 0], [0.5, 0.5]]
    assert made.offsets.tolist() == [0, 0, 1, 3, 3]
    assert Ragged.from_lists([], classes=2).values.shape == (0, 2)
    with pytest.raises(ModelError, match=r"item 1 have shape \(1, 3\); allowed: \(k, 2\)"):
        Ragged.from_lists([[[0.5, 0.5]], [[0.2, 0.3, 0.5]]], classes=2)


def test_scores_become_probabilities() -> None:
    offsets = np.array([0, 1, 1, 2])
    assert Ragged.from_scores(np.array([0.9, 0.5]), offsets).values.tolist() == [[0.9, 1 - 0.9], [0.5, 0.5]]
    even = Ragged.from_scores(np.array([0.4, 1.0]), offsets, np.array([2, 0]), classes=4, fill="even")
    assert np.allclose(even.values, np.array([[0.2, 0.2, 0.4, 0.2], [1.0, 0.0, 0.0, 0.0]]))
    with pytest.raises(ModelError, match=r"prediction 1 has score 1\.5"):
        Ragged.from_scores(np.array([0.5, 1.5]), offsets)
    with pytest.raises(ModelError, match="prediction 0 has score nan"):
        Ragged.from_scores(np.array([np.nan, 0.5]), offsets)
    with pytest.raises(ModelError, match="prediction 1 has label 4; allowed: 0 to 3"):
        Ragged.from_scores(np.array([0.4, 1.0]), offsets, np.array([2, 4]), classes=4, fill="even")
    with pytest.raises(ConfigurationError, match="unknown fill 'evn'; did you mean 'even'"):
        Ragged.from_scores(np.array([0.4, 1.0]), offsets, fill="evn")  # type: ignore[arg-type]


def test_missing_utilities_get_their_place() -> None:
    given, draws = np.array([np.nan, 3.0, np.nan, 1.0]), np.array([0.6, 0.1, 0.2, 0.1])
    assert fill_missing(given, "last", draws).utilities.tolist() == [-np.inf, 3, -np.inf, 1]
    assert fill_missing(given, "first", draws).utilities.tolist() == [np.inf, 3, np.inf, 1]
    assert fill_missing(given, "random", draws).utilities.tolist() == [3, 3, 1, 1]
    filled, n_missing = fill_missing(given, 0.5, draws)
    assert (filled.tolist(), n_missing) == ([0.5, 3, 0.5, 1], 2)
    assert np.isnan(given).sum() == 2
    assert fill_missing(np.full(4, np.nan), "random", draws).utilities.tolist() == draws.tolist()


@pytest.mark.parametrize("policy", ["lst", float("nan"), True, None])
def test_an_unknown_policy_is_named(policy: str) -> None:
    with pytest.raises(ConfigurationError, match="Allowed: first, last, random, or a number"):
        fill_missing(np.zeros(1), policy, np.zeros(1))


def test_probabilities_are_let_in() -> None:
    p = np.random.default_rng(0).dirichlet(np.ones(7), 100_000)
    for good in (p, p.astype(np.float32), np.asfortranarray(p), p[::3], p[:0], p + 1e-5):
        check_probabilities(good)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ([0.5, np.nan], "a probability of item 'x70000' is NaN"),
        ([1.5, -0.5], "a probability of item 'x70000' is -0.5"),
        ([0.5, 0.4], "the probabilities of item 'x70000' sum to 0.9; allowed: 1 within 0.001"),
        ([np.inf, 0.0], "sum to inf"),
        ([np.inf, -np.inf], "is -inf"),
    ],
)
def test_the_first_bad_row_is_named(row: list[float], says: str) -> None:
    p = np.full((80_000, 2), 0.5)
    p[70_000], p[75_000] = row, 9
    with pytest.raises(ModelError, match=says):
        check_probabilities(p, ids=np.array([f"x{i}" for i in range(80_000)]))
    with pytest.raises(ModelError, match="item 70000"):
        check_probabilities(p)
