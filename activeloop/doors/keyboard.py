"""Keys as they are pressed, one at a time where the terminal allows it, or else lines."""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

# What arrow and function keys send; none of it is a key that means something here.
_SEQUENCE = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)


class Keyboard:
    """Reads single keys from a terminal of Linux or macOS, and lines from anything else (a pipe, Windows).

    Keys that were pressed before they were asked for are dropped: nobody labels what they have not seen.
    """

    def __init__(self, source: TextIO | None = None) -> None:
        self._source = sys.stdin if source is None else source
        self._file: int | None = None
        if os.name == "posix" and self._source.isatty():
            self._file = self._source.fileno()

    @property
    def single(self) -> bool:
        """Whether a key counts as soon as it is pressed."""
        return self._file is not None

    def key(self) -> str:
        """Give the next key, or the next line where keys do not come singly; raises EOFError at the end."""
        if self._file is None:
            return self.line()
        with _unbuffered(self._file):
            while True:
                pressed = _SEQUENCE.sub("", self._read(self._file))
                if pressed:
                    return pressed[0]

    def line(self) -> str:
        """Give a line, without its end; raises EOFError when there is none."""
        if self._file is None:
            given = self._source.readline()
            if not given:
                raise EOFError
            return given.rstrip("\r\n")
        text = ""
        while not text.endswith("\n"):
            text += self._read(self._file)
        return _SEQUENCE.sub("", text.rstrip("\r\n"))

    @staticmethod
    def _read(file: int) -> str:
        """Read what is there, a whole number of characters; a hang-up or Ctrl-D is the end."""
        decoder, text = codecs.getincrementaldecoder("utf-8")("replace"), ""
        while True:
            try:
                data = os.read(file, 1024)
            except OSError as error:
                raise EOFError from error
            if not data or b"\x04" in data:
                raise EOFError
            text += decoder.decode(data)
            if not decoder.getstate()[0]:
                return text


@contextmanager
def _unbuffered(file: int) -> Iterator[None]:
    """Let keys come singly and unseen, with Ctrl-C as ever, and give the terminal back as it was."""
    import termios
    import tty

    before = termios.tcgetattr(file)
    tty.setcbreak(file, termios.TCSAFLUSH)
    try:
        yield
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)
