"""Near hashes against comparing all with all, for every radius, and at a size where that would not fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.errors import ConfigurationError
from activeloop.metrics import hamming


def distances(hashes: list[int]) -> list[tuple[int, int, int]]:
    every = range(len(hashes))
    return [(i, j, (hashes[i] ^ hashes[j]).bit_count()) for i in every for j in every if i < j]


@given(st.lists(st.integers(0, 2**12 - 1), max_size=40), st.integers(0, 12))
def test_pairs_are_those_of_comparing_all_with_all(hashes: list[int], radius: int) -> None:
    spread = [(one & 63) | (one >> 6) << 40 for one in hashes]  # at both ends of 48 bits
    found = hamming.pairs(np.array(spread, dtype=float), radius, 48)
    expected = [one for one in distances(spread) if one[2] <= radius]
    assert [tuple(one) for one in zip(*(part.tolist() for part in found), strict=True)] == expected


@pytest.mark.parametrize("radius", [0, 3, 11, 12, 24, 48])
def test_no_pair_is_lost_where_bands_change(radius: int) -> None:
    random = np.random.default_rng(0)
    base = random.integers(0, 2**48, 20).tolist()
    near = [one ^ int(np.bitwise_or.reduce(1 << random.choice(48, radius, False), initial=0)) for one in base]
    found = hamming.pairs(np.array(base + near, dtype=float), radius, 48)
    assert {(at, at + 20) for at in range(20)} <= set(
        zip(found.first.tolist(), found.second.tolist(), strict=True)
    )
    assert (found.distance <= radius).all()


def test_groups_hang_together_and_are_sorted() -> None:
    chain = [0b0, 0b1, 0b11, 0b111]  # ends are 3 apart
    hashes = np.array([*chain, np.nan, 2.0**47 - 2**40, 2.0**47 - 2**40 + 1, np.nan])
    assert [one.tolist() for one in hamming.groups(hashes, 1, 48)] == [[0, 1, 2, 3], [5, 6]]
    assert hamming.groups(hashes, 0, 48) == []
    assert hamming.groups(np.full(3, np.nan), 4, 48) == []
    assert hamming.groups(np.empty(0), 4, 48) == []


def test_many_equal_hashes_are_one_group_at_no_cost() -> None:
    groups = hamming.groups(np.full(200_000, 7.0), 4, 48)  # 2e10 pairs
    assert [len(one) for one in groups] == [200_000]


def test_a_hundred_thousand_in_little_memory() -> None:
    random = np.random.default_rng(0)
    hashes = random.integers(0, 2**48, 100_000)
    hashes[1::1000] = hashes[::1000] ^ 0b101
    groups = hamming.groups(hashes.astype(float), 2, 48)
    assert [one.tolist() for one in groups] == [[at, at + 1] for at in range(0, 100_000, 1000)]


@pytest.mark.parametrize("radius", [-1, 49, 1.5, "two", None])
def test_a_radius_that_is_none(radius: int) -> None:
    with pytest.raises(ConfigurationError, match=r"radius=.*; allowed: a whole number of bits, 0 to 48"):
        hamming.pairs(np.array([1.0, 2.0]), radius, 48)


def test_bits_are_counted_without_numpy_2() -> None:
    keys = np.random.default_rng(0).integers(0, 2**52, 100, dtype=np.uint64)
    assert hamming._table_popcount(keys).tolist() == [int(one).bit_count() for one in keys]
    assert hamming.popcount(keys).tolist() == hamming._table_popcount(keys).tolist()
