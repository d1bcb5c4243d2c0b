"""Tables from files: the roles of columns, cells as they are written, and files that cannot be read."""

import gzip
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from activeloop.data import load, read_file, table
from activeloop.errors import DataError, MissingDependencyError

REVIEWS = """id,review,sentiment,date,stars,city
r1,"Good, really",good,2024-01-05,5,Oslo
r2,NA,bad,2024-02-05,1,
r3,,,2024-03-05,,Rome
"""


def written(folder: Path, text: str, name: str = "reviews.csv") -> Path:
    path = folder / name
    data = text.encode("utf-8")
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


@pytest.mark.parametrize("name", ["reviews.csv", "reviews.csv.gz", "REVIEWS.CSV"])
def test_texts_from_a_file(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, REVIEWS, name)
    data = load(path, text="review", label="sentiment", id="id", time="date", classes=["good", "bad"])
    assert data.name.lower() == "reviews"
    assert data.kind == "texts"
    assert data.features.tolist() == ["Good, really", "NA", ""]
    assert data.ids.tolist() == ["r1", "r2", "r3"]
    assert data.classes == ("good", "bad")
    assert data.known.tolist() == [True, True, False]
    assert data.columns[4:] == ("date", "stars", "city")
    assert data.column("city").tolist() == ["Oslo", None, "Rome"]
    assert data.column("date").astype("datetime64[D]").astype(str).tolist()[0] == "2024-01-05"


def test_a_time_column_splits(tmp_path: Path) -> None:
    rows = "".join(f"{day},text,{day % 2},2024-01-{day:02}T12:00\n" for day in range(1, 11))
    data = read_file(written(tmp_path, "n,x,y,when\n" + rows), label="y", time="when")
    pool, holdout = data.split(by="when", at="2024-01-08")
    assert data.column("n", pool.positions).tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert data.column("n", holdout.positions).tolist() == [8, 9, 10]


def test_features_are_all_columns_without_another_role(tmp_path: Path) -> None:
    data = read_file(written(tmp_path, REVIEWS), label="sentiment", id="id", time="date", metadata=["city"])
    assert list(data.features.columns) == ["review", "stars"]
    assert data.features["stars"].dtype == np.float64
    assert list(data.metadata.columns) == ["date", "city"]
    assert data.item(0) == {"review": "Good, really", "stars": 5.0}


def test_tabs_and_a_byte_order_mark(tmp_path: Path) -> None:
    data = read_file(written(tmp_path, "\ufeffx\ty\n1\ta\n2\tb\n", "t.tsv"), label="y")
    assert list(data.features.columns) == ["x"]
    assert data.classes == ("a", "b")


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (["1", "2", "1"], (1, 2)),
        (["01", "02", "01"], ("01", "02")),
        (["1", "", "2"], (1, 2)),
        (["1.0", "2", "1"], (1, 2)),
        (["NA", "None", "yes"], ("NA", "None", "yes")),
        (["1", "x", "2"], ("1", "2", "x")),
        (["-1", "1", "-1"], (-1, 1)),
    ],
)
def test_labels_are_numbers_only_where_nothing_is_lost(
    tmp_path: Path, cells: list[str], classes: tuple[Any, ...]
) -> None:
    lines = [f"{row},{cell}" for row, cell in enumerate(cells)]
    assert read_file(written(tmp_path, "\n".join(["x,y", *lines])), label="y").classes == classes


def test_ids_keep_their_leading_zeros(tmp_path: Path) -> None:
    path = written(tmp_path, "code,x\n007,1\n012,2\n")
    assert read_file(path, id="code").ids.tolist() == ["007", "012"]
    path = written(tmp_path, "code,x\n7,1\n12,2\n")
    assert read_file(path, id="code").ids.tolist() == [7, 12]


def test_parquet_gives_what_the_table_gives(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.5, 2.5, None], "c": ["a", "b", None], "y": [1, 0, 1]})
    frame.to_parquet(tmp_path / "t.parquet")
    read = read_file(tmp_path / "t.parquet", label="y", name="t")
    assert read.fingerprint() == table(frame, label="y", name="t").fingerprint()


def test_parquet_needs_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.parquet").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'activeloop\[parquet\]'"):
        read_file(tmp_path / "t.parquet")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.csv", "", "'t.csv' is empty"),
        ("t.csv", "x,y\n", "'t.csv' has a header but no row"),
        ("t.csv", "x,x\n1,2\n", "'t.csv' has two columns called 'x'"),
        ("t.csv", "x,y\n1,2\n1,2,3\n", "'t.csv' cannot be read as a table: .*line 3"),
        ("t.csv", 'x,y\n1,"2\n', "'t.csv' cannot be read as a table"),
        ("t.ods", "x", "'t.ods' is of no known kind; allowed: .csv"),
        ("t.parquet", "x", "'t.parquet' cannot be read as Parquet"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_file(written(tmp_path, text, name))


def test_other_encodings_and_broken_archives_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("x,y\n1,é\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"'latin.csv' is not UTF-8 text"):
        read_file(tmp_path / "latin.csv")
    (tmp_path / "broken.csv.gz").write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"'broken.csv.gz' cannot be read as a table"):
        read_file(tmp_path / "broken.csv.gz")
    with pytest.raises(DataError, match="there is no file"):
        read_file(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"label": "sentimant"}, "unknown column 'sentimant'; did you mean 'sentiment'"),
        ({"text": "review", "label": "review"}, "column 'review' is given two roles"),
        ({"time": "city"}, "time column 'city' holds what is no date"),
        ({"text": "review", "label": "sentiment", "id": "city"}, "the id of row 1 is missing"),
        ({"label": "stars", "metadata": ["id", "review", "sentiment", "date", "city"]}, "no column is left"),
        ({"text": "review"}, "a metadata column is called 'id'"),
    ],
)
def test_roles_that_do_not_fit_are_refused(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_file(written(tmp_path, REVIEWS), **options)


def test_a_filtered_frame_keeps_its_index_as_ids() -> None:
    frame = pd.DataFrame({"x": [1, 2, 3], "y": ["a", "b", "a"], "k": [0, 1, 2]})[1:]
    data = table(frame, label="y", metadata=["k"])
    assert data.ids.tolist() == [1, 2]
    assert data.column("k").tolist() == [1, 2]
    assert table(frame, text="y").features.tolist() == ["b", "a"]
