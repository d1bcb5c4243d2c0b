"""The scoreboard: undefined is NULL with a reason, n beside every value, and input that cannot be used."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from activeloop.arrays import Array
from activeloop.errors import (
    ActiveloopError,
    ConfigurationError,
    DataError,
    ModelError,
    ScoreError,
    SliceError,
    UnknownNameError,
)
from activeloop.scoring import Predictions, Scoreboard, ScoreRow
from activeloop.seeds import id_keys

N = 60
RANDOM = np.random.default_rng(1)
LABELS = RANDOM.integers(3, size=N)
PREDICTED = np.where(RANDOM.random(N) < 0.7, LABELS, RANDOM.integers(3, size=N))
PROBABILITIES = RANDOM.dirichlet(np.ones(3), size=N)
KEYS = id_keys(np.arange(N))
NO_TWO = LABELS != 2
ONE = np.arange(N) == 5
CLASSES = (0, 1, 2)


def board(*scoring: Any, **options: Any) -> Scoreboard:
    given = {"slices": [], "labels": LABELS, "classes": CLASSES, "keys": KEYS, **options}
    return Scoreboard(list(scoring), **given)


def one(row_of: str, *scoring: Any, predicted: Array = PREDICTED, **options: Any) -> ScoreRow:
    slices = {"no two": NO_TWO, "one": ONE}
    made = board(*scoring, slices=[(row_of, slices[row_of])] if row_of in slices else [], **options)
    (row,) = [row for row in made.rows(predicted, PROBABILITIES) if row.slice == row_of]
    return row


def test_rows_are_slices_by_scores_all_first() -> None:
    rows = board("accuracy", "f1_macro", slices=[("b", NO_TWO), ("a", ONE)]).rows(PREDICTED)
    expected = [(a, b) for a in ("all", "b", "a") for b in ("accuracy", "f1_macro")]
    assert [(row.slice, row.score) for row in rows] == expected
    assert [row.n for row in rows] == [N, N, NO_TWO.sum(), NO_TWO.sum(), 1, 1]


def test_scores_of_one_class_and_their_support() -> None:
    recall, precision, f1, jaccard = board("recall[2]", "precision[2]", "f1[2]", "jaccard[2]").rows(PREDICTED)
    is_two, said_two = LABELS == 2, PREDICTED == 2
    assert recall.value == pytest.approx((is_two & said_two).sum() / is_two.sum())
    assert precision.value == pytest.approx((is_two & said_two).sum() / said_two.sum())
    assert f1.value == pytest.approx(metrics.f1_score(is_two, said_two))
    assert jaccard.value == pytest.approx(metrics.jaccard_score(is_two, said_two))
    assert (recall.n, precision.n) == (is_two.sum(), said_two.sum())
    assert f1.n == jaccard.n == (is_two | said_two).sum()


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        ("recall[2]", "no item of class 2"),
        ("precision[2]", "class 2 is never predicted"),
        ("f1[2]", "class 2 is neither true nor predicted"),
        ("jaccard[2]", "class 2 is neither true nor predicted"),
    ],
)
def test_a_class_that_is_absent_has_no_score_of_its_own(score: str, reason: str) -> None:
    row = one("no two", score, predicted=np.zeros(N, dtype=int))
    assert (row.value, row.low, row.high, row.reason) == (None, None, None, reason)


def test_a_class_that_is_absent_does_not_count_in_the_averages() -> None:
    labels, predicted = LABELS[NO_TWO], PREDICTED[NO_TWO]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        balanced = metrics.balanced_accuracy_score(labels, predicted)
    assert one("no two", "balanced_accuracy").value == pytest.approx(balanced)
    macro = metrics.f1_score(labels, predicted, average="macro")
    assert one("no two", "f1_macro").value == pytest.approx(macro)


def test_a_class_that_is_absent_is_still_a_class_to_the_log_loss() -> None:
    p = PROBABILITIES[NO_TWO, LABELS[NO_TWO]]
    assert one("no two", "neg_log_loss").value == pytest.approx(np.log(p).mean())
    brier = ((PROBABILITIES[NO_TWO] - np.eye(3)[LABELS[NO_TWO]]) ** 2).sum(axis=1).mean()
    assert one("no two", "neg_brier_score").value == pytest.approx(-brier)


def test_probabilities_of_zero_and_of_single_precision_are_clipped_as_scikit_learn_does() -> None:
    sure = np.eye(3, dtype=np.float32)[PREDICTED]
    (row,) = board("neg_log_loss").rows(PREDICTED, sure)
    assert row.value == pytest.approx(-metrics.log_loss(LABELS, sure), rel=1e-6)


@pytest.mark.parametrize("declared", [("bad", "good"), ("good", "bad")])
def test_the_columns_of_probabilities_are_in_the_declared_order(declared: tuple[str, str]) -> None:
    good = PROBABILITIES[:, 0]
    given = np.stack([good if name == "good" else 1 - good for name in declared], axis=1)
    labels = np.where(LABELS == 0, "good", "bad")
    rows = Scoreboard(["roc_auc", "neg_log_loss", "neg_brier_score"], [], labels, declared, KEYS).rows(
        labels, given
    )
    assert rows[0].value == pytest.approx(metrics.roc_auc_score(labels == "good", good))
    assert rows[1].value == pytest.approx(-metrics.log_loss(labels == "good", good))
    assert rows[2].value == pytest.approx(-metrics.brier_score_loss(labels == "good", good))


def test_labels_of_objects_are_labels() -> None:
    labels = np.array(["ant", "bee", "cow"], dtype=object)[LABELS]
    (row,) = Scoreboard(["f1[bee]"], [], labels, ("ant", "bee", "cow"), KEYS).rows(labels)
    assert row.value == 1.0


@pytest.mark.parametrize("score", ["neg_log_loss", "roc_auc_ovr", "neg_brier_score", "top_k_accuracy"])
def test_without_probabilities_a_score_that_needs_them_is_null(score: str) -> None:
    row, accuracy = board(score, "accuracy").rows(PREDICTED)
    assert (row.value, row.n, row.reason) == (None, N, "needs predict_proba")
    assert accuracy.value is not None


@pytest.mark.parametrize(
    ("score", "reason"),
    [("accuracy", ""), ("f1_macro", "no interval: all items are in one block"), ("roc_auc_ovr", ".+")],
)
def test_a_slice_of_one_item(score: str, reason: str) -> None:
    row = one("one", score)
    assert row.n == 1
    assert row.reason == reason if reason != ".+" else row.reason
    assert (row.value is None) == (score == "roc_auc_ovr")
    assert (row.low is None) == (score != "accuracy")


def test_regression_on_one_item_and_on_constant_labels() -> None:
    labels = np.where(ONE, 7.0, 3.0)
    rows = Scoreboard(
        ["r2", "explained_variance", "neg_mean_absolute_error"],
        [("one", ONE), ("flat", ~ONE)],
        labels,
        None,
        KEYS,
    ).rows(labels + 1)
    reason = "needs at least two different labels"
    undefined = {(row.slice, row.score) for row in rows if row.value is None}
    assert undefined == {(a, b) for a in ("one", "flat") for b in ("r2", "explained_variance")}
    assert all(row.reason == reason for row in rows if row.value is None)


def test_r2_is_exact_far_from_zero() -> None:
    labels = RANDOM.normal(size=N) + 1e8
    predicted = labels + 0.1 * RANDOM.normal(size=N)
    (row,) = Scoreboard(["r2"], [], labels, None, KEYS).rows(predicted)
    assert row.value == pytest.approx(metrics.r2_score(labels, predicted), rel=1e-6)


def test_a_maximum_has_no_jackknife_interval() -> None:
    name = "neg_max_error" if "neg_max_error" in metrics.get_scorer_names() else "max_error"  # until 1.5
    (row,) = Scoreboard([name], [], LABELS, None, KEYS).rows(LABELS + 0.5)
    assert (row.value, row.low, row.reason) == (-0.5, None, "no interval: an extreme value has none")


def test_a_value_that_never_varies_has_no_interval() -> None:
    (row,) = board(("constant", lambda predictions: 1.0)).rows(PREDICTED)[:1]
    assert (row.value, row.low) == (1.0, None)
    assert row.reason == "no interval: the same value without any of the blocks"


def test_all_right_is_as_sure_as_a_proportion_of_all_right() -> None:
    every, f1 = board("accuracy", "f1_macro").rows(LABELS)[:2]
    assert f1[2:5] == pytest.approx(every[2:5])
    assert every.low is not None
    assert every.low < 1.0


def wrong_twos(predictions: Predictions) -> float:
    return float(((predictions.labels == 2) & (predictions.predicted != 2)).sum())


def test_a_custom_score_is_a_function_of_the_predictions_of_the_slice() -> None:
    all_rows, without = board(wrong_twos, slices=[("no two", NO_TWO)]).rows(PREDICTED)
    assert all_rows.score == "wrong_twos"
    assert all_rows.value == ((LABELS == 2) & (PREDICTED != 2)).sum()
    assert without.value == 0.0
    assert all_rows.low is not None


def test_a_custom_score_sees_ids_classes_and_probabilities() -> None:
    def check(predictions: Predictions) -> float:
        assert predictions.classes == CLASSES
        assert predictions.ids is not None
        assert predictions.probabilities is not None
        assert len(predictions) == len(predictions.ids) == len(predictions.probabilities)
        return float(predictions.ids[0])

    ids = np.arange(N) + 100
    rows = board(("first", check), slices=[("one", ONE)], ids=ids).rows(PREDICTED, PROBABILITIES)
    assert [row.value for row in rows] == [100.0, 105.0]


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda given: None, "not applicable"),
        (lambda given: float("nan"), "gave nan"),
        (lambda given: 1 / 0, "failed: ZeroDivisionError: division by zero"),
        (lambda given: np.mean(given.labels[:0]), "gave nan"),
    ],
)
def test_a_custom_score_may_be_undefined(function: Any, reason: str) -> None:
    row = one("all", ("mine", function))
    assert (row.value, row.reason) == (None, reason)


@pytest.mark.parametrize(
    "function", [lambda given: given.label, lambda given: [1, 2], lambda given: object()]
)
def test_a_custom_score_that_is_broken_is_said_to_be(function: Any) -> None:
    with pytest.raises(ScoreError, match="score 'mine' raised"):
        board(("mine", function)).rows(PREDICTED)


def test_a_scorer_of_make_scorer_is_a_score() -> None:
    scorer = metrics.make_scorer(metrics.fbeta_score, beta=2, average="macro")
    row = one("all", ("f2", scorer))
    assert row.value == pytest.approx(metrics.fbeta_score(LABELS, PREDICTED, beta=2, average="macro"))


@pytest.mark.parametrize(
    ("error", "wrong", "options"),
    [
        (UnknownNameError, "unknown score 'acuracy'; did you mean 'accuracy'", {"scoring": ["acuracy"]}),
        (UnknownNameError, "unknown class '7'", {"scoring": ["recall[7]"]}),
        (UnknownNameError, "unknown score of one class 'accuracy\\[1\\]'", {"scoring": ["accuracy[1]"]}),
        (ConfigurationError, "'r2' is for regression", {"scoring": ["r2"]}),
        (ConfigurationError, "use f1_macro, or f1\\[2\\]", {"scoring": ["f1"]}),
        (ConfigurationError, "use roc_auc_ovr", {"scoring": ["roc_auc"]}),
        (ConfigurationError, "named 'accuracy'", {"scoring": ["accuracy", "accuracy"]}),
        (ConfigurationError, "lambda", {"scoring": [lambda given: 1]}),
        (ConfigurationError, "neither a name", {"scoring": [3]}),
        (ConfigurationError, "at least one score", {"scoring": []}),
        (ConfigurationError, "needs decision_function", {"scoring": [
            ("margin", metrics.make_scorer(metrics.hinge_loss, response_method="decision_function"))]}),
        (ConfigurationError, "unknown interval 'jackknive'; did you mean", {"interval": "jackknive"}),
        (SliceError, "slice 'empty' holds no item", {"slices": [("empty", np.zeros(N, dtype=bool))]}),
        (SliceError, "two slices are named 'a'", {"slices": [("a", ONE), ("a", ONE)]}),
        (SliceError, "two slices are named 'all'", {"slices": [("all", ONE)]}),
        (SliceError, "one boolean per item", {"slices": [("a", ONE[:-1])]}),
        (SliceError, "one boolean per item", {"slices": [("a", np.arange(N))]}),
        (DataError, "label 2 is not a declared class; allowed: 0, 1", {"classes": (0, 1)}),
        (DataError, "is not a declared class", {"classes": ("0", "1", "2")}),
        (DataError, "each once", {"classes": (0, 1, 1)}),
        (DataError, "60 labels, 59 keys", {"keys": KEYS[1:]}),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_is_refused(
    error: type[ActiveloopError], wrong: str, options: dict[str, Any]
) -> None:
    with pytest.raises(error, match=wrong):
        board(*options.get("scoring", ["accuracy"]), **{k: v for k, v in options.items() if k != "scoring"})


def test_scores_are_a_list() -> None:
    with pytest.raises(ConfigurationError, match="give a list"):
        Scoreboard("accuracy", [], LABELS, CLASSES, KEYS)


@pytest.mark.parametrize(
    ("predicted", "probabilities", "wrong"),
    [
        (np.full(N, 9), None, "the model predicted 9, not a declared class; allowed: 0, 1, 2"),
        (np.full(N, "a"), None, "not a declared class"),
        (PREDICTED[1:], None, "shape \\(59,\\) for 60 items"),
        (PREDICTED, PROBABILITIES[:, 1:], "shape \\(60, 2\\) for 60 items and 3 classes"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(predicted: Array, probabilities: Any, wrong: str) -> None:
    with pytest.raises(ModelError, match=wrong):
        board("accuracy").rows(predicted, probabilities)


def test_regression_predictions_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ModelError, match="one number each"):
        Scoreboard(["r2"], [], LABELS, None, KEYS).rows(LABELS[:, None])


def test_the_order_of_the_items_does_not_matter() -> None:
    order = RANDOM.permutation(N)
    scoring = ["accuracy", "f1_macro", "neg_log_loss"]
    first = board(*scoring, slices=[("no two", NO_TWO)]).rows(PREDICTED, PROBABILITIES)
    again = Scoreboard(scoring, [("no two", NO_TWO[order])], LABELS[order], CLASSES, KEYS[order])
    for ours, theirs in zip(first, again.rows(PREDICTED[order], PROBABILITIES[order]), strict=True):
        assert ours[:2] == theirs[:2]
        assert ours[2:5] == pytest.approx(theirs[2:5], rel=1e-9)


def test_two_rounds_do_not_touch_each_other() -> None:
    made = board("f1_macro", "recall[1]", slices=[("no two", NO_TWO)])
    first = made.rows(PREDICTED)
    made.rows(np.zeros(N, dtype=int))
    assert made.rows(PREDICTED) == first


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(1, 80))
def test_every_interval_holds_its_value_within_the_bounds(seed: int, n_classes: int, n: int) -> None:
    random = np.random.default_rng(seed)
    labels, predicted = random.integers(n_classes, size=(2, n))
    probabilities = random.dirichlet(np.full(n_classes, 0.3), size=n)
    inside = random.random(n) < 0.3
    inside[0] = True
    scoring = ["accuracy", "f1_macro", "precision_weighted", "matthews_corrcoef", "neg_log_loss", "recall[0]"]
    made = Scoreboard(scoring, [("some", inside)], labels, range(n_classes), id_keys(np.arange(n)))
    for row in made.rows(predicted, probabilities):
        assert (row.low is None) == (row.high is None)
        assert row.reason if None in (row.value, row.low) else not row.reason
        if row.value is not None and row.low is not None and row.high is not None:
            assert row.low <= row.value <= row.high
            assert row.high <= (0 if row.score == "neg_log_loss" else 1)
            assert row.low >= -1 or row.score == "neg_log_loss"
