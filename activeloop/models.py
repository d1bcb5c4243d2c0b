"""A fresh model, fitted and made to speak of the declared classes; what it says is checked once, here."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple, Protocol

import numpy as np

from activeloop.arrays import Array, BoolArray, FloatArray
from activeloop.errors import ModelError, NotTrainableError
from activeloop.items import Items
from activeloop.metrics.predictions import check_probabilities

Classes = tuple[Any, ...]


class Model(Protocol):
    """What a model must offer: scikit-learn's `fit` and `predict`; `predict_proba` for what needs it."""

    def fit(self, X: Any, y: Any) -> Any:
        """Learn from the labeled rows."""
        ...

    def predict(self, X: Any) -> Any:
        """Give one label per row."""
        ...


def name_of(model: object) -> str:
    """Give the name that messages call a model by: its class, and the last step of a pipeline."""
    steps = getattr(model, "steps", None)
    return type(steps[-1][1] if steps else model).__name__


class Untrained(NamedTuple):
    """A model without what it has learned, ready to be copied each round.

    `states` are its parameters `random_state`, however deep, that are left at None.
    """

    model: Any
    states: tuple[str, ...]


def untrained(model: Any) -> Untrained:
    """Strip a model of what it has learned; what scikit-learn's `clone` does is done once, not every round.

    >>> from sklearn.linear_model import SGDClassifier
    >>> untrained(SGDClassifier()).states, untrained(SGDClassifier(random_state=1)).states
    (('random_state',), ())
    """
    if isinstance(model, Untrained):
        return model
    if not hasattr(model, "get_params"):
        return Untrained(copy.deepcopy(model), ())
    from sklearn.base import clone

    made = clone(model)
    found = made.get_params(deep=True).items()
    return Untrained(
        made, tuple(key for key, value in found if value is None and f"__{key}".endswith("__random_state"))
    )


def fresh(given: Untrained, seed: int) -> Any:
    """Copy an untrained model, and give the seed to its open random states.

    >>> from sklearn.linear_model import SGDClassifier
    >>> fresh(untrained(SGDClassifier()), 7).random_state
    7
    """
    made = copy.deepcopy(given.model)
    if given.states == ("random_state",):
        made.random_state = seed  # as set_params does, which first reads all parameters
    elif given.states:
        made.set_params(**dict.fromkeys(given.states, seed))
    return made


def fit(
    model: Any,
    features: Any,
    labels: Array,
    *,
    ids: Array,
    seed: int,
    is_classifier: bool,
) -> Any:
    """Fit a fresh copy of the model (or `Untrained`) on what is labeled; its open random states get the seed.

    Raises NotTrainableError while fewer than two classes are labeled, ModelError when the model refuses what
    it is given; NaN and infinite features are then named by the id of their item.
    """
    if len(labels) == 0:
        raise NotTrainableError("nothing is labeled yet")
    if is_classifier and bool((labels == labels[0]).all()):
        raise NotTrainableError(
            f"only class {labels[0]} is labeled so far ({len(labels)} items); two are needed"
        )
    given = untrained(model)
    made = fresh(given, seed)
    try:
        made.fit(features, labels)
    except (ValueError, TypeError) as error:
        raise ModelError(
            f"{name_of(given.model)} cannot be fitted: {_about(features, ids)}{error}"
        ) from error
    return made


def predict(fitted: Any, features: Any, ids: Array) -> Array:
    """Give the model's labels, one per row; raises ModelError when it refuses the rows."""
    try:
        return np.asarray(fitted.predict(features))
    except (ValueError, TypeError) as error:
        raise ModelError(f"{name_of(fitted)} cannot predict: {_about(features, ids)}{error}") from error


def has_probabilities(model: object) -> bool:
    """Say whether a model offers `predict_proba`, as it is configured.

    >>> from sklearn.svm import LinearSVC
    >>> has_probabilities(LinearSVC())
    False
    """
    return hasattr(model, "predict_proba")


def class_probabilities(fitted: Any, features: Any, classes: Classes, ids: Array) -> FloatArray:
    """Give class probabilities, shape (n, len(classes)), in the order of the declared classes.

    A class that the model has not seen yet has probability 0. Raises ModelError when the model has no
    `predict_proba`, knows a class that is not declared, or gives rows that are no distribution.
    """
    if not has_probabilities(fitted):
        raise ModelError(f"{name_of(fitted)} has no predict_proba, so it gives no class probabilities")
    try:
        given = np.asarray(fitted.predict_proba(features))
    except (ValueError, TypeError) as error:
        raise ModelError(f"{name_of(fitted)} cannot predict: {_about(features, ids)}{error}") from error
    if given.ndim != 2 or len(given) != len(ids):
        raise ModelError(
            f"{name_of(fitted)}.predict_proba gave an array of shape {given.shape} for {len(ids)} items"
        )
    check_probabilities(given, ids)
    return _aligned(
        given, np.asarray(getattr(fitted, "classes_", classes)).tolist(), classes, name_of(fitted)
    )


def _aligned(given: Array, seen: list[Any], classes: Classes, name: str) -> FloatArray:
    if given.shape[1] != len(seen):
        raise ModelError(f"{name}.predict_proba gave {given.shape[1]} columns for {len(seen)} classes")
    if seen == list(classes):
        return given
    place = {value: at for at, value in enumerate(classes)}
    foreign = [value for value in seen if value not in place]
    if foreign:
        raise ModelError(
            f"{name} knows class {foreign[0]!r}, which is not declared; declared: {list(classes)}"
        )
    aligned = np.zeros((len(given), len(classes)), dtype=given.dtype)
    aligned[:, [place[value] for value in seen]] = given
    return aligned


def _about(features: Any, ids: Array) -> str:
    """Name the first items whose features are NaN or infinite, as the refused model will not."""
    bad = np.flatnonzero(_not_finite(features))
    if len(bad) == 0:
        return ""
    shown = ", ".join(repr(one) for one in ids[bad[:3]].tolist())
    return (
        f"the features of {len(bad)} items are NaN or infinite (ids {shown}); impute them, or name a model "
        "that takes them. "
    )


def _not_finite(features: Any) -> BoolArray:
    if hasattr(features, "select_dtypes"):  # a DataFrame, of which only the numbers can be infinite
        features = features.select_dtypes("number").to_numpy(dtype=np.float64, na_value=np.nan)
    elif hasattr(features, "tocsr"):
        rows = features.tocsr()
        bad = np.zeros(rows.shape[0], dtype=bool)
        bad[np.repeat(np.arange(len(bad)), np.diff(rows.indptr))[~np.isfinite(rows.data)]] = True
        return bad
    if not isinstance(features, np.ndarray) or features.dtype.kind != "f":
        return np.zeros(0, dtype=bool)
    return np.asarray(~np.isfinite(features.reshape(len(features), -1)).all(axis=1))


def has_decisions(model: object) -> bool:
    """Say whether a model offers `decision_function`, as it is configured.

    >>> from sklearn.svm import LinearSVC
    >>> has_decisions(LinearSVC())
    True
    """
    return hasattr(model, "decision_function")


def decision_values(fitted: Any, features: Any, classes: Classes, ids: Array) -> FloatArray:
    """Give decision values: (n,) for two classes, else one per class that the model knows, (n, n_known).

    Raises ModelError when the model has no `decision_function`, gives another shape (as an SVC does with
    `decision_function_shape="ovo"`), or values that are no finite numbers.
    """
    if not has_decisions(fitted):
        raise ModelError(f"{name_of(fitted)} has no decision_function, so it gives no decision values")
    try:
        given = np.asarray(fitted.decision_function(features), dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise ModelError(f"{name_of(fitted)} cannot decide: {_about(features, ids)}{error}") from error
    known = len(getattr(fitted, "classes_", classes))
    allowed = (len(ids),) if known == 2 else (len(ids), known)
    if given.shape != allowed:
        raise ModelError(
            f"{name_of(fitted)} gave decision values of shape {given.shape} for {len(ids)} items and {known} "
            f"classes; allowed: {allowed}"
        )
    if not np.isfinite(given).all():
        first = ids[np.flatnonzero(~np.isfinite(given.reshape(len(ids), -1)).all(axis=1))[0]]
        raise ModelError(f"{name_of(fitted)} gave a decision value that is not finite for item {first!r}")
    return given


class Said(NamedTuple):
    """What a model says of items: labels, and class probabilities where they were wanted and exist."""

    labels: Array
    probabilities: FloatArray | None


def predictions(fitted: Any, items: Items, *, probabilities: bool) -> Said:
    """Predict all items, block by block."""
    wanted = probabilities and items.classes is not None and has_probabilities(fitted)
    labels, chances = [], []
    for ids, features in items.blocks():
        labels.append(predict(fitted, features, ids))
        if wanted:
            chances.append(class_probabilities(fitted, features, items.classes or (), ids))
    return Said(np.concatenate(labels), np.concatenate(chances) if wanted else None)
