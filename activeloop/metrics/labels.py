"""A label beside others: how frequent it is, and do annotators, neighbors and duplicates agree?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.metrics.exact import digests
from activeloop.metrics.given import of_class, without_class
from activeloop.metrics.metric import Values, metric
from activeloop.seeds import id_keys


def _shares(labels: Array) -> dict[Any, float]:
    left_out = without_class(labels)
    times = Counter(one for at, one in enumerate(_plain(labels)) if at not in left_out)
    return {one: count / times.total() for one, count in times.items()}


@metric("label", needs="label", vectorized=True, direction="low", range=(0.0, 1.0), fit=_shares)
def class_frequency(shares: Mapping[Any, float], labels: Array) -> Values:
    """Look up the share of the item's class among the labels of the reference, n_c / n; low = rare first.

    0 for a class that the reference does not hold. NULL without a label (`not_labeled`), and for a label
    that is an amount (`not_a_class`). Source: the prior of a class, as in Northcutt et al. 2021, 3.

    >>> labels = np.array(["cat", "cat", "cat", "dog"])
    >>> class_frequency(class_frequency.fit(labels), labels).values.tolist()
    [0.75, 0.75, 0.75, 0.25]
    """
    return of_class(np.array([shares.get(one, 0.0) for one in _plain(labels)]), labels)


@metric("label", needs="annotations", vectorized=True, direction="low", range=(0.0, 1.0))
def annotator_agreement(annotations: Iterable[Any]) -> Values:
    """Compute the share of pairs of annotators who gave the item the same label; low = disputed first.

    Σ_c n_c (n_c − 1) / (n (n − 1)), where n_c of n annotators said c: 1 when all agree, 0 when no two do.
    `annotations` holds a list of labels per item (or a mapping from annotator to label); None is no answer.
    NULL with fewer than two answers (`fewer_than_two_annotations`), or where a text stands in place of a list
    (`not_a_list`). Source: P_i of Fleiss 1971, "Measuring nominal scale agreement among many raters".

    >>> annotator_agreement([["cat", "cat", "dog"], ["cat", "cat"], ["cat", None]]).values.round(2).tolist()
    [0.33, 1.0, nan]
    """
    values: list[float] = []
    reasons: dict[int, str] = {}
    for at, given in enumerate(annotations):
        if isinstance(given, str | bytes):
            reasons[at] = "not_a_list"
        times = Counter(_answers(given))
        n = times.total()
        if n < 2:
            reasons.setdefault(at, "fewer_than_two_annotations")
        values.append(np.nan if n < 2 else sum(k * (k - 1) for k in times.values()) / (n * (n - 1)))
    return Values(np.array(values, dtype=np.float64), reasons)


def _answers(given: Any) -> list[Any]:
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        return []
    said = given.values() if isinstance(given, Mapping) else given
    plain = (one.item() if isinstance(one, np.generic) else one for one in said)
    return [one for one in plain if one is not None and one == one]


class _Neighborhood(NamedTuple):
    searched: Any  # a fitted scikit-learn NearestNeighbors; None where the reference holds no labeled item
    ids: Array
    labels: Array


def _neighborhood(embedding: Array, ids: Array, labels: Array) -> _Neighborhood:
    from sklearn.neighbors import NearestNeighbors

    rows = np.setdiff1d(np.flatnonzero(np.isfinite(embedding).all(axis=1)), list(without_class(labels)))
    rows = rows[np.argsort(id_keys(np.asarray(ids)[rows]), kind="stable")]  # their order changes nothing
    searched = NearestNeighbors(algorithm="brute").fit(embedding[rows]) if len(rows) else None
    return _Neighborhood(searched, np.asarray(ids)[rows], np.asarray(labels)[rows])


@metric(
    "label",
    needs=("embedding", "id", "label"),
    vectorized=True,
    direction="low",
    range=(0.0, 1.0),
    fit=_neighborhood,
)
def neighbor_agreement(
    known: _Neighborhood, embedding: Array, ids: Array, labels: Array, *, k: int = 10
) -> Values:
    """Compute the share of the k nearest other labeled items that carry the item's label; low = odd first.

    Neighbors are the items of the reference with a label and another id, by Euclidean distance in
    `embedding` (n, d); all of them where there are fewer than k. NULL without a label (`not_labeled`), a
    finite embedding (`no_embedding`) or a neighbor (`no_neighbor`). Source: edited nearest neighbors, Wilson
    1972; as "annotation quality" in Encord Active.

    >>> x, ids, labels = np.array([[0.0], [1.0], [2.0]]), np.arange(3), np.array(["cat", "cat", "dog"])
    >>> fitted = neighbor_agreement.fit(x, ids, labels)
    >>> neighbor_agreement(fitted, x, ids, labels, k=2).values.tolist()
    [0.5, 0.5, 0.0]
    """
    values = np.full(len(labels), np.nan)
    reasons = {int(at): "no_embedding" for at in np.flatnonzero(~np.isfinite(embedding).all(axis=1))}
    reasons |= without_class(labels)
    rows = np.setdiff1d(np.arange(len(labels)), list(reasons))
    if len(rows) and known.searched is not None:
        near = _nearest_others(known, embedding[rows], np.asarray(ids)[rows], k)
        same = (known.labels[near] == np.asarray(labels)[rows, None]) & (near >= 0)
        n = (near >= 0).sum(axis=1)
        values[rows] = np.where(n > 0, same.sum(axis=1) / np.maximum(n, 1), np.nan)
    alone = dict.fromkeys(rows[np.isnan(values[rows])].tolist(), "no_neighbor")
    return Values(values, reasons | alone)


def _nearest_others(known: _Neighborhood, embedding: Array, ids: Array, k: int) -> IntArray:
    """Give the places of the k nearest items of another id, (n, k), -1 where there are fewer."""
    near: IntArray = known.searched.kneighbors(
        embedding, n_neighbors=min(k + 1, len(known.ids)), return_distance=False
    )
    others = np.where(known.ids[near] == ids[:, None], -1, near)
    return np.take_along_axis(others, np.argsort(others < 0, axis=1, kind="stable"), axis=1)[:, :k]


class _Group(NamedTuple):
    times: Counter[Any]
    by_id: dict[Any, Any]


def _groups(features: Any, ids: Array, labels: Array) -> dict[bytes, _Group]:
    left_out = without_class(labels)
    groups: dict[bytes, _Group] = {}
    for at, (key, one, label) in enumerate(zip(digests(features), _plain(ids), _plain(labels), strict=True)):
        if at not in left_out:
            group = groups.setdefault(key, _Group(Counter(), {}))
            group.times[label] += 1
            group.by_id[one] = label
    return groups


@metric(
    "label",
    needs=("features", "id", "label"),
    vectorized=True,
    direction="high",
    range=(0.0, None),
    unit="items",
    fit=_groups,
)
def conflicting_duplicates(
    groups: Mapping[bytes, _Group], features: Any, ids: Array, labels: Array
) -> Values:
    """Count the exact duplicates of the item that carry another label; high = review first.

    Duplicates are the items of the reference with the same features, value for value, a label and another id.
    0 where all agree or there is none. NULL without a label (`not_labeled`, `not_a_class`). Source: one of
    these labels must be wrong or the features do not tell; "conflicting labels" in Deepchecks.

    >>> x, ids, labels = np.array([[1.0], [1.0], [2.0]]), np.arange(3), np.array(["cat", "dog", "cat"])
    >>> conflicting_duplicates(conflicting_duplicates.fit(x, ids, labels), x, ids, labels).values.tolist()
    [1.0, 1.0, 0.0]
    """
    found: FloatArray = np.zeros(len(labels))
    for at, (key, one, label) in enumerate(zip(digests(features), _plain(ids), _plain(labels), strict=True)):
        if group := groups.get(key):
            itself = one in group.by_id and group.by_id[one] != label  # its label was corrected since
            found[at] = group.times.total() - group.times[label] - itself
    return of_class(found, labels)


def _plain(values: Array) -> list[Any]:
    plain: list[Any] = np.asarray(values).tolist()
    return plain
