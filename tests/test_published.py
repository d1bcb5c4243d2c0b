"""Published results: Lu 2023's curves to 1e-9 and areas to five decimals; ASReview's classifier."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from activeloop import study_file
from activeloop.build import build
from activeloop.errors import DataError
from activeloop.grid import Cell, cells
from activeloop.names import resolve

FOLDER = Path(__file__).parents[1] / "experiments"
here = pytest.mark.skipif("ACTIVELOOP_DATA" not in os.environ, reason="ACTIVELOOP_DATA names no local folder")


def published(name: str) -> list[dict[str, str]]:
    path = Path(os.environ["ACTIVELOOP_DATA"]) / "lu2023" / name
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def own_curve(data: str, strategy: str, seed: int) -> list[float]:
    study = study_file.parse(study_file.text(FOLDER / "lu2023.toml"))
    wanted = (data, strategy, seed)
    cell = next(one for one in cells(study) if (one.setting.data, one.strategy, one.seed) == wanted)
    made = build(study, cell, FOLDER, None)
    scores = (round.score("accuracy") for round in made.loop.run(made.oracle, made.stop))
    return [one for one in scores if one is not None]


@here
@pytest.mark.parametrize(
    ("data", "seed"), [("appendicitis", seed) for seed in range(5)] + [("parkinsons", 0), ("parkinsons", 1)]
)
def test_uncertainty_sampling_gives_the_published_curve(data: str, seed: int) -> None:
    """Not only its area: the accuracy after every single label."""
    own = own_curve(data, "US-C", seed)
    rows = [
        one
        for one in published("published_usc_curves.csv")
        if (one["dataset"], one["seed"]) == (data, str(seed))
    ]
    assert [int(one["n_labelled"]) for one in rows] == list(range(20, 20 + len(own)))
    assert own == pytest.approx([float(one["test_acc"]) for one in rows], abs=1e-9)
    area = float(np.sum((np.array(own[2:]) + own[1:-1]) / 2) / (len(own) - 1))
    wanted = (data, "zhan-google-zhan-zhan", str(seed))
    keys = ("dataset", "query_model-task_model", "seed")
    areas = published("published_aubc_per_seed.csv")
    (theirs,) = (one["aubc_test"] for one in areas if tuple(one[key] for key in keys) == wanted)
    assert round(area, 5) == float(theirs)


@here
def test_the_split_is_theirs() -> None:
    import activeloop as al

    data = al.load("zhan-appendicitis")
    pool, holdout = resolve("split", "lu2023.py:split", {}, FOLDER)(data, 7)
    assert (len(pool), len(holdout), pool.initial) == (63, 43, tuple(range(20)))
    features = pool.rows(np.arange(63))
    assert features.mean(axis=0) == pytest.approx(np.zeros(7), abs=1e-12)
    assert features.std(axis=0) == pytest.approx(np.ones(7))
    rows = np.concatenate([pool.column("row"), holdout.column("row")])
    assert sorted(rows.tolist()) == list(range(106))
    assert data.labels is not None
    assert (data.labels[rows[:63]] == pool.truth(pool.ids)).all()


def test_a_seed_whose_first_labels_are_of_one_class_is_left_out() -> None:
    import activeloop as al

    data = al.Dataset(np.arange(100.0)[:, None], [1] + [-1] * 99)
    split = resolve("split", "lu2023.py:split", {}, FOLDER)
    for seed in range(20):
        rows = np.arange(100)
        np.random.default_rng(seed).shuffle(rows)
        training = rows[:60]
        np.random.default_rng(seed).shuffle(training)
        if 0 in training[:20]:
            assert len(split(data, seed)[0]) == 60
        else:
            with pytest.raises(DataError, match=f"of seed {seed} are of one class"):
                split(data, seed)


# ASReview ------------------------------------------------------------------------------------------------


def plugin(name: str) -> Any:
    return resolve("model", f"asreview.py:{name}", {}, FOLDER)


def test_double_balance_takes_as_many_rows_as_were_read_and_more_of_the_relevant() -> None:
    from sklearn.naive_bayes import MultinomialNB

    seen: list[np.ndarray[Any, Any]] = []

    class Watched(MultinomialNB):  # type: ignore[misc]
        def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
            seen.append(np.array([sample_weight[y == one].sum() for one in (0, 1)]))
            return super().fit(X, y, sample_weight)

    X, y = np.ones((50, 3)), np.array([1] * 5 + [0] * 45)
    a, alpha, b, beta = 2.155, 0.94, 0.789, 1.0
    one, zero = a * (5 / 45) ** -alpha, 1 - (1 - b) * (1 + np.log(50)) ** -beta
    exact = one * 5 * 50 / (one * 5 + zero * 45)
    for state in range(40):
        plugin("DoubleBalance")(Watched(), a, alpha, b, beta, random_state=state).fit(X, y)
    relevant = np.array(seen)[:, 1]
    assert (np.array(seen).sum(axis=1) == 50).all()
    assert set(relevant.tolist()) == {int(exact), int(exact) + 1}
    assert relevant.mean() == pytest.approx(exact, abs=0.3)


def test_with_the_two_first_labels_each_side_counts_once() -> None:
    model = plugin("naive_bayes")(0.1)
    model.fit(np.array([[3.0, 0.0], [0.0, 3.0]]), np.array(["irrelevant", "relevant"]))
    assert model.classes_.tolist() == ["irrelevant", "relevant"]
    assert model.predict_proba(np.array([[0.0, 5.0]]))[0, 1] > 0.9


def test_weights_are_what_copies_of_the_rows_would_be() -> None:
    from sklearn.naive_bayes import MultinomialNB

    random = np.random.default_rng(0)
    X, y = random.random((30, 4)), np.array([0] * 25 + [1] * 5)
    made = plugin("DoubleBalance")(MultinomialNB(), random_state=3).fit(X, y)
    again = plugin("DoubleBalance")(MultinomialNB(), random_state=3)
    state = np.random.RandomState(3)
    n_one = again._relevant(5, 30, state)
    place = resolve("model", "asreview.py:_taken", {}, FOLDER)
    times = np.zeros(30, dtype=int)
    times[25:], times[:25] = place(5, n_one, state), place(25, 30 - n_one, state)
    copies = np.repeat(np.arange(30), times)
    assert len(copies) == 30
    plain = MultinomialNB().fit(X[copies], y[copies])
    assert made.predict_proba(X) == pytest.approx(plain.predict_proba(X))


@here
def test_screening_finds_most_of_a_review_early() -> None:
    study = study_file.parse(study_file.text(FOLDER / "asreview.toml"))
    cell = next(one for one in cells(study) if (one.setting.data, one.strategy) == ("wilson", "certainty"))
    found, left = _read(study, cell, 60)
    assert left == 2331
    assert found >= 4  # of 22; a random order would have found 0.6


def _read(study: Any, cell: Cell, n: int) -> tuple[int, int]:
    loop = build(study, cell, FOLDER, None).loop
    for _ in range(n):
        query = loop.ask()
        loop.tell(dict(zip(query.ids, loop.pool.truth(query.ids), strict=True)))
    return int((loop.labeled.labels == "relevant").sum()) - 1, len(loop.pool) - 2
