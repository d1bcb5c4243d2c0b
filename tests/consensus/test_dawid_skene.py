"""Dawid and Skene, beside crowd-kit's, and where there is little to learn from."""

import warnings

import numpy as np
import pandas as pd
import pytest

from activeloop.arrays import Array
from activeloop.consensus import Ballots, DawidSkene, Dispute, Votes, dawid_skene, resolve
from activeloop.errors import ConfigurationError
from tests.consensus.test_votes import said


def crowd(seed: int, n: int = 200, kinds: int = 3) -> tuple[Array, pd.DataFrame]:
    """Let four people of unequal skill label some of the items each."""
    random = np.random.default_rng(seed)
    truth = random.integers(kinds, size=n)
    skill = np.array([0.9, 0.8, 0.6, 0.4])
    item, person = np.nonzero(random.random((n, len(skill))) < 0.8)
    right = random.random(len(item)) < skill[person]
    label = np.where(right, truth[item], random.integers(kinds, size=len(item)))
    return truth, pd.DataFrame({"task": item, "worker": person, "label": label})


def votes_of(given: pd.DataFrame, kinds: int = 3) -> Votes:
    """Make votes of a table."""
    return Votes.of(
        given["task"].to_numpy(), given["worker"].astype(str), given["label"].to_numpy(), range(kinds)
    )


@pytest.mark.parametrize("seed", range(3))
def test_it_is_crowd_kits_step_by_step(seed: int) -> None:
    aggregation = pytest.importorskip("crowdkit.aggregation", reason="the second opinion needs crowd-kit")
    _, given = crowd(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about how crowd-kit calls it
        theirs = aggregation.DawidSkene(n_iter=20, tol=-1.0).fit(given)  # never content, so 20 steps
    votes = votes_of(given)
    ours = DawidSkene.fit(votes, smoothing=0.0, most_steps=20, tolerance=0.0)
    np.testing.assert_allclose(
        ours.probabilities, theirs.probas_.loc[list(votes.items), [0, 1, 2]].to_numpy(), atol=1e-8
    )
    for person, name in enumerate(votes.annotators):
        confused = theirs.errors_.loc[int(name)].sort_index()[[0, 1, 2]].to_numpy()  # given × true
        np.testing.assert_allclose(ours.confusion[person].T, confused, atol=1e-8)


def test_it_is_right_more_often_than_the_majority_where_people_differ() -> None:
    shares = []
    for seed in range(5):
        truth, given = crowd(seed, n=400)
        votes = votes_of(given)
        right = truth[np.array(votes.items)]
        ours = DawidSkene.fit(votes).probabilities.argmax(axis=1)
        shares.append([np.mean(ours == right), np.mean(votes.table().argmax(axis=1) == right)])
    ours_right, majority_right = np.mean(shares, axis=0)
    assert ours_right > majority_right + 0.02


def test_rows_are_distributions_and_who_never_met_a_class_is_taken_to_know_it() -> None:
    items = ["a", "a", "b", "b", "c"]
    fitted = DawidSkene.fit(Votes.of(items, ["ann", "bob", "ann", "bob", "eve"], [0, 0, 1, 1, 0], range(3)))
    np.testing.assert_allclose(fitted.probabilities.sum(axis=1), 1.0)
    np.testing.assert_allclose(fitted.confusion.sum(axis=2), 1.0)
    np.testing.assert_allclose(fitted.confusion[2, 2], [0.05, 0.05, 0.9], atol=0.02)  # eve
    assert fitted.converged


def test_one_person_is_believed_and_nobody_is_no_error() -> None:
    alone = DawidSkene.fit(Votes.of(["a", "b", "c"], ["ann"] * 3, [0, 1, 1]))
    assert alone.probabilities.argmax(axis=1).tolist() == [0, 1, 1]
    nobody = DawidSkene.fit(Votes.of([], [], [], range(2)))
    assert nobody.probabilities.shape == (0, 2)


def test_people_who_share_no_item_are_believed_as_they_are() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(10, size=60)
    fitted = DawidSkene.fit(Votes.of(range(60), [f"{at % 5}" for at in range(60)], labels, range(10)))
    assert fitted.probabilities.argmax(axis=1).tolist() == labels.tolist()
    assert fitted.converged


def test_as_a_consensus_it_learns_from_asks_decided_before() -> None:
    people, past = ["ann", "bob", "eve"], []
    for at in range(30):
        right = "cat" if at % 2 else "dog"
        wrong = "dog" if at % 2 else "cat"
        past += [said(f"0.{at}", who, wrong if who == "eve" else right) for who in people]
    now = (said("1.0", "ann", "cat"), said("1.0", "eve", "dog"), said("1.1", "eve", "dog"))
    asks = ("1.0", "1.1", "1.2")
    found = resolve(dawid_skene(), Ballots((*past, *now), asks, 1, ("cat", "dog")))
    # Eve always errs, so her dog says cat: the tie of 1.0 is none, and 1.1 is turned round.
    assert [(one.ask_id, one.value) for one in found.answers] == [("1.0", "cat"), ("1.1", "cat")]


def test_what_is_not_sure_enough_is_disputed() -> None:
    told = (said("0.0", "ann", "cat"), said("0.0", "bob", "dog"), said("0.1", "ann", outcome="bad"))
    found = resolve(dawid_skene(), Ballots(told, ("0.0", "0.1"), 1, ("cat", "dog")))
    assert found.disputes == (Dispute("0.0", "probability 0.50"),)
    assert [one.outcome for one in found.answers] == ["bad"]


def test_what_it_cannot_do_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="smoothing is -1"):
        DawidSkene.fit(Votes.of([1], ["a"], [0]), smoothing=-1)
    with pytest.raises(ConfigurationError, match=r"at_least is 1\.0"):
        dawid_skene(at_least=1.0)
    with pytest.raises(ConfigurationError, match="regression"):
        dawid_skene()(Ballots((), ()))
