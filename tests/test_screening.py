"""WSS, RRF and ATD: by hand, by their definition on real orders, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import activeloop as al
from activeloop.errors import DataError, InputError
from activeloop.screening import found_by, relevance, time_to_discovery, work_saved

#            1  2  3  4  5  6  7  8  9  10
BY_HAND = [1, 1, 0, 1, 0, 0, 0, 1, 0, 0]


def test_by_hand() -> None:
    assert work_saved(BY_HAND) == pytest.approx(1 - 8 / 10)
    assert work_saved(BY_HAND, 0.75) == pytest.approx(0.75 - 4 / 10)
    assert work_saved(BY_HAND, 0.6) == pytest.approx(0.75 - 4 / 10)  # the recall that was reached counts
    assert found_by(BY_HAND) == pytest.approx(1 / 4)
    assert found_by(BY_HAND, 0.5) == pytest.approx(3 / 4)
    assert time_to_discovery(BY_HAND) == pytest.approx((1 + 2 + 4 + 8) / 4 / 10)


def test_what_was_read_before_the_stop_is_a_share_of_all() -> None:
    whole, stopped = [*BY_HAND, *[0] * 90], BY_HAND[:8]
    for measure in (work_saved, found_by, time_to_discovery):
        assert measure(whole) == measure(stopped, items=100)
    assert found_by(stopped, 0.5, items=100) == 1.0


def test_rounding_does_not_miss_a_recall_or_a_share() -> None:
    assert work_saved([1] * 19 + [0] + [1], 0.95) == pytest.approx(0.95 - 19 / 21)
    assert found_by([1] * 10 + [0] * 90, 0.07) == pytest.approx(0.7)  # 0.07 · 100 is 7.000000000000001


@given(st.lists(st.booleans(), min_size=1, max_size=60).filter(any))
def test_the_best_order_is_the_best_and_the_worst_the_worst(order: list[bool]) -> None:
    best, worst = sorted(order, reverse=True), sorted(order)
    assert work_saved(worst) <= work_saved(order) + 1e-12 <= work_saved(best) + 2e-12
    assert found_by(worst) <= found_by(order) <= found_by(best)
    assert time_to_discovery(worst) + 1e-12 >= time_to_discovery(order) >= time_to_discovery(best) - 1e-12


def test_a_random_order_saves_nothing() -> None:
    random = np.random.default_rng(0)
    orders = [random.permutation(np.arange(1000) < 100) for _ in range(300)]
    assert np.mean([work_saved(one) for one in orders]) == pytest.approx(0, abs=0.01)
    assert np.mean([found_by(one) for one in orders]) == pytest.approx(0.1, abs=0.01)
    assert np.mean([time_to_discovery(one) for one in orders]) == pytest.approx(0.5, abs=0.01)


def test_a_loop_without_a_holdout_can_be_measured() -> None:
    from sklearn.naive_bayes import GaussianNB

    pool = al.load("breast_cancer").pool().starting_with([0, 19])
    loop = al.Loop(GaussianNB(), pool, strategy="certainty", batch_size=40)
    asked: list[int | str] = []
    for _ in range(6):
        query = loop.ask()
        loop.tell(dict(zip(query.ids, pool.truth(query.ids), strict=True)))
        asked.extend(query.ids)
    found = relevance(pool, asked, "malignant")
    assert found.sum() == (loop.labeled.labels == "malignant").sum() - 1
    assert work_saved(found, 0.9, items=567) > 0.4


@pytest.mark.parametrize(
    ("given", "words"),
    [([], "none of the 0"), ([0, 0], "none of the 2"), ([[1]], r"shape \(1, 1\)"), ([0.5, 1], "0 and 1")],
)
def test_what_cannot_be_measured_is_refused(given: list[float], words: str) -> None:
    for measure in (work_saved, found_by, time_to_discovery):
        with pytest.raises(InputError, match=words):
            measure(given)


def test_shares_out_of_range_and_too_few_items_are_refused() -> None:
    with pytest.raises(InputError, match="recall is 0"):
        work_saved([1], 0)
    with pytest.raises(InputError, match=r"read is 1\.5"):
        found_by([1], 1.5)
    with pytest.raises(InputError, match="items is 3, and 10 were read"):
        work_saved(BY_HAND, items=3)
    with pytest.raises(DataError, match="no item has the id 999"):
        relevance(al.load("iris").pool(), [999], "virginica")
