"""Farthest-first: the choices of a plain reference that measures every point, ties by the given rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.errors import InputError
from activeloop.kernels import distances_to_nearest, farthest_first


def reference(
    points: Array, n: int, distances: FloatArray, keys: FloatArray
) -> tuple[list[int], list[float]]:
    """Measure every point after every choice."""
    left, free = distances.astype(np.float64), list(range(len(points)))
    chosen, found = [], []
    for _ in range(min(n, len(points))):
        one = min(free, key=lambda at: (-left[at], keys[at]))
        chosen.append(one)
        found.append(float(left[one]))
        free.remove(one)
        gaps = np.subtract(points, points[one], dtype=np.float64)
        left = np.minimum(left, np.sqrt(np.einsum("ij,ij->i", gaps, gaps)))
    return chosen, found


def by(keys: FloatArray) -> object:
    return lambda positions: keys[positions]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "d"), [(40_000, 3), (700, 1), (300, 60)])
def test_the_choices_are_those_of_the_reference(n: int, d: int, dtype: type[np.floating[Any]]) -> None:
    random = np.random.default_rng(n)
    points: Array = (random.normal(size=(n, d)) * 10.0 ** random.integers(-3, 4)).astype(dtype)
    keys = random.random(n)
    distances = distances_to_nearest(points, points[:5])
    chosen, found = farthest_first(points, 40, distances, by(keys))  # type: ignore[arg-type]
    expected, gaps = reference(points, 40, distances, keys)
    assert chosen.tolist() == expected
    assert found.tolist() == gaps


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 4), st.integers(1, 35))
def test_small_whole_numbers_with_many_ties(seed: int, m: int, d: int, n: int) -> None:
    random = np.random.default_rng(seed)
    points = random.integers(0, 3, size=(m, d)).astype(np.float64)
    keys, none = random.permutation(m).astype(np.float64), points[:0]
    chosen, found = farthest_first(points, n, distances_to_nearest(points, none), by(keys))  # type: ignore[arg-type]
    expected, gaps = reference(points, n, np.full(m, np.inf), keys)
    assert chosen.tolist() == expected
    assert found.tolist() == gaps


def test_far_from_the_origin_small_gaps_are_still_told_apart() -> None:
    points = np.array([[1e8], [1e8 + 1], [1e8 + 3], [1e8 + 3.5]])
    chosen, found = farthest_first(points, 3, np.array([0.0, 1.0, 3.0, 3.5]), lambda rows: rows.astype(float))
    assert (chosen.tolist(), found.tolist()) == ([3, 1, 2], [3.5, 1.0, 0.5])


def test_the_radius_never_grows_and_is_at_most_twice_the_best() -> None:
    points = np.random.default_rng(1).random((60, 2))
    chosen, found = farthest_first(points, 12, np.full(60, np.inf), lambda rows: rows.astype(float))
    assert (np.diff(found) <= 0).all()
    covered = cdist(points, points[chosen[:3]]).min(axis=1).max()
    best = min(
        cdist(points, points[[a, b, c]]).min(axis=1).max()
        for a in range(60) for b in range(a) for c in range(b)
    )  # fmt: skip
    assert covered <= 2 * best


def test_only_equal_distances_are_asked_to_be_broken() -> None:
    asked: list[list[int]] = []

    def ties(positions: IntArray) -> FloatArray:
        asked.append(positions.tolist())
        return -positions.astype(np.float64)

    points = np.array([[0.0], [2.0], [-2.0], [1.0]])
    assert farthest_first(points, 2, np.abs(points[:, 0]), ties)[0].tolist() == [2, 1]
    assert asked == [[1, 2]]


@pytest.mark.parametrize(
    ("points", "distances"),
    [
        (np.array([[np.nan]]), np.zeros(1)),
        (np.zeros((2, 1)), np.zeros(3)),
        (np.zeros((2, 1)), np.array([1.0, np.nan])),
        (np.zeros((2, 1)), np.array([1.0, -1.0])),
        (np.array([["a"]]), np.zeros(1)),
    ],
)
def test_what_cannot_be_measured_is_refused(points: Array, distances: FloatArray) -> None:
    with pytest.raises(InputError, match=r"allowed|not finite"):
        farthest_first(points, 1, distances, lambda rows: rows.astype(float))


def test_what_is_given_stays_as_it_is() -> None:
    points, distances = np.random.default_rng(0).random((50, 2)), np.full(50, np.inf)
    farthest_first(points, 20, distances, lambda rows: rows.astype(float))
    assert np.isinf(distances).all()
