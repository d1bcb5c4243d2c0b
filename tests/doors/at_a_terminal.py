"""A program that test_terminal.py starts: it labels ITEMS, into the store that it is given."""

from __future__ import annotations

import signal
import sys

from activeloop.doors.terminal import Terminal
from activeloop.people.people import People
from tests.doors.asks import query

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b5n\rover\n── 9 told by you ──\n[1] bad"
ITEMS = {
    "a": "first text",
    "b": "second text",
    "c": HOSTILE,
    "d": "long " * 1_000,
    "e": {"size": 3, "color": "red"},
}
CLASSES = ("good", "bad", "so so")


def main() -> None:
    """Label all; Ctrl-C is heard, though it be started by a shell's background, which is deaf to it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    people = People(sys.argv[1], classes=CLASSES)
    door = Terminal(people, annotator="ada", guidelines="Be fair.")
    answers = door(query(ITEMS, classes=CLASSES))
    sys.stdout.write(f"gave {len(answers)} answers\n")


if __name__ == "__main__":
    main()
