"""How a name becomes the thing that it stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from activeloop.errors import UnknownNameError
from activeloop.names import resolve


def test_a_built_in_name_comes_first() -> None:
    assert resolve("thing", "pi", {"pi": 3}) == 3
    assert resolve("thing", "math:pi", {"pi": 3}) == pytest.approx(3.14159, abs=1e-5)


def test_a_file_beside_the_study_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("made = object()\n")
    one = resolve("thing", "mine.py:made", {}, tmp_path)
    assert resolve("thing", "mine.py:made", {}, tmp_path) is one


def test_files_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.py").write_text(f"made = {name!r}\n")
    assert [resolve("thing", "mine.py:made", {}, tmp_path / name) for name in "ab"] == ["a", "b"]


def test_a_file_that_fails_is_its_own_error_each_time(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("1 / 0\n")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            resolve("thing", "mine.py:made", {}, tmp_path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("margn", r"unknown thing 'margn'; did you mean 'margin'\? Allowed: margin, random; or 'package"),
        ("nowhere:made", "thing: no module 'nowhere' can be imported"),
        ("math:sqr", r"thing: math has no 'sqr'; did you mean 'sqrt'\?"),
        ("gone.py:made", "thing: there is no file .*gone.py"),
    ],
)
def test_a_name_that_stands_for_nothing_says_why(name: str, words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        resolve("thing", name, {"margin": 1, "random": 2}, Path("."))
