"""Agreement beside scikit-learn, statsmodels and krippendorff, and where it has no value."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from activeloop.agreement import MEASURES, Agreement, agreement
from activeloop.arrays import Array
from activeloop.consensus import Votes
from activeloop.errors import ConfigurationError, SliceError, UnknownNameError
from tests.cost import cost


def made(
    seed: int, n: int = 80, people: int = 4, kinds: int = 3, share: float = 1.0, right: float = 0.7
) -> Array:
    """Make a table of labels, items × people, NaN = none."""
    random = np.random.default_rng(seed)
    truth = random.integers(kinds, size=(n, 1))
    heard = random.random((n, people)) < right
    table = np.where(heard, truth, random.integers(kinds, size=(n, people))).astype(float)
    table[random.random((n, people)) > share] = np.nan
    return table


def votes_of(table: Array, kinds: int = 3) -> Votes:
    """Make votes of a table."""
    item, person = np.nonzero(~np.isnan(table))
    return Votes.of(item, person.astype(str), table[item, person].astype(int), range(kinds))


@pytest.mark.parametrize("seed", range(4))
def test_cohen_is_scikit_learns_for_every_two_people(seed: int) -> None:
    table = made(seed, share=0.6)
    found = agreement(votes_of(table), measures=["cohen"])
    assert len(found.rows) == 6
    for row in found.rows:
        one, other = (table[:, int(name)] for name in row.annotators.split(" & "))
        both = ~np.isnan(one) & ~np.isnan(other)
        theirs = cohen_kappa_score(one[both].astype(int), other[both].astype(int))
        assert row.value == pytest.approx(theirs, abs=1e-12)
        assert row.n == both.sum()


@pytest.mark.parametrize("seed", range(4))
def test_fleiss_is_statsmodels(seed: int) -> None:
    rater = pytest.importorskip("statsmodels.stats.inter_rater")
    table = made(seed)
    counts = np.stack([(table == kind).sum(axis=1) for kind in range(3)], axis=1)
    found = agreement(votes_of(table)).row("fleiss")
    assert found.value == pytest.approx(rater.fleiss_kappa(counts), abs=1e-12)


@pytest.mark.parametrize("share", [1.0, 0.6, 0.3])
def test_alpha_is_krippendorffs(share: float) -> None:
    theirs = pytest.importorskip("krippendorff", reason="the second opinion needs krippendorff")
    table = made(1, share=share)
    ours = agreement(votes_of(table)).row("krippendorff")
    assert ours.value == pytest.approx(theirs.alpha(table.T, level_of_measurement="nominal"), abs=1e-12)
    assert ours.n == ((~np.isnan(table)).sum(axis=1) > 1).sum()


def test_a_slice_is_measured_as_if_it_were_all() -> None:
    table = made(2, share=0.7)
    group = list(range(0, 80, 3))
    sliced = agreement(votes_of(table), {"third": group})
    alone = agreement(votes_of(table[group]))
    ours = [row.value for row in sliced.rows if row.slice == "third"]
    assert ours == pytest.approx([row.value for row in alone.rows])


def _reasons(found: Agreement) -> dict[str, tuple[Any, str]]:
    return {row.measure: (row.value, row.reason) for row in found.rows}


def test_what_has_no_value_says_why() -> None:
    alone = _reasons(agreement(Votes.of(["a", "b"], ["ann", "ann"], [0, 1])))
    assert alone["krippendorff"] == (None, "no item has labels of two people")
    assert "cohen" not in alone  # one person makes no pair
    apart = _reasons(agreement(Votes.of(["a", "b"], ["ann", "bob"], [0, 1])))
    assert apart["cohen"] == (None, "no item was labeled by both")
    same = _reasons(agreement(Votes.of(["a", "a"], ["ann", "bob"], [0, 0], [0, 1])))
    assert same["raw"] == (1.0, "no interval: undefined without some of the items")
    assert {name: same[name][0] for name in MEASURES[1:]} == dict.fromkeys(MEASURES[1:])
    assert all(same[name][1].startswith("only one class was used") for name in MEASURES[1:])
    uneven = _reasons(agreement(Votes.of(list("aabbb"), list("xyxyz"), [0, 1, 1, 0, 1])))
    assert uneven["fleiss"][0] is None
    assert uneven["fleiss"][1].startswith("items have 2 to 3 labels")
    assert uneven["krippendorff"][0] is not None
    nobody = agreement(Votes.of([], [], [], [0, 1]), {"none": [1]})
    assert {row.value for row in nobody.rows} == {None}


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.permutations(range(3)))
def test_names_and_order_change_nothing(seed: int, other: list[int]) -> None:
    table = made(seed, n=20, share=0.8)
    item, person = np.nonzero(~np.isnan(table))
    label = table[item, person].astype(int)
    shuffled = np.random.default_rng(seed).permutation(len(item))
    one = agreement(Votes.of(item, person.astype(str), label, range(3)), measures=["raw", "krippendorff"])
    again = agreement(
        Votes.of(item[shuffled], person[shuffled].astype(str), np.array(other)[label][shuffled], range(3)),
        measures=["raw", "krippendorff"],
    )
    for ours, theirs in zip(one.rows, again.rows, strict=True):
        assert (ours.value, ours.low, ours.high) == pytest.approx((theirs.value, theirs.low, theirs.high))
        assert (ours.low or -1) <= (ours.value or 0) <= (ours.high or 1)


@pytest.mark.parametrize("measure", ["raw", "krippendorff", "cohen"])
def test_intervals_hold_what_all_items_would_say(measure: str) -> None:
    everything = made(0, n=20_000, people=2)
    truth = agreement(votes_of(everything), measures=[measure]).rows[0].value
    random, held = np.random.default_rng(1), 0
    for _ in range(150):
        rows = random.choice(len(everything), size=60, replace=False)
        row = agreement(votes_of(everything[rows]), measures=[measure]).rows[0]
        held += (row.low or 0) <= (truth or 0) <= (row.high or 0)
    assert 0.90 <= held / 150 <= 0.99


def test_alpha_takes_memory_in_proportion_to_the_labels() -> None:
    random = np.random.default_rng(0)
    n, kinds = 20_000, 500  # a table of items × classes would be 80 MB
    votes = Votes.of(
        np.repeat(np.arange(n), 2), np.tile(["a", "b"], n), random.integers(kinds, size=2 * n), range(kinds)
    )
    assert cost(lambda: agreement(votes, measures=["krippendorff"])).bytes < 20e6


def test_the_table_is_a_frame() -> None:
    frame = agreement(votes_of(made(0)), {"few": [0, 1]}).to_frame()
    assert list(frame) == ["slice", "measure", "annotators", "value", "low", "high", "n", "reason"]
    assert len(frame) == 2 * (3 + 6)
    assert frame["value"].dtype == "float64"


def test_what_is_not_known_is_refused() -> None:
    votes = votes_of(made(0))
    with pytest.raises(UnknownNameError, match="did you mean 'cohen'"):
        agreement(votes, measures=["cohens"])
    with pytest.raises(ConfigurationError, match="at least one"):
        agreement(votes, measures=[])
    with pytest.raises(SliceError, match="cannot be named 'all'"):
        agreement(votes, {"all": [1]})
    with pytest.raises(UnknownNameError, match="unknown row"):
        agreement(votes).row("cohen", annotators="ann & bob")
