"""What every round's model said: as the loop had it, and the same after a run was broken off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.errors import StoreError
from activeloop.loop import Loop
from activeloop.metrics import Table, built_in
from activeloop.pool import Holdout, Pool
from activeloop.recorder import Recorder

Two = tuple[Pool, Holdout]
NewLoop = Callable[..., Loop]


def recorded(loop: Loop, items: Any, folder: Any = None, budget: int = 24, most: int = 99) -> Recorder:
    recorder = Recorder(loop, items, folder)
    for at, _ in enumerate(loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(budget))):
        if at == most:
            return recorder  # broken off after the round was closed, before it was recorded
        recorder.record()
    return recorder


def same(one: Table, other: Table) -> bool:
    assert set(one.columns) == set(other.columns)
    for name, column in one.columns.items():
        again = other.column(name)
        assert column.shape == again.shape, name
        equal = (column == again) | ((column != column) & (again != again))
        assert np.asarray(equal).all(), name
    return True


def test_the_table_holds_what_the_models_said(iris: Two, new_loop: NewLoop) -> None:
    loop, holdout = new_loop(), iris[1]
    features = holdout.rows(np.arange(len(holdout)))
    recorder = Recorder(loop, holdout)
    said: list[Any] = []
    for _ in loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(20)):
        recorder.record()
        recorder.record()
        said.append(None if loop.fitted is None else loop.fitted.predict_proba(features))
    table = recorder.table()
    assert table.column("predicted_by_round").shape == (45, len(loop.history))
    assert np.allclose(table.column("probabilities"), said[-1])
    assert np.allclose(table.column("previous_probabilities"), said[-2])
    assert (table.column("predicted") == loop.fitted.predict(features)).all()
    change = built_in()["prediction_change"].over(table).values
    assert np.allclose(change, np.abs(said[-1] - said[-2]).sum(axis=1) / 2)
    accuracy = built_in()["correct"].over(table).values.mean()
    assert loop.history.last is not None
    assert accuracy == pytest.approx(loop.history.last.score("accuracy"))
    right = table.column("predicted_by_round") == table.column("label")[:, None]
    forgotten = built_in()["forgetting_events"].over(table).values
    by_hand = (right[:, :-1] & ~right[:, 1:]).sum(axis=1)
    assert (forgotten == np.where(right.any(axis=1), by_hand, right.shape[1])).all()
    for name in ("loss", "calibration_gap", "label_quality", "label_margin", "confidence"):
        assert np.isfinite(built_in()[name].over(table).values).all()


@pytest.mark.parametrize("most", [0, 1, 3])
def test_a_run_that_was_broken_off_is_recorded_as_the_unbroken_one(
    most: int, iris: Two, new_loop: NewLoop, tmp_path: Path
) -> None:
    whole = recorded(new_loop(), iris[1]).table()
    recorded(new_loop(store=tmp_path / "run.db"), iris[1], tmp_path / "said", most=most)
    again = recorded(new_loop(store=tmp_path / "run.db"), iris[1], tmp_path / "said")
    assert same(again.table(), whole)
    finished = Recorder(new_loop(store=tmp_path / "run.db"), iris[1], tmp_path / "said")
    assert same(finished.table(), whole)


def test_a_missed_round_is_one_without_predictions(iris: Two, new_loop: NewLoop) -> None:
    loop = new_loop()
    rounds = loop.run(al.oracles.simulated(loop.pool), stop=al.stopping.budget(24))
    next(rounds)
    recorder = Recorder(loop, iris[1])
    next(rounds)
    next(rounds)
    recorder.record()
    by_round = recorder.table().column("predicted_by_round")
    assert [one is None for one in by_round[0].tolist()] == [False, True, False]
    assert np.isnan(recorder.table().column("previous_probabilities")).all()
    loop.ask()
    loop.tell({loop.ask().ids[0]: "setosa"})
    late = Recorder(loop, iris[1])  # a model of now has learned more than that of the round
    assert late.table().column("predicted").tolist() == [None] * 45


def test_before_the_first_round_nothing_is_known(iris: Two, new_loop: NewLoop) -> None:
    table = Recorder(new_loop(), iris[1]).table()
    assert table.column("predicted").tolist() == [None] * 45
    found = built_in()["forgetting_events"].over(table)
    assert set(found.reasons.values()) == {"not_predicted"}


def test_of_the_pool_only_the_told_labels_are_known(iris: Two, new_loop: NewLoop) -> None:
    loop = new_loop()
    recorder = recorded(loop, loop.pool)
    labels = dict(zip(loop.pool.ids.tolist(), recorder.table().column("label").tolist(), strict=True))
    told = dict(zip(loop.labeled.ids.tolist(), loop.labeled.labels.tolist(), strict=True))
    assert labels == {one: told.get(one) for one in labels}
    reasons = built_in()["loss"].over(recorder.table()).reasons
    assert len(reasons) == len(loop.pool) - len(told)


def test_a_regression_is_recorded() -> None:
    X = np.random.default_rng(0).normal(size=(60, 2))
    pool, holdout = al.Dataset(X, X[:, 0] + 0.5).split(20, seed=0)
    loop = Loop(LinearRegression(), pool, strategy="random", holdout=holdout, batch_size=10)
    table = recorded(loop, holdout).table()
    assert "probabilities" not in table.columns
    assert built_in()["squared_error"].over(table).values.max() < 1e-12


def test_a_folder_of_another_run_is_refused(iris: Two, new_loop: NewLoop, tmp_path: Path) -> None:
    recorded(new_loop(), iris[1], tmp_path)
    with pytest.raises(StoreError, match="the run has closed 0 rounds; name another folder"):
        Recorder(new_loop(), iris[1], tmp_path)
    with pytest.raises(StoreError, match="is of another run, or of other items"):
        Recorder(new_loop(seed=1), iris[1], tmp_path)
    with pytest.raises(StoreError, match="is of another run, or of other items"):
        Recorder(new_loop(), iris[0], tmp_path)
    with pytest.raises(StoreError, match="is of another run, or of other items"):
        Recorder(new_loop(GaussianNB(var_smoothing=0.1)), iris[1], tmp_path)
