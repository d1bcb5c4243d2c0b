"""The guide: what a strategy sees of it, what it never sees, and runs that are broken off and resumed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.candidates import Candidates, GuideScores
from activeloop.errors import ConfigurationError, DataError, SliceError, StoreError
from activeloop.loop import Loop
from activeloop.metrics.metric import Metric
from activeloop.pool import Holdout, Pool
from activeloop.store import MemoryStore

SLICE_AWARE = al.strategies.slice_aware(al.strategies.margin, bound="low", share=0.5)


def parts(seed: int = 0) -> tuple[Pool, Holdout, Holdout]:
    pool, holdout = al.load("iris").split(0.3, seed=seed)
    return *pool.split_guide(0.2, seed=seed), holdout.slice_by("petal_length", bins=3)


def loop(strategy: Any = SLICE_AWARE, **changed: Any) -> Loop:
    pool, guide, holdout = parts()
    usual: dict[str, Any] = {"guide": guide, "holdout": holdout, "batch_size": 4, "start_size": 9}
    return Loop(GaussianNB(), pool, strategy=strategy, **usual | changed)


def test_pool_guide_and_holdout_share_no_item_and_hang_on_id_and_seed() -> None:
    whole, holdout = al.load("iris").split(0.3, seed=0)
    pool, guide = whole.split_guide(0.2, seed=0)
    ids = [set(part.ids.tolist()) for part in (pool, guide, holdout)]
    assert [len(one) for one in ids] == [84, 21, 45]
    assert len(set.union(*ids)) == 150
    turned = Pool(whole.source, np.random.default_rng(0).permutation(whole.positions))
    assert set(turned.split_guide(21, seed=0)[1].ids.tolist()) == ids[1]
    assert set(whole.split_guide(21, seed=1)[1].ids.tolist()) != ids[1]


def test_only_items_with_a_label_can_guide() -> None:
    labels = ["a", "b", None, None, None, "a", None, "b", None, None]
    pool = al.Dataset(np.eye(10), labels).pool()
    left, guide = pool.split_guide(0.5, seed=0)
    assert len(guide) == 2
    assert set(guide.ids.tolist()) <= {0, 1, 5, 7}
    assert len(left) == 8
    with pytest.raises(DataError, match="no label of the pool is known"):
        al.Dataset(np.eye(3)).pool().split_guide(0.5)


@pytest.mark.parametrize("wrong", [0, 1.0, -0.1, 10, True, "0.1", None])
def test_a_share_or_count_that_cannot_be_is_told(wrong: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=r"guide is .*; allowed: a share between 0 and 1, or a count"
    ):
        al.Dataset(np.eye(10), [0, 1] * 5).pool().split_guide(wrong)


def test_a_strategy_sees_the_guide_scored_by_the_newest_model_and_nothing_of_the_holdout() -> None:
    seen: list[GuideScores | None] = []

    def watching(candidates: Candidates) -> Any:
        seen.append(candidates.guide)
        return np.zeros(len(candidates))

    made = loop(watching)
    list(made.run(al.oracles.simulated(made.pool), stop=al.stopping.budget(17)))
    assert len(seen) == 2
    last = seen[-1]
    assert last is not None
    _, guide, holdout = parts()
    assert last.slices == holdout.slices
    assert {row.slice for row in last.rows} == {"all", *(one.name for one in holdout.slices)}
    assert sum(row.n for row in last.rows if row.slice != "all") == len(guide)
    # The model that ranked the last batch knew the 13 labels of the rounds before it.
    first = loop(watching)
    list(first.run(al.oracles.simulated(first.pool), stop=al.stopping.budget(13)))
    expected = (first.fitted.predict(guide.rows(np.arange(len(guide)))) == guide.labels).mean()
    assert last.rows[0].value == pytest.approx(expected)


def test_without_a_guide_there_is_none_and_the_run_is_configured_as_before() -> None:
    seen: list[Any] = []

    def watching(candidates: Candidates) -> Any:
        seen.append(candidates.guide)
        return np.zeros(len(candidates))

    plain, guided = MemoryStore(), MemoryStore()
    made = loop(watching, guide=None, store=plain)
    list(made.run(al.oracles.simulated(made.pool), stop=al.stopping.budget(13)))
    assert seen == [None]
    loop(watching, store=guided)
    known, now = (json.loads(store._runs["run"][0]) for store in (plain, guided))
    assert "guide" not in known
    assert len(now["guide"]) == 1 + 3
    assert {key: value for key, value in now.items() if key != "guide"} == known


def test_the_guide_of_a_run_cannot_be_changed_under_it(tmp_path: Path) -> None:
    loop(store=tmp_path / "run.db")
    pool, other = al.load("iris").split(0.3, seed=0)[0].split_guide(0.2, seed=5)
    assert len(pool) == 84
    with pytest.raises((StoreError, DataError)):
        loop(store=tmp_path / "run.db", guide=other)
    loop("margin", store=tmp_path / "other.db")
    with pytest.raises(StoreError, match="another configuration: guide"):
        loop("margin", store=tmp_path / "other.db", guide=None)


def test_every_prefix_of_the_events_of_a_guided_run_leads_to_the_same_end() -> None:
    store = MemoryStore()
    whole = loop(store=store)
    oracle, stop = (
        al.oracles.simulated(whole.pool, noise=al.oracles.uniform_noise(0.2)),
        al.stopping.budget(29),
    )
    list(whole.run(oracle, stop))
    known, events = store._runs["run"]
    assert len(whole.history) == 6
    for length in range(len(events)):
        broken = MemoryStore()
        broken._runs["run"] = (known, list(events[:length]))
        again = loop(store=broken)
        list(again.run(oracle, stop))
        assert broken._runs["run"][1] == events, f"after {length} events"
        assert again.history == whole.history, f"after {length} events"


def test_the_slices_of_the_guide_may_be_its_own() -> None:
    pool, guide, holdout = parts()
    own = guide.slice_by("class")
    made = Loop(GaussianNB(), pool, strategy=SLICE_AWARE, guide=own, holdout=holdout)
    assert made._guide is not None
    assert [one.name for one in made._guide.items.slices] == [
        "class setosa",
        "class versicolor",
        "class virginica",
    ]


def test_a_slice_of_the_holdout_without_an_item_in_the_guide_guides_nobody() -> None:
    _, guide, holdout = parts()
    first = guide.ids.tolist()
    alone = next(one for one in holdout.ids.tolist() if one not in first)
    made = loop(holdout=holdout.slice_where("alone", f"id == {alone}"))
    assert made._guide is not None
    assert "alone" not in [one.name for one in made._guide.items.slices]


def test_shared_items_are_told() -> None:
    whole, holdout = al.load("iris").split(0.3, seed=0)
    pool, guide = whole.split_guide(0.2, seed=0)
    for wrong, said in (
        ({"on": whole}, "21 items are in the pool and in the guide"),
        ({"guide": holdout}, "45 items are in the holdout and in the guide"),
    ):
        given: dict[str, Any] = {"on": pool, "guide": guide} | wrong
        with pytest.raises(DataError, match=said):
            Loop(GaussianNB(), given["on"], strategy="random", guide=given["guide"], holdout=holdout)


def _wrong(label: Any) -> float:
    return float(label == "virginica")


def test_slices_by_a_metric_of_labels_cannot_guide() -> None:
    by_label = Metric(_wrong, name="is_virginica", kind="label", needs=("label",))
    holdout = parts()[2].slice_by(by_label, edges=[0, 0.5, 1])
    with pytest.raises(
        SliceError, match="metric 'is_virginica', which reads labels, and candidates have none"
    ):
        loop(holdout=holdout)
    made = loop("margin", guide=None, holdout=holdout)
    *_, last = made.run(al.oracles.simulated(made.pool), stop=al.stopping.budget(13))
    told = {one.slice: one for one in last.slices}
    labels = made.labeled.labels.tolist()
    assert told["is_virginica [0.5, 1]"].n_labeled_in_slice == labels.count("virginica")
    assert told["is_virginica [0.5, 1]"].pool_share is None


def test_a_guide_by_a_metric_finds_the_candidates_by_it() -> None:
    def area(features: Any) -> Any:
        return features[:, 2] * features[:, 3]

    petal_area = Metric(area, name="petal_area", kind="data", needs=("features",), vectorized=True)
    seen: list[Any] = []

    def watching(candidates: Candidates) -> Any:
        assert candidates.guide is not None
        inside = [candidates.members(one) for one in candidates.guide.slices]
        assert (np.sum(inside, axis=0) == 1).all()
        seen.append(candidates.column("petal_area") - area(np.asarray(candidates.features)))
        return np.zeros(len(candidates))

    pool, guide, holdout = parts()
    sliced = Holdout(holdout.source, holdout.positions).slice_by(petal_area, bins=2)
    made = Loop(GaussianNB(), pool, strategy=watching, guide=guide, holdout=sliced, batch_size=9)
    list(made.run(al.oracles.simulated(pool), stop=al.stopping.budget(18)))
    assert len(seen) == 1
    assert not np.any(seen[0])
