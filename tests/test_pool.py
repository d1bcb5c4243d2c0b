"""Pool, holdout and their items: ids, not positions; nothing changes; nothing is copied."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.errors import DataError, SliceError
from activeloop.items import BLOCK
from activeloop.loop import Loop
from activeloop.metrics.label_quality import label_quality
from activeloop.metrics.labels import annotator_agreement, class_frequency, conflicting_duplicates
from activeloop.pool import Holdout, Pool


@settings(deadline=None)
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


# metrics that slice --------------------------------------------------------------------------------------


def _noted(calls: list[int]) -> al.Metric:
    @al.metric("data", needs="features", vectorized=True)
    def ink(features: Any) -> Any:
        calls.append(len(features))
        return features.sum(axis=1)

    return ink


def test_a_metric_is_computed_once_however_often_slices_are_added() -> None:
    calls: list[int] = []
    ink = _noted(calls)
    pool, holdout = al.load("iris").split(0.3, seed=0)
    sliced = holdout.slice_by(ink, bins=2).slice_by("class").slice_where("much", "ink > 9 and id > 3")
    sliced = sliced.slice_by(ink, edges=[0.0, 50.0])
    assert [sliced.members(one).sum() for one in sliced.slices]
    for _ in range(2):
        Loop(GaussianNB(), pool, strategy="random", holdout=sliced)
    assert calls == [150], "once, of all items of the data set, for pool and holdout alike"


def test_values_are_of_the_rows_and_the_metric_that_they_were_computed_of() -> None:
    calls: list[int] = []
    _, holdout = al.load("iris").split(0.3, seed=0)
    sliced = holdout.slice_by(_noted(calls), bins=2)
    half = replace(sliced, positions=sliced.positions[:20])
    assert half.column("ink").tolist() == sliced.column("ink")[:20].tolist()
    twice = replace(sliced, metrics={"ink": al.Metric(lambda item: 2 * item.sum(), name="ink", kind="data")})
    assert np.allclose(twice.column("ink"), 2 * sliced.column("ink"))
    with pytest.raises(ValueError, match="read-only"):
        sliced.column("ink")[0] = 1.0


def test_values_do_not_keep_the_data_alive() -> None:
    data = al.Dataset(np.random.default_rng(0).normal(size=(40, 2)), [0, 1] * 20)
    alive = weakref.ref(data)
    holdout = data.split(0.5, seed=0)[1].slice_by(_noted([]), bins=2).slice_by(class_frequency)
    assert holdout.column("ink").shape == (20,)
    del data, holdout
    gc.collect()
    assert alive() is None


def test_another_metric_may_not_take_a_name() -> None:
    _, holdout = al.load("iris").split(0.3, seed=0)
    sliced = holdout.slice_by(_noted([]), bins=2)
    with pytest.raises(SliceError, match="two metrics are named 'ink'"):
        sliced.slice_by(_noted([]), bins=3)
    sliced = holdout.slice_by(class_frequency)
    assert sliced.slice_by(class_frequency, edges=[0, 0.9]).metrics == sliced.metrics


def test_a_fitted_metric_means_the_same_on_the_holdout_and_on_the_pool() -> None:
    @al.metric("data", needs="features", vectorized=True, fit=lambda features: features.mean(axis=0))
    def far(mean: Any, features: Any) -> Any:
        return np.abs(features - mean).sum(axis=1)

    pool, holdout = al.load("iris").split(0.3, seed=0)
    sliced = holdout.slice_by(far, bins=2)
    loop = Loop(GaussianNB(), pool, strategy="random", holdout=sliced, batch_size=10)
    next(loop.run(al.oracles.simulated(pool)))
    mean = np.asarray(holdout.source.column("features")).mean(axis=0)  # of all items: no label is looked at
    cut = np.median(np.abs(holdout.rows(np.arange(45)) - mean).sum(axis=1))
    below = np.abs(pool.rows(np.arange(len(pool))) - mean).sum(axis=1) < cut
    history = loop.history.rounds[0]
    assert history.slices[0].pool_share == pytest.approx(below.mean())


def _skewed() -> tuple[Pool, Holdout]:
    rng = np.random.default_rng(0)
    labels = ["common"] * 150 + ["rare"] * 50
    votes = [["common", "rare"] if at % 4 == 0 else ["common"] * 2 for at in range(200)]
    features = rng.normal(size=(200, 3)) + np.array([[at >= 150] for at in range(200)])
    metadata = pd.DataFrame({"annotations": pd.Series(votes, dtype=object)})
    return al.Dataset(features, labels, metadata=metadata).split(0.4, seed=0)


def test_a_label_metric_slices_the_holdout() -> None:
    _, holdout = _skewed()
    rare = holdout.slice_by(class_frequency, edges=[0.0, 0.5, 1.0])
    assert [one.name for one in rare.slices] == ["class_frequency [0, 0.5)", "class_frequency [0.5, 1]"]
    assert (rare.members(rare.slices[0]) == (holdout.labels == "rare")).all()


@pytest.mark.parametrize("metric", [class_frequency, conflicting_duplicates], ids=lambda one: one.name)
def test_counts_of_a_batch_do_not_tell_of_the_labels_of_the_holdout(metric: al.Metric) -> None:
    pool, holdout = _skewed()
    sliced = holdout.slice_by(metric, bins=1).slice_by("class")
    loop = Loop(GaussianNB(), pool, strategy="margin", holdout=sliced, batch_size=10)
    for closed in loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(30)):
        assert [one.slice for one in closed.slices] == ["class common", "class rare"]
        assert {row.slice for row in closed.scores} >= {one.name for one in sliced.slices}


def test_counts_of_a_batch_read_the_labels_that_were_told() -> None:
    @al.metric("label", needs=("label", "label_code"))
    def told(label: str, code: int) -> int:
        return len(label) + 100 * code

    pool, holdout = _skewed()
    sliced = holdout.slice_by(told, edges=[0, 100, 200]).slice_by(annotator_agreement, edges=[0, 0.5, 1])
    sliced = sliced.slice_where("code", "label_code == 1")
    loop = Loop(GaussianNB(), pool, strategy="random", holdout=sliced, batch_size=10)
    for closed in loop.run(_liar, stop=al.stopping.budget(30)):
        counts = {one.slice: one for one in closed.slices}
        assert counts["told [100, 200]"].bought == counts["code"].bought == 10  # all were said to be rare
        assert counts["told [0, 100)"].bought == 0
        assert counts["told [0, 100)"].pool_share is None
        disputed = counts["annotator_agreement [0, 0.5)"]
        assert disputed.n_labeled_in_slice == (loop.labeled.ids % 4 == 0).sum()


def _liar(query: Any) -> Any:
    return ["rare"] * len(query)


def test_nothing_but_the_oracle_reads_the_labels_of_the_pool() -> None:
    labels = np.array([0, 1] * 10)
    pool, holdout = al.Dataset(np.eye(20), labels).split(0.3, seed=0)
    other = al.Dataset(np.eye(20), np.where(np.isin(np.arange(20), pool.ids), 1 - labels, labels))
    same = Pool(other, pool.positions)
    sliced = holdout.slice_by(class_frequency).slice_by(conflicting_duplicates, bins=1)
    turned = (
        Holdout(other, holdout.positions).slice_by(class_frequency).slice_by(conflicting_duplicates, bins=1)
    )
    assert sliced.slices == turned.slices
    first, second = (
        Loop(GaussianNB(), one, strategy="random", holdout=two, batch_size=5).ask().ids
        for one, two in ((pool, sliced), (same, turned))
    )
    assert first == second
    for name in ("label", "label_code"):
        with pytest.raises(DataError, match="the labels of the pool are not to be seen"):
            pool.blind(name)


def test_what_changes_with_the_model_defines_no_slice() -> None:
    _, holdout = al.load("iris").split(0.3, seed=0)
    with pytest.raises(SliceError, match="'entropy' changes with the model"):
        holdout.slice_by(al.metrics.entropy)
    with pytest.raises(SliceError, match=r"'label_quality' cannot define a slice: .*'probabilities'"):
        holdout.slice_by(label_quality)
