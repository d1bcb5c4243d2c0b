"""Label metrics on values that a person can check, and on what is missing."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from activeloop.metrics import Metric, Table, Values, built_in
from activeloop.metrics.label_quality import label_margin, label_quality
from activeloop.metrics.labels import (
    annotator_agreement,
    class_frequency,
    conflicting_duplicates,
    neighbor_agreement,
)
from activeloop.testing import check_metric

from .made_columns import made_columns

MINE = (
    class_frequency,
    annotator_agreement,
    neighbor_agreement,
    conflicting_duplicates,
    label_quality,
    label_margin,
)


def over(metric: Metric, reference: dict[str, Any] | None = None, **columns: Any) -> Values:
    table = Table(columns)
    return metric.over(table, None if reference is None else metric.fitted(Table(reference)))


def labels(*given: Any) -> Any:
    return np.array(given, dtype=object)


@pytest.mark.parametrize("metric", MINE, ids=lambda one: one.name)
@pytest.mark.parametrize("missing", [True, False])
def test_every_label_metric_keeps_the_contract(metric: Metric, missing: bool) -> None:
    columns = made_columns(missing=missing)
    check_metric(metric, {name: columns[name] for name in metric.needs})


@pytest.mark.parametrize("metric", MINE, ids=lambda one: one.name)
def test_what_a_reader_must_know(metric: Metric) -> None:
    assert built_in()[metric.name] is metric
    assert metric.kind == "label"
    assert metric.direction == ("high" if metric is conflicting_duplicates else "low")
    assert metric.range[0] in (0.0, -1.0)


def test_no_items_have_no_values() -> None:
    empty = Table(made_columns()).take(np.arange(0))
    whole = Table(made_columns())
    for metric in MINE:
        assert metric.over(empty, metric.fitted(whole)).values.shape == (0,)


# class_frequency -----------------------------------------------------------------------------------------


def test_class_frequency_is_the_share_in_the_reference_not_in_what_is_asked_about() -> None:
    reference = {"label": labels("cat", "cat", "dog", "cat", None)}
    found = over(class_frequency, reference, label=labels("dog", "cat", None, "owl"))
    assert found.values[[0, 1, 3]].tolist() == [0.25, 0.75, 0.0]
    assert dict(found.reasons) == {2: "not_labeled"}


@pytest.mark.parametrize("given", [np.array([1, 1, 0, 1]), np.array([True, True, False, True])])
def test_class_frequency_takes_any_kind_of_class(given: Any) -> None:
    assert over(class_frequency, label=given).values.tolist() == [0.75, 0.75, 0.25, 0.75]


def test_an_amount_has_no_class_frequency() -> None:
    found = over(class_frequency, label=np.array([0.5, np.nan]))
    assert np.isnan(found.values).all()
    assert dict(found.reasons) == {0: "not_a_class", 1: "not_labeled"}


def test_class_frequency_where_nothing_is_labeled() -> None:
    assert dict(over(class_frequency, label=labels(None, None)).reasons) == dict.fromkeys(
        (0, 1), "not_labeled"
    )


# annotator_agreement -------------------------------------------------------------------------------------


def test_annotator_agreement_is_the_share_of_agreeing_pairs() -> None:
    # three say cat and two dog: 3 + 1 of the 10 pairs agree
    given = [["cat", "dog", "cat", "dog", "cat"], ["a", "b", "c"], [1, 1]]
    assert over(annotator_agreement, annotations=given).values.tolist() == [0.4, 0.0, 1.0]


def test_annotator_agreement_counts_every_pair() -> None:
    votes = np.random.default_rng(0).integers(0, 3, (50, 6))
    pairs = [[one == other for one, other in combinations(row, 2)] for row in votes.tolist()]
    assert over(annotator_agreement, annotations=votes).values == pytest.approx(np.mean(pairs, axis=1))


def test_annotations_may_be_missing_or_named() -> None:
    given = [None, [], ["cat"], ["cat", None, np.nan], {"ann": "cat", "bob": "cat"}, ("cat", "dog"), "cat"]
    found = over(annotator_agreement, annotations=given)
    assert found.values[[4, 5]].tolist() == [1.0, 0.0]
    assert dict(found.reasons) == {**dict.fromkeys(range(4), "fewer_than_two_annotations"), 6: "not_a_list"}


# neighbor_agreement --------------------------------------------------------------------------------------

LINE = {
    "embedding": np.array([[0.0], [1.0], [2.1], [10.0], [11.0], [12.1]]),
    "id": np.arange(6),
    "label": labels("cat", "cat", "cat", "dog", "dog", "cat"),
}


def test_neighbor_agreement_by_hand() -> None:
    two = neighbor_agreement.with_parameters(k=2)
    assert two.over(Table(LINE)).values.tolist() == [1.0, 1.0, 1.0, 0.5, 0.5, 0.0]


def test_perfect_agreement_is_one_whatever_k() -> None:
    """Encord Active's second version divides by k twice, so that perfect agreement scores 1/k."""
    alike = {**LINE, "label": labels(*["cat"] * 6)}
    for k in (1, 3, 5, 10):
        assert neighbor_agreement.with_parameters(k=k).over(Table(alike)).values.tolist() == [1.0] * 6


def test_an_item_is_not_its_own_neighbor_even_where_another_lies_on_it() -> None:
    same = {"embedding": np.zeros((3, 2)), "id": np.arange(3), "label": labels("cat", "dog", "dog")}
    assert neighbor_agreement.with_parameters(k=2).over(Table(same)).values.tolist() == [0.0, 0.5, 0.5]


def test_a_new_item_is_compared_with_the_reference_alone() -> None:
    asked = {"embedding": np.array([[0.5], [0.5]]), "id": np.array([70, 71]), "label": labels("dog", "cat")}
    one = neighbor_agreement.with_parameters(k=3)
    assert one.over(Table(asked), one.fitted(Table(LINE))).values.tolist() == [0.0, 1.0]


def test_unlabeled_items_and_odd_embeddings_are_neither_judged_nor_neighbors() -> None:
    gaps = {
        "embedding": np.array([[0.0], [0.1], [0.2], [np.nan], [0.3]]),
        "id": np.arange(5),
        "label": labels("cat", None, "cat", "dog", "dog"),
    }
    found = neighbor_agreement.with_parameters(k=2).over(Table(gaps))
    assert found.values[[0, 2, 4]].tolist() == [0.5, 0.5, 0.0]
    assert dict(found.reasons) == {1: "not_labeled", 3: "no_embedding"}


def test_the_only_labeled_item_has_no_neighbor() -> None:
    alone = {"embedding": np.eye(2), "id": np.arange(2), "label": labels("cat", None)}
    assert dict(neighbor_agreement.over(Table(alone)).reasons) == {0: "no_neighbor", 1: "not_labeled"}
    nobody = {**alone, "label": labels(None, None)}
    found = neighbor_agreement.over(Table(alone), neighbor_agreement.fitted(Table(nobody)))
    assert found.reasons[0] == "no_neighbor"


# conflicting_duplicates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "features",
    [
        np.array([[1.0, 0.0], [1.0, -0.0], [1.0, 0.0], [2.0, 0.0], [1.0, 0.0]]),
        np.array([[1, 0], [1, 0], [1, 0], [2, 0], [1, 0]], dtype=np.uint8),
        sparse.csr_matrix(np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [2.0, 0.0], [1.0, 0.0]])),
        pd.DataFrame({"x": [1.0, 1.0, 1.0, 2.0, 1.0], "y": ["a", "a", "a", None, "a"]}),
        np.array(["same", "same", "same", "other", "same"], dtype=object),
        np.zeros((5, 2, 2)) + np.array([1, 1, 1, 2, 1])[:, None, None],
    ],
    ids=["floats", "bytes", "sparse", "table", "texts", "images"],
)
def test_conflicting_duplicates_of_any_features(features: Any) -> None:
    given = {"features": features, "id": np.arange(5), "label": labels("cat", "dog", "dog", "cat", None)}
    found = over(conflicting_duplicates, **given)
    assert found.values[:4].tolist() == [2.0, 1.0, 1.0, 0.0]
    assert dict(found.reasons) == {4: "not_labeled"}


def test_a_corrected_item_does_not_conflict_with_its_own_old_label() -> None:
    reference = {"features": np.ones((2, 1)), "id": np.arange(2), "label": labels("cat", "cat")}
    corrected = {**reference, "label": labels("dog", "cat")}
    assert over(conflicting_duplicates, reference, **corrected).values.tolist() == [1.0, 0.0]


def test_a_large_group_of_duplicates_is_counted_in_one_pass() -> None:
    n = 20_000
    given = {
        "features": np.zeros((n, 1)),
        "id": np.arange(n),
        "label": labels(*["cat"] * (n - 1), "dog"),
    }
    values = over(conflicting_duplicates, **given).values
    assert values[:-1].tolist() == [1.0] * (n - 1)
    assert values[-1] == n - 1
