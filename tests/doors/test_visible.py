"""Nothing that an item holds is obeyed."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import PurePath

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from activeloop.data.formulas import guarded, unguarded
from activeloop.doors.visible import columns_of, visible


@given(st.text())
def test_what_is_shown_controls_nothing(text: str) -> None:
    shown = visible(text, keep="")
    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(shown) & set("\u202e\u2066\u200f\u061c\ufeff")


@given(st.lists(st.text(alphabet="'=+-@\t\r\n,;\"a"), min_size=1, max_size=3))
def test_a_guard_survives_csv(cells: list[str]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerow([guarded(one) for one in cells])
    (row,) = csv.reader(io.StringIO(written.getvalue(), newline=""))
    assert [unguarded(one) for one in row] == cells


def test_people_are_shown_texts_rows_and_names_of_files() -> None:
    assert columns_of("so so") == {"text": "so so"}
    assert columns_of({"size": 3, 7: None}) == {"size": "3", "7": ""}
    assert columns_of(np.array([1.5, 2.0])) == {"x0": "1.5", "x1": "2.0"}
    assert columns_of(PurePath("a/b.png")) == {"file": str(PurePath("a/b.png"))}
    assert columns_of(np.zeros((2, 3), dtype=np.uint8)) == {"item": "an array of 2 × 3 uint8"}


def test_letters_of_all_scripts_and_joined_pictures_stay_as_they_are() -> None:
    text = "Zoë שלום 中文 \U0001f469\u200d\U0001f680"
    assert visible(text) == text
