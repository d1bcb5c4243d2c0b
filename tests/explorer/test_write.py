"""The file: whole or not at all, nothing from outside, and no text that can leave its place."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from activeloop.errors import DataError
from activeloop.explorer import Exploration, MetricColumn, write
from tests.explorer.made import HOSTILE, Pictures, bare, hostile, made


class Elements(HTMLParser):
    """The elements of a page, and what stands in its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        self.raw[self.inside] = self.raw.get(self.inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def _page(exploration: Exploration, folder: Path) -> Elements:
    return Elements(write(exploration, folder / "page.html").read_text("utf-8"))


def test_no_text_can_leave_its_place(tmp_path: Path) -> None:
    plain = _page(made("text"), tmp_path)
    page = _page(hostile(), tmp_path)
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    data = json.loads(page.raw["data"])
    assert data["ids"] == list(HOSTILE)
    assert data["texts"] == list(HOSTILE[::-1])
    assert data["outliers"][0]["reason"] == HOSTILE[0] + HOSTILE[1]


def test_the_policy_allows_this_script_and_this_style_alone(tmp_path: Path) -> None:
    page = _page(made(), tmp_path)
    (policy,) = (
        a["content"] or "" for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for name, element in (("script-src", "script"), ("style-src", "style")):
        digest = base64.b64encode(hashlib.sha256(page.raw[element].encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy


def test_nothing_is_fetched(tmp_path: Path) -> None:
    text = write(made(), tmp_path / "page.html").read_text("utf-8")
    assert set(re.findall(r"\w+://[^\s\"']+", text)) == {"http://www.w3.org/2000/svg"}
    assert not {"link", "iframe", "object", "img"} & {tag for tag, _ in Elements(text).tags}
    assert not any("src" in attributes for _, attributes in Elements(text).tags)


def test_null_has_a_reason_and_infinity_is_null(tmp_path: Path) -> None:
    values = np.array([np.nan, np.inf, 1.0])
    metric = MetricColumn("m", values, reasons={0: "no_predictions"})
    one = Exploration("three", np.arange(3), "text", metrics=(metric,))
    (coded,) = json.loads(_page(one, tmp_path).raw["data"])["metrics"]
    assert base64.b64decode(coded["reasons"]["at"]["data"]) == b"\x00\x01"
    assert coded["reasons"]["words"] == ["failed: gave inf", "no_predictions"]
    assert np.isinf(values[1]), "what was given is not written to"


def test_equal_labels_have_equal_codes_whatever_their_type(tmp_path: Path) -> None:
    one = Exploration("two", np.arange(3), "text", labels=np.array([10, 9, 9]), predicted=[9.0, 9.0, None])
    data = json.loads(_page(one, tmp_path).raw["data"])
    assert data["labels"]["words"] == data["predicted"]["words"] == ["9", "10"]
    assert base64.b64decode(data["labels"]["codes"]["data"]) == b"\x02\x01\x01"
    assert base64.b64decode(data["predicted"]["codes"]["data"]) == b"\x01\x01\x00"


def test_absent_parts_are_absent(tmp_path: Path) -> None:
    data = json.loads(_page(bare(), tmp_path).raw["data"])
    assert {name for name, part in data.items() if part} == {"name", "modality", "ids", "rank"}
    assert _page(bare(0), tmp_path).raw["pictures"].strip() == ""


class Interrupted(Pictures):
    """Pictures during which the person presses Ctrl-C."""

    def __getitem__(self, position: Any) -> Any:
        if position == 7:
            raise KeyboardInterrupt
        return super().__getitem__(position)


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = write(bare(), tmp_path / "page.html")
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        write(made(pictures=Interrupted()), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_equal_explorations_give_equal_files(tmp_path: Path) -> None:
    one, other = (write(made(), tmp_path / name).read_bytes() for name in ("one.html", "other.html"))
    assert one == other


@pytest.mark.parametrize("size", [15, 1025])
def test_a_thumbnail_has_bounds(size: int, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"thumbnail={size}; allowed: 16 to 1024 pixels"):
        write(made(), tmp_path / "page.html", thumbnail=size)
    assert list(tmp_path.iterdir()) == []
