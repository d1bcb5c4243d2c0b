"""What is to be labeled, from every kind of file: its ids stay, its labels are known, nothing is guessed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from activeloop.data.content_ids import content_ids, row_contents
from activeloop.data.to_label import ToLabel, Unlabeled
from activeloop.errors import DataError

REVIEWS = [("it was good", "Oslo", "good"), ("it was bad", "Rome", ""), ("it was good", "Rome", "")]
CLASSES = ("good", "bad")


def written(folder: Path, kind: str, rows: list[tuple[str, str, str]]) -> str:
    """Write reviews in one of the formats."""
    frame = pd.DataFrame(rows, columns=["review", "city", "verdict"])
    frame["verdict"] = [one[2] or None for one in rows]
    path = folder / f"reviews.{kind}"
    if kind in ("csv", "tsv"):
        frame.to_csv(path, index=False, sep="," if kind == "csv" else "\t")
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(one) + "\n" for one in frame.astype(object).to_dict("records")))
    elif kind == "parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    else:
        pytest.importorskip("openpyxl")
        frame.to_excel(path, index=False)
    return str(path)


KINDS = ["csv", "tsv", "jsonl", "parquet", "xlsx"]


@pytest.mark.parametrize("kind", KINDS)
def test_texts_are_the_same_from_every_format(tmp_path: Path, kind: str) -> None:
    read = ToLabel(written(tmp_path, kind, REVIEWS), text="review", classes=CLASSES, label="verdict").read()
    assert read.modality == "text"
    assert read.data.features.tolist() == [one[0] for one in REVIEWS]
    assert read.data.ids.tolist() == content_ids(one[0] for one in REVIEWS)
    assert read.initial == (read.data.ids[0],)
    assert read.data.classes == CLASSES
    assert read.data.column("city").tolist() == ["Oslo", "Rome", "Rome"]
    assert read.notes == (
        f"1 of 3 items repeat another, word for word (first: {read.data.ids.tolist()[0]!r}); all are asked",
        "1 of 3 items have a label already",
    )


@pytest.mark.parametrize("text", ["review", None])
@pytest.mark.parametrize("kind", KINDS)
def test_ids_stay_when_rows_are_added_moved_and_labeled(tmp_path: Path, kind: str, text: str | None) -> None:
    def ids(rows: list[tuple[str, str, str]]) -> list[str]:
        given = ToLabel(written(tmp_path, kind, rows), text=text, classes=CLASSES, label="verdict")
        return list(given.read().data.ids)

    before = ids(REVIEWS)
    more = [*REVIEWS, ("another", "Oslo", ""), ("it was bad", "Rome", "")]
    assert ids(more)[:3] == before
    assert ids([(review, city, "bad") for review, city, _ in REVIEWS]) == before
    assert sorted(ids(REVIEWS[::-1])) == sorted(before)
    assert len(set(ids(more))) == 5


def test_the_id_of_a_row_hangs_on_no_type_that_a_later_row_gives_its_column(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("size,when,open\n1,2024-01-01,True\n2.50,2024-01-02,False\n")
    before = ToLabel(str(path), classes=CLASSES).read().data.ids.tolist()
    with path.open("a") as file:
        file.write("unknown,never,perhaps\n,,\n")
    assert ToLabel(str(path), classes=CLASSES).read().data.ids.tolist()[:2] == before


@given(st.lists(st.text(), max_size=20), st.lists(st.text(), max_size=5))
def test_content_ids_are_unique_and_stay(first: list[str], more: list[str]) -> None:
    ids = content_ids([*first, *more])
    assert len(set(ids)) == len(ids)
    assert ids[: len(first)] == content_ids(first)


def test_the_id_of_a_row_hangs_on_no_format() -> None:
    moments = pd.Series([pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02 03:04:05"), pd.NaT])
    plain = pd.DataFrame(
        {"n": [1, 2, 3], "x": [0.5, 1e20, np.nan], "when": moments, "open": [True, False, True]}
    )
    other = pd.DataFrame(
        {
            "open": pd.Series(["TRUE", "false", "True"], dtype=object),
            "n": pd.Series(["1", "+2.0", 3.0], dtype=object),
            "x": pd.Series(["0.50", "1e20", None], dtype=object),
            "when": moments.astype("datetime64[s]"),
            "empty": [None] * 3,
        }
    )
    assert row_contents(plain, plain.columns.tolist()) == row_contents(other, other.columns.tolist())


def test_rows_that_differ_have_other_ids() -> None:
    frame = pd.DataFrame({"a": ["x", None, "1", "x,b"], "b": [None, "x", "2", None]})
    assert len(set(row_contents(frame, ["a", "b"]))) == 4


def test_a_column_called_id_is_the_id(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id,size\n007,1\n008,2\n")
    read = ToLabel(str(path), classes=CLASSES).read()
    assert read.data.ids.tolist() == ["007", "008"]
    assert read.data.features.columns.tolist() == ["size"]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("id,x\n1,a\n1,b\n", {}, "id 1 occurs twice, at rows 0 and 1"),
        ("id,x\n,a\nb,b\n", {}, "the id of row 0 is missing"),
        ("label,x\n1,a\n", {}, "has a column 'label': name it"),
        ("x,y\n1,a\n", {"text": "z"}, "unknown column 'z'"),
        ("x,y\n1,a\n", {"label": "z"}, "unknown column 'z'"),
        ("x,y\n1,goood\n", {"label": "y"}, "the label 'goood' of item .* is outside the declared classes"),
        ("x,y\n1,a\n", {"classes": None}, "has 0 classes; name at least two"),
        ("x,y\n1,a\n", {"classes": ("good",)}, "has 1 classes; name at least two"),
    ],
)
def test_what_cannot_be_labeled_is_refused(
    tmp_path: Path, content: str, options: dict[str, Any], message: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=message):
        ToLabel(str(path), **{"classes": CLASSES} | options).read()


def test_classes_of_a_command_line_have_the_type_of_the_labels(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("size,seen\n1,0\n2,\n3,1\n")
    read = ToLabel(str(path), classes=("0", "1", "2"), label="seen").read()
    assert read.data.classes == (0, 1, 2)
    assert read.data.labels is not None
    assert read.data.labels.tolist() == [0, None, 1]


def test_empty_texts_are_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('x,y\n" ",a\nb,b\n')
    assert ToLabel(str(path), text="x", classes=CLASSES).read().notes == ("1 of 2 texts are empty",)


def test_hostile_cells_are_items_as_any_other(tmp_path: Path) -> None:
    texts = ["=cmd()", "a\0b", "a\r\nb", "\u202egnp", "x" * 300_000, "<script>", "\ud800", "2024", "NaN"]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"text": one}) + "\n" for one in texts))
    data = ToLabel(str(path), text="text", classes=CLASSES).read().data
    assert data.features.tolist() == [one.replace("\ud800", "\ufffd") for one in texts]
    assert len(set(data.ids.tolist())) == len(texts)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[1]", "line 2 of 'rows.jsonl' is no JSON object"),
        ("{", "line 2 of 'rows.jsonl' is no JSON"),
        ("[" * 100_000, "line 2 of 'rows.jsonl' is no JSON"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1}\n' + line + "\n")
    with pytest.raises(DataError, match=message):
        ToLabel(str(path), classes=CLASSES).read()


def test_json_cells_that_hold_more_are_their_json(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"t": "a", "tags": ["x", {"y": null}], "n": NaN}\n\n{"t": "b", "n": 1}\n')
    data = ToLabel(str(path), text="t", classes=CLASSES).read().data
    assert data.column("tags").tolist() == ['["x", {"y": null}]', None]
    assert np.isnan(data.column("n")[0])


def test_a_sheet_is_found_by_name(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["other"])
    sheet = book.create_sheet("reviews")
    for row in (["text", "n"], ["=1+1", 2], [None, None], [5, 1.5]):
        sheet.append(row)
    sheet["A2"].data_type = "s"
    book.save(tmp_path / "book.xlsx")
    given = ToLabel(str(tmp_path / "book.xlsx"), text="text", classes=CLASSES, sheet="reviews")
    data = given.read().data
    assert data.features.tolist() == ["=1+1", "5"]
    assert data.column("n").tolist() == [2.0, 1.5]
    with pytest.raises(DataError, match="unknown sheet 'review'; did you mean 'reviews'"):
        ToLabel(given.path, text="text", classes=CLASSES, sheet="review").read()
    with pytest.raises(DataError, match="has a header but no row"):
        ToLabel(given.path, classes=CLASSES).read()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "'book.xlsx' is empty"),
        ([["a", None, "b"], [1, 2, 3]], "column 2 of 'book.xlsx' has no name"),
        ([["a", "a"], [1, 2]], "two columns called 'a'"),
    ],
)
def test_headers_of_workbooks_are_checked(tmp_path: Path, rows: list[list[Any]], message: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(DataError, match=message):
        ToLabel(str(tmp_path / "book.xlsx"), classes=CLASSES).read()


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    (tmp_path / "book.xlsx").write_bytes(b"no zip")
    with pytest.raises(DataError, match="cannot be read as a workbook"):
        ToLabel(str(tmp_path / "book.xlsx"), classes=CLASSES).read()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two classes of two images, one without a folder, and one that is broken."""
    for at, name in enumerate(["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png", "new.png"]):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (20, 10), (40 * at, 0, 0)).save(tmp_path / name)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    return tmp_path


def test_a_folder_of_images_is_read_with_its_subfolders_as_labels(photos: Path) -> None:
    read = ToLabel(str(photos), label="folder").read()
    assert (read.modality, read.data.classes, len(read.initial)) == ("image", ("cat", "dog"), 4)
    assert read.data.features.shape == (5, 8 * 8 * 3)
    assert read.data.ids.tolist() == ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png", "new.png"]
    assert read.notes[0].startswith("1 images cannot be read and are left out (first: broken.jpg: ")
    assert "folder" in read.data.columns


def test_subfolders_say_nothing_unless_they_are_asked(photos: Path) -> None:
    assert ToLabel(str(photos), classes=("cat", "dog")).read().initial == ()
    some = ToLabel(str(photos), classes=("cat", "bird"), label="folder").read()
    assert some.initial == ("cat/1.png", "cat/2.png")
    with pytest.raises(DataError, match=r"names a column, and .* is a folder of images"):
        ToLabel(str(photos), classes=CLASSES, text="review").read()
    with pytest.raises(DataError, match="label='kind'; allowed for a folder of images: 'folder'"):
        ToLabel(str(photos), classes=CLASSES, label="kind").read()


def test_it_can_be_kept_beside_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "csv", REVIEWS)
    monkeypatch.chdir(tmp_path)
    given = ToLabel("reviews.csv", text="review", classes=CLASSES, metadata=("city",))
    kept = given.to_json()
    monkeypatch.chdir(os.sep)
    again = ToLabel.from_json(kept)
    assert (again.classes, again.metadata) == (CLASSES, ("city",))
    assert isinstance(again.read(), Unlabeled)
    with pytest.raises(DataError, match="unknown key 'txt'; did you mean 'text'"):
        ToLabel.from_json('{"path": "a", "txt": "b"}')
