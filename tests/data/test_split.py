"""Splits: disjoint, complete, stratified within one, the same for a seed, and blind to the order of items."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.data import Dataset, split
from activeloop.errors import DataError

IDS = st.one_of(
    st.lists(st.integers(-(2**62), 2**62), min_size=2, max_size=60, unique=True),
    st.lists(st.text("abcdé09", max_size=8), min_size=2, max_size=60, unique=True),
)
SHARES = st.floats(0.01, 0.99)
SEEDS = st.integers(0, 2**32)


def held_ids(ids: Any, parts: split.Split) -> set[Any]:
    return set(np.asarray(ids)[parts.holdout].tolist())


@given(IDS, SHARES, SEEDS, st.data())
def test_a_chance_split_parts_all_items_and_hangs_on_ids(
    ids: list[Any], share: float, seed: int, draw: st.DataObject
) -> None:
    order = np.array(draw.draw(st.permutations(range(len(ids)))))
    parts = split.by_chance(np.array(ids), share, seed=seed)
    assert sorted([*parts.pool, *parts.holdout]) == list(range(len(ids)))
    assert 1 <= len(parts.holdout) < len(ids)
    assert abs(len(parts.holdout) - share * len(ids)) <= 1
    again = split.by_chance(np.array(ids)[order], share, seed=seed)
    assert held_ids(np.array(ids)[order], again) == held_ids(ids, parts)


@given(st.lists(st.integers(2, 30), min_size=1, max_size=12), SHARES, SEEDS)
def test_strata_are_held_out_within_one(sizes: list[int], share: float, seed: int) -> None:
    strata = np.repeat(np.arange(len(sizes)), sizes)
    n = len(strata)
    parts = split.by_chance(np.arange(n), share, seed=seed, strata=strata)
    got = np.bincount(strata[parts.holdout], minlength=len(sizes))
    wanted = min(max(int(share * n + 0.5), 1), n - 1)
    for held, size in zip(got, sizes, strict=True):
        assert held <= size - 1
        if wanted * max(sizes) / n <= min(sizes) - 1:  # no stratum had to hand on what it could not give
            assert abs(held - size * wanted / n) < 1
    assert len(parts.holdout) == min(wanted, sum(size - 1 for size in sizes))


@given(IDS, SHARES, SEEDS, st.data())
def test_a_stratified_split_hangs_on_ids(
    ids: list[Any], share: float, seed: int, draw: st.DataObject
) -> None:
    strata = np.array(draw.draw(st.lists(st.sampled_from("xy"), min_size=len(ids), max_size=len(ids))))
    if len(ids) == len(set(strata)):
        return
    order = np.array(draw.draw(st.permutations(range(len(ids)))))
    parts = split.by_chance(np.array(ids), share, seed=seed, strata=strata)
    again = split.by_chance(np.array(ids)[order], share, seed=seed, strata=strata[order])
    assert held_ids(np.array(ids)[order], again) == held_ids(ids, parts)


@given(st.lists(st.integers(0, 6), min_size=2, max_size=60), SHARES, SEEDS)
def test_groups_stay_whole(groups: list[int], share: float, seed: int) -> None:
    if len(set(groups)) < 2:
        return
    values = np.array(groups)
    parts = split.by_group(values, share, seed=seed)
    assert sorted([*parts.pool, *parts.holdout]) == list(range(len(groups)))
    assert len(parts.pool)
    assert len(parts.holdout)
    assert not set(values[parts.pool]) & set(values[parts.holdout])
    again = split.by_group(values[::-1], share, seed=seed)
    assert set(values[::-1][again.holdout]) == set(values[parts.holdout])


def test_seeds_differ_and_a_larger_holdout_contains_a_smaller() -> None:
    ids = np.arange(100)
    held = [held_ids(ids, split.by_chance(ids, 30, seed=seed)) for seed in range(20)]
    assert len({frozenset(one) for one in held}) == 20
    assert held[0] < held_ids(ids, split.by_chance(ids, 31, seed=0))
    # every item is held out about as often: 20 draws of 30 % have a standard deviation of 2.05
    assert abs(np.mean([50 in one for one in held]) * 20 - 6) < 5 * 2.05


def dataset(**others: Any) -> Dataset:
    return Dataset(np.arange(40).reshape(20, 2), ["a", "b"] * 10, **others)


def test_a_dataset_splits_by_class_by_default() -> None:
    pool, holdout = dataset().split(0.3, seed=3)
    assert (len(pool), len(holdout)) == (14, 6)
    assert sorted(dataset().column("label", holdout.positions)) == ["a"] * 3 + ["b"] * 3


def test_single_members_stay_in_the_pool() -> None:
    labels = ["rare", *["a"] * 9, *["b"] * 10]
    for seed in range(10):
        pool, holdout = Dataset(np.zeros((20, 1)), labels).split(0.5, seed=seed)
        assert 0 in pool.positions
        assert len(holdout) == 10


def test_items_without_a_label_are_not_held_out() -> None:
    labels = [0, 1] * 5 + [None] * 30
    pool, holdout = Dataset(np.zeros((40, 1)), labels).split(0.4)
    assert len(holdout) == 4
    assert holdout.positions.max() < 10
    assert len(pool) == 36


def test_a_holdout_without_labels_is_refused() -> None:
    data = Dataset(np.zeros((4, 1)), [0, 1, None, None], ids=list("abcd"), metadata={"part": [1, 1, 2, 2]})
    with pytest.raises(DataError, match=r"2 of 2 held-out items have no label.*first: 'c'.*with pool\(\)"):
        data.split([2], by="part")
    with pytest.raises(DataError, match="1 of 1 held-out items have no label"):
        Dataset(np.eye(2)).split(1)
    assert data.pool().ids.tolist() == list("abcd")


def test_a_regression_is_not_stratified() -> None:
    pool, holdout = Dataset(np.zeros((20, 1)), np.linspace(0, 1, 20)).split(0.25)
    assert (len(pool), len(holdout)) == (15, 5)


def test_a_column_can_stratify() -> None:
    data = dataset(metadata={"site": ["x"] * 10 + ["y"] * 10})
    _, holdout = data.split(4, stratify="site")
    assert sorted(data.column("site", holdout.positions)) == ["x", "x", "y", "y"]


def test_groups_time_and_official_parts() -> None:
    metadata = {
        "patient": np.repeat(list("abcde"), 4),
        "when": pd.date_range("2024-01-01", periods=20, tz="Europe/Oslo"),
        "year": np.repeat([2020, 2021], 10),
        "split": ["train"] * 12 + ["val"] * 3 + ["test"] * 5,
        "fold": np.tile([0, 1, 2, 3], 5),
    }
    data = dataset(metadata=metadata)
    calls: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "group": ((0.4,), {"by": "patient"}),
        "when": ((), {"by": "when", "at": "2024-01-18"}),
        "zone": ((), {"by": "when", "at": pd.Timestamp("2024-01-18", tz="Europe/Oslo")}),
        "year": ((), {"by": "year", "at": 2021}),
        "test": (("test",), {"by": "split"}),
        "two": ((["val", "test"],), {"by": "split"}),
        "fold": (([3],), {"by": "fold"}),
    }
    held = {
        name: data.split(*rest, **options)[1].positions.tolist() for name, (rest, options) in calls.items()
    }
    assert len(held["group"]) == 8
    assert held["when"] == [18, 19]  # dates are kept in UTC: Oslo's 18th begins at 23:00 of the 17th
    assert held["zone"] == [17, 18, 19]
    assert held["year"] == list(range(10, 20))
    assert held["test"] == list(range(15, 20))
    assert held["two"] == list(range(12, 20))
    assert held["fold"] == list(range(3, 20, 4))


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0.0,), {}, r"holdout=0.0; allowed: a share between 0 and 1"),
        ((1.0,), {}, r"holdout=1.0; allowed: a share"),
        ((float("nan"),), {}, r"holdout=nan; allowed: a share"),
        ((20,), {}, "holdout=20 of 20 items; allowed: a count from 1 to 19"),
        ((0,), {}, "holdout=0 of 20 items"),
        ((True,), {}, "holdout=True; allowed"),
        (("test",), {}, "holdout='test'; allowed: .* a part of the column by="),
        ((), {"at": 3}, "at=3 needs by="),
        ((), {"by": "site", "stratify": True}, "do not go together"),
        ((), {"by": "sit"}, "unknown column 'sit'; did you mean 'site'"),
        ((), {"by": "site"}, "all items are of one group"),
        (("y",), {"by": "site"}, "unknown part 'y'. Allowed: x"),
        (("x",), {"by": "site"}, "all items are of part x"),
        ((), {"by": "gap", "at": 1}, "item 19 has no time"),
        ((), {"by": "year", "at": 2022}, "no item is at or after 2022"),
        ((), {"by": "year", "at": "soon"}, "at='soon' cannot be compared"),
        ((), {"by": "when", "at": "soon"}, "at='soon' cannot be compared"),
    ],
)
def test_splits_that_cannot_be_made_are_refused(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    metadata = {
        "site": ["x"] * 20,
        "gap": [1.0] * 19 + [None],
        "year": range(2001, 2021),
        "when": pd.date_range("2024-01-01", periods=20),
    }
    with pytest.raises(DataError, match=message):
        dataset(metadata=metadata).split(*arguments, **options)


def test_too_few_items_are_refused() -> None:
    with pytest.raises(DataError, match="there are 1 items to split"):
        Dataset([[1]], [1]).split()
    with pytest.raises(DataError, match="every class has a single item"):
        Dataset([[1], [2]], ["a", "b"]).split()
