"""Where items lie: every kind of features becomes numbers, the same each time, fitted on the whole once."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from activeloop.data import Dataset, load
from activeloop.data.encoding import Encoder
from activeloop.errors import DataError

TEXTS = ["a red car", "a blue car", "the weather is fine", "", "天地玄黃", "!?"]


def embedding(features: Any, **more: Any) -> Any:
    return Dataset(features, **more).column("embedding")


def test_numbers_are_standardized_and_a_missing_one_is_the_mean() -> None:
    found = embedding(np.array([[1.0, 5.0, np.nan], [3.0, 5.0, np.nan], [np.nan, 5.0, np.inf]]))
    assert found.dtype == np.float32
    assert found == pytest.approx(np.array([[-1, 0, 0], [1, 0, 0], [0, 0, 0]]) * np.sqrt(1.5), abs=1e-6)


def test_pixels_lie_as_they_are() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    assert embedding(pixels).tolist() == pixels.reshape(2, 12).tolist()


def test_texts_of_one_kind_lie_near_each_other() -> None:
    found = embedding(TEXTS)
    gap = np.linalg.norm(found[:, None] - found[None], axis=2)
    assert gap[0, 1] < gap[0, 2]
    assert not found[[3, 5]].any()
    assert found[4].any()
    assert found.shape[1] <= len(TEXTS)


@pytest.mark.parametrize("texts", [["one"], ["", ""], ["one two", "one two"], ["!"]])
def test_tiny_sets_of_texts_lie_somewhere(texts: list[str]) -> None:
    found = embedding(texts)
    assert found.shape[1] >= 1
    assert np.isfinite(found).all()


def test_sparse_features_keep_their_distances_when_they_are_few() -> None:
    dense = np.random.default_rng(0).random((30, 200)) * (np.random.default_rng(1).random((30, 200)) < 0.1)
    found = embedding(sparse.csr_matrix(dense))
    assert found.shape == (30, 30)
    true = np.linalg.norm(dense[:, None] - dense[None], axis=2)
    assert np.linalg.norm(found[:, None] - found[None], axis=2) == pytest.approx(true, abs=1e-5)
    assert embedding(sparse.csr_matrix((4, 3))).tolist() == [[0, 0, 0]] * 4
    assert embedding(sparse.random(300, 500, 0.05, random_state=0)).shape == (300, 100)


def test_tables_of_all_kinds_of_columns() -> None:
    frame = pd.DataFrame(
        {
            "size": [1.0, 3.0, None, 2.0],
            "never": [np.nan] * 4,
            "city": ["Oslo", "Oslo", None, "Rome"],
            "flag": [True, False, True, True],
            "when": pd.to_datetime(pd.Series(["2020-01-01", None, "2024-01-01", "2022-01-01"])),
            "review": [
                "this was not good at all",
                "a very good thing indeed",
                None,
                "one two three four five",
            ],
        }
    )
    found = embedding(frame)
    assert np.isfinite(found).all()
    assert found[:, 0] == pytest.approx([-np.sqrt(2), np.sqrt(2), 0, 0])  # size
    assert not found[:, 1].any()  # never
    assert (found[0, 3:6] == found[1, 3:6]).all()  # Oslo
    assert embedding(pd.DataFrame({"id": [f"row {one}" for one in range(400)]})).shape == (400, 50)


def test_it_is_the_same_each_time_and_fitted_on_the_whole_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    encode = Encoder.__call__

    def counting(self: Encoder, features: Any) -> Any:
        asked.append(len(features))
        return encode(self, features)

    monkeypatch.setattr(Encoder, "__call__", counting)
    data = Dataset(TEXTS)
    whole = data.column("embedding")
    some = data.column("embedding", np.array([4, 0]))
    assert asked == [6]
    assert (some == whole[[4, 0]]).all()
    assert (whole == embedding(TEXTS)).all()
    assert not data.embedding.flags.writeable


def test_an_embedding_of_ones_own() -> None:
    data = Dataset(TEXTS, ids=list("abcdef"))
    own = data.with_embedding(np.eye(6))
    assert own.column("embedding").tolist() == np.eye(6).tolist()
    assert own.ids is data.ids
    assert data.column("embedding").shape[1] == 6
    assert data.with_embedding(lambda texts: [[len(one)] for one in texts]).column("embedding")[0, 0] == 9
    for bad, said in (
        (np.eye(5), r"\(5, 5\) for 6 items"),
        (np.zeros(6), r"shape \(6,\)"),
        (np.full((6, 1), np.nan), "row 0"),
        (np.full((6, 1), 1e300), "row 0"),
        ([["x"]] * 6, "numbers"),
    ):
        with pytest.raises(DataError, match=said):
            data.with_embedding(bad)


def test_two_data_sets_lie_in_one_space_when_one_is_encoded_as_the_other() -> None:
    training, production = Dataset([[0.0], [2.0]]), Dataset([[2.0], [4.0]])
    assert production.column("embedding").tolist() == [[-1], [1]]
    assert production.encoded_as(training).column("embedding").tolist() == [[1], [3]]
    assert production.encoded_as(training).column("design").tolist() == [[1], [3]]
    with pytest.raises(DataError, match="do not fit"):
        Dataset([[1.0, 2.0]]).encoded_as(training)
    with pytest.raises(DataError, match="do not fit"):
        Dataset(["a text"]).encoded_as(training)


def test_what_lies_nowhere_says_so() -> None:
    with pytest.raises(DataError, match="with_embedding"):
        embedding([object(), object()])
    with pytest.raises(DataError, match="with_embedding"):
        embedding(pd.DataFrame(index=range(3)))
    with pytest.raises(DataError, match="cannot be encoded"):
        embedding(sparse.csr_matrix(np.array([[np.nan, 1.0]])))
    with pytest.raises(DataError, match="cannot be encoded"):
        embedding(np.zeros((0, 3)))


def test_cells_and_design_are_of_tables_and_rows_of_numbers_only() -> None:
    numbers = Dataset([[1.0, np.nan], [2.0, 3.0]])
    np.testing.assert_array_equal(numbers.column("cells", np.array([0])), [[1.0, np.nan]])
    assert numbers.column("design").shape == (2, 2)
    mixed = Dataset(pd.DataFrame({"size": [1.0, None], "city": ["Oslo", None]}))
    assert mixed.column("cells")[1, 1] is None
    assert mixed.column("design").shape == (2, 3)
    assert mixed.with_embedding([[1.0], [2.0]]).column("design").shape == (2, 3)
    for other in (
        Dataset(TEXTS),
        Dataset(np.zeros((2, 4, 4))),
        Dataset(np.zeros((2, 16)), items=["a.png", "b.png"]),
        Dataset(np.zeros((2, 16)), items=np.zeros((2, 4, 4))),
        Dataset(sparse.csr_matrix(np.eye(2))),
        Dataset(np.zeros((0, 3))),
    ):
        for name in ("cells", "design"):
            with pytest.raises(DataError, match=f"column '{name}'"):
                other.column(name)


def test_the_holdout_and_the_pool_see_the_embedding_of_the_whole() -> None:
    data = load("iris")
    _, holdout = data.split(0.3, seed=0)
    whole = {one: row.tolist() for one, row in zip(data.ids.tolist(), data.column("embedding"), strict=True)}
    for one, row in zip(holdout.column("id").tolist(), holdout.column("embedding"), strict=True):
        assert whole[one] == row.tolist()
