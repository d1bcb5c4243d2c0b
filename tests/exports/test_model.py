"""A model on disk: it predicts as before, its file runs nothing, and its card says where it comes from."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import FunctionTransformer

from activeloop.cases import Verdict
from activeloop.data import Dataset, default_model, load
from activeloop.errors import DataError, ModelError
from activeloop.exports import LabeledData, labeled_data
from activeloop.exports.model import load_model, save_model
from activeloop.scoring import ScoreRow
from tests.exports.made import annotation, labeled, started

pytest.importorskip("skops")
N = 40
LABELS = ["no", "yes"] * (N // 2)


class OfOnesOwn(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A model that says what it saw first."""

    def fit(self, features: Any, labels: Any) -> OfOnesOwn:
        self.classes_, self.first_ = np.unique(labels), labels[0]
        return self

    def predict(self, features: Any) -> Any:
        return np.full(len(features), self.first_)


def every_kind() -> list[Any]:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": rng.normal(size=N),
            "city": ["Oslo", None] * (N // 2),
            "open": [True, False] * (N // 2),
            "when": pd.date_range("2024-01-01", periods=N),
            "review": ["this was not good at all", "a very good thing indeed"] * (N // 2),
        }
    )
    return [
        pytest.param(frame, id="table"),
        pytest.param([f"the answer is {one}" for one in LABELS], id="texts"),
        pytest.param([f"答案是{one}" for one in LABELS], id="unspaced"),
        pytest.param(rng.normal(size=(N, 3)), id="numbers"),
        pytest.param(rng.normal(size=(N, 4, 4)), id="arrays"),
    ]


@pytest.mark.parametrize("features", every_kind())
def test_every_model_of_ours_predicts_as_before(features: Any, tmp_path: Path) -> None:
    data = Dataset(features, LABELS)
    fitted = default_model(data).fit(data.features, LABELS)
    card = save_model(fitted, tmp_path / "model", labeled(data, LABELS))
    again = load_model(tmp_path / "model")
    assert np.array_equal(again.predict_proba(data.features), fitted.predict_proba(data.features))
    assert all(one in (tmp_path / "model" / "README.md").read_text() for one in card.types)
    assert not [
        one for one in zipfile.ZipFile(tmp_path / "model" / "model.skops").namelist() if "pickle" in one
    ]


def test_a_model_of_ones_own_has_to_be_trusted(tmp_path: Path) -> None:
    data = load("iris")
    assert data.labels is not None
    fitted = OfOnesOwn().fit(data.features, data.labels)
    card = save_model(fitted, tmp_path / "model", labeled(data, data.labels.tolist()))
    name = f"{__name__}.OfOnesOwn"
    assert name in card.types
    with pytest.raises(DataError, match=f"asks for types that are not trusted: {name}"):
        load_model(tmp_path / "model")
    assert load_model(tmp_path / "model", trusted=[name]).first_ == data.labels[0]


def test_a_file_that_would_run_code_is_refused(tmp_path: Path) -> None:
    import os

    save_model(FunctionTransformer(os.system), tmp_path / "model", labeled(load("iris"), [None] * 150))
    with pytest.raises(DataError, match=r"not trusted: .*system"):
        load_model(tmp_path / "model")


def test_broken_files_are_refused(tmp_path: Path) -> None:
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for content in (b"", b"no zip", empty.getvalue()):
        (tmp_path / "model.skops").write_bytes(content)
        with pytest.raises(DataError, match="cannot be loaded as a model"):
            load_model(tmp_path)
    with pytest.raises(DataError, match="there is no model at"):
        load_model(tmp_path / "nowhere")


def test_a_model_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    unwritable = FunctionTransformer(lambda rows: rows)
    unwritable.generator_ = (one for one in "ab")
    with pytest.raises(ModelError, match="FunctionTransformer cannot be saved by skops"):
        save_model(unwritable, tmp_path / "model", labeled(load("iris"), [None] * 150))
    assert list(tmp_path.iterdir()) == []


def told() -> LabeledData:
    data = Dataset(["a", "b", "c", "d"], ids=list("wxyz"), classes=["<img src=x>", "no|yes"], name="re#views")
    said = [
        annotation(0, "x", "ann", "no|yes", stream="audit", guidelines="v1 `x`"),
        annotation(1, "x", "bob", "no|yes", stream="audit", guidelines="v1 `x`"),
    ]
    return labeled_data(data, [started(["w", "y"], ["no|yes", "<img src=x>"])], said)


def test_the_card_says_what_is_to_be_known(tmp_path: Path) -> None:
    scores = [
        ScoreRow("all", "accuracy", 0.9, 0.8, 0.95, 50),
        ScoreRow("a|b", "f1", None, None, None, 3, "few"),
    ]
    verdicts = [Verdict("short ones", "a|b", "f1", "insufficient", None, None, None, 3, "at_least", 0.5)]
    card = save_model(
        default_model(load("iris")),
        tmp_path / "m",
        told(),
        scores=scores,
        measured="the audit",
        verdicts=verdicts,
    )
    text = (tmp_path / "m" / "README.md").read_text()
    assert text == card.markdown()
    for line in (
        "# A model for re#views",
        "- It was fitted on 2 labels of 4 items.",
        "- 3 of 4 items have a label.",
        "Labels by the strategy that asked: audit 1, initial 2; rounds: 1.",
        "100.0% of the pairs of labels of one item are equal (1 items with two or more).",
        "- Audit share: 33.3% of the labels (1)",
        "| \\<img src=x\\> | 1 |",
        "Measured on the audit.",
        "| all | accuracy | 0.9 | 0.8 | 0.95 | 50 |  |",
        "| a\\|b | f1 |  |  |  | 3 | few |",
        "| short ones | a\\|b | f1 | insufficient |  |  |  | at\\_least 0.5 | 3 |",
        "- Guidelines: v1 \\`x\\`",
        told().data.fingerprint(),
        "skops.io.get_untrusted_types",
    ):
        assert line in text, line
    assert "<img" not in text.replace("\\<img", "")
