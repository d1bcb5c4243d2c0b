"""Label errors: found where they were planted, as cleanlab finds them, ranked and with a reason."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import activeloop as al
from activeloop.errors import ConfigurationError, DataError, MissingDependencyError, ModelError
from activeloop.metrics.label_errors import label_errors

CLASSES = ("cat", "dog", "owl")


def data_of(codes: Any, **more: Any) -> al.Dataset:
    labels = [None if code < 0 else CLASSES[code] for code in codes]
    return al.Dataset(np.arange(len(labels))[:, None], labels, classes=CLASSES, **more)


def drawn(n: int, seed: int) -> tuple[Any, Any]:
    """Probabilities that know the class somewhat, and labels of which a tenth is wrong."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    p = rng.dirichlet(np.ones(3), n) + 1.5 * np.eye(3)[truth]
    wrong = rng.random(n) < 0.1
    return p / p.sum(axis=1, keepdims=True), np.where(wrong, (truth + 1) % 3, truth)


def test_candidates_by_hand() -> None:
    # the means of the given labels are 0.7 (cat) and 0.6 (dog): item 3 is confidently a cat, item 2 is not
    p = np.array([[0.9, 0.1, 0.0], [0.5, 0.5, 0.0], [0.6, 0.4, 0.0], [0.8, 0.2, 0.0], [0.1, 0.9, 0.0]])
    found = label_errors(data_of([0, 0, 1, 1, 1], ids=["a", "b", "c", "d", "e"]), p)
    (one,) = found
    assert (one.id, one.given, one.suggested, one.statistic) == ("d", "dog", "cat", 0.2)
    assert one.reason == (
        "labeled 'dog' (0.20), but 'cat' is given 0.80; items labeled 'cat' get 0.70 of it on average"
    )


def test_the_worst_comes_first_and_ties_hang_on_the_id() -> None:
    p, codes = drawn(300, 1)
    found = label_errors(data_of(codes), p)
    assert len(found) > 10
    assert [one.statistic for one in found] == sorted(one.statistic for one in found)
    order = np.random.default_rng(0).permutation(300)
    assert label_errors(data_of(codes[order], ids=order), p[order]) == found
    tied = data_of([0, 0, 1, 1], ids=["d", "c", "b", "a"]), np.array([[0.9, 0.1, 0.0]] * 4)
    rows = [3, 1, 0, 2]
    turned = data_of([[0, 0, 1, 1][at] for at in rows], ids=[["d", "c", "b", "a"][at] for at in rows])
    assert [one.id for one in label_errors(*tied)] == [one.id for one in label_errors(turned, tied[1])]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("method", ["confident_learning", "prune_by_noise_rate", "both"])
def test_cleanlab_finds_the_same(seed: int, method: Any) -> None:
    their = pytest.importorskip("cleanlab.filter")
    p, codes = drawn(400, seed)
    theirs = their.find_label_issues(
        codes, p, filter_by=method, return_indices_ranked_by="self_confidence", n_jobs=1
    )
    ours = label_errors(data_of(codes), p, method=method)
    assert [one.id for one in ours] == theirs.tolist()
    assert len(ours) > 5


def test_planted_errors_are_found_without_a_model_of_ones_own() -> None:
    from activeloop.out_of_sample import out_of_sample

    iris = al.load("iris")
    rng = np.random.default_rng(0)
    rows = rng.choice(150, 12, replace=False)
    labels = np.array(iris.labels, dtype=object)
    labels[rows] = [
        {"setosa": "versicolor", "versicolor": "setosa", "virginica": "setosa"}[one] for one in labels[rows]
    ]
    spoiled = al.Dataset(iris.features, labels, ids=iris.ids)
    said = out_of_sample(spoiled)
    assert said.probabilities is not None
    found = label_errors(spoiled, said.probabilities)
    hit = {one.id for one in found} & set(rows.tolist())
    assert len(hit) >= 9
    assert len({one.id for one in found[:9]} & hit) >= 7
    truth = dict(
        zip(iris.ids.tolist(), (iris.labels if iris.labels is not None else labels).tolist(), strict=True)
    )
    assert np.mean([one.suggested == truth[one.id] for one in found if one.id in hit]) > 0.7


def test_items_without_label_or_prediction_are_no_candidates() -> None:
    p, codes = drawn(100, 0)
    whole = label_errors(data_of(codes), p)
    gone = whole[0].id
    assert gone not in [
        one.id for one in label_errors(data_of(np.where(np.arange(100) == gone, -1, codes)), p)
    ]
    unsaid = p.copy()
    unsaid[gone] = np.nan
    assert gone not in [one.id for one in label_errors(data_of(codes), unsaid)]
    assert label_errors(data_of([-1, -1]), p[:2]) == ()


def test_a_class_that_nobody_was_given_is_not_suggested() -> None:
    p = np.array([[0.2, 0.1, 0.7], [0.6, 0.4, 0.0], [0.1, 0.9, 0.0]])
    assert "owl" not in [one.suggested for one in label_errors(data_of([0, 0, 1]), p)]


def test_what_cannot_be_used_is_refused() -> None:
    p, codes = drawn(20, 0)
    with pytest.raises(ConfigurationError, match="unknown method 'confident'; did you mean"):
        label_errors(data_of(codes), p, method="confident")  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="the probabilities of item 3 sum to 2"):
        label_errors(data_of(codes), np.where(np.arange(20)[:, None] == 3, 2 * p, p))
    with pytest.raises(DataError, match=r"shape \(20, 2\) for 20 items and 3 classes"):
        label_errors(data_of(codes), p[:, :2])
    with pytest.raises(DataError, match="labels that are classes"):
        label_errors(al.Dataset(np.eye(2), [0.5, 1.5]), p)


def test_without_cleanlab_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)
    p, codes = drawn(20, 0)
    label_errors(data_of(codes), p)
    with pytest.raises(MissingDependencyError, match=r"pip install 'activeloop\[labels\]'"):
        label_errors(data_of(codes), p, method="both")


def test_of_several_confident_classes_the_most_probable_counts() -> None:
    # the means are 0.425 (cat) and 0.55 (dog), and item 0 reaches both
    p = np.array([[0.45, 0.55, 0.0], [0.4, 0.6, 0.0], [0.4, 0.6, 0.0], [0.3, 0.5, 0.2]])
    assert [(one.id, one.suggested) for one in label_errors(data_of([0, 0, 1, 1]), p)] == [
        (1, "dog"),
        (0, "dog"),
    ]
