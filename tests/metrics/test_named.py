"""Metrics by name: as slices, in expressions, as strategies; fitted and computed once for all parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.data import Dataset
from activeloop.errors import DataError, MetricError, SliceError, StoreError
from activeloop.loop import Loop
from activeloop.metrics import named as naming
from activeloop.metrics.kept import values_of
from activeloop.metrics.metric import Metric, metric
from activeloop.pool import Pool
from activeloop.store import MemoryStore

CALLS: list[int] = []


@metric("data", needs="size", vectorized=True, fit=lambda sizes: float(np.mean(sizes)))
def relative_size(mean: float, sizes: Any) -> Any:
    """Size over the mean size of the data set."""
    CALLS.append(len(sizes))
    return sizes / mean


def data(**metadata: Any) -> Dataset:
    size = np.arange(1.0, 101.0)
    return Dataset(size[:, None], np.arange(100) % 2, metadata={"size": size, **metadata})


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if relative_size came with the package."""
    monkeypatch.setattr(naming, "built_in", lambda: {"relative_size": relative_size})


def test_a_name_is_a_column_first_and_a_metric_else(known: None) -> None:
    _, holdout = data().split(0.5, seed=0)
    sliced = holdout.slice_by("relative_size", bins=2)
    assert list(sliced.metrics) == ["relative_size"]
    _, other = data(relative_size=np.full(100, 7)).split(0.5, seed=0)
    assert other.slice_by("relative_size").metrics == {}
    with pytest.raises(DataError, match="unknown column 'relative_sise'"):
        holdout.slice_by("relative_sise")


def test_an_expression_may_speak_of_a_metric(known: None) -> None:
    _, holdout = data().split(0.5, seed=0)
    sliced = holdout.slice_where("big ones", "relative_size > 1 and label == 1")
    inside = sliced.members(sliced.slices[0])
    assert inside.tolist() == ((holdout.column("size") > 50.5) & (holdout.labels == 1)).tolist()


def test_a_plug_in_is_found_by_its_place_and_what_is_no_metric_is_told() -> None:
    assert naming.named(f"{__name__}:relative_size") is relative_size
    assert naming.named("no_such_metric") is None
    with pytest.raises(MetricError, match="'math:pi' is a float, not a metric"):
        naming.named("math:pi")


def test_a_fitted_metric_is_fitted_on_the_whole_data_set_and_computed_once_for_all_its_parts() -> None:
    CALLS.clear()
    pool, holdout = data().split(0.3, seed=0)
    pool, guide = pool.split_guide(0.2, seed=0)
    sliced = holdout.slice_by(relative_size, bins=3)
    assert sliced.column("relative_size").tolist() == (holdout.column("size") / 50.5).tolist()
    loop = al.Loop(GaussianNB(), pool, strategy="margin", guide=guide, holdout=sliced, batch_size=5)
    loop.ask()
    assert CALLS == [100]


def test_values_live_as_long_as_the_data_set_and_belong_to_one_metric() -> None:
    CALLS.clear()
    one, other = data(), data()
    assert values_of(one, relative_size) is values_of(one, relative_size)
    values_of(
        one,
        Metric(
            relative_size.function,
            "relative_size",
            "data",
            needs=("size",),
            fit=lambda x: 2.0,
            vectorized=True,
        ),
    )
    values_of(other, relative_size)
    assert CALLS == [100, 100, 100]
    with pytest.raises(ValueError, match="read-only"):
        values_of(one, relative_size)[0] = 1.0


def test_a_metric_that_computes_something_else_is_another_run() -> None:
    pool, holdout = data().split(0.3, seed=0)

    def loop(power: float, store: Any) -> Loop:
        def sized(size: float) -> float:
            return float(size**power)

        sliced = holdout.slice_by(Metric(sized, "sized", "data", needs=("size",)), edges=[0, 50, 100])
        return Loop(GaussianNB(), pool, strategy="margin", holdout=sliced, store=store)

    store = MemoryStore()
    loop(1.0, store)
    loop(1.0, store)
    with pytest.raises(StoreError, match="another configuration: metrics"):
        loop(0.99, store)


def test_two_metrics_of_one_name_are_refused() -> None:
    _, holdout = data().split(0.5, seed=0)
    other = Metric(lambda size: size, "relative_size", "data", needs=("size",))
    with pytest.raises(SliceError, match="two metrics are named 'relative_size'"):
        holdout.slice_by(relative_size, bins=2).slice_by(other, bins=3)


def test_a_metric_of_labels_is_computed_from_the_items_alone_and_never_for_a_pool() -> None:
    seen: list[int] = []

    def same(share: float, codes: Any) -> Any:
        return codes == share

    def fit(codes: Any) -> float:
        seen.append(len(codes))
        return 1.0

    labels = Metric(same, "same", "label", needs=("label_code",), vectorized=True, fit=fit)
    pool, holdout = data().split(0.3, seed=0)
    sliced = holdout.slice_by(labels, edges=[0, 0.5, 1])
    assert set(seen) == {30}
    knowing = Pool(pool.source, pool.positions, sliced.metrics)
    for name in ("label", "label_code", "same"):
        with pytest.raises(DataError, match=r"labels.* not to be seen"):
            knowing.blind(name)
    loop = al.Loop(GaussianNB(), pool, strategy="margin", holdout=sliced, batch_size=10)
    *_, last = loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(20))
    assert set(seen) <= {30, 10, 20}, "the pool's labels were read"
    assert last.slices == (), "it was fitted on labels of the holdout, which the counts would tell of"


def test_candidates_have_the_code_of_the_predicted_label() -> None:
    pool, _ = data().split(0.3, seed=0)
    seen: list[Any] = []

    def watching(candidates: Any) -> Any:
        seen.append((candidates.column("label_code"), candidates.predicted))
        return np.zeros(len(candidates))

    loop = al.Loop(GaussianNB(), pool, strategy=watching, batch_size=10)
    list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(20)))
    assert seen[0][0].tolist() == seen[0][1].tolist()


def test_a_metric_by_name_ranks_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    from activeloop import settings

    monkeypatch.setattr(settings, "built_in", lambda: {"relative_size": relative_size})
    pool, _ = data().split(0.3, seed=0)
    loop = al.Loop(GaussianNB(), pool, strategy="relative_size", start="relative_size", batch_size=3)
    assert loop.ask().ids == tuple(sorted(pool.ids.tolist())[:-4:-1])
    assert settings.named_strategy("entropy") == settings.named_strategy(al.strategies.entropy)


def test_each_batch_is_described_by_the_means_of_what_cuts_slices() -> None:
    pool, holdout = data(ink=[None] * 50 + [2.0] * 50).split(0.3, seed=0)
    sliced = holdout.slice_by("size", bins=2).slice_by(relative_size, bins=2).slice_by("ink", bins=2)
    loop = al.Loop(GaussianNB(), pool, strategy="margin", holdout=sliced, batch_size=10)
    rounds = list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(20)))
    sizes = pool.column("size")
    first, second = ({one.column: one for one in each.means} for each in rounds)
    assert list(first) == ["size", "relative_size", "ink"]
    assert first["size"].bought == first["size"].labeled
    known = [one["size"].bought or 0.0 for one in (first, second)]
    assert second["size"].labeled == pytest.approx(sum(known) / 2)
    assert second["size"].pool == pytest.approx(sizes.mean())
    assert second["relative_size"].bought == pytest.approx(known[1] / 50.5)
    assert {one.pool for one in (first["ink"], second["ink"])} == {2.0}
    frame = loop.history.means_frame()
    assert frame.columns.tolist() == ["round", "n_labeled", "column", "bought", "labeled", "pool"]
    assert len(frame) == 6
