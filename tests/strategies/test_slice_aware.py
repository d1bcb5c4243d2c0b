"""slice_aware: lags and quotas by hand, picks that anybody can check, and every way in which it cannot run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.batch import softmax
from activeloop.candidates import Candidates, GuideScores
from activeloop.errors import ConfigurationError, StrategyError
from activeloop.scoring import ScoreRow
from activeloop.slices import by_class, by_edges, where
from activeloop.strategies.slice_aware import Lag, lags, quotas
from activeloop.testing import check_strategy
from tests.made_candidates import made

HALVES = by_edges("size", [0, 5, 10])  # size [0, 5), size [5, 10]
WRAPPED = al.strategies.slice_aware


def row(slice: str, value: float | None, low: float | None, high: float | None) -> ScoreRow:
    return ScoreRow(slice, "accuracy", value, low, high, 50)


def guide(*rows: ScoreRow, slices: Any = HALVES) -> GuideScores:
    return GuideScores((row("all", 0.8, 0.75, 0.85), *rows), tuple(slices))


LOW_HALF_LAGS = guide(row("size [0, 5)", 0.5, 0.4, 0.6), row("size [5, 10]", 0.9, 0.85, 0.95))


def sized(n: int, scores: GuideScores | None = LOW_HALF_LAGS, **changed: Any) -> Candidates:
    """Ten candidates with the ids 0 to 9; their `size` is their id."""
    return replace(
        made(10, n, **changed),
        columns=lambda name, at: np.arange(10.0)[at],
        score_guide=None if scores is None else lambda: scores,
    )


def by_id(candidates: Candidates) -> Any:
    """A strategy that wants the largest ids."""
    return np.asarray(candidates.ids, dtype=float)


def picked(given: Any, candidates: Candidates) -> list[int]:
    return [int(one) for one in candidates.ids[given.pick(candidates).positions]]


def test_lag_is_what_the_bound_lacks_to_the_whole() -> None:
    scores = guide(row("size [0, 5)", 0.5, 0.4, 0.6), row("size [5, 10]", 0.7, 0.5, 0.9))
    found = {
        bound: {one.slice: round(one.lag, 9) for one in lags(scores, bound=bound)}
        for bound in ("low", "value", "high")
    }
    assert found == {
        "low": {"size [0, 5)": 0.4, "size [5, 10]": 0.3},
        "value": {"size [0, 5)": 0.3, "size [5, 10]": 0.1},
        "high": {"size [0, 5)": 0.2},
    }


def test_what_is_undefined_does_not_lag() -> None:
    assert lags(guide(row("size [0, 5)", None, None, None), row("size [5, 10]", 0.7, None, None))) == []
    unknown = GuideScores((row("all", None, None, None), row("size [0, 5)", 0.1, 0.0, 0.2)), HALVES[:1])
    assert lags(unknown) == []


@pytest.mark.parametrize(
    ("given", "n", "expected"),
    [
        ([0.2, 0.1], 3, [2, 1]),
        ([0.2, 0.1], 4, [3, 1]),
        ([0.1, 0.1, 0.1], 4, [2, 1, 1]),
        ([0.3], 5, [5]),
        ([0.5, 0.1], 0, [0, 0]),
    ],
)
def test_quotas_by_hand(given: list[float], n: int, expected: list[int]) -> None:
    assert quotas([Lag(str(at), one) for at, one in enumerate(given)], n) == expected


def test_half_of_the_batch_goes_to_the_slice_that_lags_and_the_rest_as_the_inner_strategy_says() -> None:
    assert picked(WRAPPED(by_id), sized(4)) == [4, 3, 9, 8]
    assert picked(WRAPPED(by_id, share=1.0), sized(4)) == [4, 3, 2, 1]
    assert picked(WRAPPED(by_id, share=0.0), sized(4)) == [9, 8, 7, 6]
    assert picked(WRAPPED(by_id), sized(3)) == [4, 3, 9]  # half of 3 is 2, as people round


def test_some_of_the_candidates_are_candidates() -> None:
    few = replace(sized(4), ids=np.arange(100, 110)).take(np.array([7, 2, 5]), 2).take(np.array([2, 0]), 1)
    assert few.ids.tolist() == [105, 107]
    assert few.keys.tolist() == [5, 7]
    assert few.features[:, 0].tolist() == [5.0, 7.0]
    assert few.column("size").tolist() == [5.0, 7.0]
    assert few.members(HALVES[1]).tolist() == [True, True]
    assert few.n == 1
    assert few.guide is LOW_HALF_LAGS


def test_the_guide_is_scored_once_an_ask_and_only_when_somebody_looks() -> None:
    looked: list[int] = []

    def scores() -> GuideScores:
        looked.append(1)
        return LOW_HALF_LAGS

    candidates = replace(sized(4), score_guide=scores)
    al.Strategy(by_id).pick(candidates)
    assert looked == []
    picked(WRAPPED(WRAPPED(by_id)), candidates)
    assert looked == [1]


def test_where_nothing_lags_it_is_the_inner_strategy() -> None:
    calm = guide(row("size [0, 5)", 0.8, 0.7, 0.9), row("size [5, 10]", 0.8, 0.7, 0.9))
    for inner in (al.Strategy(by_id), al.strategies.random, al.Strategy(by_id, batch=softmax(0.5))):
        alone, wrapped = inner.pick(sized(4, None)), WRAPPED(inner).pick(sized(4, calm))
        assert wrapped.positions.tolist() == alone.positions.tolist()
        assert wrapped.utilities.tolist() == alone.utilities.tolist()
        assert wrapped.probabilities is None


def test_an_item_in_several_slices_is_picked_once_for_the_one_that_lags_most() -> None:
    slices = (where("tiny", "size < 2"), where("small", "size < 4"))
    scores = guide(row("tiny", 0.2, 0.1, 0.4), row("small", 0.3, 0.2, 0.6), slices=slices)
    # lags 0.4 and 0.2, so 4 of 6 for tiny (which has 2) and 2 for small; the rest as the inner strategy says
    assert picked(WRAPPED(by_id, share=1.0), sized(6, scores)) == [1, 0, 3, 2, 9, 8]


def test_a_slice_without_candidates_gives_its_quota_back() -> None:
    scores = guide(row("none", 0.2, 0.1, 0.4), slices=[where("none", "size > 99")])
    assert picked(WRAPPED(by_id, share=1.0), sized(3, scores)) == [9, 8, 7]


def test_a_slice_by_class_holds_what_is_predicted_to_be_of_it() -> None:
    class Odd:
        classes_ = np.array([0, 1])

        def predict(self, X: Any) -> Any:
            return X[:, 0].astype(int) % 2

    scores = guide(row("class 0", 0.9, 0.9, 0.9), row("class 1", 0.2, 0.1, 0.3), slices=by_class([0, 1]))
    candidates = replace(sized(3, scores), model=Odd(), classes=(0, 1))
    assert picked(WRAPPED(by_id, share=0.7), candidates) == [9, 7, 8]
    assert picked(WRAPPED(by_id, share=0.7, by="class"), candidates) == [9, 7, 8]


def test_utilities_are_those_of_the_inner_strategy() -> None:
    given = WRAPPED(by_id).pick(sized(4))
    assert given.utilities.tolist() == [4.0, 3.0, 9.0, 8.0]


def test_it_draws_within_a_slice_as_its_inner_strategy_does() -> None:
    drawn = {
        tuple(picked(WRAPPED(al.strategies.random, share=1.0), sized(2, seed=seed))) for seed in range(40)
    }
    assert {one for pair in drawn for one in pair} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("bound", ["low", "value", "high"])
@pytest.mark.parametrize("inner", ["margin", "random"])
def test_it_keeps_the_contract_of_a_strategy(inner: str, bound: str) -> None:
    check_strategy(WRAPPED(getattr(al.strategies, inner), bound=bound, share=0.6))


def test_it_may_wrap_itself() -> None:
    twice = WRAPPED(WRAPPED(al.strategies.margin, bound="value"), bound="low")
    check_strategy(twice)
    assert twice.name == "slice_aware(slice_aware(margin))"


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"share": 1.5}, ConfigurationError, "share is 1.5; allowed: from 0 to 1"),
    ({"share": True}, ConfigurationError, "share is True"),
    ({"bound": "hihg"}, ConfigurationError, "unknown bound 'hihg'; did you mean 'high'"),
]


@pytest.mark.parametrize(("parameters", "kind", "said"), WRONG)
def test_wrong_parameters_are_told(parameters: dict[str, Any], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        WRAPPED(by_id, **parameters)


def test_a_name_and_the_wrapper_itself_are_no_strategies() -> None:
    with pytest.raises(StrategyError, match=r"not a name; write activeloop\.strategies\.margin"):
        WRAPPED("margin")
    pool, _ = al.load("iris").split(0.3, seed=0)
    for given in (WRAPPED, "slice_aware"):
        with pytest.raises(StrategyError, match=r"makes one of another: slice_aware\(margin\)"):
            al.Loop(GaussianNB(), pool, strategy=given)


def test_what_the_guide_lacks_is_told_at_the_door() -> None:
    pool, holdout = al.load("iris").split(0.3, seed=0)
    pool, aside = pool.split_guide(0.2, seed=0)
    margin = al.strategies.margin

    def refused(strategy: al.Strategy, **given: Any) -> str:
        with pytest.raises(StrategyError) as caught:
            al.Loop(GaussianNB(), pool, strategy=strategy, **given)
        return str(caught.value)

    sliced = holdout.slice_by("class")
    assert "'slice_aware(margin)' needs a guide" in refused(WRAPPED(margin), holdout=sliced)
    assert "the guide has no slices" in refused(WRAPPED(margin), holdout=holdout, guide=aside)
    said = refused(WRAPPED(margin, score="acuracy"), holdout=sliced, guide=aside)
    assert "unknown score 'acuracy'; did you mean 'accuracy'" in said
    said = refused(WRAPPED(margin, by="petal_length"), holdout=sliced, guide=aside)
    assert "unknown slices by 'petal_length'" in said
    said = refused(WRAPPED(WRAPPED(margin, by="color")), holdout=sliced, guide=aside)
    assert "unknown slices by 'color'" in said
    start = al.strategies.slice_aware(al.strategies.random)
    with pytest.raises(StrategyError, match="start is 'slice_aware.random.', which needs guide"):
        al.Loop(GaussianNB(), pool, strategy="random", start=start, guide=aside, holdout=sliced)
