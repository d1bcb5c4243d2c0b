"""Neighbors, copies and variety: by hand, against scikit-learn, and blind to the order of items."""

from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

from activeloop.arrays import Array, FloatArray
from activeloop.errors import DataError
from activeloop.kernels import nearest
from activeloop.metrics import Metric, Table, Values
from activeloop.metrics.diversity import diversity_rank
from activeloop.metrics.duplicates import NEAR, duplicates
from activeloop.metrics.neighborhood import Neighborhood
from activeloop.metrics.neighbors import (
    density,
    kth_distance,
    local_outlier_factor,
    nearest_distance,
    typicality,
)
from activeloop.metrics.uniqueness import uniqueness

OF_NEIGHBORS = (nearest_distance, kth_distance, typicality, density, local_outlier_factor)
CLOUD = np.random.default_rng(0).normal(size=(300, 5))


def table(at: Any, ids: Any = None) -> Table:
    at = np.asarray(at, dtype=np.float64)
    at = at if at.ndim == 2 else at[:, None]
    return Table({"embedding": at, "id": np.arange(len(at)) if ids is None else np.asarray(ids)})


def values(metric: Metric, at: Any, ids: Any = None, **parameters: Any) -> FloatArray:
    return metric.with_parameters(**parameters).over(table(at, ids)).values


def test_distances_equal_scikit_learn() -> None:
    distances, _ = NearestNeighbors(n_neighbors=7, algorithm="brute").fit(CLOUD).kneighbors()
    assert values(nearest_distance, CLOUD) == pytest.approx(distances[:, 0])
    assert values(kth_distance, CLOUD, k=7) == pytest.approx(distances[:, 6])
    assert values(typicality, CLOUD, k=7) == pytest.approx(1 / (distances.mean(axis=1) + 1e-5))


@pytest.mark.parametrize("n", [300, 12])
def test_the_local_outlier_factor_equals_scikit_learn(n: int) -> None:
    k = min(20, n - 1)
    peer = LocalOutlierFactor(n_neighbors=k).fit(CLOUD[:n])
    assert values(local_outlier_factor, CLOUD[:n]) == pytest.approx(-peer.negative_outlier_factor_)
    assert values(density, CLOUD[:n]) == pytest.approx(peer._lrd)


def test_new_items_are_asked_of_the_reference_alone() -> None:
    peer = LocalOutlierFactor(n_neighbors=20, novelty=True).fit(CLOUD)
    new = table(CLOUD[:50] + 0.1, np.arange(50))  # with ids that the reference has, too
    found = local_outlier_factor.over(new, local_outlier_factor.fitted(table(CLOUD))).values
    assert found == pytest.approx(-peer.score_samples(CLOUD[:50] + 0.1))
    assert (
        nearest_distance.over(new, nearest_distance.fitted(table(CLOUD))).values <= np.sqrt(5) * 0.1 + 1e-9
    ).all()


def test_the_cosine_distance_is_a_parameter() -> None:
    peer = NearestNeighbors(n_neighbors=3, algorithm="brute", metric="cosine").fit(CLOUD)
    found = values(kth_distance, CLOUD, k=3, distance="cosine")
    assert found == pytest.approx(peer.kneighbors()[0][:, 2])


@pytest.mark.parametrize("metric", [*OF_NEIGHBORS, uniqueness])
def test_one_item_has_no_neighbor(metric: Metric) -> None:
    assert metric.over(table([5.0])).reasons == {0: "no_neighbor"}
    assert len(metric.over(table(np.zeros((0, 1)))).values) == 0


def test_fewer_than_k_others_all_count() -> None:
    assert values(kth_distance, [0.0, 1.0, 3.0], k=10).tolist() == [3.0, 2.0, 3.0]
    assert values(typicality, [0.0, 1.0, 3.0], k=10) == pytest.approx([1 / 2.00001, 1 / 1.50001, 1 / 2.50001])


def test_copies_of_one_item_have_finite_values() -> None:
    same = np.full((30, 2), 7.0)
    assert (values(kth_distance, same) == 0).all()
    assert values(typicality, same) == pytest.approx(1e5)
    assert values(density, same) == pytest.approx(1e10)
    assert values(local_outlier_factor, same) == pytest.approx(1)


def test_an_item_hidden_by_its_copies_is_not_its_own_neighbor() -> None:
    found = Neighborhood(np.zeros((50, 1)), np.arange(50)).own(5)
    assert (found.positions != np.arange(50)[:, None]).all()


def test_uniqueness_by_hand() -> None:
    assert values(uniqueness, [1.0, 1.0, 4.0, 6.0]).tolist() == [3.0, 0.0, 2.0, 2.0]


@pytest.mark.parametrize("copies", [2, 15, 200])
def test_more_copies_than_neighbors_still_leave_one_that_is_far_from_the_rest(copies: int) -> None:
    # Encord Active drops an item all of whose 30 neighbors are copies; FiftyOne divides by a maximum of 0.
    at = np.array([2.0] * copies + [5.0])
    found = uniqueness.over(table(at))
    assert found.values.tolist() == [3.0] + [0.0] * (copies - 1) + [3.0]
    assert found.reasons == {}


def test_crowds_of_near_copies_are_seen_through() -> None:
    random = np.random.default_rng(1)
    crowd = 1 + random.normal(size=(400, 3)) * 1e-8
    found = values(uniqueness, np.concatenate([crowd, [[9.0, 1.0, 1.0]]]))
    assert np.count_nonzero(found) == 2
    assert found[[0, 400]] == pytest.approx([8, 8])


def test_all_alike_is_defined() -> None:
    found = uniqueness.over(table(np.full(40, 3.0)))
    assert found.values[1:].tolist() == [0.0] * 39
    assert found.reasons == {0: "all_copies"}


def test_all_zero_rows_are_copies() -> None:
    assert values(uniqueness, [[0.0, 0.0], [0.0, -0.0], [1.0, 0.0]]).tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("metric", [*OF_NEIGHBORS, uniqueness, diversity_rank])
def test_the_order_of_items_changes_nothing(metric: Metric) -> None:
    random = np.random.default_rng(2)
    at = np.concatenate([random.normal(size=(60, 3)), np.zeros((40, 3)), random.integers(0, 2, (50, 3))])
    ids = np.array([f"item {one}" for one in random.permutation(150)])
    order = random.permutation(150)
    np.testing.assert_array_equal(values(metric, at, ids)[order], values(metric, at[order], ids[order]))


def test_a_new_copy_of_a_reference_item_counts_nothing() -> None:
    reference = uniqueness.fitted(table([1.0, 5.0]))
    found = uniqueness.over(table([1.0, 2.0], [-7, -8]), reference).values
    assert found.tolist() == [0.0, 1.0]


def test_metrics_of_one_fit_share_one_search(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    search = nearest

    def counting(points: Array, queries: Array, k: int, **how: Any) -> Any:
        asked.append(len(queries))
        return search(points, queries, k, **how)

    monkeypatch.setattr("activeloop.metrics.neighborhood.nearest", counting)
    data = table(CLOUD)
    fitted = kth_distance.fitted(data)
    for metric in (*OF_NEIGHBORS, uniqueness):
        metric.over(data, fitted)
    assert asked == [300]


def test_an_embedding_of_other_dimensions_is_refused() -> None:
    with pytest.raises(DataError, match=r"shape \(2, 3\).*reference set's \(300, 5\)"):
        nearest_distance.over(table(np.zeros((2, 3))), nearest_distance.fitted(table(CLOUD)))
    with pytest.raises(DataError, match="2 ids for an embedding of 3"):
        Neighborhood(np.zeros((3, 1)), np.arange(2))


def test_diversity_takes_clusters_in_turn() -> None:
    at = np.array([0.0, 1.0, 2.0, 100.0, 104.0])
    assert values(diversity_rank, at, clusters=2).tolist() == [3, 1, 5, 2, 4]
    reference = diversity_rank.with_parameters(clusters=2).fitted(table(at))
    new = diversity_rank.over(table([1.0, 102.0, 0.9], [7, 8, 9]), reference).values
    assert new.tolist() == [3, 2, 3]  # after the item in its place; before and after whose turn it is


def test_diversity_of_few_and_equal_items() -> None:
    assert values(diversity_rank, [3.0]).tolist() == [1]
    assert values(diversity_rank, np.zeros(5), ids=list("cbeda")).tolist() == [3, 2, 5, 4, 1]
    assert sorted(values(diversity_rank, CLOUD)) == list(range(1, 301))
    with pytest.raises(DataError, match="0 clusters"):
        values(diversity_rank, CLOUD, clusters=0)


def test_another_seed_may_give_other_ranks_and_the_same_seed_the_same() -> None:
    assert (values(diversity_rank, CLOUD, seed=1) == values(diversity_rank, CLOUD, seed=1)).all()
    assert (values(diversity_rank, CLOUD, seed=1) != values(diversity_rank, CLOUD, seed=2)).any()


def test_duplicates_by_hand() -> None:
    at, ids = [0.0, 9.0, 0.5, 9.0, 1.0, 9.0, 50.0], [6, 5, 4, 3, 2, 1, 0]
    exact, chain = duplicates(table(at, ids), radius=0.5)
    assert exact.ids == (1, 3, 5)
    assert exact.exact
    assert exact.distances.tolist() == [0, 0, 0]
    assert chain.ids == (2, 4, 6)
    assert chain.distances.tolist() == [0.5, 0.5, 0.5]
    assert "3 items, at most 0.5 from the next" in chain.reason
    assert [group.ids for group in duplicates(table(at, ids), radius=0)] == [(1, 3, 5)]
    assert duplicates(table([1.0, 2.0]), radius=0.5) == ()


def test_without_a_radius_duplicates_are_near_for_this_data() -> None:
    near = CLOUD[:3] + 1e-3
    found = duplicates(table(np.concatenate([CLOUD, near, CLOUD[:1]])))
    assert [group.ids for group in found] == [(1, 301), (2, 302), (0, 300, 303)]
    median = np.median(NearestNeighbors(n_neighbors=1).fit(np.concatenate([CLOUD, near])).kneighbors()[0])
    assert found[0].radius == pytest.approx(NEAR * median)


def test_chains_are_followed_from_one_part_of_the_pairs_into_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("activeloop.kernels.nearby._ROWS", 2)
    (chain,) = duplicates(table(np.arange(9.0)), radius=1)
    assert chain.ids == tuple(range(9))


def test_duplicates_do_not_hang_on_the_order_and_all_alike_are_one_group() -> None:
    random = np.random.default_rng(3)
    at = random.integers(0, 12, (200, 2)) + random.normal(size=(200, 2)) * 0.01
    order = random.permutation(200)
    for radius in (0.02, 1.01):
        one, other = duplicates(table(at), radius), duplicates(table(at[order], order), radius)
        assert [(group.ids, group.distances.tolist()) for group in one] == [
            (group.ids, group.distances.tolist()) for group in other
        ]
    (group,) = duplicates(table(np.ones((5000, 3))))
    assert len(group.ids) == 5000
    assert duplicates(table(np.zeros((0, 2)))) == ()


def test_values_that_are_missing_carry_their_reason() -> None:
    found: Values = kth_distance.over(table([1.0]))
    assert np.isnan(found.values).all()
    assert set(found.reasons.values()) == {"no_neighbor"}
