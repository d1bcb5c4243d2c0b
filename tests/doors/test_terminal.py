"""A person at a real terminal: one key is one saved answer, whatever items hold and however it ends."""

from __future__ import annotations

import io
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from activeloop.doors.keyboard import Keyboard
from activeloop.doors.terminal import Terminal
from activeloop.errors import AnswerError
from activeloop.people.annotation import Annotation
from activeloop.people.people import People
from activeloop.query import Answer
from activeloop.store import MemoryStore
from activeloop.testing import PEOPLE_CHECKS, check_people_oracle
from tests.doors.asks import query
from tests.doors.at_a_terminal import CLASSES, ITEMS

ROOT = Path(__file__).parents[2]
PROMPT = "q quit"


class _Desk:
    """A pseudo-terminal with the program in it; `seen` is all that it wrote."""

    def __init__(self, store: Path) -> None:
        import pty

        self.master, slave = pty.openpty()
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.doors.at_a_terminal", str(store)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(slave)
        self.seen = ""

    def wait_for(self, text: str) -> str:
        """Give what is written up to and with a text that is new."""
        until = time.monotonic() + 60
        while text not in self.seen:
            assert time.monotonic() < until, f"{text!r} did not come; seen: {self.seen!r}"
            ready, _, _ = select.select([self.master], [], [], 1.0)
            if ready:
                try:
                    self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
                except OSError as error:  # the program has ended
                    assert text in self.seen, f"{text!r} did not come; seen: {self.seen!r}"
                    raise AssertionError from error
        before, _, self.seen = self.seen.partition(text)
        return before + text

    def press(self, keys: str, then: str = PROMPT) -> str:
        """Press keys once the program listens for keys, and give what is written until `then`."""
        import termios

        until = time.monotonic() + 60
        while termios.tcgetattr(self.master)[3] & termios.ICANON:
            assert time.monotonic() < until, "the program does not listen for keys"
            time.sleep(0.002)
        return self.type(keys, then)

    def type(self, keys: str, then: str = PROMPT) -> str:
        """Type what the program reads as a line."""
        os.write(self.master, keys.encode())
        return self.wait_for(then)

    def end(self) -> None:
        """Wait for the end of the program, which leaves the terminal as it was."""
        self.child.wait(timeout=60)
        os.close(self.master)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "run.db"


@pytest.fixture
def desk(store: Path) -> Iterator[_Desk]:
    pytest.importorskip("pty")
    one = _Desk(store)
    yield one
    if one.child.poll() is None:
        one.child.kill()
        one.end()


def _told(store: Path) -> dict[Any, tuple[str, Any]]:
    return {one.item: (one.outcome, one.value) for one in _annotations(store)}


def _annotations(store: Path) -> tuple[Annotation, ...]:
    return People(store, classes=CLASSES).annotations()


def _item(shown: str) -> str:
    """Which item is shown."""
    marks = {
        "first text": "a",
        "second text": "b",
        "title": "c",
        "owned": "c",
        "long long": "d",
        "color: red": "e",
    }
    return next(item for mark, item in marks.items() if mark in shown)


def test_a_session_from_the_first_item_to_the_last(desk: _Desk, store: Path) -> None:
    items = [_item(shown := desk.wait_for(PROMPT))]
    assert "0 told by you" in shown
    assert "[1] good  [2] bad  [3] so so" in shown
    assert "'x' is no key here; ? shows the keys" in desk.press("x", "the keys")
    assert "Be fair." in desk.press("g", "fair.")
    assert "labels: good, bad, so so" in desk.press("?", "so so\r\n")
    items.append(_item(shown := desk.press("1")))
    assert "saved: good" in shown
    desk.press("n", "note: ")
    desk.type("schön\n", "\n")
    desk.press("f", "flagged")
    items.append(_item(desk.press("2")))
    items.append(_item(desk.press("s")))
    items.append(_item(desk.press("u")))
    assert "saved: bad\r\nNothing is left to label now.\r\ngave 5 answers" in desk.press(
        "b", "gave 5 answers"
    )
    desk.end()
    expected = [("label", "good"), ("label", "bad"), ("skip", None), ("abstain", None), ("bad", None)]
    assert sorted(items) == list(ITEMS)
    assert _told(store) == dict(zip(items, expected, strict=True))
    (noted,) = [one for one in _annotations(store) if one.note]
    assert (noted.item, noted.note, noted.flagged, noted.annotator) == (items[1], "schön", True, "ada")
    assert all(0 < one.seconds < 60 for one in _annotations(store))


def test_undo_gives_the_item_again_and_then_the_one_that_was_shown(desk: _Desk, store: Path) -> None:
    first = _item(desk.wait_for(PROMPT))
    assert "nothing to undo" in desk.press("z", "nothing to undo")
    second = _item(desk.press("1"))
    undone = desk.press("z")
    assert "Undone:" in undone
    assert _item(undone) == first
    assert _told(store) == {}
    assert _item(desk.press("2")) == second
    assert _item(desk.press("3")) not in (first, second)
    assert _told(store) == {first: ("label", "bad"), second: ("label", "so so")}


@pytest.mark.parametrize("way", ["q", "\x03", "\x04"], ids=["q", "Ctrl-C", "Ctrl-D"])
def test_quitting_is_clean_and_the_next_start_goes_on(desk: _Desk, store: Path, way: str) -> None:
    first = _item(desk.wait_for(PROMPT))
    second = _item(desk.press("1"))
    ended = desk.press(way, "gave 1 answers")
    assert "1 answers of yours are saved; start again to go on." in ended
    assert "Traceback" not in ended
    desk.end()
    assert desk.child.returncode == 0
    assert People(store, classes=CLASSES).counts().leased == 0
    again = _Desk(store)
    assert _item(again.wait_for(PROMPT)) == second
    again.press("q", "answers")
    again.end()
    assert list(_told(store)) == [first]


def test_after_a_kill_what_was_saved_is_there_once_and_the_open_item_comes_again(
    desk: _Desk, store: Path
) -> None:
    told, item = {}, _item(desk.wait_for(PROMPT))
    for key in "12":
        told[item] = ("label", CLASSES[int(key) - 1])
        shown = desk.press(key)
        assert "saved: " in shown
        item = _item(shown)
    desk.child.send_signal(signal.SIGKILL)
    desk.end()
    assert _told(store) == told
    again = _Desk(store)
    assert _item(again.wait_for(PROMPT)) == item
    again.press("q", "gave 2 answers")
    again.end()


def test_an_item_cannot_write_to_the_terminal(desk: _Desk) -> None:
    written = shown = desk.wait_for(PROMPT)
    while _item(shown) != "c":
        shown = desk.press("1")
        written += shown
    assert "\x1b" not in written.replace("\x1b[?2004", "")
    assert "\x9b" not in written
    assert "\x07" not in written
    lines = shown[shown.index("│ ") :].splitlines()
    assert lines[0] == r"│ \x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b5n\x0dover"
    assert lines[1:3] == ["│ ── 9 told by you ──", "│ [1] bad"]


def test_a_long_item_comes_in_parts(desk: _Desk) -> None:
    shown = desk.wait_for(PROMPT)
    while _item(shown) != "d":
        shown = desk.press("1")
    assert "(3,000 more characters: m)" in shown
    assert "(1,000 more characters: m)" in desk.press("m", "characters: m)")
    assert "more characters" not in desk.press("m", "long \r\n")


def test_keys_that_came_before_the_item_and_arrows_are_no_answers(desk: _Desk, store: Path) -> None:
    os.write(desk.master, b"1111")
    desk.wait_for(PROMPT)
    desk.press("\x1b[A\x1bOP?", "labels: good")
    assert _told(store) == {}
    desk.press("1")
    assert len(_told(store)) == 1


# lines, where keys do not come singly ---------------------------------------------------------------------


def _lines(
    text: str, *, classes: Any = CLASSES, items: Any = ITEMS, **more: Any
) -> tuple[Terminal, io.StringIO]:
    screen = io.StringIO()
    people = People(MemoryStore(), classes=classes)
    keyboard = Keyboard(io.StringIO(text))
    return Terminal(people, annotator="ada", keyboard=keyboard, screen=screen, **more), screen


class _Visitor:
    """Sits down at a terminal where one item is left, answers it, and goes."""

    def __init__(self) -> None:
        self.store, self.classes = MemoryStore(), CLASSES

    def make(self) -> Terminal:
        self.people = People(self.store, classes=self.classes)
        return self._at("ada", "q\n")

    def _at(self, who: str, text: str) -> Terminal:
        self.screen = io.StringIO()
        keyboard = Keyboard(io.StringIO(text))
        return Terminal(self.people, annotator=who, keyboard=keyboard, screen=self.screen, item=str)

    def open(self) -> list[str]:
        leases = self.people.next("who counts", 100)
        self.people.release("who counts", [one.token for one in leases])
        return [one.ask_id for one in leases]

    def answer(self, said: Answer) -> None:
        told = {(one.ask_id, one.annotator) for one in self.people.annotations()}
        others = [one for one in self.people.next("holder", 100) if one.ask_id != said.ask_id]
        mine = [one.token for one in self.people.next("holder", 100) if one.ask_id == said.ask_id]
        self.people.release("holder", mine)
        again = "z\n" if (said.ask_id, said.annotator) in told else ""
        text = (
            str(said.value)
            if said.outcome == "label"
            else {"abstain": "u"}.get(said.outcome, said.outcome[0])
        )
        door = self._at(said.annotator, f"{again}{text}\nq\n")
        if again:
            self.people.release("holder", [others.pop().token])  # something to sit in front of
        door.label()
        self.people.release("holder", [one.token for one in others])
        if "unknown label" in self.screen.getvalue():
            raise AnswerError(next(one for one in self.screen.getvalue().splitlines() if "unknown" in one))


@pytest.mark.parametrize("check", [one for one in PEOPLE_CHECKS if one not in ("late", "foreign")])
def test_it_keeps_the_contract(check: str) -> None:
    check_people_oracle(_Visitor, classes=CLASSES, only=[check])


def test_lines_do_where_keys_do_not_come_singly() -> None:
    door, screen = _lines("1\nbad\nso  so\nt\nso s\nn\na note\nskip\ns\nq\n")
    told = door(query(ITEMS, classes=CLASSES))
    assert [(one.outcome, one.value) for one in sorted(told, key=lambda one: one.seconds)]
    values = [one.value or one.outcome for one in door.people.annotations()]
    assert values == ["good", "bad", "so so", "skip"]
    assert "unknown label or key 'so  so'; did you mean 'so so'?" in screen.getvalue()
    assert "1 answers" not in screen.getvalue()
    assert "4 answers of yours are saved" in screen.getvalue()


def test_a_pipe_that_ends_is_a_quiet_end() -> None:
    door, screen = _lines("1\n2\n")
    assert len(door(query(ITEMS, classes=CLASSES))) == 2
    assert "2 answers of yours are saved" in screen.getvalue()
    assert door.people.counts().leased == 0


def test_numbers_of_a_regression() -> None:
    door, screen = _lines("2.5\nabc\n-1e3\nu\n", classes=None)
    told = door(query(dict(list(ITEMS.items())[:3]), classes=None))
    assert sorted(str(one.value) for one in told) == ["-1000.0", "2.5", "None"]
    assert "unknown label or key 'abc'" in screen.getvalue()


def test_digits_stand_for_themselves() -> None:
    door, _ = _lines("0\n1\n", classes=(0, 1))
    door(query({"a": "x", "b": "y"}, classes=(0, 1)))
    assert [one.value for one in door.people.annotations()] == [0, 1]


def test_while_nothing_is_left_a_controller_may_bring_more() -> None:
    door, screen = _lines("1\n2\n", item={"a": "x", "b": "y"}.__getitem__)
    door.people(query({"a": "x"}, classes=CLASSES))
    batches = [query({"b": "y"}, round=1, classes=CLASSES)]

    def more() -> bool:
        if not batches:
            return False
        door.people(batches.pop())
        return True

    assert door.label(more)
    assert [one.item for one in door.people.annotations()] == ["a", "b"]
    assert screen.getvalue().endswith("Nothing is left to label now.\n")


def test_a_screen_of_few_letters_shows_the_others_as_codes() -> None:
    raw = io.BytesIO()
    screen = io.TextIOWrapper(raw, encoding="ascii")
    people = People(MemoryStore(), classes=("schön", "bad"))
    door = Terminal(people, annotator="ada", keyboard=Keyboard(io.StringIO("q\n")), screen=screen)
    door(query({"a": "中"}, classes=("schön", "bad")))
    assert rb"\u4e2d" in raw.getvalue()
    assert rb"sch\xf6n" in raw.getvalue()
