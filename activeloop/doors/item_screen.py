"""What the terminal writes: the item behind a bar, and below it the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TextIO

from activeloop.doors.commands_by_key import COMMANDS, class_keys
from activeloop.doors.visible import columns_of, visible

_PART = 2_000


class ItemScreen:
    """Writes to a terminal: every line of an item is behind a bar, so none looks like a line of ours."""

    def __init__(self, screen: TextIO, classes: Sequence[Any] | None, guidelines: str) -> None:
        self._screen, self._classes, self._guidelines = screen, classes, guidelines
        self._rest = ""

    def say(self, text: str, end: str = "\n") -> None:
        """Write a line."""
        encoding = getattr(self._screen, "encoding", None) or "utf-8"
        self._screen.write(text.encode(encoding, "backslashreplace").decode(encoding) + end)
        self._screen.flush()

    def item(self, item: Any, progress: str) -> None:
        """Show an item, the first part of it where it is long, and the keys of the classes."""
        columns = columns_of(item)
        texts = [columns["text"]] if set(columns) == {"text"} else [f"{k}: {v}" for k, v in columns.items()]
        self.say(f"\n── {progress} ──")
        self._rest = "\n".join(texts)
        self.more()
        self.keys()

    def more(self) -> None:
        """Show the next part of the item."""
        part, self._rest = self._rest[:_PART], self._rest[_PART:]
        for line in visible(part).split("\n"):
            self.say(f"│ {line}")
        if self._rest:
            self.say(f"({len(self._rest):,} more characters: m)")

    def keys(self) -> None:
        """Show the keys of the classes, and the most needed commands."""
        if self._classes is None:
            self.say("a number, or s skip  u unsure  b bad  z undo  ? help  q quit")
            return
        keys = "  ".join(
            f"[{key}] {visible(str(one), keep='')}" for key, one in class_keys(self._classes).items()
        )
        others = (
            f"  [t] one of {len(self._classes)}"
            if len(self._classes) > len(class_keys(self._classes))
            else ""
        )
        self.say(f"{keys}{others}   s skip  u unsure  b bad  z undo  ? help  q quit")

    def help(self) -> None:
        """Show all keys, and all classes."""
        for key, (_, words) in COMMANDS.items():
            self.say(f"  {key}  {words}")
        if self._classes is not None:
            self.say("labels: " + ", ".join(visible(str(one), keep="") for one in self._classes[:1000]))

    def guidelines(self) -> None:
        """Show the guidelines."""
        self.say(visible(self._guidelines) or "There are no guidelines.")
