"""Pool, holdout and their items: ids, not positions; nothing changes; nothing is copied."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.errors import DataError, SliceError
from activeloop.items import BLOCK
from activeloop.loop import Loop
from activeloop.pool import Holdout, Pool


@given(st.permutations(range(12)), st.booleans())
def test_items_are_found_by_id_wherever_they_stand(order: list[int], text: bool) -> None:
    ids = np.array([f"item {at}" if text else at * 3 for at in order])
    data = al.Dataset(np.array(order, dtype=float)[:, None], ids=ids)
    pool = Pool(data, np.arange(2, 12))
    wanted = pool.ids[[7, 0, 7]]
    assert pool.find(wanted).tolist() == [7, 0, 7]
    assert pool.rows(pool.find(wanted))[:, 0].tolist() == [order[9], order[2], order[9]]
    assert pool.find([]).tolist() == []


@pytest.mark.parametrize("wrong", ["x", 99, 1.0, None, True, (1, 2)])
def test_an_id_that_is_not_here_is_named(wrong: object) -> None:
    pool = Pool(al.load("iris"), np.arange(10))
    with pytest.raises(DataError, match=r"no item has the id .*; ids here look like 0"):
        pool.find([0, wrong] if isinstance(wrong, str | int) and not isinstance(wrong, bool) else [wrong])


def test_a_pool_larger_than_a_block_is_read_block_by_block() -> None:
    n = BLOCK + 10
    pool = Pool(al.Dataset(np.arange(n, dtype=np.float32)[:, None]), np.arange(n)[::-1])
    parts = [(ids.tolist(), features[:, 0].tolist()) for ids, features in pool.blocks()]
    assert [len(ids) for ids, _ in parts] == [BLOCK, 10]
    assert all(ids == features for ids, features in parts)


def test_a_large_memory_map_runs_block_by_block(tmp_path: object) -> None:
    n = BLOCK + 500
    features = np.memmap(f"{tmp_path}/features", dtype=np.float32, mode="w+", shape=(n, 2))
    features[:] = np.random.default_rng(0).normal(size=(n, 2))
    pool, holdout = al.Dataset(features, (np.asarray(features).sum(axis=1) > 0).astype(int)).split(
        100, seed=0
    )
    loop = Loop(GaussianNB(), pool, strategy="margin", holdout=holdout, batch_size=20)
    *_, last = loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(60))
    assert (last.score("accuracy") or 0) > 0.8


def test_slices_are_added_to_a_new_holdout() -> None:
    _, holdout = al.load("iris").split(0.3, seed=0)
    sliced = holdout.slice_by("class").slice_where("early", "id < 40")
    assert [one.name for one in sliced.slices][-1] == "early"
    assert holdout.slices == ()
    assert sliced.members(sliced.slices[-1]).sum() == (holdout.ids < 40).sum()
    with pytest.raises(SliceError, match="early"):
        sliced.slice_where("early", "id < 50")


def test_a_holdout_of_other_classes_is_refused() -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)
    _, other = al.load("wine").split(0.3, seed=0)
    with pytest.raises(
        DataError, match=r"the classes of the pool, .*'setosa'.* are not those of the holdout"
    ):
        Loop(GaussianNB(), pool, strategy="random", holdout=other)


def test_a_holdout_without_labels_is_refused() -> None:
    with pytest.raises(DataError, match="the holdout has no labels: nothing can be scored"):
        Holdout(al.Dataset(np.eye(3)), np.arange(3))
