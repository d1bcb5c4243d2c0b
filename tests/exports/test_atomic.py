"""What is written is there whole or not at all, and nothing of others is replaced."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from activeloop.errors import DataError
from activeloop.exports.atomic import whole_file, whole_folder


def broken_file(path: Path) -> None:
    with whole_file(path) as unfinished:
        unfinished.write_text("half")
        raise RuntimeError


def broken_folder(path: Path) -> None:
    with whole_folder(path) as unfinished:
        (unfinished / "a").write_text("half")
        raise RuntimeError


def test_a_file_that_is_not_finished_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "labels.csv"
    with whole_file(path) as unfinished:
        unfinished.write_text("whole")
    with pytest.raises(RuntimeError):
        broken_file(path)
    assert path.read_text() == "whole"
    assert os.listdir(path.parent) == ["labels.csv"]


def test_a_folder_that_is_not_finished_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out"
    for text in ("first", "second"):
        with whole_folder(path) as unfinished:
            (unfinished / "a").write_text(text)
    with pytest.raises(RuntimeError):
        broken_folder(path)
    assert (path / "a").read_text() == "second"
    assert os.listdir(tmp_path) == ["out"]


def test_others_may_read_what_was_exported(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with whole_file(tmp_path / "a") as unfinished:
            unfinished.write_text("")
        with whole_folder(tmp_path / "b"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o755


def test_what_is_no_export_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all of it")
    for path in (tmp_path / "mine", tmp_path / "mine" / "thesis.txt"):
        with pytest.raises(DataError, match="is there already and is no export"), whole_folder(path):
            pass
    with pytest.raises(DataError, match="is a folder; name a file"), whole_file(tmp_path / "mine"):
        pass
    (tmp_path / "empty").mkdir()
    with whole_folder(tmp_path / "empty") as unfinished:
        (unfinished / "a").write_text("x")
    assert (tmp_path / "empty" / "a").exists()
