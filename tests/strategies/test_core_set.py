"""Core-Set: the picks of a plain reference, by features and embeddings; what has no distances is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.dummy import DummyClassifier
from sklearn.metrics import pairwise_distances

import activeloop as al
from activeloop.errors import ConfigurationError, StrategyError
from activeloop.testing import check_strategy

core_set = al.strategies.core_set
LABELS = [0, 1] * 30


def loop_of(data: al.Dataset, strategy: object = core_set, batch_size: int = 6) -> al.Loop:
    pool = data.pool().starting_with(data.ids[:4])
    return al.Loop(DummyClassifier(), pool, strategy=strategy, batch_size=batch_size)


def greedy(places: np.ndarray, n: int) -> list[int]:
    """Choose by the whole matrix of distances, anew for every pick."""
    labeled = list(range(4))
    for _ in range(n):
        gaps = pairwise_distances(places, places[labeled]).min(axis=1)
        gaps[labeled] = -1
        labeled.append(int(gaps.argmax()))
    return labeled[4:]


def test_it_keeps_the_contract() -> None:
    check_strategy(core_set)
    check_strategy(core_set.with_parameters(by="embedding"))


@pytest.mark.parametrize("batch_size", [1, 6, 56])
def test_the_picks_are_those_of_the_reference(batch_size: int) -> None:
    points = np.random.default_rng(0).normal(size=(60, 5))
    loop = loop_of(al.Dataset(points, LABELS), batch_size=batch_size)
    list(loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(0)))
    query = loop.ask()
    assert list(query.ids) == greedy(points, batch_size)
    utilities = [ask.utility for ask in query.asks]
    assert utilities == sorted(utilities, reverse=True)  # type: ignore[type-var]


def test_a_batch_is_what_single_asks_would_be() -> None:
    data = al.Dataset(np.random.default_rng(1).normal(size=(60, 3)), LABELS)
    one, many = loop_of(data, batch_size=1), loop_of(data, batch_size=10)
    singles: list[int | str] = []
    for _ in range(10):
        singles.extend(one.ask().ids)
        one.tell(dict.fromkeys(singles[-1:], 0))
    assert singles == list(many.ask().ids)


def test_texts_and_sparse_rows_lie_where_their_embedding_is() -> None:
    places = np.random.default_rng(2).normal(size=(60, 3))
    texts = [f"text {row}" for row in range(60)]
    for features in (texts, sparse.csr_array(np.eye(60))):
        data = al.Dataset(features, LABELS).with_embedding(places)
        assert list(loop_of(data).ask().ids) == greedy(places.astype(np.float32), 6)


def test_an_embedding_of_ones_own_is_taken_when_it_is_asked_for() -> None:
    points, places = np.random.default_rng(3).normal(size=(2, 60, 3))
    data = al.Dataset(points, LABELS).with_embedding(places)
    assert list(loop_of(data).ask().ids) == greedy(points, 6)
    by_embedding = core_set.with_parameters(by="embedding")
    assert list(loop_of(data, by_embedding).ask().ids) == greedy(places.astype(np.float32), 6)


def test_features_without_distances_are_refused_with_the_way_out() -> None:
    data = al.Dataset(sparse.csr_array(np.eye(60)), LABELS)
    with pytest.raises(StrategyError, match=r'rows of numbers.*with_parameters\(by="embedding"\)'):
        loop_of(data, core_set.with_parameters(by="features")).ask()


def test_a_missing_number_is_named() -> None:
    points = np.random.default_rng(0).normal(size=(60, 2))
    points[7, 1] = np.nan
    with pytest.raises(StrategyError, match="row 3 holds a value that is not finite"):
        loop_of(al.Dataset(points, LABELS)).ask()


def test_another_space_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="unknown space 'embeding'; did you mean 'embedding'"):
        core_set.with_parameters(by="embeding")


def test_with_nothing_labeled_the_first_pick_is_at_random_and_the_rest_lie_far() -> None:
    points = np.concatenate([np.random.default_rng(0).normal(size=(57, 2)), [[99, 0], [0, 99], [-99, 0]]])
    firsts = set()
    for seed in range(5):
        pool = al.Dataset(points, LABELS).pool()
        loop = al.Loop(DummyClassifier(), pool, strategy=core_set, start=core_set, batch_size=5, seed=seed)
        query = loop.ask()
        assert len({57, 58, 59} & set(query.ids)) == 3
        assert query.asks[0].utility is None  # infinitely far from nothing
        firsts.add(query.ids[0])
    assert len(firsts) > 1
