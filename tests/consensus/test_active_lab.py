"""ActiveLab beside cleanlab's, and when a second label is worth more than a new item."""

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.naive_bayes import GaussianNB

from activeloop.arrays import Array, FloatArray
from activeloop.consensus import DawidSkene, Votes, active_lab
from activeloop.errors import DataError


def made(seed: int, share: float) -> tuple[Array, FloatArray, FloatArray]:
    """Make a table of labels (NaN = none), and probabilities of items with and without labels."""
    random = np.random.default_rng(seed)
    n, kinds, people = 120, int(random.integers(2, 6)), int(random.integers(3, 7))
    truth = random.integers(kinds, size=n)
    noise = random.uniform(0.05, 0.5, people)
    wrong = random.random((n, people)) < noise
    table = np.where(wrong, random.integers(kinds, size=(n, people)), truth[:, None]).astype(float)
    table[random.random((n, people)) > share] = np.nan
    kept = ~np.isnan(table).all(axis=1)
    logits = random.normal(size=(n, kinds)) + 2 * np.eye(kinds)[truth]
    sure = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return table[kept], sure[kept], random.dirichlet(np.ones(kinds), 40)


def votes_of(table: Array, kinds: int) -> Votes:
    """Make votes of a table."""
    item, person = np.nonzero(~np.isnan(table))
    return Votes.of(item, person.astype(str), table[item, person].astype(int), range(kinds))


@pytest.mark.parametrize("seed", range(6))
def test_it_is_cleanlabs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    multiannotator = pytest.importorskip("cleanlab.multiannotator", reason="needs the extra labels")
    from cleanlab.internal import multiannotator_utils

    def counted(labels: Any, num_classes: int) -> Array:
        return np.bincount(np.asarray(labels).astype(int), minlength=num_classes)

    # cleanlab 2.9 counts labels that are floats, as a table with NaN has them, into the first classes where
    # one does not occur, and so picks another temperature than the paper; with right counts they agree.
    monkeypatch.setattr(multiannotator_utils, "value_counts", counted)
    table, sure, rest = made(seed, 0.6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = multiannotator.get_active_learning_scores(table, sure, rest)
    ours = active_lab(votes_of(table, sure.shape[1]), sure, rest)
    np.testing.assert_allclose(ours.labeled, theirs[0], atol=1e-12)
    np.testing.assert_allclose(ours.unlabeled, theirs[1], atol=1e-12)


def test_with_one_label_an_item_it_is_cleanlabs_as_that_is() -> None:
    multiannotator = pytest.importorskip("cleanlab.multiannotator", reason="needs the extra labels")
    table, sure, rest = made(0, 1.0)
    alone = np.full(table.shape, np.nan)
    person = np.arange(len(table)) % table.shape[1]
    alone[np.arange(len(table)), person] = table[np.arange(len(table)), person]
    theirs = multiannotator.get_active_learning_scores(alone, sure, rest)
    ours = active_lab(votes_of(alone, sure.shape[1]), sure, rest)
    np.testing.assert_allclose(ours.labeled, theirs[0], atol=1e-12)
    np.testing.assert_allclose(ours.unlabeled, theirs[1], atol=1e-12)


def test_a_label_that_people_contradict_is_less_sure_than_one_they_confirm() -> None:
    items = ["sure"] * 3 + ["torn"] * 2 + [f"more {at}" for at in range(20) for _ in range(2)]
    people = ["ann", "bob", "eve", "ann", "bob"] + ["ann", "bob"] * 20
    labels = [0, 0, 0, 0, 1] + [at % 2 for at in range(20) for _ in range(2)]
    votes = Votes.of(items, people, labels)
    found = active_lab(votes, np.full((len(votes.items), 2), 0.5), np.full((1, 2), 0.5))
    scores = dict(zip(votes.items, found.labeled.tolist(), strict=True))
    assert scores["torn"] < scores["more 0"] < scores["sure"]


def test_shapes_that_do_not_fit_are_refused() -> None:
    votes = Votes.of(["a", "b"], ["ann", "ann"], [0, 1])
    with pytest.raises(DataError, match="for 2 labeled items and 2 classes"):
        active_lab(votes, np.full((3, 2), 0.5))
    with pytest.raises(DataError, match="at least one label"):
        active_lab(Votes.of([], [], [], range(2)), np.empty((0, 2)))


def _after(seed: int, noise: float, relabel: bool) -> float:
    """Spend 240 labels of five people who err on five digits; give the accuracy on what was never asked."""
    random = np.random.default_rng(seed)
    X, y = load_digits(return_X_y=True)
    order = random.permutation(np.flatnonzero(y < 5))[:860]
    X, y, pool = X[order] / 16, y[order], np.arange(260)
    said: dict[tuple[int, str], int] = {}
    wanted = pool.tolist()[:60]
    while True:
        for item in wanted:
            free = [str(one) for one in range(5) if (item, str(one)) not in said]
            if free and len(said) < 240:
                label = random.integers(5) if random.random() < noise else y[item]
                said[item, str(random.choice(free))] = int(label)
        items, people = zip(*said, strict=True)
        votes = Votes.of(items, people, said.values(), range(5))
        labels = DawidSkene.fit(votes, tolerance=1e-3).probabilities.argmax(axis=1)
        labeled = np.array(votes.items)
        model = GaussianNB(var_smoothing=0.3).fit(X[labeled], labels)
        if len(said) == 240:
            return float(model.score(X[260:], y[260:]))
        rest, chances = np.setdiff1d(pool, labeled), np.zeros((len(X), 5))
        chances[:, model.classes_] = model.predict_proba(X)
        found = active_lab(votes, chances[labeled], chances[rest])
        scores = np.concatenate(
            [found.labeled if relabel else np.full(len(labeled), np.inf), found.unlabeled]
        )
        wanted = np.concatenate([labeled, rest])[np.argsort(scores, kind="stable")[:30]].tolist()


def test_relabeling_pays_where_people_err_now_and_then_and_not_where_they_hardly_know() -> None:
    gains = {
        noise: np.mean([_after(seed, noise, True) - _after(seed, noise, False) for seed in range(5)])
        for noise in (0.3, 0.7)
    }
    assert gains[0.3] > 0.01
    assert gains[0.7] < -0.03
