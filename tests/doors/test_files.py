"""A folder as the oracle: whatever programs make of the files, no answer is lost, invented or misplaced."""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from activeloop.doors import Files
from activeloop.doors.sheets import read
from activeloop.errors import ActiveloopError, AnswerError, ConfigurationError, DataError
from activeloop.query import Answer
from activeloop.store import MemoryStore
from activeloop.testing import PEOPLE_CHECKS, check_people_oracle
from tests.doors.asks import query


class _Clerk:
    """Fills in the file of the round, or drops a file of their own; knows only what lies there."""

    def __init__(self, folder: Path, kind: str, *, drops: bool = False) -> None:
        self.folder, self.kind, self.drops = folder / f"box{len(list(folder.iterdir()))}", kind, drops
        self.store, self.written = MemoryStore(), 0

    def make(self) -> Files:
        return Files(self.folder, store=self.store, kind=self.kind, settled=0)

    def _lying(self) -> list[Path]:
        status = (self.folder / "STATUS.txt").read_text().splitlines()
        return [self.folder / one.split()[1].rstrip(":") for one in status if one.startswith("open ")]

    def open(self) -> list[str]:
        done = {row.cells["ask_id"] for row in self._rows() if row.cells["label"] or row.cells["outcome"]}
        asks = [row.cells["ask_id"] for path in self._lying() for row in read(path)]
        return [one.removeprefix("ask-") for one in asks if one not in done]

    def _rows(self) -> Iterator[Any]:
        for path in [*self.folder.glob("round-*"), *(self.folder / "answers").iterdir()]:
            yield from read(path)

    def answer(self, said: Answer) -> None:
        filled = {
            "label": "" if said.value is None else str(said.value),
            "outcome": "" if said.outcome == "label" else said.outcome,
            "annotator": said.annotator,
        }
        mine = self.folder / "answers" / f"{said.annotator}.csv"
        homes = [one for one in self.folder.glob("round-*") if self._holds(one, f"ask-{said.ask_id}")]
        if self.drops or not homes:
            rows = {row.cells["ask_id"]: row.cells for row in read(mine)} if mine.exists() else {}
            rows[f"ask-{said.ask_id}"] = {"ask_id": f"ask-{said.ask_id}", **filled}
            rows = {key: row for key, row in rows.items() if key != "ask-9.9" or said.ask_id == "9.9"}
            _csv(mine, list(rows.values()))
        else:
            changed = [
                row.cells | filled if row.cells["ask_id"] == f"ask-{said.ask_id}" else row.cells
                for row in read(homes[0])
            ]
            _save(homes[0], changed)
        self.written += 1
        when = time.time_ns() - 10**12 + self.written * 10**6
        for one in (mine, *homes):
            if one.exists():
                os.utime(one, ns=(when, when))

    @staticmethod
    def _holds(path: Path, ask_id: str) -> bool:
        return any(row.cells["ask_id"] == ask_id for row in read(path))


def _csv(path: Path, rows: list[dict[str, str]], separator: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)


def _save(path: Path, rows: list[dict[str, str]]) -> None:
    """Save as a spreadsheet or an editor would."""
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif path.suffix == ".csv":
        _csv(path, rows)
    else:
        import openpyxl

        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        for at, row in enumerate(rows, start=2):
            for column, name in enumerate(row, start=1):
                assert sheet.cell(1, column).value == name
                sheet.cell(at, column).value = row[name] or None
                sheet.cell(at, column).data_type = "s" if row[name] else "n"
        book.save(path)
        book.close()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "dropped"])
@pytest.mark.parametrize("check", PEOPLE_CHECKS)
def test_it_keeps_the_contract(tmp_path: Path, kind: str, check: str) -> None:
    if kind == "xlsx":
        pytest.importorskip("openpyxl")
    written = "csv" if kind == "dropped" else kind
    check_people_oracle(lambda: _Clerk(tmp_path, written, drops=kind == "dropped"), only=[check])


def test_labels_that_are_numbers_come_back_as_they_were_declared(tmp_path: Path) -> None:
    check_people_oracle(lambda: _Clerk(tmp_path, "csv"), classes=(0, 1, 2))


ITEMS = {"007": "one", "7": "two", "1e5": "three", "b": "four"}


def _box(folder: Path, **more: Any) -> Files:
    return Files(folder, **{"store": None, "settled": 0} | more)


def _drop(folder: Path, text: str | bytes, name: str = "mine.csv", ago: float = 100.0) -> Path:
    path = folder / "answers" / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    when = time.time() - ago
    os.utime(path, (when, when))
    return path


def test_what_lies_there_shows_the_item_and_nothing_of_the_model(tmp_path: Path) -> None:
    _box(tmp_path)(query({"007": {"label": "hm", "size": 3.5, "gone": float("nan")}, "x": {"size": 2}}))
    header, first, second = _cells(tmp_path / "round-0000.csv")
    assert header == ["ask_id", "id", "item.label", "size", "gone", "label", "outcome", "annotator", "note"]
    assert first == ["ask-0.0", "007", "hm", "3.5", "", "", "", "", ""]
    assert second[3] == "2"
    assert "good" in (tmp_path / "HOW-TO.txt").read_text()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula_or_an_escape(tmp_path: Path, kind: str) -> None:
    if kind == "xlsx":
        pytest.importorskip("openpyxl")
    hostile = [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "＝1",
        "'=1",
        "\x1b[2J",
        "a\x00b",
        "\u202eabc",
        "=" * 40_000,
        "#N/A",
    ]
    _box(tmp_path, kind=kind)(query({f"={at}": one for at, one in enumerate(hostile)}))
    raw = _cells(tmp_path / f"round-0000.{kind}")
    assert not [one for row in raw for one in row if one and (one[0] in "=+-@\t\r＝" or "\x1b" in one)]
    assert all(len(one or "") < 32_768 for row in raw for one in row)
    assert [row.cells["id"] for row in read(tmp_path / f"round-0000.{kind}")] == [
        f"={at}" for at in range(13)
    ]


def _cells(path: Path) -> list[list[str | None]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [list[str | None](row) for row in csv.reader(file)]
    import openpyxl

    book = openpyxl.load_workbook(path)
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "n"}
    book.close()
    return cells


@pytest.mark.parametrize(
    "text",
    [
        "ask_id,label\r\nask-0.1,good\r\n",
        "\ufeffask_id;label;mine\nask-0.1;good;anything",
        "LABEL\tid\tAsk_ID \ngood\t7\task-0.1\n",
        "ask_id,id,label\nask-0.1,7.0,good\nask-0.0,007,\n",
        "ask_id,label\nask-0.1,good\n,\n\n",
    ],
)
def test_programs_write_tables_in_many_ways(tmp_path: Path, text: str) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    _drop(tmp_path, text)
    assert [(one.ask_id, one.value) for one in door(asked)] == [("0.1", "good")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_spreadsheets_are_read(tmp_path: Path, encoding: str) -> None:
    door, asked = _box(tmp_path), query(ITEMS, classes=("schön", "bad"))
    door(asked)
    _drop(tmp_path, "ask_id,label,note\nask-0.1,schön,é ok\n".encode(encoding))
    assert [(one.value, one.note) for one in door(asked)] == [("schön", "é ok")]


def test_ids_that_a_spreadsheet_changed_are_known_where_only_one_can_be_meant(tmp_path: Path) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    _drop(tmp_path, "id,label\n100000,good\nb,bad\n007,good\n7.0,bad\nzzz,bad\n")
    assert {one.ask_id: one.value for one in door(asked)} == {"0.2": "good", "0.3": "bad", "0.0": "good"}
    with pytest.raises(AnswerError, match=r"row 5: id '7.0' may be any of 007, 7; keep .* \(and 1 more\)"):
        door(asked)


def test_ask_ids_survive_a_spreadsheet(tmp_path: Path) -> None:
    door, asked = _box(tmp_path), query({f"i{at}": at for at in range(11)}, round=3)
    door(asked)
    written = [row.cells["ask_id"] for row in read(tmp_path / "round-0003.csv")]
    with pytest.raises(ValueError, match="could not convert"):
        float(written[10])
    _drop(tmp_path, f"ask_id,label\n{written[10]},good\n")
    assert [one.ask_id for one in door(asked)] == ["3.10"]


def test_one_sorted_column_is_noticed(tmp_path: Path) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    _drop(tmp_path, "ask_id,id,label\nask-0.3,007,good\n")
    with pytest.raises(
        AnswerError, match=r"'ask-0.3' was asked of item 'b' and not of '007'; sort whole rows"
    ):
        door(asked)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "Good,",
            "'answers/mine.csv', row 3: unknown label 'Good'; did you mean 'good'\\? Allowed: bad, good",
        ),
        ("good ,", "unknown label 'good '; did you mean 'good'"),
        (",maybe", "unknown outcome 'maybe'.* Allowed: abstain, bad, label, skip"),
        ("good,skip", "label 'good' and outcome 'skip' do not go together"),
        (",label", "label '' and outcome 'label' do not go together"),
    ],
)
def test_a_wrong_row_is_refused_by_name_and_the_others_are_taken(
    tmp_path: Path, row: str, message: str
) -> None:
    told: list[ActiveloopError] = []
    door, asked = _box(tmp_path, report=told.append), query(ITEMS)
    door(asked)
    path = _drop(tmp_path, f"ask_id,label,outcome\nask-0.0,bad,\nask-0.1,{row}\nask-0.2,,skip\n")
    assert [(one.ask_id, one.outcome) for one in door(asked)] == [("0.0", "label"), ("0.2", "skip")]
    with pytest.raises(AnswerError, match=message):
        raise told[0]
    assert str(told[0]) in (tmp_path / "STATUS.txt").read_text()
    path.write_text("ask_id,label\nask-0.1,good\n")
    assert len(door(asked)) == 3
    assert "problem" not in (tmp_path / "STATUS.txt").read_text()


def test_good_rows_reach_the_loop_before_a_bad_one_is_raised(tmp_path: Path) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    _drop(tmp_path, "ask_id,label\nask-0.0,bad\nask-0.1,nonsense\n")
    assert len(door(asked)) == 1
    with pytest.raises(AnswerError, match="nonsense"):
        door(asked)


@pytest.mark.parametrize(
    "half",
    [
        b'ask_id,label,note\nask-0.0,good,"the no',
        b"ask_id,label,note\nask-0.0,good,\nask-0.1,go",
        b"",
        "ask_id,label\nask-0.0,é".encode()[:-1],
        "ask_id,label\nask-0.0,é".encode("utf-16")[:-1],
    ],
)
def test_a_half_written_file_is_waited_for_and_told_of_when_nobody_goes_on(
    tmp_path: Path, half: bytes
) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    path = _drop(tmp_path, half, ago=1.0)
    assert door(asked) == []
    _drop(tmp_path, half, ago=100.0)
    with pytest.raises(DataError, match=r"'answers/mine.csv' breaks off; save it again"):
        door(asked)
    path.write_text("ask_id,label,note\nask-0.0,good,\nask-0.1,bad,\n")
    assert len(door(asked)) == 2


def test_half_a_workbook_and_half_a_line_are_waited_for(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    door, asked = _box(tmp_path, kind="xlsx"), query(ITEMS)
    door(asked)
    whole = (tmp_path / "round-0000.xlsx").read_bytes()
    _drop(tmp_path, whole[: len(whole) // 2], "mine.xlsx", ago=1.0)
    _drop(tmp_path, '{"ask_id": "0.0", "label": "good"}\n{"ask_id": "0.1", "lab', "mine.jsonl", ago=1.0)
    assert door(asked) == []
    _drop(tmp_path, '{"ask_id": "0.0", "label": "good"}\n', "mine.jsonl", ago=1.0)
    assert len(door(asked)) == 1


def test_a_file_is_read_when_it_was_left_alone(tmp_path: Path) -> None:
    now = [time.time()]
    door, asked = _box(tmp_path, settled=5.0, clock=lambda: now[0]), query(ITEMS)
    door(asked)
    _drop(tmp_path, "ask_id,label\nask-0.0,good\n", ago=-3600.0)  # the clock of a network disk is ahead
    assert door(asked) == []
    now[0] += 4.0
    assert door(asked) == []
    now[0] += 2.0
    assert len(door(asked)) == 1


@pytest.mark.parametrize("name", ["~$mine.csv", ".~lock.mine.csv#", ".mine.csv", "mine.csv.part", "mine.pdf"])
def test_locks_swap_files_and_halves_are_no_answers(tmp_path: Path, name: str) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    _drop(tmp_path, "ask_id,label\nask-0.0,good\n", name)
    assert door(asked) == []


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    door, asked = _box(tmp_path / "box"), query(ITEMS)
    door(asked)
    (tmp_path / "secret.csv").write_text("ask_id,label\nask-0.0,good\n")
    (tmp_path / "box" / "answers" / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert door(asked) == []


def test_another_copy_beside_the_round_is_read_and_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text("id,label\n007,bad\n")
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    copy = tmp_path / "round-0000 (conflicted copy).csv"
    copy.write_text((tmp_path / "round-0000.csv").read_text("utf-8-sig").replace("four,,", "four,good,"))
    assert [(one.ask_id, one.value) for one in door(asked)] == [("0.3", "good")]


def test_nothing_of_the_persons_is_changed_or_deleted(tmp_path: Path) -> None:
    (tmp_path / "round-0000.csv").write_text("mine")
    (tmp_path / "HOW-TO.txt").write_text("mine")
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    _drop(tmp_path, "ask_id,label\nask-0.0,good\n")
    before = {
        one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file() and one.name != "STATUS.txt"
    }
    door(asked)
    door.retire(asked)
    door.close()
    assert {one: one.read_bytes() for one in before} == before
    assert (tmp_path / "HOW-TO.txt").read_text() == "mine"
    assert (tmp_path / "round-0000-2.csv").exists()


def test_a_status_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "STATUS.txt").write_text("all well")
    with pytest.raises(DataError, match="was not written by activeloop; name another folder"):
        _box(tmp_path)


def test_an_answer_outlives_its_file_and_an_older_file_does_not_win(tmp_path: Path) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    first = _drop(tmp_path, "ask_id,label\nask-0.0,good\n", "a.csv", ago=50)
    door(asked)
    _drop(tmp_path, "ask_id,label\nask-0.0,bad\n", "b.csv", ago=40)
    assert door(asked)[0].value == "bad"
    _drop(
        tmp_path, "ask_id,label\nask-0.0,good\nask-0.1,good\n", "a.csv", ago=30
    )  # another row of it changed
    assert [one.value for one in door(asked)] == ["bad", "good"]
    first.unlink()
    assert len(door(asked)) == 2


@pytest.mark.parametrize("newest", ["a.csv", "z.csv"])
def test_of_several_files_the_one_that_was_saved_last_counts(tmp_path: Path, newest: str) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    for name in ("a.csv", "z.csv"):
        label, ago = ("good", 10) if name == newest else ("bad", 50)
        _drop(tmp_path, f"ask_id,label\nask-0.0,{label}\n", name, ago=ago)
    assert [one.value for one in door(asked)] == ["good"]


@pytest.mark.parametrize("step", ["noted", "appeared"])
def test_a_crash_while_handing_out_leaves_one_file(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, asked = MemoryStore(), query(ITEMS)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("activeloop.doors.desk.Desk.hand_out" if step == "noted" else "os.link", die)
        with pytest.raises(KeyboardInterrupt):
            _box(tmp_path, store=store)(asked)
    assert not list(tmp_path.glob("round-*"))
    door = _box(tmp_path, store=store)
    for _ in range(2):
        assert door(asked) == []
        assert [one.name for one in tmp_path.glob("round-*")] == ["round-0000.csv"]
    assert [row.cells["ask_id"] for row in read(tmp_path / "round-0000.csv")] == [
        f"ask-0.{at}" for at in range(4)
    ]
    assert not list(tmp_path.glob(".new-*"))


def test_a_row_that_came_too_early_counts_when_its_ask_is_out(tmp_path: Path) -> None:
    told: list[ActiveloopError] = []
    door, later = _box(tmp_path, report=told.append), query({"z": "late"}, round=1)
    door(query(ITEMS))
    _drop(tmp_path, "ask_id,label\nask-1.0,good\n")
    for _ in range(3):
        door(query(ITEMS))
    assert len(told) == 1
    door(later)
    assert [one.value for one in door(later)] == ["good"]


def test_a_file_that_is_locked_is_told_of_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    _drop(tmp_path, "ask_id,label\nask-0.0,good\n")

    def locked(path: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("activeloop.doors.sheets.read", locked)
        with pytest.raises(DataError, match=r"'answers/mine.csv' cannot be read now: Permission"):
            door(asked)
    assert len(door(asked)) == 1


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    door, asked = _box(tmp_path / "box"), query(ITEMS)
    door(asked)
    (tmp_path / "box").rename(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="box' cannot be used now"):
        door(query({"z": "late"}, round=1))
    (tmp_path / "elsewhere").rename(tmp_path / "box")
    (tmp_path / "box" / "answers").rmdir()
    assert door(query({"z": "late"}, round=1)) == []


def test_a_kind_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unknown kind of file 'xls'; did you mean 'xlsx'"):
        _box(tmp_path, kind="xls")


def test_a_file_without_a_label_column_is_told_of(tmp_path: Path) -> None:
    door, asked = _box(tmp_path), query(ITEMS)
    door(asked)
    _drop(tmp_path, "ask_id,lable\nask-0.0,good\n")
    with pytest.raises(AnswerError, match="has no column 'label'; it has 'ask_id', 'lable'"):
        door(asked)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openpyxl")
    door, asked = _box(tmp_path, kind="xlsx"), query({"a": "word " * 5_000})
    door(asked)
    monkeypatch.setattr("activeloop.doors.sheets._MOST", 20_000)
    os.utime(tmp_path / "round-0000.xlsx", (1.0, 1.0))
    assert (tmp_path / "round-0000.xlsx").stat().st_size < 20_000
    with pytest.raises(DataError, match=r"'round-0000.xlsx' unpacks to more than 20,000 bytes"):
        door(asked)
