"""Which labels are probably wrong? Confident learning: ranked, each with another label and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, get_args

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray, IntArray
from activeloop.errors import ConfigurationError, DataError, MissingDependencyError, unknown
from activeloop.metrics.predictions import check_probabilities
from activeloop.seeds import id_keys

Method: TypeAlias = Literal[
    "confident_learning", "prune_by_noise_rate", "prune_by_class", "both", "predicted_neq_given"
]


class LabelError(NamedTuple):
    """An item whose label is probably wrong; `statistic` is its label quality, p(given)."""

    id: Any
    given: Any
    suggested: Any
    statistic: float
    reason: str


class LabeledData(Protocol):
    """What label errors are looked for in: a Dataset, a Holdout."""

    @property
    def ids(self) -> Array:
        """Unique ids."""
        ...

    @property
    def labels(self) -> Array | None:
        """One label per item, None where there is none."""
        ...

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """The declared classes."""
        ...


def label_errors(
    data: LabeledData, probabilities: Array, *, method: Method = "confident_learning"
) -> tuple[LabelError, ...]:
    """Rank the items whose label is probably wrong, the least probable label first, ties by id.

    probabilities : (n, C) in the order of the declared classes, of models that did not learn the item's label
    (`activeloop.out_of_sample`); a row of NaN is no prediction, and its item no candidate.

    "confident_learning": with t_j = the mean of p_j over the items labeled j, an item is confidently j where
    p_j ≥ t_j; of several such j it is the most probable class. A candidate is confidently one class, and its
    label is another and not the most probable: the cells off the diagonal of the confident joint of
    Northcutt, Jiang and Chuang 2021. The other methods are those of `cleanlab.filter.find_label_issues`, and
    need the extra `labels`; they suggest the most probable class.

    >>> from activeloop.data import Dataset
    >>> p = np.array([[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.9, 0.1]])
    >>> label_errors(Dataset(np.eye(4), ["cat", "cat", "dog", "dog"]), p)[0].reason
    "labeled 'dog' (0.10), but 'cat' is given 0.90; items labeled 'cat' get 0.85 of it on average"

    Raises DataError for data without classes or labels, ModelError for what is no probability,
    MissingDependencyError when cleanlab is needed and not installed, ConfigurationError for another method.
    """
    if method not in get_args(Method):
        raise ConfigurationError(unknown("method", method, get_args(Method)))
    codes, classes = _codes(data)
    p = np.asarray(probabilities, dtype=np.float64)
    if p.shape != (len(codes), len(classes)):
        raise DataError(f"probabilities of shape {p.shape} for {len(codes)} items and {len(classes)} classes")
    rows = np.flatnonzero((codes >= 0) & ~np.isnan(p).all(axis=1))
    p, codes, ids = p[rows], codes[rows], data.ids[rows]
    check_probabilities(p, ids)
    thresholds = _thresholds(p, codes)
    if method == "confident_learning":
        suggested = _confident(p, thresholds)
        wrong = (suggested >= 0) & (suggested != codes) & (p.argmax(axis=1) != codes)
    else:
        suggested, wrong = p.argmax(axis=1), _by_cleanlab(p, codes, method)
    quality = p[np.arange(len(p)), codes]
    ranked = np.lexsort((id_keys(ids), quality))
    return tuple(
        _error(ids[at].item(), p[at], int(codes[at]), int(suggested[at]), thresholds, classes)
        for at in ranked[wrong[ranked]].tolist()
    )


def _error(
    id: Any, p: FloatArray, code: int, better: int, thresholds: FloatArray, classes: Sequence[Any]
) -> LabelError:
    given, suggested = classes[code], classes[better]
    usual = f"; items labeled {suggested!r} get {thresholds[better]:.2f} of it on average"
    reason = (
        f"labeled {given!r} ({p[code]:.2f}), but {suggested!r} is given {p[better]:.2f}"
        f"{usual if np.isfinite(thresholds[better]) else ''}"
    )
    return LabelError(id, given, suggested, float(p[code]), reason)


def _codes(data: LabeledData) -> tuple[IntArray, Sequence[Any]]:
    if data.classes is None or data.labels is None:
        raise DataError("label errors are looked for in labels that are classes, and there are none")
    place = {one: at for at, one in enumerate(data.classes)}
    return np.array([place.get(one, -1) for one in data.labels.tolist()], dtype=np.int64), data.classes


def _thresholds(p: FloatArray, codes: IntArray) -> FloatArray:
    """Give the mean self-confidence of each class; infinite for a class that no item is labeled as."""
    times = np.bincount(codes, minlength=p.shape[1])
    sums = np.bincount(codes, p[np.arange(len(p)), codes], minlength=p.shape[1])
    return np.where(times > 0, sums / np.maximum(times, 1), np.inf)


def _confident(p: FloatArray, thresholds: FloatArray) -> IntArray:
    """Give the class that each item confidently is, -1 where there is none."""
    above = p >= thresholds - 1e-6  # as cleanlab does, so that the mean of equal numbers is reached
    several = above.sum(axis=1) > 1
    confident = np.where(several, p.argmax(axis=1), above.argmax(axis=1))
    return np.where(above.any(axis=1), confident, -1)


def _by_cleanlab(p: FloatArray, codes: IntArray, method: Method) -> BoolArray:
    try:
        from cleanlab.filter import find_label_issues
    except ImportError as error:
        raise MissingDependencyError.of("cleanlab", "labels", f"for method={method!r}") from error
    return np.asarray(find_label_issues(codes, p, filter_by=method, n_jobs=1), dtype=bool)
