"""Model metrics on values that a person can check, against scikit-learn, and on what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss

from activeloop.metrics import Metric, Ragged, Table, built_in, least_confidence
from activeloop.metrics.committee import kl_disagreement, vote_entropy
from activeloop.metrics.model import calibration_gap, confidence, correct, loss, squared_error
from activeloop.metrics.rounds import forgetting_events, prediction_change
from activeloop.testing import check_metric

from .made_columns import made_columns

MINE = (
    confidence,
    loss,
    correct,
    calibration_gap,
    vote_entropy,
    kl_disagreement,
    forgetting_events,
    prediction_change,
)


@pytest.mark.parametrize("metric", MINE, ids=lambda one: one.name)
@pytest.mark.parametrize("missing", [True, False])
def test_every_model_metric_keeps_the_contract(metric: Metric, missing: bool) -> None:
    columns = made_columns(missing=missing)
    check_metric(metric, {name: columns[name] for name in metric.needs})


def test_squared_error_keeps_the_contract() -> None:
    rng = np.random.default_rng(0)
    predicted, labels = rng.normal(size=(2, 30))
    predicted[2], labels[[2, 5]] = np.nan, np.nan
    check_metric(squared_error, {"predicted": predicted, "label": labels})


@pytest.mark.parametrize("metric", [*MINE, squared_error], ids=lambda one: one.name)
def test_what_a_reader_must_know(metric: Metric) -> None:
    assert built_in()[metric.name] is metric
    assert metric.kind == "model"
    assert metric.direction == ("low" if metric in (confidence, correct) else "high")


def test_no_items_have_no_values() -> None:
    whole = Table(made_columns())
    for metric in MINE:
        assert metric.over(whole.take(np.arange(0)), metric.fitted(whole)).values.shape == (0,)


# one prediction ------------------------------------------------------------------------------------------


def test_confidence_is_the_rest_of_least_confidence() -> None:
    p = np.random.default_rng(0).dirichlet(np.ones(4), 50)
    assert np.allclose(confidence(p), 1 - least_confidence(p))
    several = Ragged.from_lists([[[0.75, 0.25], [0.5, 0.5]], []], classes=2)
    found = confidence(several)
    assert found.values[0] == 0.625
    assert dict(found.reasons) == {1: "no_predictions"}


def test_loss_is_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    p, codes = rng.dirichlet(np.ones(4), 200), rng.integers(0, 4, 200)
    assert loss(p, codes).values.mean() == pytest.approx(log_loss(codes, p, labels=range(4)))


def test_loss_is_finite_where_the_model_is_sure_and_wrong() -> None:
    p = np.array([[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]])
    found = loss(p, np.array([1, 0, -1]))
    assert found.values[:2].tolist() == [pytest.approx(36.0437, abs=1e-4), 0.0]
    assert dict(found.reasons) == {2: "not_labeled"}


@pytest.mark.parametrize(
    ("predicted", "labels", "values", "reasons"),
    [
        (["a", "b"], ["a", "a"], [1, 0], {}),
        ([1, 0], [1, 1], [1, 0], {}),
        (["a", None, None], ["a", "a", None], [1], {1: "not_predicted", 2: "not_labeled"}),
    ],
)
def test_correct(predicted: Any, labels: Any, values: list[int], reasons: dict[int, str]) -> None:
    found = correct.over(Table({"predicted": predicted, "label": labels}))
    assert found.values[~np.isnan(found.values)].tolist() == values
    assert dict(found.reasons) == reasons


def test_a_regression_has_errors_and_is_neither_right_nor_wrong() -> None:
    given = {"predicted": np.array([1.0, 2.0]), "label": np.array([1.5, 2.0])}
    assert squared_error.over(Table(given)).values.tolist() == [0.25, 0.0]
    assert set(correct.over(Table(given)).reasons.values()) == {"not_a_class"}
    classes = {"predicted": ["a", "b"], "label": ["a", "a"]}
    assert set(squared_error.over(Table(classes)).reasons.values()) == {"not_an_amount"}


# calibration_gap -----------------------------------------------------------------------------------------


def calibration(sure: Any, right: Any) -> dict[str, Any]:
    sure = np.asarray(sure, dtype=float)
    return {
        "probabilities": np.column_stack([sure, 1 - sure]),
        "label_code": np.where(np.asarray(right), 0, 1),
    }


def test_calibration_gap_by_hand() -> None:
    # ten items at 0.6 and ten at 0.7 of which half are right, twenty at 0.9 of which all are
    reference = calibration([0.6] * 10 + [0.7] * 10 + [0.9] * 20, [True, False] * 10 + [True] * 20)
    two = calibration_gap.with_parameters(bins=2)
    known = two.fitted(Table(reference))
    assert known.edges == pytest.approx([0.8])  # the median
    assert (known.n.tolist(), known.accuracy.tolist()) == ([20, 20], [0.5, 1.0])
    asked = Table(calibration([0.55, 0.6, 0.79, 0.81, 1.0], [True] * 5))
    assert two.over(asked, known).values == pytest.approx([0.05, 0.1, 0.29, -0.19, 0.0])


def test_bins_hold_equal_counts_and_at_least_ten_items() -> None:
    rng = np.random.default_rng(0)
    for n, bins in ((1000, 10), (57, 5), (19, 1), (10, 1)):
        p = rng.dirichlet(np.ones(3), n)
        known = calibration_gap.fitted(Table({"probabilities": p, "label_code": rng.integers(0, 3, n)}))
        assert len(known.n) == bins
        assert known.n.min() >= 10
        assert known.n.max() - known.n.min() <= 2


def test_equal_confidences_share_a_bin() -> None:
    known = calibration_gap.fitted(Table(calibration([0.75] * 50, [True] * 50)))
    assert known.n.tolist() == [50]


def test_a_calibrated_model_has_no_gap_and_a_sharpened_one_has() -> None:
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(2), 20_000)
    codes = (rng.random(20_000) > p[:, 0]).astype(int)
    assert abs(calibration_gap.over(Table({"probabilities": p, "label_code": codes})).values.mean()) < 0.01
    sharp = p**3 / (p**3).sum(axis=1, keepdims=True)
    gap = calibration_gap.over(Table({"probabilities": sharp, "label_code": codes})).values
    assert gap.mean() == pytest.approx(sharp.max(axis=1).mean() - (sharp.argmax(axis=1) == codes).mean())
    assert gap.mean() > 0.1


def test_too_small_a_reference_gives_no_gap() -> None:
    nine = calibration([0.9] * 9, [True] * 9)
    assert set(calibration_gap.over(Table(nine)).reasons.values()) == {"too_few_in_bin"}
    unlabeled = {**nine, "label_code": np.full(9, -1)}
    assert set(calibration_gap.over(Table(unlabeled)).reasons.values()) == {"too_few_in_bin"}


# committees ----------------------------------------------------------------------------------------------

EVEN, SURE = [0.5, 0.5], [1.0, 0.0]


def test_disagreement_by_hand() -> None:
    committee = np.array([[SURE, SURE], [SURE, [0.0, 1.0]], [EVEN, EVEN], [SURE, [0.25, 0.75]]])
    assert vote_entropy(committee).tolist() == [0, 1, 0, 1]
    mean = np.array([0.625, 0.375])
    apart = -np.log2(0.625) + 0.25 * np.log2(0.25 / 0.625) + 0.75 * np.log2(0.75 / 0.375)
    assert kl_disagreement(committee) == pytest.approx([0, 1, 0, apart / 2])
    assert mean.sum() == 1


def test_scipys_entropy_agrees() -> None:
    from scipy.stats import entropy

    committee = np.random.default_rng(0).dirichlet(np.ones(4), size=(100, 5))
    consensus = committee.mean(axis=1)
    divergence = [
        [entropy(one, mean, base=2) for one in members]
        for members, mean in zip(committee, consensus, strict=True)
    ]
    assert kl_disagreement(committee) == pytest.approx(np.mean(divergence, axis=1))
    votes = committee.argmax(axis=2)
    shares = [[np.mean(row == code) for code in range(4)] for row in votes]
    assert vote_entropy(committee) == pytest.approx(entropy(shares, axis=1, base=2))


def test_one_member_agrees_with_itself_and_most_is_one_when_normalized() -> None:
    alone = np.random.default_rng(0).dirichlet(np.ones(3), size=(5, 1))
    assert vote_entropy(alone).tolist() == [0] * 5
    assert kl_disagreement(alone) == pytest.approx(np.zeros(5), abs=1e-12)
    apart = np.eye(4)[None]
    assert vote_entropy(apart).tolist() == [2.0]
    assert vote_entropy(apart, normalize=True).tolist() == [1.0]


# rounds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "events"),
    [
        ("rrrr", 0),
        ("wwrr", 0),
        ("rwrw", 2),
        ("rwwr", 1),
        ("wwww", 4),
        ("r-w-", 1),
        ("r-r-", 0),
        ("---r", 0),
        ("--w-", 4),
    ],
)
def test_forgetting_events(told: str, events: int) -> None:
    row = [{"r": "cat", "w": "dog", "-": None}[one] for one in told]
    found = forgetting_events(np.array([row], dtype=object), np.array(["cat"], dtype=object))
    assert found.values.tolist() == [events]


def test_never_learned_ranks_above_every_count_of_events() -> None:
    rounds = 7
    often = np.array([["cat", "dog"] * rounds][0][:rounds])
    never = np.full(rounds, "dog")
    values = forgetting_events(np.stack([often, never]), np.array(["cat", "cat"])).values
    assert values.tolist() == [3.0, 7.0]


def test_forgetting_without_label_or_prediction_is_null() -> None:
    rows = np.array([["cat"], [None], [None]], dtype=object)
    found = forgetting_events(rows, np.array([None, "cat", None], dtype=object))
    assert dict(found.reasons) == {0: "not_labeled", 1: "not_predicted", 2: "not_labeled"}


def test_prediction_change_by_hand() -> None:
    p = np.array([[0.5, 0.3, 0.2], [1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])
    q = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [np.nan] * 3])
    found = prediction_change(p, q)
    assert found.values[:2] == pytest.approx([0.3, 0.0])
    assert dict(found.reasons) == {2: "not_predicted"}
