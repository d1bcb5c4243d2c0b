"""A dataset holds what it is given, in every form, and refuses what does not fit together."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from activeloop.arrays import Array
from activeloop.data import Dataset
from activeloop.errors import DataError

TABLE = pd.DataFrame({"age": [31, None, 25], "city": ["Oslo", None, "Rome"]}, index=["p", "q", "r"])


@pytest.mark.parametrize(
    ("features", "kind"),
    [
        (np.eye(3), "numbers"),
        (np.zeros((3, 8, 8)), "numbers"),
        ([[1, 2], [3, 4], [5, 6]], "numbers"),
        (sparse.coo_matrix(np.eye(3)), "sparse"),
        (sparse.csc_array(np.eye(3)), "sparse"),
        (TABLE, "table"),
        (["a", "b", "c"], "texts"),
        (pd.Series(["a", "b", "c"]), "texts"),
        (np.array(["a", "b", "c"]), "texts"),
        ([{"box": 1}, {"box": 2}, {"box": 3}], "objects"),
        ([[1], [2, 3], [4]], "objects"),
    ],
)
def test_every_kind_of_features_gives_its_rows_and_columns(features: Any, kind: str) -> None:
    data = Dataset(features, ["x", "y", "x"])
    assert data.kind == kind
    assert len(data) == 3
    assert data.rows(np.array([2, 0])).shape[0] == 2
    assert len(data.column("item", np.array([0, 2]))) == 2
    assert data.column("label", np.array([1])).tolist() == ["y"]
    assert data.fingerprint() == Dataset(features, ["x", "y", "x"]).fingerprint()


def test_rows_keep_the_asked_order() -> None:
    data = Dataset(sparse.csr_matrix(np.arange(6).reshape(3, 2)))
    assert data.rows(np.array([2, 0])).toarray().tolist() == [[4, 5], [0, 1]]
    assert Dataset(TABLE).rows(np.array([2, 0])).index.tolist() == ["r", "p"]


def test_a_memory_map_stays_one(tmp_path: Path) -> None:
    np.save(tmp_path / "big.npy", np.arange(20.0).reshape(10, 2))
    mapped = np.load(tmp_path / "big.npy", mmap_mode="r")
    data = Dataset(mapped, [0, 1] * 5)
    assert isinstance(data.features, np.memmap)
    assert np.shares_memory(data.features, mapped)
    assert data.rows(np.array([3])).tolist() == [[6, 7]]
    assert data.fingerprint() == Dataset(np.arange(20.0).reshape(10, 2), [0, 1] * 5).fingerprint()


def test_what_it_holds_cannot_be_written_to() -> None:
    given = np.eye(3)
    data = Dataset(given, [0, 1, 0])
    assert np.shares_memory(data.features, given)
    assert data.labels is not None
    arrays: list[Array] = [data.features, data.ids, data.labels]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
    given[0, 0] = 5  # the caller's own array stays the caller's
    with pytest.raises(AttributeError):
        data.name = "other"  # type: ignore[misc]


def test_ids_are_the_index_only_where_it_can_serve() -> None:
    assert Dataset(TABLE).ids.tolist() == ["p", "q", "r"]
    assert Dataset(TABLE.reset_index(drop=True)).ids.tolist() == [0, 1, 2]
    assert Dataset(TABLE.set_axis([5, 7, 6])).ids.tolist() == [5, 7, 6]
    assert Dataset(TABLE.set_axis([5, 5, 6])).ids.tolist() == [0, 1, 2]
    assert Dataset(TABLE.set_axis([0.5, 1.5, 2.5])).ids.tolist() == [0, 1, 2]
    assert Dataset(TABLE, ids=[9, 8, 7]).ids.tolist() == [9, 8, 7]


def test_items_are_what_people_look_at() -> None:
    assert Dataset(TABLE).item(1) == {"age": pytest.approx(float("nan"), nan_ok=True), "city": None}
    assert Dataset(["a text"]).item(0) == "a text"
    assert Dataset(np.eye(2)).item(1).tolist() == [0, 1]
    images = np.zeros((2, 8, 8))
    assert Dataset(np.eye(2), items=images).column("item", np.array([1])).shape == (1, 8, 8)
    assert Dataset(np.eye(2), items=["p.png", "q.png"]).column("item").tolist() == ["p.png", "q.png"]


def test_columns_come_from_metadata_and_from_a_feature_table() -> None:
    when = pd.to_datetime(pd.Series(["2024-01-01", None, "2024-03-01"]))
    data = Dataset(TABLE, metadata={"age": [1, 2, 3], "when": when, "good": [True, False, True]})
    assert data.columns == ("id", "item", "features", "age", "when", "good", "city")
    assert data.column("age").tolist() == [1, 2, 3]
    assert data.column("city", np.array([0, 1])).tolist() == ["Oslo", None]
    assert data.column("when").dtype.kind == "M"
    assert data.column("good").dtype == bool


@pytest.mark.parametrize("dtype", ["Int64", "string", "category", "boolean", "object"])
def test_a_missing_value_in_any_dtype_is_nan_or_none(dtype: str) -> None:
    columns: dict[str, list[Any]] = {"Int64": [1, None], "boolean": [True, None]}
    given = columns.get(dtype, ["a", None])
    values = Dataset(np.eye(2), metadata={"x": pd.Series(given, dtype=dtype)}).column("x")
    assert values.tolist()[0] == given[0]
    assert pd.isna(values[1])


def test_metadata_of_a_filtered_frame_goes_by_row() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "group": ["a", "b", "c"]})[1:]
    data = Dataset(frame[["x"]], metadata=frame[["group"]])
    assert data.column("group").tolist() == ["b", "c"]


def test_the_fingerprint_tells_contents_apart() -> None:
    base = Dataset(np.eye(3), [0, 1, 0]).fingerprint()
    others = [
        Dataset(np.eye(3), [0, 1, 1]),
        Dataset(np.eye(3), [0, 1, None]),
        Dataset(np.eye(3), [0, 1, 0], ids=[1, 2, 3]),
        Dataset(np.eye(3) * 2, [0, 1, 0]),
        Dataset(np.eye(3, dtype=np.float32), [0, 1, 0]),
        Dataset(sparse.csr_matrix(np.eye(3)), [0, 1, 0]),
        Dataset(["ab", "c", ""], [0, 1, 0]),
        Dataset(["a", "bc", ""], [0, 1, 0]),
    ]
    assert len({base, *(one.fingerprint() for one in others)}) == 1 + len(others)
    assert Dataset(np.asfortranarray(np.eye(3)).astype(">f8"), [0, 1, 0]).fingerprint() == base


def test_the_fingerprint_of_times_hangs_on_no_unit() -> None:
    when = pd.Series(pd.to_datetime(["2024-01-01", "2024-02-02"]))
    tables = [pd.DataFrame({"when": one}) for one in (when.dt.as_unit("s"), when.dt.as_unit("ns"))]
    assert len({Dataset(table).fingerprint() for table in tables}) == 1


def test_the_fingerprint_reads_in_blocks() -> None:
    large = np.random.default_rng(0).random((3_000_000, 1))  # 24 MB: more than one block
    changed = large.copy()
    changed[-1] += 1
    assert (
        Dataset(large).fingerprint() == Dataset(large.copy()).fingerprint() != Dataset(changed).fingerprint()
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"features": [1, 2, 3]}, r"flat sequence of 3 numbers; use .reshape\(-1, 1\)"),
        ({"features": np.arange(3)}, "flat sequence"),
        ({"features": pd.Series([1.0, 2.0])}, "flat sequence"),
        ({"features": "one text"}, "features are a str"),
        ({"features": {"x": [1]}}, "features are a dict"),
        ({"features": 3}, "features are a int"),
        ({"features": np.array(3.0)}, "single value"),
        ({"features": pd.DataFrame([[1, 2]], columns=["x", "x"])}, "two columns are called 'x'"),
        ({"features": np.eye(2), "ids": ["a", "a"]}, "id 'a' occurs twice, at rows 0 and 1"),
        ({"features": np.eye(2), "ids": [1]}, "1 ids for 2 items"),
        ({"features": np.eye(2), "ids": [1, None]}, "the id of row 1 is missing"),
        ({"features": np.eye(2), "ids": [1, "b"]}, "the id 'b' of row 1 is a str"),
        ({"features": np.eye(2), "ids": [0.5, 1.5]}, "the id 0.5 of row 0 is a float"),
        ({"features": np.eye(2), "ids": [True, False]}, "the id True of row 0 is a bool"),
        ({"features": np.eye(2), "items": ["one"]}, "1 raw items for 2 rows"),
        ({"features": np.eye(2), "metadata": {"x": [1]}}, "metadata column 'x' has 1 values for 2 items"),
        ({"features": np.eye(2), "metadata": {"x": "ab"}}, "metadata column 'x' is a single value"),
        ({"features": np.eye(2), "metadata": {"id": [1, 2]}}, "called 'id', a word that is taken"),
        ({"features": np.eye(2), "metadata": [1, 2]}, "metadata is a list"),
        ({"features": TABLE, "labels": pd.Series([1, 0, 1])}, "another index"),
        ({"features": TABLE, "metadata": pd.DataFrame({"x": [1, 0, 1]})}, "another index"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Dataset(**given)


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(DataError, match="data set 'data': unknown column 'citty'; did you mean 'city'"):
        Dataset(TABLE).column("citty")
    with pytest.raises(DataError, match="unknown column 'label'"):
        Dataset(TABLE).column("label")


def test_nan_and_infinite_features_are_kept() -> None:
    assert np.isnan(Dataset([[np.nan], [np.inf]]).features[0, 0])
