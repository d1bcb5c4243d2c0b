"""A fitted model on disk without pickle: a `.skops` file, which runs no code when loaded, and its card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from activeloop.cases import Verdict
from activeloop.data.dataset import Dataset
from activeloop.errors import DataError, MissingDependencyError, ModelError
from activeloop.exports.atomic import whole_folder
from activeloop.exports.card import Card, versions
from activeloop.exports.labeled import LabeledData
from activeloop.exports.summary import summary
from activeloop.scoring import ScoreRow
from activeloop.settings import words

FILE, CARD = "model.skops", "README.md"
TRUSTED = frozenset(
    {
        "activeloop.data.preparing.as_categories",
        "activeloop.data.preparing.as_numbers",
        "activeloop.data.preparing.as_texts",
        "activeloop.data.preparing.flat",
        "activeloop.metrics.words.words",
        "numpy.dtype",
        "scipy.sparse._csr.csr_matrix",
    }
)
"""Functions and types of the models that activeloop builds; they read what they are given, and do nothing."""


def save_model(
    fitted: Any,
    folder: str | Path,
    labeled: LabeledData,
    *,
    scores: Sequence[ScoreRow] = (),
    measured: str = "the holdout",
    verdicts: Sequence[Verdict] = (),
) -> Card:
    """Write `model.skops` and `README.md` into a folder, both or neither, and give the card.

    `scores` and `verdicts` are those of the last round, or of an audit; `measured` says on which items.
    Raises MissingDependencyError without skops, ModelError for a model that skops cannot write, DataError for
    a folder that holds something else.
    """
    io = _io("to save a model")
    try:
        written = io.dumps(fitted)
        types = tuple(sorted(io.get_untrusted_types(data=written)))
    except Exception as error:  # skops raises errors of its own making, and of what it cannot take apart
        raise ModelError(f"{type(fitted).__name__} cannot be saved by skops: {error}") from error
    card = Card(
        summary=summary(labeled),
        model=words(fitted),
        takes=takes(labeled.data, labeled.modality),
        classes=tuple(map(str, labeled.data.classes or ())),
        n_learned=sum(one.outcome == "label" and one.learned for one in labeled.every),
        scores=tuple(scores),
        measured=measured,
        verdicts=tuple(verdicts),
        types=types,
        versions=versions(),
    )
    with whole_folder(Path(folder)) as unfinished:
        (unfinished / FILE).write_bytes(written)
        (unfinished / CARD).write_text(card.markdown(), encoding="utf-8")
    return card


def load_model(folder: str | Path, *, trusted: Iterable[str] = ()) -> Any:
    """Load a model from its folder, or its `.skops` file; nothing is built that is not trusted.

    Trusted are what skops trusts, what models of activeloop are made of (`TRUSTED`), and `trusted`.
    Raises DataError, naming the types, where the file asks for others, or cannot be read.
    """
    io = _io("to load a model")
    path = Path(folder) / FILE if Path(folder).is_dir() else Path(folder)
    if not path.is_file():
        raise DataError(f"there is no model at {str(path)!r}")
    known = {*TRUSTED, *trusted}
    try:
        asked = io.get_untrusted_types(file=path)
        foreign = sorted(set(asked) - known)
        if not foreign:
            return io.load(path, trusted=asked)
    except Exception as error:  # a broken archive fails in as many ways as zip and JSON have
        raise DataError(f"{str(path)!r} cannot be loaded as a model: {error}") from error
    raise DataError(
        f"{str(path)!r} asks for types that are not trusted: {', '.join(foreign)}; where you know what they "
        "do, name them in trusted="
    )


def takes(data: Dataset, modality: str) -> str:
    """Say what the model is given: the features of the data, as a reader makes them."""
    if modality == "text":
        return "a list of texts"
    if isinstance(data.features, pd.DataFrame):
        return f"a DataFrame with the columns {', '.join(data.features.columns)}"
    shape = " × ".join(map(str, data.features.shape[1:])) if hasattr(data.features, "shape") else "any"
    made = ", as activeloop.data.ToLabel reads a folder of images" if modality == "image" else ""
    return f"an array with {shape} numbers for each item{made}"


def _io(purpose: str) -> ModuleType:
    try:
        import skops.io
    except ImportError as error:
        raise MissingDependencyError.of("skops", "export", purpose) from error
    module: ModuleType = skops.io
    return module
