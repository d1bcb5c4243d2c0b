"""Scores that are called on rows: scikit-learn's scorers, and plain functions of `Predictions`."""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from activeloop.errors import ConfigurationError, ScoreError
from activeloop.scoring.predictions import Predictions
from activeloop.scoring.score import Called
from activeloop.statistics.intervals import ANY, Bounds

Scorer: TypeAlias = Any  # scikit-learn has no public type for it

_BOUNDS: dict[str, Bounds] = {
    "neg": (-math.inf, 0.0),
    "d2": (-math.inf, 1.0),
    "positive": (0.0, math.inf),
    "mutual": (0.0, math.inf),
    "adjusted": (-1.0, 1.0),
}
_WITHIN_ONE: tuple[str, ...] = ("average_precision", "roc_auc", "top_k_accuracy", "rand_score")
_WITHIN_ONE += ("completeness_score", "homogeneity_score", "v_measure_score", "fowlkes_mallows_score")
_WITHIN_ONE += ("normalized_mutual_info_score",)


def is_scorer(thing: object) -> bool:
    """Say whether it is what `sklearn.metrics.make_scorer` gives."""
    return hasattr(thing, "_score_func") and hasattr(thing, "_sign")


def scorer_name(scorer: Scorer) -> str:
    """Give the name of the function that a scorer calls."""
    return str(scorer._score_func.__name__)


def is_regression(scorer: Scorer) -> bool | None:
    """Say whether a scorer is for regression; None where it is not scikit-learn's own."""
    module = str(scorer._score_func.__module__)
    return module.endswith("._regression") if module.startswith("sklearn.") else None


def scikit(name: str, scorer: Scorer, classes: tuple[Any, ...] | None) -> Called:
    """Give the score of a scorer, after a trial on a few made-up rows of the task.

    It is scored as scikit-learn would score an estimator that gives these predictions. `labels=` is passed
    where the function takes it, so that a class that is absent from a slice is still a class; not to the area
    under the curve, which has no value without that class.

    Raises ConfigurationError where the scorer does not fit the task.
    """
    wanted = scorer._response_method
    methods = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    if not {"predict", "predict_proba"} & set(methods):
        raise ConfigurationError(
            f"score {name!r} needs {' or '.join(methods)}; allowed: predict, predict_proba"
        )
    of_probabilities = "predict" not in methods
    options = dict(scorer._kwargs)
    takes_labels = "labels" in inspect.signature(scorer._score_func).parameters
    if of_probabilities and takes_labels and "multi_class" not in options:
        options.setdefault("labels", np.array(classes))
    call = partial(_call, scorer, options, of_probabilities)
    trial = call(_trial(classes))
    if isinstance(trial, str):
        raise ConfigurationError(
            f"score {name!r} does not fit this task ({_task(classes)}): {trial}{_hint(name, classes)}"
        )
    bounds = (0.0, 1.0) if name.startswith(_WITHIN_ONE) else _BOUNDS.get(name.split("_")[0], ANY)
    return Called(name, call, bounds, of_probabilities, has_interval="max_error" not in name)


def custom(name: str, function: Callable[[Predictions], Any]) -> Called:
    """Give the score of a plain function of `Predictions`.

    None, NaN, a ValueError and an ArithmeticError mean: undefined for these rows. Any other exception, and
    anything else that is not a number, is a fault of the function: ScoreError.
    """

    def call(predictions: Predictions) -> float | str:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                value = function(predictions)
            return "not applicable" if value is None else _finite(float(value))
        except (ValueError, ArithmeticError) as error:
            return f"failed: {type(error).__name__}: {error}"
        except TypeError as error:
            raise ScoreError(f"score {name!r} raised, or gave no number: {error}") from error
        except Exception as error:
            raise ScoreError(f"score {name!r} raised {type(error).__name__}: {error}") from error

    return Called(name, call)


def _call(scorer: Scorer, options: dict[str, Any], of_probabilities: bool, given: Predictions) -> float | str:
    response = _response(given, options.get("pos_label")) if of_probabilities else given.predicted
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = scorer._sign * scorer._score_func(given.labels, response, **options)
        except (ValueError, IndexError) as error:  # older scikit-learn, where a class is absent
            return _first_sentence(error)
    for warning in caught:
        if _says_undefined(warning):
            return _first_sentence(warning.message)
    return _finite(float(value))


def _response(given: Predictions, positive: Any) -> Any:
    assert given.probabilities is not None  # the board calls only where it has them
    assert given.classes is not None
    if len(given.classes) != 2:
        return given.probabilities
    return given.probabilities[:, 1 if positive is None else given.classes.index(positive)]


def _says_undefined(warning: warnings.WarningMessage) -> bool:
    text = str(warning.message)
    if "in labels with no" in text:  # an average over classes counts the class as 0, by convention
        return False
    return issubclass(warning.category, UndefinedMetricWarning) or "No positive class" in text


def _finite(value: float) -> float | str:
    return value if math.isfinite(value) else f"gave {value}"


def _first_sentence(message: object) -> str:
    return str(message).strip().split("\n")[0].split(". ")[0].rstrip(".")


def _trial(classes: tuple[Any, ...] | None) -> Predictions:
    if classes is None:
        labels = np.arange(1.0, 9.0)
        return Predictions(labels, labels * 1.1)
    codes = np.tile(np.arange(len(classes)), 3)
    predicted = np.where(np.arange(len(codes)) % 4 == 0, np.roll(codes, 1), codes)
    probabilities = np.full((len(codes), len(classes)), 0.1)
    probabilities[np.arange(len(codes)), predicted] = 1.0
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    names = np.array(classes)
    return Predictions(names[codes], names[predicted], probabilities, classes)


def _task(classes: tuple[Any, ...] | None) -> str:
    return "regression" if classes is None else f"classification, {len(classes)} classes"


def _hint(name: str, classes: tuple[Any, ...] | None) -> str:
    if classes is None:
        return ""
    if name in ("precision", "recall", "f1", "jaccard"):
        return f"; use {name}_macro, or {name}[{classes[-1]}] for one class"
    return "; use roc_auc_ovr or roc_auc_ovo" if name == "roc_auc" else ""
