"""Scores from the audit labels known so far: a holdout that grows, as a History."""

from dataclasses import replace

import numpy as np
import pytest

from activeloop.audit import SaidOf, audited, set_apart
from activeloop.errors import ConfigurationError, DataError, SliceError
from activeloop.history import History
from activeloop.scoring import Scoreboard
from activeloop.seeds import id_keys
from tests.audit.conftest import Run

SCORING = ["accuracy", "f1_macro", "neg_log_loss"]


def test_it_is_the_scoreboard_of_the_labels_known_by_now(softly: Run) -> None:
    known = list(set_apart(softly.rest, 60).ids)
    labels = {one: softly.truth[one] for one in known}
    even = {"even": [one for one in softly.rest if one % 2 == 0]}
    found = audited(softly.history, softly.said, labels, softly.classes, SCORING, even)
    inside = np.array([one % 2 == 0 for one in known])
    truth, ids = np.array(list(labels.values())), np.array(known)
    board = Scoreboard(SCORING, [("even", inside)], truth, softly.classes, id_keys(ids), ids=ids)
    for closed, said in zip(found.rounds, softly.said, strict=True):
        kept = said.of(known)
        assert closed.scores == board.rows(kept.predicted, kept.probabilities)
    frame = found.to_frame()
    assert list(frame) == ["round", "n_labeled", "slice", "score", "value", "low", "high", "n", "reason"]
    assert set(frame["n"]) == {60, int(inside.sum())}


def test_it_is_unbiased_over_the_samples_that_could_have_been_set_apart(softly: Run) -> None:
    everything = {one: softly.truth[one] for one in softly.rest}
    last = History(softly.history.rounds[-1:])
    true = audited(last, softly.said, everything, softly.classes, ["accuracy"]).rounds[0].row("accuracy")
    estimates, held = [], 0
    for seed in range(120):
        known = {one: softly.truth[one] for one in set_apart(softly.rest, 40, seed=seed).ids}
        row = audited(last, softly.said, known, softly.classes, ["accuracy"]).rounds[0].row("accuracy")
        estimates.append(row.value)
        held += (row.low or 0) <= (true.value or 0) <= (row.high or 0)
    off = np.array(estimates) - (true.value or 0)
    assert abs(off.mean()) < 3 * off.std() / np.sqrt(len(off))
    assert held / 120 >= 0.9


def test_a_small_population_leaves_less_to_chance(softly: Run) -> None:
    labels = {one: softly.truth[one] for one in set_apart(softly.rest, 100).ids}
    whole, small, all_of_them = (
        audited(softly.history, softly.said, labels, softly.classes, ["accuracy"], of=n).rounds[-1].scores[0]
        for n in (None, 400, 100)
    )
    assert small.low is not None
    assert whole.low is not None
    assert small.value is not None
    assert small.value - small.low == pytest.approx(((whole.value or 0) - whole.low) * np.sqrt(0.75))
    assert (all_of_them.low, all_of_them.high) == (whole.value, whole.value)
    with pytest.raises(ConfigurationError, match="of is 99, and 100 items have labels"):
        audited(softly.history, softly.said, labels, softly.classes, ["accuracy"], of=99)


def test_what_is_not_known_yet_is_null_with_the_reason(softly: Run) -> None:
    slices = {"none": ["no such item"]}
    empty = audited(softly.history, softly.said, {}, softly.classes, SCORING, slices)
    assert {row.reason for one in empty.rounds for row in one.scores} == {"no audit label yet"}
    one = softly.rest[0]
    labels = {one: softly.truth[one], softly.rest[1]: softly.truth[softly.rest[1]]}
    found = audited(softly.history, softly.said[1:], labels, softly.classes, SCORING, slices)
    assert {row.reason for row in found.rounds[0].scores} == {"no prediction of this round was kept"}
    assert found.rounds[1].row("accuracy", "none").reason == "no audit label yet"
    assert found.rounds[1].row("accuracy").n == 2
    without = [replace(said, probabilities=None) for said in softly.said]
    told = audited(softly.history, without, labels, softly.classes, SCORING).rounds[0]
    assert told.row("neg_log_loss").reason == "needs predict_proba"


def test_regression_is_scored_too(softly: Run) -> None:
    labels = {one: float(softly.truth[one]) for one in softly.rest[:50]}
    said = [replace(one, predicted=one.predicted + 0.5, probabilities=None) for one in softly.said]
    found = audited(softly.history, said, labels, None, ["neg_mean_absolute_error"])
    assert (found.rounds[0].score("neg_mean_absolute_error") or 0) <= -0.3


def test_what_does_not_fit_is_refused(softly: Run) -> None:
    labels = {softly.rest[0]: softly.truth[softly.rest[0]]}
    with pytest.raises(SliceError, match="'all'"):
        audited(softly.history, softly.said, labels, softly.classes, ["accuracy"], {"all": [1]})
    with pytest.raises(DataError, match="no prediction for item 'x'"):
        audited(softly.history, softly.said, {"x": 1}, softly.classes, ["accuracy"])
    with pytest.raises(DataError, match="round 3: predictions for 1 of 2 items"):
        SaidOf(3, np.arange(2), np.arange(1))
