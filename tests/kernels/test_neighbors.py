"""Nearest neighbors: equal to a full sort, for near-duplicates, ties, any scale and any block."""

import itertools
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from activeloop.arrays import Array, FloatArray
from activeloop.errors import InputError
from activeloop.kernels import Distance, Neighbors, nearest, pairs_within

module = sys.modules["activeloop.kernels.neighbors"]
nearby = sys.modules["activeloop.kernels.nearby"]


def textbook(points: Array, queries: Array, k: int) -> Neighbors:
    exact = np.sqrt(
        ((queries[:, None, :].astype(np.float64) - points[None, :, :].astype(np.float64)) ** 2).sum(axis=2)
    )
    order = np.argsort(exact, axis=1, kind="stable")[:, :k]
    return Neighbors(np.take_along_axis(exact, order, 1), order)


def same(found: Neighbors, expected: Neighbors) -> None:
    np.testing.assert_allclose(found.distances, expected.distances, rtol=1e-12, atol=1e-300)
    np.testing.assert_array_equal(found.positions, expected.positions)


@given(
    n=st.integers(1, 60),
    m=st.integers(1, 20),
    d=st.integers(1, 5),
    k=st.integers(1, 70),
    levels=st.integers(1, 4),
    blocks=st.tuples(st.integers(1, 9), st.integers(1, 90)),
)
@settings(max_examples=150, deadline=None)
def test_equals_a_stable_sort_whatever_the_ties_and_the_blocks(
    n: int, m: int, d: int, k: int, levels: int, blocks: tuple[int, int]
) -> None:
    random = np.random.default_rng(n * 1000 + m)
    points, queries = random.integers(0, levels, (n, d)), random.integers(0, levels, (m, d))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_QUERIES", blocks[0])
        patch.setattr(module, "_POINTS", blocks[1])
        patch.setattr(module, "_SPARE", 1)
        same(nearest(points, queries, k), textbook(points, queries, k))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "d"), [(300, 2), (700, 50), (5000, 8)])
def test_equals_scikit_learn(n: int, d: int, dtype: type) -> None:
    points: Array = np.random.default_rng(0).normal(size=(n, d)).astype(dtype)
    found = nearest(points, points[:200], 7)
    peer = NearestNeighbors(n_neighbors=7, algorithm="brute").fit(points.astype(np.float64))
    distances, positions = peer.kneighbors(points[:200].astype(np.float64))
    np.testing.assert_array_equal(found.positions, positions)
    np.testing.assert_allclose(found.distances[:, 1:], distances[:, 1:], rtol=1e-9)
    assert (found.distances[:, 0] == 0).all()


def test_cosine_equals_scipy() -> None:
    random = np.random.default_rng(1)
    points, queries = random.normal(size=(400, 6)), random.normal(size=(30, 6)) * 1e3
    expected = np.sort(cdist(queries, points, "cosine"), axis=1)[:, :5]
    np.testing.assert_allclose(nearest(points, queries, 5, distance="cosine").distances, expected, rtol=1e-9)


def test_the_cosine_distance_of_a_zero_vector_is_defined() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
    found = nearest(points, k=4, distance="cosine")
    assert found.distances[0].tolist() == [0, 0, 1, 1]
    assert found.positions[0].tolist() == [0, 3, 1, 2]
    assert found.distances[1].tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_near_duplicates_in_float32_have_their_own_distance(offset: float) -> None:
    random = np.random.default_rng(2)
    points = (random.normal(size=(2000, 64)) + offset).astype(np.float32)
    twins = points + random.normal(size=points.shape).astype(np.float32) * np.float32(1e-4)
    both = np.concatenate([points, twins])
    found = nearest(both, points, 2)
    true = np.linalg.norm(points.astype(np.float64) - twins.astype(np.float64), axis=1)
    np.testing.assert_allclose(found.distances[:, 1], true, rtol=1e-12)
    assert (found.positions[:, 1] == np.arange(2000) + 2000).all()


def test_a_tight_crowd_far_from_the_rest_is_told_apart() -> None:
    random = np.random.default_rng(3)
    crowd = 1 + random.normal(size=(150, 10)) * 1e-9
    points = np.concatenate([crowd, random.normal(size=(300, 10)) * 0.1])  # in whose midst the center is
    same(nearest(points, crowd, 5), textbook(points, crowd, 5))


@pytest.mark.parametrize("far", [1e12, 1e100])
def test_one_far_outlier_costs_no_precision(far: float) -> None:
    points = np.random.default_rng(8).normal(size=(500, 6))
    points[17] = far
    same(nearest(points, points[:100:3], 5), textbook(points, points[:100:3], 5))


@pytest.mark.parametrize("scale", [1e-140, 1e-30, 1e30, 1e140])
def test_any_scale(scale: float) -> None:
    points = np.random.default_rng(4).normal(size=(200, 3)) * scale
    same(
        nearest(points, k=3),
        textbook(points / scale, points / scale, 3)._replace(
            distances=textbook(points / scale, points / scale, 3).distances * scale
        ),
    )


def test_copies_without_end_are_taken_by_position() -> None:
    points = np.tile(np.array([[0.1, 0.7, -3.3]], dtype=np.float32), (9000, 1))
    found = nearest(points, points[::500], 4)
    assert (found.distances == 0).all()
    assert (found.positions == np.arange(4)).all()


def test_threads_and_blocks_change_nothing() -> None:
    points = np.random.default_rng(5).normal(size=(3000, 20)).astype(np.float32)
    one, several = nearest(points, k=4, threads=1), nearest(points, k=4, threads=3)
    assert (one.positions == several.positions).all()
    assert (one.distances == several.distances).all()


def test_memory_is_linear() -> None:
    points = np.random.default_rng(6).normal(size=(10000, 4)).astype(np.float32)
    tracemalloc.start()
    nearest(points, k=3, threads=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6  # all distances would be 400e6 bytes in float32


@pytest.mark.parametrize(
    ("points", "k", "distance", "said"),
    [
        (np.zeros((2, 2)), 0, "euclidean", "k=0 neighbors"),
        (np.zeros(3), 1, "euclidean", "shape"),
        (np.array([[0.0], [np.nan]]), 1, "euclidean", "row 1"),
        (np.array([[0.0], [1e200]]), 1, "euclidean", "row 1"),
        (np.array([["a"]]), 1, "euclidean", "numbers"),
        (np.zeros((2, 2)), 1, "cosin", "cosine"),
    ],
)
def test_bad_input_is_named(points: Array, k: int, distance: Distance, said: str) -> None:
    with pytest.raises(InputError, match=said):
        nearest(points, k=k, distance=distance)


def test_queries_need_the_dimensions_of_the_points() -> None:
    with pytest.raises(InputError, match="queries have 3 dimensions, the points 2"):
        nearest(np.zeros((2, 2)), np.zeros((1, 3)), 1)


def test_no_points_and_no_queries() -> None:
    assert nearest(np.zeros((0, 3)), np.zeros((2, 3)), 4).positions.shape == (2, 0)
    assert nearest(np.zeros((2, 3)), np.zeros((0, 3)), 1).positions.shape == (0, 1)
    assert nearest(np.zeros((3, 0)), k=2).positions.tolist() == [[0, 1]] * 3


@pytest.mark.parametrize("distance", ["euclidean", "cosine"])
@pytest.mark.parametrize("blocks", [(7, 11), (512, 4096)])
def test_pairs_within_a_radius_equal_all_pairs_of_scipy(distance: Distance, blocks: tuple[int, int]) -> None:
    points = np.random.default_rng(7).normal(size=(90, 3)).astype(np.float32)
    every = cdist(points.astype(np.float64), points.astype(np.float64), distance)
    radius = float(np.quantile(every, 0.05))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearby, "_ROWS", blocks[0])
        patch.setattr(nearby, "_COLUMNS", blocks[1])
        found = list(pairs_within(points, radius, distance=distance))
    pairs = {(int(a), int(b)): d for part in found for a, b, d in zip(*part, strict=True)}
    expected = {(a, b) for a, b in itertools.combinations(range(90), 2) if every[a, b] <= radius}
    assert set(pairs) == expected
    got: FloatArray = np.array([pairs[one] for one in sorted(pairs)])
    np.testing.assert_allclose(got, [every[one] for one in sorted(pairs)], rtol=1e-6)


def test_a_negative_radius_is_refused() -> None:
    with pytest.raises(InputError, match="radius=-1"):
        list(pairs_within(np.zeros((2, 2)), -1))
